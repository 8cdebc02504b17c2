"""Whether whoever sends rows may change what they name."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from uuid import UUID

from services.registry.domain.imports import GatheredMembers, GatheredUnits
from services.registry.domain.members import Member, place_on
from services.registry.domain.reach import Reach
from services.registry.domain.units import Unit
from services.registry.domain.village_rows import GatheredVillages
from services.registry.domain.villages import Village
from shared.errors import Fault, Forbidden, Text


def fields_outside(
    reach: Reach,
    kept_units: Mapping[UUID, Unit],
    kept_members: Mapping[UUID, Member],
    units: GatheredUnits,
    people: GatheredMembers,
    new_units: Sequence[Unit],
    new_members: Sequence[Member],
    today: date,
) -> list[str]:
    """Rows may change what the rights cover: a unit kept here must be covered, and so must each new place it takes.

    A member is covered by the branch they belong to today.
    """
    if reach.everything:
        return []
    reached = reached_with(reach, kept_units, new_units)
    fields = [fault.field for fault in (*units.faults, *people.faults) if fault.rule == "unknown-unit"]
    for unit in new_units:
        kept = kept_units.get(unit.unit_id)
        places = {span.parent_id for span in kept.spans} if kept else set()
        for number, span in zip(units.rows[unit.unit_id], unit.spans, strict=True):
            if kept is not None and not reached(unit.unit_id):
                fields.append(f"units[{number}].code")
            if span.parent_id not in places and not reached(span.parent_id):
                fields.append(f"units[{number}].parent_code")
    for member in new_members:
        before = kept_members.get(member.member_id)
        first = people.rows[member.member_id][0]
        if before is not None and not reached(place_on(before, today)):
            fields.append(f"members[{first}].code")
        if not all(reached(span.unit_id) for span in member.spans):
            fields.append(f"members[{first}].unit_code")
    return fields


def villages_outside(
    reached: Callable[[UUID | None], bool],
    kept: Mapping[UUID, Village],
    stated: GatheredVillages,
    new: Sequence[Village],
) -> list[str]:
    """The same for villages: the organisation of each, as kept and as stated, must be covered."""
    fields = []
    for village in new:
        before = kept.get(village.village_id)
        first = stated.rows[village.village_id][0]
        if before is not None and not reached(before.spans[-1].unit_id):
            fields.append(f"villages[{first}].code")
        if not all(reached(span.unit_id) for span in village.spans):
            fields.append(f"villages[{first}].unit_code")
    return fields


def reached_with(
    reach: Reach, kept_units: Mapping[UUID, Unit], new_units: Sequence[Unit]
) -> Callable[[UUID | None], bool]:
    """Whether a unit is covered, or made by this import."""
    made = {unit.unit_id for unit in new_units if unit.unit_id not in kept_units}
    return lambda unit_id: unit_id in made or reach.covers(unit_id)


def outside(fields: Sequence[str]) -> Forbidden:
    """The refusal that names every field outside the rights."""
    message = Text(
        "Quyền của bạn không bao gồm đơn vị nêu ở dòng này, hoặc đơn vị chưa có ở đây.",
        "Your rights do not reach the unit this row names, or it is not known here.",
    )
    return Forbidden(
        "outside-rights",
        Text(
            f"{len(fields)} chỗ nằm ngoài quyền của bạn; chưa có gì được lưu. Hãy bỏ các dòng đó, "
            "hoặc nhờ cấp trên nhập.",
            f"{len(fields)} place(s) lie outside your rights; nothing was saved. Leave those rows out, "
            "or ask the level above to import them.",
        ),
        [Fault(field, "outside-rights", message) for field in fields],
    )
