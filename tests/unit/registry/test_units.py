"""One unit over time."""

from datetime import date

import pytest

from services.registry.domain import units
from services.registry.domain.rules import Rule, Rules, UnitKind
from services.registry.domain.units import UnitChange
from shared.errors import Conflict
from tests.unit.registry.examples import RULES, span, unit

DAY = date(2026, 1, 1)


def test_a_change_makes_a_new_span_and_keeps_what_is_not_named() -> None:
    after = units.changed(unit(4, span("branch", 3)), DAY, UnitChange(name="Chi bộ thôn Hoà Bình"))

    assert after == unit(
        4, span("branch", 3, valid_to=DAY), span("branch", 3, valid_from=DAY, name="Chi bộ thôn Hoà Bình")
    )


def test_a_change_keeps_an_end_that_is_already_decided() -> None:
    after = units.changed(unit(4, span("branch", 3, valid_to=date(2027, 1, 1))), DAY, UnitChange(branch_type="other"))

    assert after.spans[-1] == span("branch", 3, valid_from=DAY, valid_to=date(2027, 1, 1), branch_type="other")


def test_the_same_again_is_the_same_unit() -> None:
    before = unit(4, span("branch", 3))

    assert units.changed(before, DAY, UnitChange(name="branch")) == before
    once = units.changed(before, DAY, UnitChange(name="other"))
    assert units.changed(once, DAY, UnitChange(name="other")) == once
    assert units.closed(units.closed(before, DAY), DAY) == units.closed(before, DAY)


def test_a_change_is_put_before_kept_later_ones_and_carried_on() -> None:
    later = units.changed(unit(4, span("branch", 3)), date(2026, 7, 1), UnitChange(name="later"))

    after = units.changed(later, DAY, UnitChange(name="new", branch_type="other"))

    assert after == unit(
        4,
        span("branch", 3, valid_to=DAY),
        span("branch", 3, valid_from=DAY, valid_to=date(2026, 7, 1), name="new", branch_type="other"),
        span("branch", 3, valid_from=date(2026, 7, 1), name="later", branch_type="other"),
    )


def test_days_on_which_a_unit_is_not_in_force_are_refused() -> None:
    changed = units.changed(unit(4, span("branch", 3)), DAY, UnitChange(name="other"))

    with pytest.raises(Conflict, match="unit-not-yet"):
        units.changed(changed, date(2009, 12, 31), UnitChange(name="third"))
    with pytest.raises(Conflict, match=r"later-change.*2026-01-01"):
        units.closed(changed, DAY)
    with pytest.raises(Conflict, match=r"later-change.*2026-01-01"):
        units.closed(changed, date(2025, 1, 1))
    closed = units.closed(changed, date(2026, 6, 1))
    with pytest.raises(Conflict, match="unit-closed"):
        units.changed(closed, date(2026, 6, 1), UnitChange(name="third"))
    with pytest.raises(Conflict, match="unit-closed"):
        units.closed(closed, date(2026, 7, 1))


def judged(subject: units.Unit, rules: Rules = RULES) -> list[tuple[str, str, str | None]]:
    """What a unit breaks on its own, and by whose word."""
    return [(breach.field, breach.rule, breach.source) for breach in units.breaches(subject, rules)]


def test_kinds_levels_and_types_are_those_of_their_day() -> None:
    changes = date(2025, 7, 1)
    old = {"direct_committee": UnitKind("huyện uỷ", "district committee", ("district",))}
    new = {"branch": UnitKind("chi bộ", "branch", ("branch",), holds_members=True)}
    rules = Rules(
        unit_kinds=(
            Rule(date(1900, 1, 1), changes, old, "Issuer", "Old kinds"),
            Rule(changes, None, new, "Issuer", "New kinds"),
        )
    )

    assert judged(unit(2, span("direct_committee", 1, level="district")), rules) == []
    assert judged(unit(2, span("direct_committee", 1, level="commune")), rules) == [
        ("level", "level-of-kind", "Issuer: Old kinds")
    ]
    assert judged(unit(2, span("direct_committee", 1, level="district", valid_from=changes)), rules) == [
        ("kind", "kind-not-in-force", "Issuer: New kinds")
    ]
    assert judged(unit(4, span("branch", 3, level="branch", valid_from=changes, branch_type=None)), rules) == [
        ("branch_type", "branch-type-needed", "Issuer: New kinds")
    ]
