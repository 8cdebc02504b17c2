"""What one batch does to the figures of every level."""

from datetime import date
from uuid import UUID, uuid4

import pytest

from services.evaluation import arrivals
from shared.db import Connection
from tests.integration.evaluation.figures import merge_meetings, merge_tasks, merge_units, parts
from tests.support.events import meeting, task, unit

PROVINCE, DISTRICT, OTHER_DISTRICT, BRANCH, SECOND = (uuid4() for _ in range(5))
ADOPTED = {
    "branches": 1,
    "regular_held": 1,
    "regular_on_time": 1,
    "owed": 10,
    "present": 8,
    "absent_with_reason": 1,
    "absent_without_reason": 1,
    "minutes_complete": 1,
    "with_conclusion": 1,
    "with_tasks": 1,
    "speakers": 4,
    "tasks_assigned": 2,
    "self_scored": 1,
    "self_points_hundredths": 9150,
    "grade_good": 1,
}


@pytest.fixture(params=[0, arrivals.FEW], ids=["by columns", "by rows"], autouse=True)
def few(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Everything here is so whether a batch goes by columns or by rows."""
    monkeypatch.setattr(arrivals, "FEW", request.param)


@pytest.fixture
def tree(conn: Connection) -> Connection:
    merge_units(
        conn,
        unit(PROVINCE, None, kind="province_committee", level="province"),
        unit(DISTRICT, PROVINCE, kind="direct_committee", level="district"),
        unit(OTHER_DISTRICT, PROVINCE, kind="direct_committee", level="district"),
        unit(BRANCH, DISTRICT, kind="grassroots_branch", level="grassroots"),
        unit(SECOND, OTHER_DISTRICT, kind="grassroots_branch", level="grassroots"),
    )
    return conn


def test_adopted_minutes_move_every_level(tree: Connection) -> None:
    merge_meetings(tree, meeting(BRANCH, "2025-06"))
    assert parts(tree, BRANCH, "2025-06") == ADOPTED
    assert parts(tree, DISTRICT, "2025-06") == ADOPTED
    assert parts(tree, PROVINCE, "2025-06") == ADOPTED | {"branches": 2}
    assert parts(tree, OTHER_DISTRICT, "2025-06") == {"branches": 1}
    assert parts(tree, PROVINCE, "2025-07") == {"branches": 2}


def test_the_same_event_again_changes_nothing(tree: Connection) -> None:
    once = meeting(BRANCH, "2025-06")
    assert merge_meetings(tree, once) == 1
    assert merge_meetings(tree, once) == 0
    assert merge_meetings(tree, once, once) == 0
    assert parts(tree, DISTRICT, "2025-06") == ADOPTED


def test_an_older_version_changes_nothing(tree: Connection) -> None:
    corrected = meeting(BRANCH, "2025-06", version=5, revision=2)
    merge_meetings(tree, corrected)
    assert merge_meetings(tree, {**corrected, "version": 4, "revision": 1, "status": "planned"}) == 0
    assert parts(tree, DISTRICT, "2025-06") == ADOPTED | {"corrected": 1}


def test_an_older_version_beside_what_is_new_changes_nothing(tree: Connection) -> None:
    corrected = meeting(BRANCH, "2025-06", version=5, revision=2)
    merge_meetings(tree, corrected)
    older = {**corrected, "version": 4, "revision": 1, "status": "planned"}
    assert merge_meetings(tree, older, meeting(BRANCH, "2025-06", kind="committee")) == 1
    assert parts(tree, DISTRICT, "2025-06")["regular_held"] == 1


def test_a_correction_replaces_what_the_meeting_counted_for(tree: Connection) -> None:
    first = meeting(BRANCH, "2025-06")
    merge_meetings(tree, first)
    attendance = {"owed": 10, "present": 5, "absent_with_reason": 5, "absent_without_reason": 0}
    merge_meetings(tree, {**first, "version": 2, "revision": 2, "attendance": attendance})
    figures = parts(tree, PROVINCE, "2025-06")
    assert (figures["present"], figures["absent_with_reason"], figures["corrected"]) == (5, 5, 1)
    assert "absent_without_reason" not in figures


def test_an_adoption_that_was_taken_back_counts_for_nothing_until_it_is_adopted_again(tree: Connection) -> None:
    adopted = meeting(BRANCH, "2025-06")
    merge_meetings(tree, adopted)
    unsaid = {"adopted_at": None, "reported_at": None, "report_due_at": None, "tasks_assigned": 0}
    merge_meetings(tree, {**adopted, **unsaid, "version": 2, "status": "planned", "revision": 0})
    assert parts(tree, BRANCH, "2025-06") == {"branches": 1}
    assert parts(tree, PROVINCE, "2025-06") == {"branches": 2}
    merge_meetings(tree, {**adopted, "version": 3})
    assert parts(tree, DISTRICT, "2025-06") == ADOPTED


def test_adopted_minutes_that_are_reported_later_are_not_on_time_until_they_are(tree: Connection) -> None:
    closed = meeting(BRANCH, "2025-06", reported_at=None)
    merge_meetings(tree, closed)
    figures = parts(tree, DISTRICT, "2025-06")
    assert (figures["regular_held"], figures.get("regular_on_time"), figures["regular_late"]) == (1, None, 1)
    merge_meetings(tree, {**closed, "version": 2, "reported_at": closed["adopted_at"]})
    assert parts(tree, DISTRICT, "2025-06") == ADOPTED


def test_a_meeting_that_changes_its_month_leaves_the_old_one(tree: Connection) -> None:
    first = meeting(BRANCH, "2025-06")
    merge_meetings(tree, first)
    merge_meetings(tree, {**first, "version": 2, "period": "2025-07"})
    assert parts(tree, DISTRICT, "2025-06") == {"branches": 1}
    assert parts(tree, DISTRICT, "2025-07") == ADOPTED


def test_minutes_that_come_before_their_unit_wait_for_it(conn: Connection) -> None:
    merge_meetings(conn, meeting(BRANCH, "2025-06"))
    merge_units(conn, unit(BRANCH, DISTRICT, kind="grassroots_branch", level="grassroots"))
    merge_units(conn, unit(DISTRICT, PROVINCE, kind="direct_committee", level="district"))
    assert parts(conn, BRANCH, "2025-06") == {}
    merge_units(conn, unit(PROVINCE, None, kind="province_committee", level="province"))
    assert parts(conn, BRANCH, "2025-06") == ADOPTED
    assert parts(conn, PROVINCE, "2025-06") == ADOPTED


def test_a_move_leaves_the_months_before_it_where_they_were(tree: Connection) -> None:
    for month in ("2025-06", "2025-07"):
        merge_meetings(tree, meeting(BRANCH, month))
    moved = unit(BRANCH, DISTRICT, kind="grassroots_branch", level="grassroots", version=2, valid_to=date(2025, 7, 1))
    moved["spans"] += unit(
        BRANCH, OTHER_DISTRICT, kind="grassroots_branch", level="grassroots", valid_from=date(2025, 7, 1)
    )["spans"]
    merge_units(tree, moved)
    assert parts(tree, DISTRICT, "2025-06") == ADOPTED
    assert parts(tree, DISTRICT, "2025-07") == {}
    assert parts(tree, OTHER_DISTRICT, "2025-06") == {"branches": 1}
    assert parts(tree, OTHER_DISTRICT, "2025-07") == ADOPTED | {"branches": 2}
    assert parts(tree, PROVINCE, "2025-07") == ADOPTED | {"branches": 2}


def test_kinds_count_where_they_belong(tree: Connection) -> None:
    late = "2025-06-20T00:00:00+00:00"
    merge_meetings(
        tree,
        meeting(BRANCH, "2025-06", reported_at=late, tasks_assigned=0),
        meeting(BRANCH, "2025-06", kind="thematic"),
        meeting(BRANCH, "2025-06", kind="committee"),
        meeting(SECOND, "2025-06", status="not_held", revision=0, attendance=None, minutes=None),
        meeting(SECOND, "2025-06", kind="thematic", status="planned", revision=0, attendance=None, minutes=None),
    )
    figures = parts(tree, PROVINCE, "2025-06")
    assert (figures["regular_held"], figures["regular_late"], figures.get("regular_on_time", 0)) == (1, 1, 0)
    assert (figures["thematic_held"], figures["other_held"], figures["not_held"]) == (1, 1, 1)
    assert (figures["owed"], figures["tasks_assigned"], figures.get("with_tasks", 0)) == (20, 4, 0)


@pytest.mark.parametrize(
    ("points", "grade"), [(90, "good"), (89.99, "fair"), (70, "fair"), (50, "average"), (49.99, "weak"), (0, "weak")]
)
def test_grades_are_bounded_below(tree: Connection, points: float, grade: str) -> None:
    merge_meetings(tree, meeting(BRANCH, "2025-06", scores={"self": {"points": points, "frame": "hd-42-2025"}}))
    figures = parts(tree, PROVINCE, "2025-06")
    assert {name for name in figures if name.startswith("grade_")} == {f"grade_{grade}"}


def test_tasks_count_in_the_month_they_are_due(tree: Connection) -> None:
    open_task = task(BRANCH, date(2025, 6, 20))
    done, late, cancelled = (task(BRANCH, date(2025, 6, 25)) for _ in range(3))
    merge_tasks(tree, open_task, done, late, cancelled)
    merge_tasks(
        tree,
        {**done, "version": 2, "status": "done", "done_on": "2025-06-25"},
        {**late, "version": 2, "status": "done", "done_on": "2025-07-02"},
        {**cancelled, "version": 2, "status": "cancelled"},
    )
    assert parts(tree, DISTRICT, "2025-06") == {"branches": 1, "tasks_due": 3, "tasks_done": 2, "tasks_done_late": 1}


def test_a_closed_branch_counts_until_its_last_month(tree: Connection) -> None:
    merge_units(
        tree,
        unit(BRANCH, DISTRICT, kind="grassroots_branch", level="grassroots", version=2, valid_to=date(2025, 6, 15)),
    )
    merge_meetings(tree, meeting(BRANCH, "2025-06"))
    assert parts(tree, DISTRICT, "2025-06")["branches"] == 1
    assert parts(tree, DISTRICT, "2025-07") == {}


def test_two_units_in_a_circle_hold_no_sums(conn: Connection) -> None:
    upper, lower = UUID(int=1), UUID(int=2)
    merge_units(conn, unit(upper, lower, kind="direct_committee"), unit(lower, upper, kind="direct_committee"))
    merge_units(conn, unit(BRANCH, lower))
    merge_meetings(conn, meeting(BRANCH, "2025-06"))
    assert parts(conn, upper, "2025-06") == {}


def test_a_unit_corrected_to_be_no_branch_leaves_every_sum(tree: Connection) -> None:
    merge_meetings(tree, meeting(BRANCH, "2025-06"))
    merge_units(tree, unit(BRANCH, DISTRICT, kind="direct_committee", level="grassroots", version=2))
    assert parts(tree, DISTRICT, "2025-06") == {}
    merge_units(tree, unit(BRANCH, DISTRICT, kind="grassroots_branch", level="grassroots", version=3))
    assert parts(tree, DISTRICT, "2025-06") == ADOPTED
