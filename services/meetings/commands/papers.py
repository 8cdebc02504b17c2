"""Issue papers of a meeting, and set the terms they are numbered in."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from services.meetings.commands import saving
from services.meetings.domain import paper as domain
from services.meetings.domain.meeting import Meeting
from services.meetings.domain.paper import Issue, Paper, PaperKind
from services.meetings.domain.terms import CommitteeTerm, examine_terms, term_on
from services.meetings.store import papers, rules, tasks
from shared.db import Connection
from shared.ids import new_id


def issue(conn: Connection, meeting_id: UUID, kind: PaperKind, *, by: str, now: datetime) -> tuple[Issue, bool]:
    """Issue a paper of adopted minutes, or of their correction; returns the issue and whether it is new.

    Raises NotFound; Conflict when the minutes are not adopted, hold nothing to make it of, or no term is known;
    Unprocessable when no rule on the form of papers is.
    """
    known = saving.locked(conn, meeting_id)
    domain.must_be_issuable(known, kind)
    kept = [one for one in papers.of_meeting(conn, meeting_id) if one.paper.kind == kind]
    if kept and domain.is_latest(kept[0], known):
        return kept[0], False
    wanted = kept[0].paper if kept else _number(conn, known, kind, now)
    correction = kept[0].correction + 1 if kept else 0
    roster = saving.branch(conn, known.plan.unit_id).roster_on(known.plan.day)
    reason = papers.reason_of(conn, known) if correction else None
    carried = tasks.carried_by(conn, known)
    issued = domain.sign(wanted, known, roster, carried=carried, correction=correction, reason=reason, at=now, by=by)
    if not kept:
        papers.add_paper(conn, wanted)
    papers.add_issue(conn, issued)
    return issued, True


def _number(conn: Connection, meeting: Meeting, kind: PaperKind, now: datetime) -> Paper:
    day = domain.day_of(meeting, kind, now)
    book = rules.load(conn).on(day)
    unit_id = meeting.plan.unit_id
    numbered = domain.is_numbered(kind, book)
    term = term_on(papers.hold_terms(conn, unit_id), day)
    number = papers.next_number(conn, unit_id, kind, term.first_day) if numbered else None
    return Paper(
        paper_id=new_id(),
        meeting_id=meeting.meeting_id,
        unit_id=unit_id,
        kind=kind,
        day=day,
        term=term.first_day,
        number=number,
        sign=domain.sign_of(kind, number, book) if number else None,
    )


def set_terms(
    conn: Connection, unit_id: UUID, terms: Sequence[CommitteeTerm], *, by: str, now: datetime
) -> list[CommitteeTerm]:
    """Set the terms of a unit's committee, whole. Raises Unprocessable; papers that are numbered keep their term."""
    examine_terms(terms, papers.used_terms(conn, unit_id))
    papers.set_terms(conn, unit_id, terms, by=by, at=now)
    return papers.terms_of(conn, unit_id)
