"""Criteria, points, ranks and thresholds of campaigns."""

from uuid import UUID, uuid4

import pytest

from services.evaluation.domain import campaign as domain
from services.evaluation.domain.campaign import Criterion, Individual, Participant


def collective(name: str, **values: float | None) -> Participant:
    return Participant(uuid4(), name, values.get)


def weighed(figure: str, weight: float, direction: domain.Direction = "highest") -> Criterion:
    return Criterion(figure, "collectives", direction, weight=weight)


def lines(criteria: list[Criterion], *participants: Participant) -> dict[str, tuple[float, int | None]]:
    found = domain.standing(criteria, participants, []).collectives
    return {line.name: (line.points, line.rank) for line in found}


def test_the_best_gets_the_whole_weight_and_the_worst_nothing() -> None:
    criteria = [weighed("a", 60), weighed("b", 40, "lowest")]
    found = lines(criteria, collective("x", a=1, b=4), collective("y", a=0.5, b=0), collective("z", a=0, b=4))
    assert found == {"y": (70, 1), "x": (60, 2), "z": (0, 3)}


def test_equal_points_share_a_rank_and_equal_figures_give_all_of_it_to_all() -> None:
    assert lines([weighed("a", 60)], collective("x", a=1), collective("y", a=1)) == {"x": (60, 1), "y": (60, 1)}


def test_nothing_to_say_gives_nothing() -> None:
    assert lines([weighed("a", 60)], collective("x", a=None), collective("y", a=0.1)) == {"y": (60, 1), "x": (0, 2)}


@pytest.mark.parametrize(("direction", "ranked"), [("highest", "x"), ("lowest", "y")])
def test_who_does_not_meet_a_threshold_has_no_rank(direction: domain.Direction, ranked: str) -> None:
    criteria = [weighed("a", 60), Criterion("b", "collectives", direction, threshold=0.5)]
    above, below, unsaid = (collective("x", a=1, b=0.6), collective("y", a=1, b=0.4), collective("z", a=1, b=None))
    found = domain.standing(criteria, [above, below, unsaid], []).collectives
    assert [line.name for line in found if line.rank] == [ranked]
    assert [line.unmet for line in found if line.rank is None] == [("b",), ("b",)]


def test_individuals_stand_by_the_results_of_their_tasks() -> None:
    quick, slow, idle = (
        Individual(uuid4(), uuid4(), 4, 4, 0),
        Individual(uuid4(), uuid4(), 4, 4, 2),
        Individual(uuid4(), uuid4(), 0, 0, 0),
    )
    assert [one.value("on_time_rate") for one in (quick, slow, idle)] == [1, 0.5, None]
    people = [Participant(one.member_id, str(one.member_id), one.value) for one in (idle, slow, quick)]
    criteria = [Criterion("on_time_rate", "individuals", "highest", weight=10)]
    found = domain.standing(criteria, [], people).individuals
    assert {line.subject_id: line.rank for line in found} == {quick.member_id: 1, slow.member_id: 2, idle.member_id: 2}


@pytest.mark.parametrize(
    ("criterion", "rule"),
    [
        (Criterion("a", "collectives", "highest"), "weight-or-threshold"),
        (Criterion("a", "collectives", "highest", 1, 1), "weight-or-threshold"),
        (Criterion("a", "collectives", "highest", 0), "weight-range"),
        (Criterion("nonsense", "collectives", "highest", 1), "unknown-figure"),
        (Criterion("a", "individuals", "highest", 1), "unknown-figure"),
        (Criterion("a", "collectives", "highest", threshold=1), "no-weight"),
    ],
)
def test_faulty_criteria_are_named(criterion: Criterion, rule: str) -> None:
    assert rule in [fault.rule for fault in domain.criteria_faults([criterion], {"a"}.__contains__)]


@pytest.mark.parametrize(("assigned", "done", "late"), [(1, 2, 0), (2, 1, 2), (1, 1, -1)])
def test_results_that_cannot_be(assigned: int, done: int, late: int) -> None:
    one = Individual(uuid4(), uuid4(), assigned, done, late)
    assert [fault.rule for fault in domain.individual_faults([one])] == ["results"]


def test_a_member_is_named_once() -> None:
    one = Individual(UUID(int=1), uuid4(), 1, 1, 0)
    assert [fault.rule for fault in domain.individual_faults([one, one])] == ["member-twice"]
