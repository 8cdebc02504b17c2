"""Meetings in PostgreSQL: a row each, their marks of attendance, and every revision of their minutes.

Arrays are bound in binary (`%b`): in text form psycopg escapes every element in Python.
"""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

import msgspec
from msgspec.structs import replace
from psycopg import errors

from services.meetings.domain import refusals
from services.meetings.domain.attendance import Attendance
from services.meetings.domain.facts import Facts
from services.meetings.domain.items import Items
from services.meetings.domain.meeting import Meeting, Plan, Status, touched
from services.meetings.domain.minutes import MinutesRecord
from services.meetings.domain.rules import MeetingKind
from services.meetings.domain.scores import Score
from shared.db import Connection


class Document(msgspec.Struct, frozen=True, omit_defaults=True):
    """What is recorded of a meeting, whole: a draft before adoption, a revision from then on."""

    attendance: Attendance | None = None
    minutes: MinutesRecord | None = None
    score: Score | None = None
    items: Items = Items()


class Change(msgspec.Struct, frozen=True):
    """A meeting before (None: new) and after a command; `reason` says why, when it is a correction."""

    before: Meeting | None
    after: Meeting
    reason: str | None = None


_Row = tuple[
    UUID,
    int,
    UUID,
    MeetingKind,
    datetime,
    str,
    str | None,
    Status,
    int,
    datetime | None,
    datetime | None,
    datetime | None,
    str | None,
    str | None,
    int,
    UUID | None,
    UUID | None,
    str | None,
    str | None,
    str | None,
]
_encode = msgspec.json.Encoder()
_NO_FACTS = Facts()
_decode = msgspec.json.Decoder(Document)
_facts = msgspec.json.Decoder(Facts)
_touched = msgspec.json.Decoder(dict[str, int])


def load(conn: Connection, meeting_id: UUID) -> Meeting | None:
    """A meeting as it is; None when there is none."""
    return read(conn, [meeting_id]).get(meeting_id)


def lock(conn: Connection, meeting_ids: Collection[UUID]) -> dict[UUID, Meeting]:
    """Those of `meeting_ids` that exist, locked until the transaction ends."""
    # In the order of ids, so that two imports wait for each other instead of deadlocking. Read by a second statement:
    # a statement that waited for a lock re-reads the locked row only, not what is joined to it (PostgreSQL manual,
    # "Read Committed Isolation Level").
    conn.execute("select from meeting where meeting_id = any(%s) order by meeting_id for update", (list(meeting_ids),))
    return read(conn, meeting_ids)


def read(conn: Connection, meeting_ids: Collection[UUID]) -> dict[UUID, Meeting]:
    """Those of `meeting_ids` that exist, as they are."""
    rows = conn.execute(
        """
        select m.meeting_id, m.version, m.unit_id, m.kind, m.starts_at, m.place, m.theme, m.status, m.revision,
               m.adopted_at, m.reported_at, m.report_due_at, m.not_held_reason, coalesce(m.draft, r.document),
               m.edition, m.topic_id, m.regular_id, m.facts, m.touched, m.tag
        from meeting m left join revision r
            on r.meeting_id = m.meeting_id and r.edition = m.edition and r.revision = m.revision
        where m.meeting_id = any(%s)
        """,
        (list(meeting_ids),),
    )
    return {row[0]: _meeting(row) for row in msgspec.convert(rows.fetchall(), list[_Row])}


def _meeting(row: _Row) -> Meeting:
    meeting_id, version, unit_id, kind, starts_at, place, theme, status, revision = row[:9]
    adopted_at, reported_at, report_due_at, not_held_reason, text = row[9:14]
    edition, topic_id, regular_id, facts, changed_in, tag = row[14:]
    document = _decode.decode(text) if text else Document()
    return Meeting(
        meeting_id=meeting_id,
        plan=Plan(unit_id, kind, starts_at, place, theme, topic_id, regular_id, tag),
        version=version,
        status=status,
        revision=revision,
        attendance=document.attendance,
        minutes=document.minutes,
        score=document.score,
        adopted_at=adopted_at,
        reported_at=reported_at,
        report_due_at=report_due_at,
        not_held_reason=not_held_reason,
        edition=edition,
        items=document.items,
        facts=_facts.decode(facts) if facts else Facts(),
        touched=_touched.decode(changed_in) if changed_in else {},
    )


def regular_of(conn: Connection, months: Collection[tuple[UUID, str]]) -> dict[tuple[UUID, str], UUID]:
    """The regular meeting, if any, of each branch and month; one that was not held does not count."""
    wanted = list(months)
    rows = conn.execute(
        """
        select m.unit_id, m.period, m.meeting_id
        from unnest(%b::uuid[], %b::text[]) as w (unit_id, period)
        join meeting m on m.unit_id = w.unit_id and m.period = w.period
        where m.kind = 'regular' and m.status <> 'not_held'
        """,
        ([unit_id for unit_id, _ in wanted], [period for _, period in wanted]),
    )
    return {
        (unit_id, period): meeting_id
        for unit_id, period, meeting_id in msgspec.convert(rows.fetchall(), list[tuple[UUID, str, UUID]])
    }


def save(conn: Connection, changes: Sequence[Change], *, by: str, at: datetime) -> list[Meeting]:
    """Save changed meetings with their next version, marks and revisions; returns them as saved, in order.

    Raises Conflict when another transaction saved one of them meanwhile, or took the branch's month.
    """
    saved = [_next(change) for change in changes]
    documents = [_document(meeting) for meeting in saved]
    _save_rows(conn, saved, documents)
    _save_revisions(conn, changes, documents, by=by, at=at)
    _save_marks(conn, changes)
    return saved


def _next(change: Change) -> Meeting:
    version = change.before.version + 1 if change.before else 1
    return replace(change.after, version=version, touched=touched(change.before, change.after, version))


def _document(meeting: Meeting) -> str | None:
    if not meeting.is_recorded:
        return None
    return _encode.encode(Document(meeting.attendance, meeting.minutes, meeting.score, meeting.items)).decode()


def _text(value: object) -> str:
    return _encode.encode(value).decode()


def _save_rows(conn: Connection, meetings: Sequence[Meeting], documents: Sequence[str | None]) -> None:
    # A row is written over its predecessor only: a meeting that another transaction inserted meanwhile is left alone.
    try:
        written = conn.execute(
            """
            insert into meeting (meeting_id, version, unit_id, kind, period, starts_at, place, theme, status, revision,
                                 draft, adopted_at, reported_at, report_due_at, not_held_reason, edition, topic_id,
                                 regular_id, facts, touched, tag)
            select * from unnest(%b::uuid[], %b::bigint[], %b::uuid[], %b::text[], %b::text[], %b::timestamptz[],
                                 %b::text[], %b::text[], %b::text[], %b::int[], %b::text[], %b::timestamptz[],
                                 %b::timestamptz[], %b::timestamptz[], %b::text[], %b::int[], %b::uuid[],
                                 %b::uuid[], %b::text[], %b::text[], %b::text[])
            on conflict (meeting_id) do update set
                version = excluded.version, unit_id = excluded.unit_id, kind = excluded.kind,
                period = excluded.period, starts_at = excluded.starts_at, place = excluded.place,
                theme = excluded.theme, status = excluded.status, revision = excluded.revision,
                draft = excluded.draft, adopted_at = excluded.adopted_at, reported_at = excluded.reported_at,
                report_due_at = excluded.report_due_at, not_held_reason = excluded.not_held_reason,
                edition = excluded.edition, topic_id = excluded.topic_id, regular_id = excluded.regular_id,
                facts = excluded.facts, touched = excluded.touched, tag = excluded.tag
            where meeting.version = excluded.version - 1
            """,
            (
                [meeting.meeting_id for meeting in meetings],
                [meeting.version for meeting in meetings],
                [meeting.plan.unit_id for meeting in meetings],
                [meeting.plan.kind for meeting in meetings],
                [meeting.plan.period for meeting in meetings],
                [meeting.plan.starts_at for meeting in meetings],
                [meeting.plan.place for meeting in meetings],
                [meeting.plan.theme for meeting in meetings],
                [meeting.status for meeting in meetings],
                [meeting.revision for meeting in meetings],
                [
                    None if meeting.status == "adopted" else text
                    for meeting, text in zip(meetings, documents, strict=True)
                ],
                [meeting.adopted_at for meeting in meetings],
                [meeting.reported_at for meeting in meetings],
                [meeting.report_due_at for meeting in meetings],
                [meeting.not_held_reason for meeting in meetings],
                [meeting.edition for meeting in meetings],
                [meeting.plan.topic_id for meeting in meetings],
                [meeting.plan.regular_id for meeting in meetings],
                [_text(meeting.facts) if meeting.facts != _NO_FACTS else None for meeting in meetings],
                [_text(meeting.touched) for meeting in meetings],
                [meeting.plan.tag for meeting in meetings],
            ),
        ).rowcount
    except errors.UniqueViolation as error:
        if error.diag.constraint_name != "meeting_one_regular":
            raise
        if len(meetings) > 1:
            raise refusals.changed_meanwhile() from None  # which one it was, the next try says
        raise refusals.second_regular(meetings[0].plan.period) from None
    if written != len(meetings):
        raise refusals.changed_meanwhile()


def _save_revisions(
    conn: Connection, changes: Sequence[Change], documents: Sequence[str | None], *, by: str, at: datetime
) -> None:
    adopted = [
        (change.after.meeting_id, change.after.edition, change.after.revision, text, change.reason)
        for change, text in zip(changes, documents, strict=True)
        if change.after.revision > (change.before.revision if change.before else 0)
    ]
    if not adopted:
        return
    conn.execute(
        """
        insert into revision (meeting_id, edition, revision, document, reason, made_by, made_at)
        select n.*, %s, %s from unnest(%b::uuid[], %b::int[], %b::int[], %b::text[], %b::text[]) as n
        """,
        (
            by,
            at,
            [meeting_id for meeting_id, *_ in adopted],
            [edition for _, edition, *_ in adopted],
            [revision for _, _, revision, *_ in adopted],
            [text for *_, text, _ in adopted],
            [reason for *_, reason in adopted],
        ),
    )


def _save_marks(conn: Connection, changes: Sequence[Change]) -> None:
    """Replace the marks of those whose attendance changed."""
    changed = [
        change for change in changes if change.after.attendance != (change.before.attendance if change.before else None)
    ]
    known = [change.after.meeting_id for change in changed if change.before and change.before.attendance]
    if known:
        conn.execute("delete from attendance where meeting_id = any(%s)", (known,))
    if not changed:
        return
    with (
        conn.cursor() as cursor,
        cursor.copy("copy attendance (meeting_id, member_id, state, reason) from stdin") as copy,
    ):
        for change in changed:
            if change.after.attendance is not None:
                for member_id, state, reason in change.after.attendance.marks():
                    copy.write_row((change.after.meeting_id, member_id, state, reason))
