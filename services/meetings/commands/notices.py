"""Tell members of a meeting and of its conclusion, hand out documents, and note who opened what."""

from datetime import datetime
from typing import Any
from uuid import UUID

from services.meetings.commands import saving
from services.meetings.domain import notices as domain
from services.meetings.domain import refused_steps, steps
from services.meetings.domain.facts import Mark
from services.meetings.domain.meeting import Meeting
from services.meetings.domain.notices import Document, Notice, NoticeKind
from services.meetings.domain.refusals import HOUSE
from services.meetings.store import attachments, meetings, notices, rules
from services.meetings.store.notices import Distributed
from shared.clock import local_day
from shared.db import Connection
from shared.errors import Conflict, Fault, Text, Unprocessable


def send(conn: Connection, meeting_id: UUID, kind: NoticeKind, content: str, *, by: str, now: datetime) -> Notice:
    """Tell every member, and the superior who follows the branch; sent again with other words it is a new version.

    Raises NotFound, Conflict.
    """
    known = saving.locked(conn, meeting_id)
    before = notices.load(conn, meeting_id, kind)
    mark = Mark(now, by)
    told = steps.notify(known, mark) if kind == "call" else steps.conclude(known, mark)
    plan = known.plan
    branch = saving.branch(conn, plan.unit_id)
    superior = notices.follower(conn, plan.unit_id, plan.day)
    notice = Notice(
        meeting_id=meeting_id,
        kind=kind,
        version=before.version + 1 if before else 1,
        content=content,
        starts_at=plan.starts_at,
        place=plan.place,
        member_ids=domain.told(branch.roster_on(plan.day)),
        superior_ids=() if superior is None else (superior,),
        sent_at=now,
        sent_by=by,
    )
    mark_stands = known.facts.notified if kind == "call" else known.facts.concluded
    if before is not None and mark_stands is not None and _same(before, notice):
        return before
    notices.save(conn, notice)
    saving.save_one(conn, known, told, by=by, at=now)
    return notice


def distribute(
    conn: Connection, meeting_id: UUID, document_id: UUID, given: Document, *, by: str, now: datetime
) -> list[Distributed]:
    """Hand a document out, or another in its place; returns all of the meeting.

    One that changed is handed out anew: now, and nobody has opened it. Raises NotFound; Conflict once the minutes are
    adopted; Unprocessable for what is classified, and for a file that is not the meeting's.
    """
    known = saving.locked(conn, meeting_id)
    book = rules.load(conn)
    allowed = domain.must_be_open(given, book.on(local_day(now)))
    before = {document.document_id: document for document in notices.documents(conn, meeting_id)}
    if document_id in before and before[document_id].is_as(allowed):
        return list(before.values())
    attached = attachments.load(conn, allowed.attachment_id) if allowed.attachment_id else None
    if allowed.attachment_id and (
        attached is None or attached.meeting_id != meeting_id or attached.deleted_at is not None
    ):
        raise Unprocessable.of([Fault("attachment_id", "not-a-file-of-the-meeting", _NO_FILE, HOUSE)])
    count = len(before.keys() | {document_id})
    in_time = domain.in_time(known, book.on(known.plan.day), now)
    told = steps.distribute(known, count, Mark(now, by), in_time=in_time)
    if not notices.distribute(conn, document_id, meeting_id, allowed, by, now):
        raise Conflict("document-of-another-meeting", _OF_ANOTHER, source=HOUSE)
    saving.save_one(conn, known, told, by=by, at=now)
    return notices.documents(conn, meeting_id)


def open_(conn: Connection, meeting_id: UUID, what: str, member_id: UUID, *, now: datetime) -> None:
    """Note that a member opened a notice or a document. Raises NotFound, Forbidden when it was not sent to them."""
    known = meetings.load(conn, meeting_id)
    if known is None:
        raise refused_steps.unknown("meeting", "buổi họp", "meeting")
    version, told = 1, _told(conn, known)
    if what in ("call", "conclusion"):
        kind: NoticeKind = "call" if what == "call" else "conclusion"
        notice = notices.load(conn, meeting_id, kind)
        if notice is None:
            raise refused_steps.unknown("notice", "thông báo", "notice")
        version, told = notice.version, {*notice.member_ids, *notice.superior_ids}
    elif what not in {str(document.document_id) for document in notices.documents(conn, meeting_id)}:
        raise refused_steps.unknown("document", "tài liệu", "document")
    if member_id not in told:
        raise refused_steps.not_a_members_token()
    notices.opened(conn, meeting_id, what, version, member_id, now)


def receipts(conn: Connection, meeting_id: UUID) -> list[dict[str, Any]]:
    """Of each notice and document of a meeting: who opened it when, and who was told and has not."""
    known = meetings.load(conn, meeting_id)
    assert known is not None
    opened = notices.receipts(conn, meeting_id)
    found: list[tuple[str, dict[UUID, datetime], list[UUID]]] = []
    kinds: tuple[NoticeKind, ...] = ("call", "conclusion")
    for kind in kinds:
        notice = notices.load(conn, meeting_id, kind)
        if notice is not None:
            found.append((kind, opened.get((kind, notice.version), {}), [*notice.member_ids, *notice.superior_ids]))
    everybody = sorted(_told(conn, known))
    found += [
        (str(document.document_id), opened.get((str(document.document_id), 1), {}), everybody)
        for document in notices.documents(conn, meeting_id)
    ]
    return [
        {
            "what": what,
            "opened": {str(member_id): at for member_id, at in by_member.items()},
            "unread": domain.unread(told, by_member),
        }
        for what, by_member, told in found
    ]


def _told(conn: Connection, known: Meeting) -> set[UUID]:
    """Whom documents of the meeting go to."""
    plan = known.plan
    superior = notices.follower(conn, plan.unit_id, plan.day)
    members = domain.told(saving.branch(conn, plan.unit_id).roster_on(plan.day))
    return {*members, *(() if superior is None else (superior,))}


def _same(before: Notice, notice: Notice) -> bool:
    told = ("content", "starts_at", "place", "member_ids", "superior_ids")
    return all(getattr(before, name) == getattr(notice, name) for name in told)


_NO_FILE = Text(
    "Buổi họp không có tệp đính kèm nào mang mã này. Gửi tệp cho buổi họp trước, rồi phát tài liệu.",
    "The meeting has no attached file of this id. Attach the file to the meeting first, then hand it out.",
)
_OF_ANOTHER = Text(
    "Mã tài liệu này thuộc một buổi họp khác. Dùng mã mới.",
    "This document id belongs to another meeting. Use a new one.",
)
