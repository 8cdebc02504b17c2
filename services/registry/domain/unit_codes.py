"""Codes that other systems have for units, dated: the number in the national member database, and the like."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

import msgspec

from services.registry.domain import spans
from services.registry.domain.spans import vi
from services.registry.domain.units import Unit
from shared.errors import Conflict, Fault, Text, Unprocessable


class UnitCode(msgspec.Struct, frozen=True):
    """The code of a unit in `system` from `valid_from` to the day before `valid_to` (None: still)."""

    unit_id: UUID
    system: str
    code: str
    valid_from: date
    valid_to: date | None


def given(unit: Unit, kept: Sequence[UnitCode], equal: Sequence[UnitCode], new: UnitCode) -> list[UnitCode]:
    """`kept`, all codes of `unit` in one system, with `new` beside them, in order.

    An earlier code ends where `new` begins; one that begins on the same day is replaced. `equal` are all codes of the
    system that read as the new one. Raises Unprocessable when the unit is not in force on the first day, Conflict when
    a later code would be covered or another unit has this code on one of the days.
    """
    faults = [Fault(flaw.field, flaw.rule, flaw.message) for flaw in spans.flaws([new])]
    if spans.at(unit.spans, new.valid_from) is None:
        message = Text(
            f"Đơn vị {unit.code} không có hiệu lực vào ngày {vi(new.valid_from)}. Hãy kiểm tra lại ngày.",
            f"Unit {unit.code} is not in force on {new.valid_from}. Check the day.",
        )
        faults.append(Fault("valid_from", "unit-not-in-force", message))
    if faults:
        raise Unprocessable.of(faults)
    taken = next((one for one in equal if one.unit_id != new.unit_id and spans.overlap(one, new)), None)
    if taken is not None:
        raise Conflict(
            "code-taken",
            Text(
                f"Mã {new.code} của hệ thống {new.system} đã dùng cho một đơn vị khác từ ngày {vi(taken.valid_from)}. "
                "Hãy kiểm tra lại mã hoặc ngày.",
                f"The code {new.code} of {new.system} belongs to another unit from {taken.valid_from}. "
                "Check the code or the day.",
            ),
        )
    result = [new]
    for one in kept:
        if one.valid_from == new.valid_from:
            continue
        if not spans.overlap(one, new):
            result.append(one)
        elif one.valid_from < new.valid_from:
            result.append(msgspec.structs.replace(one, valid_to=new.valid_from))
        else:
            raise Conflict(
                "later-change",
                Text(
                    f"Từ ngày {vi(one.valid_from)} đơn vị {unit.code} đã có mã {one.code} trong hệ thống {new.system}. "
                    "Hãy nêu valid_to không sau ngày đó.",
                    f"From {one.valid_from} unit {unit.code} has the code {one.code} in {new.system} already. "
                    "Give a valid_to not after that day.",
                ),
            )
    return sorted(result, key=lambda one: one.valid_from)
