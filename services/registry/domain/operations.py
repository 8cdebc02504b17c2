"""What a decision can order, one operation each. Units are referred to by id or by code, as they are at that moment."""

from collections.abc import Iterator, Sequence
from typing import Annotated, Final, TypeAlias
from uuid import UUID

import msgspec
from msgspec import UNSET, Meta, UnsetType

from services.registry.domain.units import BranchType, Kind, Level

Ref: TypeAlias = str
"""The id or the code of a unit, member or village."""


class Operation(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="op"):
    """One order of a decision."""


class Create(Operation, frozen=True, kw_only=True, tag="create"):
    """A new unit below `parent` (None: a root)."""

    code: str
    kind: Kind
    level: Level
    parent: Ref | None
    name: str
    branch_type: BranchType | None = None
    unit_id: UUID | None = None


class Rename(Operation, frozen=True, kw_only=True, tag="rename"):
    """A new name."""

    unit: Ref
    name: str


class Move(Operation, frozen=True, kw_only=True, tag="move"):
    """Another unit directly above. Villages of a branch that belong to the unit it leaves go with it."""

    unit: Ref
    parent: Ref | None


class ChangeKind(Operation, frozen=True, kw_only=True, tag="change_kind", omit_defaults=True):
    """Another kind, level or branch type; what is left out stays."""

    unit: Ref
    kind: Kind | UnsetType = UNSET
    level: Level | UnsetType = UNSET
    branch_type: BranchType | UnsetType | None = UNSET


class Merge(Operation, frozen=True, kw_only=True, tag="merge"):
    """`units` end; the units below them, their members and villages go to `into`, which may be one of them."""

    units: Annotated[tuple[Ref, ...], Meta(min_length=1)]
    into: Ref


class Part(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a part takes of the unit that is split."""

    unit: Ref
    children: tuple[Ref, ...] = ()
    members: tuple[Ref, ...] = ()
    villages: tuple[Ref, ...] = ()


class Split(Operation, frozen=True, kw_only=True, tag="split"):
    """`unit` ends, unless it is one of the parts. `rest` is the part that takes what no part names.

    A village that no part names goes where its branch goes.
    """

    unit: Ref
    parts: Annotated[tuple[Part, ...], Meta(min_length=1)]
    rest: Ref | None = None


class Close(Operation, frozen=True, kw_only=True, tag="close"):
    """The unit ends; nothing may stand in or below it."""

    unit: Ref


AnyOperation: TypeAlias = Create | Rename | Move | ChangeKind | Merge | Split | Close

KINDS: Final[dict[str, type[Operation]]] = {
    "create": Create,
    "rename": Rename,
    "move": Move,
    "change_kind": ChangeKind,
    "merge": Merge,
    "split": Split,
    "close": Close,
}
"""The operations by their names in `op`."""


def name_of(operation: Operation) -> str:
    """The operation's name in `op`."""
    return str(operation.__struct_config__.tag)


def references(operation: AnyOperation) -> Iterator[tuple[str, Ref]]:
    """The units an operation names, each with the field that names it."""
    match operation:
        case Create(parent=parent):
            if parent is not None:
                yield "parent", parent
        case Move(unit=unit, parent=parent):
            yield "unit", unit
            if parent is not None:
                yield "parent", parent
        case Merge(units=units, into=into):
            for number, unit in enumerate(units):
                yield f"units[{number}]", unit
            yield "into", into
        case Split(unit=unit, parts=parts):
            yield "unit", unit
            for number, part in enumerate(parts):
                yield f"parts[{number}].unit", part.unit
        case Rename(unit=unit) | ChangeKind(unit=unit) | Close(unit=unit):
            yield "unit", unit


def emptied(operations: Sequence[AnyOperation]) -> Iterator[Ref]:
    """The units out of which operations may take members and villages, or that may hold none any more."""
    for operation in operations:
        match operation:
            case Merge(units=units):
                yield from units
            case ChangeKind(kind=kind) if kind is UNSET:
                pass  # who holds members still does
            case Split(unit=unit) | ChangeKind(unit=unit) | Close(unit=unit):
                yield unit
            case _:
                pass
