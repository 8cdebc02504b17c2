"""What is derived from parts, and how units are ranked."""

from datetime import UTC, datetime
from uuid import UUID

from services.evaluation import figures
from services.evaluation.views.cards import Scorecard, ranked

NOTHING = dict.fromkeys((part.name for part in figures.PARTS), 0)


def test_a_share_of_nobody_says_nothing() -> None:
    derived = figures.derive(NOTHING, figures.of_month(NOTHING, closed=True))
    assert derived["attendance_rate"] is None
    assert derived["average_self_points"] is None
    assert derived["missing"] == 0


def test_what_is_not_held_is_awaited_until_the_month_is_closed() -> None:
    parts = NOTHING | {"branches": 10, "regular_held": 6, "not_held": 1}
    still_open, closed = (figures.derive(parts, figures.of_month(parts, closed=closed)) for closed in (False, True))
    assert (still_open["awaited"], still_open["missing"]) == (3, 0)
    assert (closed["awaited"], closed["missing"]) == (0, 3)


def card(code: str, held: int) -> Scorecard:
    parts = NOTHING | {"branches": 10, "regular_held": held, "owed": held * 10, "present": held * 9}
    now = datetime(2025, 7, 5, tzinfo=UTC)
    derived = figures.derive(parts, figures.of_month(parts, closed=True))
    return Scorecard(UUID(int=len(code)), code, code, "branch", "branch", "2025-06", 1, now, parts, derived)


def test_equal_figures_share_a_rank_and_the_next_one_counts_on() -> None:
    ranks = ranked([card("c", 5), card("a", 5), card("b", 9), card("d", 1)], "regular_held", descending=True)
    assert [(one.rank, one.scorecard.code) for one in ranks] == [(1, "b"), (2, "a"), (2, "c"), (4, "d")]


def test_those_of_whom_nothing_can_be_said_come_last_without_a_rank() -> None:
    ranks = ranked([card("none", 0), card("some", 3)], "attendance_rate", descending=False)
    assert [(one.rank, one.scorecard.code) for one in ranks] == [(1, "some"), (None, "none")]


def test_everything_that_can_be_ordered_by_is_there() -> None:
    one = card("a", 1)
    assert set(one.parts) | set(one.derived) == figures.ORDERABLE
