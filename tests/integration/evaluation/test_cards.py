"""Scorecards of periods: what adds up over months, what stands at the end, what is to come, coverage by quarter."""

from datetime import UTC, date, datetime
from uuid import uuid4

import pytest

from services.evaluation.domain import periods
from services.evaluation.views import cards
from services.evaluation.views.cards import Scorecard
from shared.db import Connection
from shared.errors import NotFound
from tests.integration.evaluation.figures import NOW, merge_meetings, merge_units
from tests.support.events import meeting, unit

PROVINCE, EAST, WEST, FIRST, SECOND, THIRD = (uuid4() for _ in range(6))
GRASSROOTS = {"kind": "grassroots_branch", "level": "grassroots"}


@pytest.fixture
def tree(conn: Connection) -> Connection:
    """Two branches in the east from the start, a third in the west from May."""
    merge_units(
        conn,
        unit(PROVINCE, None, kind="province_committee", level="province"),
        unit(EAST, PROVINCE, kind="direct_committee", level="district"),
        unit(WEST, PROVINCE, kind="direct_committee", level="district"),
        unit(FIRST, EAST, **GRASSROOTS),  # type: ignore[arg-type]  # texts
        unit(SECOND, EAST, **GRASSROOTS),  # type: ignore[arg-type]  # texts
        unit(THIRD, WEST, valid_from=date(2025, 5, 1), **GRASSROOTS),  # type: ignore[arg-type]  # texts
    )
    return conn


def card(conn: Connection, unit_id: object, period: str, now: datetime = NOW) -> Scorecard:
    return cards.scorecard(conn, unit_id, periods.parse(period), now)  # type: ignore[arg-type]  # an id


def test_flows_add_up_over_months_and_what_stands_is_that_of_the_end(tree: Connection) -> None:
    merge_meetings(tree, *(meeting(FIRST, month) for month in ("2025-03", "2025-04", "2025-06", "2025-07")))
    found = card(tree, PROVINCE, "2025-Q2")
    assert (found.parts["branches"], found.parts["regular_held"], found.parts["owed"]) == (3, 2, 20)
    assert (found.derived["due"], found.derived["missing"], found.derived["awaited"]) == (2 + 3 + 3, 6, 0)
    assert found.derived["held_rate"] == 0.25
    assert card(tree, PROVINCE, "2025-03..2025-07").parts["regular_held"] == 4
    assert card(tree, PROVINCE, "2025").parts["present"] == 4 * 8


def test_a_branch_that_met_twice_does_not_hide_one_that_never_met(tree: Connection) -> None:
    """What is missing is counted month by month, never over the period as a whole."""
    merge_meetings(tree, meeting(FIRST, "2025-01"), meeting(FIRST, "2025-01"), meeting(SECOND, "2025-01"))
    found = card(tree, EAST, "2025-01..2025-02")
    assert (found.parts["regular_held"], found.derived["due"], found.derived["missing"]) == (3, 4, 2)


def test_months_to_come_are_due_and_awaited_and_not_held_against_anybody(tree: Connection) -> None:
    merge_meetings(tree, meeting(FIRST, "2025-01"), meeting(SECOND, "2025-01"), meeting(FIRST, "2025-02"))
    found = card(tree, EAST, "2025", datetime(2025, 2, 20, tzinfo=UTC))
    figures = found.derived
    assert (figures["due"], figures["due_begun"]) == (24, 4)
    assert (figures["missing"], figures["awaited"]) == (0, 1 + 20)
    assert figures["held_rate"] == 0.75
    closed = card(tree, EAST, "2025", datetime(2025, 3, 5, tzinfo=UTC)).derived
    assert (closed["missing"], closed["awaited"]) == (1, 20)


def test_a_version_of_a_period_grows_with_each_of_its_months(tree: Connection) -> None:
    assert (card(tree, EAST, "2025-Q1").version, card(tree, EAST, "2025-Q1").computed_at) == (0, None)
    merge_meetings(tree, meeting(FIRST, "2025-01"))
    before = card(tree, EAST, "2025-Q1")
    merge_meetings(tree, meeting(FIRST, "2025-03"))
    after = card(tree, EAST, "2025-Q1")
    assert after.version > before.version > 0
    assert card(tree, EAST, "2025-02").version == 0


def test_a_unit_is_what_it_was_at_the_periods_end(tree: Connection) -> None:
    with pytest.raises(NotFound):
        card(tree, THIRD, "2025-Q1")
    assert card(tree, THIRD, "2025-Q2").derived["due"] == 2
    children = cards.children(tree, PROVINCE, periods.parse("2025-H1"), NOW)
    assert {found.unit_id: found.parts["branches"] for found in children} == {EAST: 2, WEST: 1}


def test_a_trend_holds_the_periods_in_their_order_without_those_at_whose_end_there_was_no_unit(
    tree: Connection,
) -> None:
    merge_meetings(tree, meeting(THIRD, "2025-06"))
    asked = [*map(periods.of_month, periods.parse("2025").months()), periods.parse("2025-Q2"), periods.parse("2025")]
    found = cards.trend(tree, THIRD, asked, NOW)
    assert [one.period for one in found] == [f"2025-{month:02d}" for month in range(5, 13)] + ["2025-Q2", "2025"]
    assert {one.period: one.parts["regular_held"] for one in found if one.parts["regular_held"]} == {
        "2025": 1,
        "2025-06": 1,
        "2025-Q2": 1,
    }


def test_coverage_counts_branches_and_quarters_with_a_thematic_meeting(tree: Connection) -> None:
    merge_meetings(
        tree,
        meeting(FIRST, "2025-01", kind="thematic"),
        meeting(FIRST, "2025-03", kind="thematic"),
        meeting(FIRST, "2025-04", kind="thematic"),
        meeting(SECOND, "2025-02"),
        meeting(THIRD, "2025-06", kind="thematic"),
        meeting(SECOND, "2025-06", kind="thematic", status="planned", revision=0, attendance=None, minutes=None),
    )
    names = ("quarters_with_theme", "quarters_due", "thematic_coverage")

    def coverage(unit_id: object, period: str, now: datetime = NOW) -> tuple[float | None, ...]:
        return tuple(card(tree, unit_id, period, now).derived[name] for name in names)

    assert coverage(EAST, "2025-Q1") == (1, 2, 0.5)
    assert coverage(PROVINCE, "2025-H1") == (1 + 2, 2 + 3, 0.6)
    assert coverage(FIRST, "2025-H1") == (2, 2, 1.0)
    assert coverage(WEST, "2025-Q2") == (1, 1, 1.0)
    assert coverage(SECOND, "2025-Q2") == (0, 1, 0.0)
    assert coverage(EAST, "2025-02") == (None, None, None)
    assert coverage(EAST, "2025", datetime(2025, 5, 1, tzinfo=UTC)) == (2, 4, 0.5)
    assert {
        found.unit_id: found.derived["thematic_coverage"]
        for found in cards.children(tree, PROVINCE, periods.parse("2025-Q2"), NOW)
    } == {EAST: 0.5, WEST: 1.0}


def test_a_branch_that_moved_is_covered_where_it_stands_at_the_quarters_end(tree: Connection) -> None:
    moved = unit(FIRST, EAST, version=2, valid_to=date(2025, 3, 1), **GRASSROOTS)  # type: ignore[arg-type]  # texts
    moved["spans"] += unit(FIRST, WEST, valid_from=date(2025, 3, 1), **GRASSROOTS)["spans"]  # type: ignore[arg-type]  # texts
    merge_meetings(tree, meeting(FIRST, "2025-01", kind="thematic"))
    merge_units(tree, moved)
    found = {
        one.unit_id: (one.derived["quarters_with_theme"], one.derived["quarters_due"])
        for one in cards.children(tree, PROVINCE, periods.parse("2025-Q1"), NOW)
    }
    assert found == {EAST: (0, 1), WEST: (1, 1)}


def test_a_subtree_is_read_page_by_page_for_any_period(tree: Connection) -> None:
    merge_meetings(tree, meeting(FIRST, "2025-01"), meeting(FIRST, "2025-02"))
    every = cards.subtree(tree, PROVINCE, periods.parse("2025-H1"), NOW, after=None, limit=100)
    assert {one.unit_id: one.parts["regular_held"] for one in every} == {
        PROVINCE: 2,
        EAST: 2,
        WEST: 0,
        FIRST: 2,
        SECOND: 0,
        THIRD: 0,
    }
    pages = [cards.subtree(tree, PROVINCE, periods.parse("2025-H1"), NOW, after=None, limit=4)]
    pages.append(cards.subtree(tree, PROVINCE, periods.parse("2025-H1"), NOW, after=pages[0][-1].unit_id, limit=4))
    assert [one.unit_id for page in pages for one in page] == [one.unit_id for one in every]
