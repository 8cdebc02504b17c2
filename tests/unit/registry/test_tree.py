"""The organisation as a tree on every day."""

from datetime import date

import msgspec

from services.registry.domain import tree
from services.registry.domain.units import Breach, Unit
from tests.unit.registry.examples import RULES, span, unit, unit_id

PROVINCE = unit(1, span("province_committee", None))
DIRECT = unit(2, span("direct_committee", 1))
GRASSROOTS = unit(3, span("grassroots_committee", 2))
BRANCH = unit(4, span("branch", 3))
MERGED = date(2025, 7, 1)


def judged(*changed: Unit) -> list[Breach]:
    """What is wrong when these units of the standing tree are as given."""
    standing = {one.unit_id: one for one in (PROVINCE, DIRECT, GRASSROOTS, BRANCH)}
    standing |= {one.unit_id: one for one in changed}
    return list(tree.breaches(standing, [one.unit_id for one in changed], RULES))


def rules(*changed: Unit) -> list[tuple[int, str]]:
    """The rules broken, each with the number of the unit it is told of."""
    return [(breach.unit_id.int, breach.rule) for breach in judged(*changed)]


def test_the_standing_tree_breaks_no_rule() -> None:
    assert rules(PROVINCE, DIRECT, GRASSROOTS, BRANCH) == []


def test_only_a_province_is_a_root() -> None:
    assert rules(unit(5, span("branch", None))) == [(5, "parent-needed")]
    assert rules(unit(5, span("province_committee", 1))) == [(5, "parent-kind")]


def test_a_parent_must_exist_and_be_in_force_all_the_while() -> None:
    assert rules(unit(5, span("branch", 9))) == [(5, "unknown-unit")]
    early = span("branch", 3, valid_from=date(2009, 12, 31))
    assert rules(unit(5, early)) == [(5, "parent-not-in-force")]
    closed = unit(3, span("grassroots_committee", 2, valid_to=MERGED))
    assert rules(closed) == [(3, "child-not-in-force")]
    closed_too = unit(4, span("branch", 3, valid_to=MERGED))
    assert rules(closed, closed_too) == []


def test_which_kind_stands_under_which_depends_on_the_day_it_began() -> None:
    def nested(first: date) -> list[Breach]:
        return judged(unit(5, span("direct_committee", 2, valid_from=first)))

    (refused,) = nested(date(2025, 6, 30))
    assert (refused.rule, refused.source) == ("parent-kind", "Issuer: Old citation")
    assert nested(MERGED) == []


def test_a_parent_that_changes_kind_must_still_fit_what_stands_below() -> None:
    before = span("grassroots_committee", 2, valid_to=MERGED)
    after = span("department_committee", 3, valid_from=MERGED)
    turned = unit(3, before, msgspec.structs.replace(after, parent_id=unit_id(7)))
    other = unit(7, span("grassroots_committee", 2))

    assert rules(turned, other) == [(3, "child-kind")]


def test_a_parent_may_become_a_kind_that_is_allowed_from_that_day() -> None:
    parent = unit(
        6,
        span("province_committee", None, valid_to=MERGED),
        span("direct_committee", 1, valid_from=MERGED),
    )
    below = unit(5, span("direct_committee", 6))

    assert rules(parent, below) == []


def test_a_way_up_that_comes_back_is_a_cycle_only_where_the_days_meet() -> None:
    def two(end: date | None) -> list[tuple[int, str]]:
        one = unit(
            5,
            span("direct_committee", 1, valid_to=MERGED),
            span("direct_committee", 6, valid_from=MERGED, valid_to=end),
            *([] if end is None else [span("direct_committee", 1, valid_from=end)]),
        )
        other = unit(
            6,
            span("direct_committee", 1, valid_to=date(2026, 1, 1)),
            span("direct_committee", 5, valid_from=date(2026, 1, 1)),
        )
        return rules(one, other)

    assert two(None) == [(5, "cycle"), (6, "cycle")]
    assert two(date(2026, 1, 1)) == []


def test_a_branch_type_belongs_to_branches() -> None:
    assert rules(unit(5, span("branch", 3, branch_type=None))) == [(5, "branch-type-needed")]
    assert rules(unit(5, span("direct_committee", 1, branch_type="ward"))) == [(5, "branch-type-not-for-this-kind")]
