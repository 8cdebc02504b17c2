"""Rules as dated data."""

from datetime import date

import pytest

from services.meetings.domain import scores
from services.meetings.domain.rules import RuleBook
from services.meetings.domain.scores import SelfScore
from shared.errors import Unprocessable
from tests.unit.meetings.papers import DAY, book, rule


def test_the_rule_of_the_day_holds_to_the_day_before_it_ends() -> None:
    old = rule("score_frame", {"name": "old", "groups": {"all": 100}}, date(2018, 7, 6), date(2026, 1, 1))
    rules = book(old)
    last, first = rules.on(date(2025, 12, 31)).score_frame, rules.on(date(2026, 1, 1)).score_frame
    assert last is not None
    assert first is not None
    assert (last.name, first.name) == ("old", "new")


def test_a_day_before_every_rule_is_refused() -> None:
    with pytest.raises(Unprocessable) as refused:
        book().on(date(2010, 12, 31))
    assert [(fault.field, fault.rule) for fault in refused.value.faults] == [("starts_at", "no-rule-in-force")]


def test_a_rule_of_a_name_nobody_reads_is_a_defect() -> None:
    with pytest.raises(KeyError):
        RuleBook([rule("unheard_of", 1)])


def test_a_score_needs_a_frame() -> None:
    _, faults = scores.examine(SelfScore({"conduct": 1}), book().frame_on(date(2025, 12, 31)))
    assert [fault.rule for fault in faults] == ["no-frame-in-force"]


@pytest.mark.parametrize("points", [-0.25, 40.25, float("nan"), float("inf")])
def test_points_stay_within_the_group(points: float) -> None:
    _, faults = scores.examine(SelfScore({"conduct": 60, "closing": points}), book().frame_on(DAY))
    assert [(fault.field, fault.rule) for fault in faults] == [("points.closing", "points-out-of-range")]


def test_a_score_is_the_sum_of_its_groups() -> None:
    score, faults = scores.examine(SelfScore({"conduct": 50.1, "closing": 30.2}), book().frame_on(DAY))
    assert (score.total, score.frame, faults) == (80.3, "new", [])
