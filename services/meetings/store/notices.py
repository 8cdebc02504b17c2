"""Notices, distributed documents, who opened what, and who follows a branch."""

from collections.abc import Collection
from datetime import date, datetime
from uuid import UUID

import msgspec

from services.meetings.domain.notices import Document, DocumentKind, Notice, NoticeKind
from shared.db import Connection

_NoticeRow = tuple[UUID, NoticeKind, int, str, datetime, str, tuple[UUID, ...], tuple[UUID, ...], datetime, str]


class Distributed(msgspec.Struct, frozen=True, kw_only=True):
    """A document that was handed out."""

    document_id: UUID
    meeting_id: UUID
    kind: DocumentKind
    title: str
    classification: str
    attachment_id: UUID | None
    sent_at: datetime
    sent_by: str

    def is_as(self, given: Document) -> bool:
        """Whether it was handed out just so."""
        return all(getattr(self, name) == getattr(given, name) for name in given.__struct_fields__)


def load(conn: Connection, meeting_id: UUID, kind: NoticeKind) -> Notice | None:
    """The latest notice of a kind; None when none was sent."""
    row = conn.execute(
        """
        select meeting_id, kind, version, content, starts_at, place, member_ids, superior_ids, sent_at, sent_by
        from notice where meeting_id = %s and kind = %s
        """,
        (meeting_id, kind),
    ).fetchone()
    if row is None:
        return None
    return Notice(**dict(zip(Notice.__struct_fields__, msgspec.convert(row, _NoticeRow), strict=True)))


def save(conn: Connection, notice: Notice) -> None:
    """Keep a notice in the place of the one before."""
    conn.execute(
        """
        insert into notice (meeting_id, kind, version, content, starts_at, place, member_ids, superior_ids, sent_at,
                            sent_by)
        values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
        on conflict (meeting_id, kind) do update set
            version = excluded.version, content = excluded.content, starts_at = excluded.starts_at,
            place = excluded.place, member_ids = excluded.member_ids, superior_ids = excluded.superior_ids,
            sent_at = excluded.sent_at, sent_by = excluded.sent_by
        """,
        (
            notice.meeting_id,
            notice.kind,
            notice.version,
            notice.content,
            notice.starts_at,
            notice.place,
            list(notice.member_ids),
            list(notice.superior_ids),
            notice.sent_at,
            notice.sent_by,
        ),
    )


def documents(conn: Connection, meeting_id: UUID) -> list[Distributed]:
    """The documents of a meeting, in the order in which they were handed out."""
    rows = conn.execute(
        """
        select document_id, meeting_id, kind, title, classification, attachment_id, sent_at, sent_by
        from distributed where meeting_id = %s order by sent_at, document_id
        """,
        (meeting_id,),
    )
    return [msgspec.convert(dict(zip(Distributed.__struct_fields__, row, strict=True)), Distributed) for row in rows]


def distribute(conn: Connection, document_id: UUID, meeting_id: UUID, given: Document, by: str, at: datetime) -> bool:
    """Hand a document out, or another in its place; False when its id is another meeting's.

    Nobody has opened it then.
    """
    conn.execute("delete from receipt where meeting_id = %s and what = %s", (meeting_id, str(document_id)))
    return (
        conn.execute(
            """
            insert into distributed (document_id, meeting_id, kind, title, classification, attachment_id, sent_at,
                                     sent_by)
            values (%s, %s, %s, %s, %s, %s, %s, %s)
            on conflict (document_id) do update set
                kind = excluded.kind, title = excluded.title, classification = excluded.classification,
                attachment_id = excluded.attachment_id, sent_at = excluded.sent_at, sent_by = excluded.sent_by
            where distributed.meeting_id = excluded.meeting_id
            """,
            (document_id, meeting_id, given.kind, given.title, given.classification, given.attachment_id, at, by),
        ).rowcount
        == 1
    )


def opened(conn: Connection, meeting_id: UUID, what: str, version: int, member_id: UUID, at: datetime) -> None:
    """Keep when a member first opened something."""
    conn.execute(
        """
        insert into receipt (meeting_id, what, version, member_id, opened_at)
        values (%s, %s, %s, %s, %s) on conflict do nothing
        """,
        (meeting_id, what, version, member_id, at),
    )


def receipts(conn: Connection, meeting_id: UUID) -> dict[tuple[str, int], dict[UUID, datetime]]:
    """By what was opened and in which version: who opened it when."""
    rows = conn.execute(
        "select what, version, member_id, opened_at from receipt where meeting_id = %s order by opened_at, member_id",
        (meeting_id,),
    )
    found: dict[tuple[str, int], dict[UUID, datetime]] = {}
    for what, version, member_id, at in msgspec.convert(rows.fetchall(), list[tuple[str, int, UUID, datetime]]):
        found.setdefault((what, version), {})[member_id] = at
    return found


def follower(conn: Connection, unit_id: UUID, day: date) -> UUID | None:
    """The superior member who follows the branch on `day`; None when nobody is assigned."""
    row = conn.execute(
        """
        select member_id from follower
        where unit_id = %s and valid_from <= %s and (valid_to is null or %s < valid_to)
        """,
        (unit_id, day, day),
    ).fetchone()
    return None if row is None else msgspec.convert(row[0], UUID)


def follow(
    conn: Connection, unit_id: UUID, member_id: UUID, valid_from: date, by: str, at: datetime
) -> tuple[date | None, bool]:
    """Assign who follows the branch from a day on, until the next assignment that is known already.

    Whoever did before ends the day before; an assignment from the same day is replaced. Returns the first day it holds
    no more (None: it has no end), and whether anything changed.
    """
    conn.execute("select pg_advisory_xact_lock(hashtextextended('follower:' || %s, 0))", (str(unit_id),))
    known = conn.execute(
        "select member_id, valid_to from follower where unit_id = %s and valid_from = %s", (unit_id, valid_from)
    ).fetchone()
    if known is not None:
        kept, valid_to = msgspec.convert(known, tuple[UUID, date | None])
        if kept == member_id:
            return valid_to, False
    row = conn.execute(
        "select min(valid_from) from follower where unit_id = %s and valid_from > %s", (unit_id, valid_from)
    ).fetchone()
    (until,) = msgspec.convert(row, tuple[date | None])
    conn.execute(
        "update follower set valid_to = %(day)s where unit_id = %(unit)s and valid_from < %(day)s "
        "and (valid_to is null or valid_to > %(day)s)",
        {"unit": unit_id, "day": valid_from},
    )
    conn.execute(
        """
        insert into follower (unit_id, member_id, valid_from, valid_to, set_by, set_at)
        values (%s, %s, %s, %s, %s, %s)
        on conflict (unit_id, valid_from) do update set
            member_id = excluded.member_id, set_by = excluded.set_by, set_at = excluded.set_at
        """,
        (unit_id, member_id, valid_from, until, by, at),
    )
    return until, True


def arrive(conn: Connection, meeting_id: UUID, member_id: UUID, at: datetime) -> datetime | None:
    """Keep that a member redeemed a code; when they had done so before, that time."""
    inserted = conn.execute(
        "insert into arrival (meeting_id, member_id, at) values (%s, %s, %s) on conflict do nothing",
        (meeting_id, member_id, at),
    )
    if inserted.rowcount:
        return None
    row = conn.execute(
        "select at from arrival where meeting_id = %s and member_id = %s", (meeting_id, member_id)
    ).fetchone()
    return msgspec.convert(row, tuple[datetime])[0]


def arrivals(conn: Connection, meeting_ids: Collection[UUID]) -> dict[UUID, dict[UUID, datetime]]:
    """By meeting: who redeemed a code, and when."""
    rows = conn.execute(
        "select meeting_id, member_id, at from arrival where meeting_id = any(%s) order by at, member_id",
        (list(meeting_ids),),
    )
    found: dict[UUID, dict[UUID, datetime]] = {}
    for meeting_id, member_id, at in msgspec.convert(rows.fetchall(), list[tuple[UUID, UUID, datetime]]):
        found.setdefault(meeting_id, {})[member_id] = at
    return found
