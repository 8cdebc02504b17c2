"""One unit over time."""

from datetime import date

import pytest

from services.registry.domain import units
from services.registry.domain.units import UnitChange
from shared.errors import Conflict
from tests.unit.registry.examples import span, unit

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


def test_history_is_written_in_order() -> None:
    changed = units.changed(unit(4, span("branch", 3)), DAY, UnitChange(name="other"))

    with pytest.raises(Conflict, match="later-change"):
        units.changed(changed, date(2025, 12, 31), UnitChange(name="third"))
    with pytest.raises(Conflict, match="later-change"):
        units.closed(changed, DAY)
    closed = units.closed(changed, date(2026, 6, 1))
    with pytest.raises(Conflict, match="unit-closed"):
        units.changed(closed, date(2026, 6, 1), UnitChange(name="third"))
    with pytest.raises(Conflict, match="unit-closed"):
        units.closed(closed, date(2026, 7, 1))
