"""Prints of minutes in PostgreSQL: the queue, signatures, bands, what is everybody's, and copies."""

# ruff: noqa: S608 - statements are put together from constants of the code; what is asked is bound

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Final
from uuid import UUID

import msgspec

from services.meetings.domain.copies import Part
from services.meetings.domain.minutes import Minutes
from services.meetings.store.meetings import Document
from services.meetings.store.subtree import BELOW
from shared.db import Connection

_LOCK: Final = 0x636F7079  # "copy"
_document = msgspec.json.Decoder(Document)


class Print(msgspec.Struct, frozen=True):
    """The signature of one part of a meeting's minutes."""

    meeting_id: UUID
    part: Part
    province_id: UUID
    unit_id: UUID
    adopted_at: datetime
    signature: bytes
    bands: Sequence[int]


class Copy(msgspec.Struct, frozen=True):
    """That a part of a meeting's minutes repeats that of another adopted before it; likeness from 0 to 1."""

    meeting_id: UUID
    part: Part
    of_meeting: UUID
    likeness: float


class Common(msgspec.Struct, frozen=True):
    """What is everybody's in a province: shingles, packed, and of how many branches' minutes they were counted."""

    province_id: UUID
    branches: int
    made_at: datetime
    shingles: bytes


def enqueue(conn: Connection, meeting_ids: Collection[UUID]) -> None:
    """Have the texts of these meetings compared."""
    # Rows are only added and removed, never met again: a request never waits for the worker here.
    conn.execute("insert into copy_queue (meeting_id) select unnest(%b::uuid[])", (list(meeting_ids),))


def take(conn: Connection, limit: int) -> tuple[list[UUID], list[int]] | None:
    """Up to `limit` queued rows: their meetings, each once, and the rows' ids; None when another worker is at it."""
    row = conn.execute("select pg_try_advisory_xact_lock(%s)", (_LOCK,)).fetchone()
    if row != (True,):
        return None
    rows = conn.execute("select meeting_id, queue_id from copy_queue order by queue_id limit %s", (limit,))
    taken = msgspec.convert(rows.fetchall(), list[tuple[UUID, int]])
    return sorted({meeting_id for meeting_id, _ in taken}), [queue_id for _, queue_id in taken]


def done(conn: Connection, queue_ids: Collection[int]) -> None:
    """Take rows out of the queue."""
    conn.execute("delete from copy_queue where queue_id = any(%s)", (list(queue_ids),))


def is_queued(conn: Connection, meeting_id: UUID) -> bool:
    """Whether the text of a meeting is still to be compared."""
    row = conn.execute("select exists (select from copy_queue where meeting_id = %s)", (meeting_id,)).fetchone()
    return row == (True,)


def put_prints(conn: Connection, meeting_ids: Collection[UUID], prints: Sequence[Print]) -> None:
    """Keep the prints of these meetings in the place of those they had."""
    conn.execute("delete from minutes_print where meeting_id = any(%s)", (list(meeting_ids),))
    rows = conn.execute(
        """
        insert into minutes_print (meeting_id, part, province_id, unit_id, adopted_at, signature)
        select * from unnest(%b::uuid[], %b::text[], %b::uuid[], %b::uuid[], %b::timestamptz[], %b::bytea[])
        returning meeting_id, part, print_id
        """,
        (
            [one.meeting_id for one in prints],
            [one.part for one in prints],
            [one.province_id for one in prints],
            [one.unit_id for one in prints],
            [one.adopted_at for one in prints],
            [one.signature for one in prints],
        ),
    )
    ids = {
        (meeting_id, part): print_id
        for meeting_id, part, print_id in msgspec.convert(rows.fetchall(), list[tuple[UUID, Part, int]])
    }
    with conn.cursor() as cursor, cursor.copy("copy minutes_band (band, print_id) from stdin") as copy:
        for one in prints:
            print_id = ids[one.meeting_id, one.part]
            for band in one.bands:
                copy.write_row((band, print_id))


def candidates(
    conn: Connection, meeting_ids: Collection[UUID], days: int, most: int
) -> list[tuple[UUID, Part, bytes, UUID, bytes]]:
    """For every print of these meetings up to `most` prints that share a band, those sharing most bands first.

    Each as (meeting, part, signature, other meeting, its signature); both adopted within `days` of each other.
    """
    rows = conn.execute(
        """
        with mine as (
            select print_id, meeting_id, part, adopted_at, signature from minutes_print where meeting_id = any(%(ids)s)
        ), met as (
            select mine.print_id, other.print_id as other_id, count(*) as shared
            from mine join minutes_band a on a.print_id = mine.print_id
                      join minutes_band other on other.band = a.band and other.print_id <> mine.print_id
            group by 1, 2
        ), ranked as (
            select met.*, row_number() over (partition by met.print_id order by met.shared desc, met.other_id) as place
            from met
        )
        select mine.meeting_id, mine.part, mine.signature, theirs.meeting_id, theirs.signature
        from ranked join mine on mine.print_id = ranked.print_id
                    join minutes_print theirs on theirs.print_id = ranked.other_id
        where ranked.place <= %(most)s
          and theirs.adopted_at between mine.adopted_at - make_interval(days => %(days)s)
                                    and mine.adopted_at + make_interval(days => %(days)s)
        """,
        {"ids": list(meeting_ids), "days": days, "most": most},
    )
    return msgspec.convert(rows.fetchall(), list[tuple[UUID, Part, bytes, UUID, bytes]])


def replace_copies(conn: Connection, meeting_ids: Collection[UUID], found: Sequence[Copy]) -> set[UUID]:
    """Keep what was found of these meetings in the place of what was known; the meetings whose copies changed."""
    rows = conn.execute(
        """
        delete from minutes_copy where meeting_id = any(%(ids)s) or of_meeting = any(%(ids)s)
        returning meeting_id, part, of_meeting, likeness
        """,
        {"ids": list(meeting_ids)},
    )
    known = {Copy(*row) for row in msgspec.convert(rows.fetchall(), list[tuple[UUID, Part, UUID, float]])}
    conn.execute(
        """
        insert into minutes_copy (meeting_id, part, of_meeting, likeness)
        select * from unnest(%b::uuid[], %b::text[], %b::uuid[], %b::real[])
        """,
        (
            [copy.meeting_id for copy in found],
            [copy.part for copy in found],
            [copy.of_meeting for copy in found],
            [copy.likeness for copy in found],
        ),
    )
    before = {(copy.meeting_id, copy.part, copy.of_meeting): round(copy.likeness, 3) for copy in known}
    after = {(copy.meeting_id, copy.part, copy.of_meeting): round(copy.likeness, 3) for copy in found}
    return {meeting_id for meeting_id, _, _ in dict(before.items() ^ after.items())}


def copies_of(conn: Connection, meeting_ids: Collection[UUID]) -> dict[UUID, list[Copy]]:
    """What each of these meetings repeats, the most alike first; meetings that repeat nothing are left out."""
    rows = conn.execute(
        """
        select meeting_id, part, of_meeting, likeness from minutes_copy where meeting_id = any(%s)
        order by meeting_id, likeness desc, of_meeting, part
        """,
        (list(meeting_ids),),
    )
    found: dict[UUID, list[Copy]] = {}
    for row in msgspec.convert(rows.fetchall(), list[tuple[UUID, Part, UUID, float]]):
        found.setdefault(row[0], []).append(Copy(*row))
    return found


def common(conn: Connection, province_ids: Collection[UUID]) -> dict[UUID, Common]:
    """What is known to be everybody's in these provinces."""
    rows = conn.execute(
        "select province_id, branches, made_at, shingles from common_words where province_id = any(%s)",
        (list(province_ids),),
    )
    return {row[0]: Common(*row) for row in msgspec.convert(rows.fetchall(), list[tuple[UUID, int, datetime, bytes]])}


def put_common(conn: Connection, found: Common) -> None:
    """Keep what is everybody's in a province."""
    conn.execute(
        """
        insert into common_words (province_id, branches, made_at, shingles) values (%s, %s, %s, %s)
        on conflict (province_id) do update set
            branches = excluded.branches, made_at = excluded.made_at, shingles = excluded.shingles
        """,
        (found.province_id, found.branches, found.made_at, found.shingles),
    )


def branches_told_of(conn: Connection, province_id: UUID, day: date, since: datetime) -> int:
    """How many branches of a province have adopted minutes of meetings since an instant."""
    row = conn.execute(
        f"""
        with {BELOW}
        select count(distinct t.unit_id) from below join minutes_text t using (unit_id) where t.started_at >= %(since)s
        """,
        {"above": [province_id], "day": day, "since": since},
    ).fetchone()
    return msgspec.convert(row, tuple[int])[0]


def sample(conn: Connection, province_id: UUID, day: date, since: datetime, most: int) -> list[Minutes]:
    """The latest minutes of up to `most` branches of a province, drawn by the ids of their meetings."""
    rows = conn.execute(
        f"""
        with {BELOW}, latest as (
            select distinct on (t.unit_id) t.meeting_id
            from below join minutes_text t using (unit_id)
            where t.started_at >= %(since)s order by t.unit_id, t.started_at desc
        )
        select r.document from latest join meeting m using (meeting_id)
            join revision r on r.meeting_id = m.meeting_id and r.edition = m.edition and r.revision = m.revision
        order by md5(latest.meeting_id::text) limit %(most)s
        """,
        {"above": [province_id], "day": day, "since": since, "most": most},
    )
    documents = [_document.decode(text) for (text,) in msgspec.convert(rows.fetchall(), list[tuple[str]])]
    return [document.minutes.written for document in documents if document.minutes is not None]


def enqueue_accused(conn: Connection, province_ids: Mapping[UUID, Common], since: datetime) -> None:
    """Have minutes that were found to repeat others looked at again, in provinces whose common words changed."""
    conn.execute(
        """
        insert into copy_queue (meeting_id)
        select distinct c.meeting_id from minutes_copy c join minutes_print p using (meeting_id, part)
        where p.province_id = any(%s) and p.adopted_at >= %s
        """,
        (list(province_ids), since),
    )
