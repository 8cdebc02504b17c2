"""Papers, their numbers and the terms they are numbered in."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

import msgspec

from services.meetings.domain.meeting import Meeting
from services.meetings.domain.paper import Issue, Paper, PaperKind
from services.meetings.domain.terms import CommitteeTerm
from shared.db import Connection

_PaperRow = tuple[UUID, UUID, UUID, PaperKind, date, date, int | None, str | None]
_IssueRow = tuple[UUID, UUID, UUID, PaperKind, date, date, int | None, str | None, str, int, int, str, datetime, str]


def terms_of(conn: Connection, unit_id: UUID) -> list[CommitteeTerm]:
    """The terms of a unit's committee, in the order of time."""
    rows = conn.execute(
        "select name, first_day, last_day from committee_term where unit_id = %s order by first_day", (unit_id,)
    )
    return [CommitteeTerm(*row) for row in msgspec.convert(rows.fetchall(), list[tuple[str, date, date | None]])]


def hold_terms(conn: Connection, unit_id: UUID) -> list[CommitteeTerm]:
    """The same, held as they are until the transaction ends."""
    conn.execute("select from committee_term where unit_id = %s order by first_day for share", (unit_id,))
    return terms_of(conn, unit_id)


def used_terms(conn: Connection, unit_id: UUID) -> dict[date, tuple[date, date]]:
    """By the first day of each term that has papers, the first and last day of these; the terms stay as they are."""
    conn.execute("select from committee_term where unit_id = %s order by first_day for update", (unit_id,))
    rows = conn.execute("select term, min(day), max(day) from paper where unit_id = %s group by term", (unit_id,))
    return {
        term: (first, last) for term, first, last in msgspec.convert(rows.fetchall(), list[tuple[date, date, date]])
    }


def set_terms(conn: Connection, unit_id: UUID, terms: Sequence[CommitteeTerm], *, by: str, at: datetime) -> None:
    """Put `terms` in the place of those kept. A term that has papers must be among them."""
    conn.execute(
        "delete from committee_term where unit_id = %s and first_day <> all(%s)",
        (unit_id, [term.first_day for term in terms]),
    )
    conn.execute(
        """
        insert into committee_term (unit_id, first_day, last_day, name, set_by, set_at)
        select %s, n.*, %s, %s from unnest(%b::date[], %b::date[], %b::text[]) as n
        on conflict (unit_id, first_day) do update set
            last_day = excluded.last_day, name = excluded.name, set_by = excluded.set_by, set_at = excluded.set_at
        """,
        (
            unit_id,
            by,
            at,
            [term.first_day for term in terms],
            [term.last_day for term in terms],
            [term.name for term in terms],
        ),
    )


def next_number(conn: Connection, unit_id: UUID, kind: PaperKind, term: date) -> int:
    """The next number of a kind of paper in a term.

    The row stays locked until the transaction ends, and its number is taken back with it: numbers have no gaps.
    """
    row = conn.execute(
        """
        insert into paper_number (unit_id, kind, term, last) values (%s, %s, %s, 1)
        on conflict (unit_id, kind, term) do update set last = paper_number.last + 1
        returning last
        """,
        (unit_id, kind, term),
    ).fetchone()
    assert row is not None
    return msgspec.convert(row[0], int)


def of_meeting(conn: Connection, meeting_id: UUID) -> list[Issue]:
    """Every issue of every paper of a meeting, the newest of each paper first."""
    rows = conn.execute(
        """
        select p.paper_id, p.meeting_id, p.unit_id, p.kind, p.day, p.term, p.number, p.sign,
               i.hash, i.correction, i.revision, i.signed, i.issued_at, i.issued_by
        from paper p join paper_issue i using (paper_id)
        where p.meeting_id = %s order by p.kind, i.correction desc
        """,
        (meeting_id,),
    )
    return [_issue(row) for row in msgspec.convert(rows.fetchall(), list[_IssueRow])]


def by_hash(conn: Connection, hash_: str) -> Issue | None:
    """The issue whose signed content has this SHA-256."""
    rows = conn.execute(
        """
        select p.paper_id, p.meeting_id, p.unit_id, p.kind, p.day, p.term, p.number, p.sign,
               i.hash, i.correction, i.revision, i.signed, i.issued_at, i.issued_by
        from paper p join paper_issue i using (paper_id) where i.hash = %s
        """,
        (hash_,),
    )
    found = [_issue(row) for row in msgspec.convert(rows.fetchall(), list[_IssueRow])]
    return found[0] if found else None


def _issue(row: _IssueRow) -> Issue:
    hash_, correction, revision, signed, issued_at, issued_by = row[8:]
    return Issue(hash_, Paper(*row[:8]), correction, revision, signed, issued_at, issued_by)


def add_paper(conn: Connection, paper: Paper) -> None:
    """Keep a new paper."""
    conn.execute(
        """
        insert into paper (paper_id, meeting_id, unit_id, kind, day, term, number, sign)
        values (%s, %s, %s, %s, %s, %s, %s, %s)
        """,
        msgspec.structs.astuple(paper),
    )


def add_issue(conn: Connection, issue: Issue) -> None:
    """Keep an issue of a paper."""
    conn.execute(
        """
        insert into paper_issue (hash, paper_id, correction, revision, signed, issued_at, issued_by)
        values (%s, %s, %s, %s, %s, %s, %s)
        """,
        (
            issue.hash,
            issue.paper.paper_id,
            issue.correction,
            issue.revision,
            issue.signed,
            issue.issued_at,
            issue.issued_by,
        ),
    )


def reason_of(conn: Connection, meeting: Meeting) -> str | None:
    """Why the revision a meeting is at was made; None for the first."""
    row = conn.execute(
        "select reason from revision where meeting_id = %s and edition = %s and revision = %s",
        (meeting.meeting_id, meeting.edition, meeting.revision),
    ).fetchone()
    return None if row is None else msgspec.convert(row[0], str | None)
