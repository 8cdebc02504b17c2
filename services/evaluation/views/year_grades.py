"""The grade of a branch's year."""

from datetime import date
from uuid import UUID

import msgspec
from psycopg import sql

from services.evaluation import sheets
from services.evaluation.domain import grading
from services.evaluation.domain.rubrics import Rubric
from services.evaluation.domain.year_grades import Graded, YearGrade, year_grade
from services.evaluation.store import rubrics as rubric_rows
from services.evaluation.store import sheets as sheet_rows
from services.evaluation.views.sheets import facts
from shared.db import Connection


class BranchYear(msgspec.Struct, frozen=True):
    """A branch's year: its regular meetings as they are graded, the grade, and the rubric whose gates decide it."""

    unit_id: UUID
    year: int
    rubric: Rubric | None
    disciplined: int | None
    meetings: tuple[Graded, ...]
    result: YearGrade | None


def branch_year(conn: Connection, unit_id: UUID, year: int) -> BranchYear:
    """Each meeting is graded by the rubric of its day; the gates are those of the year's last meeting's rubric."""
    disciplined = _disciplined(conn, unit_id, year)
    found = facts(
        conn,
        sql.SQL("f.branch_id = {} and f.kind = 'regular' and f.held_on between {} and {}").format(
            sql.Literal(unit_id), sql.Literal(date(year, 1, 1)), sql.Literal(date(year, 12, 31))
        ),
    ).sort("held_on", "meeting_id")
    rubrics = rubric_rows.in_force(conn)
    places = sheets.choose(found, rubrics, sheet_rows.places_due(conn, rubrics, [str(unit_id)])).to_list()
    meetings = []
    for number, place in enumerate(places):
        one = found[number]
        month = one["month"].item()
        if place is None:
            meetings.append(Graded(month, None, None))
            continue
        points, _, grade = grading.graded(rubrics[place].content, one).row(0)
        meetings.append(Graded(month, None if points is None else points / 100, grade))
    rubric = next((rubrics[place] for place in reversed(places) if place is not None), None)
    result = None if rubric is None else year_grade(rubric.content, meetings, disciplined)
    return BranchYear(unit_id, year, rubric, disciplined, tuple(meetings), result)


def _disciplined(conn: Connection, unit_id: UUID, year: int) -> int | None:
    """Members of the branch disciplined in the year; None when its roster is not known."""
    row = conn.execute(
        "select (select count(*) from unnest(disciplined_on) as told (day) where extract(year from told.day) = %s)"
        " from roster_fact where branch_id = %s",
        (year, unit_id),
    ).fetchone()
    return None if row is None else msgspec.convert(row[0], int)
