"""Which decisions rights reach: every unit named, where it stands and where it is to stand."""

from collections.abc import Mapping, Sequence
from datetime import date
from uuid import UUID

from services.registry.domain import spans
from services.registry.domain.books import Books, Places
from services.registry.domain.operations import AnyOperation, Close, Create, Merge, Move, Ref, Split, references
from services.registry.domain.reach import Reach
from services.registry.domain.units import Unit
from shared.errors import Fault, Forbidden, Text


def refuse_outside(reach: Reach, known: Mapping[UUID, Unit], operations: Sequence[AnyOperation], day: date) -> None:
    """Let operations pass only where `reach` covers them. Raises Forbidden naming every place that it does not.

    A unit that an earlier operation makes is covered as its parent is. Roots need rights over everything.
    """
    if reach.everything:
        return
    books = Books(Places(known), day)
    made: set[str] = set()
    outside: list[str] = []

    def covers(ref: Ref | None) -> bool:
        if ref is None:
            return False
        unit = books.unit(ref)
        return ref in made if unit is None else reach.covers(unit.unit_id)

    for number, operation in enumerate(operations):
        outside += [f"operations[{number}].{field}" for field, ref in references(operation) if not covers(ref)]
        if isinstance(operation, Create | Move) and operation.parent is None:
            outside.append(f"operations[{number}].parent")
        for field, ref in _leaving(operation):
            unit = books.unit(ref)
            held = None if unit is None else spans.at(unit.spans, day)
            if held is not None and not reach.covers(held.parent_id):
                outside.append(f"operations[{number}].{field}")
        if isinstance(operation, Create) and covers(operation.parent):
            made |= {operation.code, str(operation.unit_id)}
    if outside:
        raise _outside(list(dict.fromkeys(outside)))


def _leaving(operation: AnyOperation) -> list[tuple[str, Ref]]:
    """The units that leave their place."""
    match operation:
        case Merge(units=units, into=into):
            return [(f"units[{number}]", unit) for number, unit in enumerate(units) if unit != into]
        case Split(unit=unit, parts=parts):
            return [] if unit in {part.unit for part in parts} else [("unit", unit)]
        case Move(unit=unit) | Close(unit=unit):
            return [("unit", unit)]
        case _:
            return []


def _outside(fields: Sequence[str]) -> Forbidden:
    message = Text(
        "Quyền của bạn không bao gồm đơn vị nêu ở đây, nơi nó đang trực thuộc hoặc sẽ trực thuộc, hoặc đơn vị chưa có.",
        "Your rights do not reach the unit named here, the place it has or the place it is to have, or it is unknown.",
    )
    return Forbidden(
        "outside-rights",
        Text(
            f"{len(fields)} chỗ trong quyết định nằm ngoài quyền của bạn; chưa có gì được lưu. Hãy bỏ các thao tác đó, "
            "hoặc nhờ cấp trên lập quyết định.",
            f"{len(fields)} place(s) of the decision lie outside your rights; nothing was saved. Leave those "
            "operations out, or ask the level above to draft it.",
        ),
        [Fault(field, "outside-rights", message) for field in fields],
    )
