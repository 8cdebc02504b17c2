"""A whole province at the doors."""

from collections.abc import Callable
from typing import Any, Generic, TypeVar

import msgspec
from marshmallow import fields

from services.registry.api import checks
from services.registry.api.schemas.members import MemberFacts
from services.registry.api.schemas.units import BRANCH_TYPES, KINDS, LEVELS
from services.registry.api.schemas.villages import HEADS
from services.registry.domain.cells import is_code, is_line
from services.registry.domain.imports import MemberRow, UnitRow
from services.registry.domain.village_rows import VillageRow
from shared.http.blueprint import Schema

R = TypeVar("R", UnitRow, MemberRow, VillageRow)


class Rows(fields.List[Any], Generic[R]):
    """A list of rows as structs of `kind`.

    Rows without fault, which `fits` knows, are converted as a whole, some thirty times as fast as field by field; only
    when one is at fault does its schema look at every field, to name it.
    """

    def __init__(self, schema: type[Schema], kind: type[R], fits: Callable[[R], bool], description: str) -> None:
        super().__init__(fields.Nested(schema), load_default=list, metadata={"description": description})
        self._kind: type[R] = kind
        self._fits: Callable[[R], bool] = fits

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> list[Any]:
        try:
            rows: list[R] = msgspec.convert(value, list[self._kind])  # type: ignore[name-defined]  # a type at run time
        except msgspec.ValidationError:
            rows = []
        if rows and all(map(self._fits, rows)):
            return rows
        return msgspec.convert(super()._deserialize(value, attr, data, **kwargs), list[self._kind])  # type: ignore[name-defined]  # the same


def _is_line_or_none(text: str | None, most: int) -> bool:
    return text is None or is_line(text, most)


def _unit_fits(row: UnitRow) -> bool:
    return is_code(row.code) and is_line(row.name, 200)


def _member_fits(row: MemberRow) -> bool:
    return (
        is_code(row.code)
        and is_line(row.full_name, 100)
        and _is_line_or_none(row.ethnicity, 50)
        and _is_line_or_none(row.phone, 30)
        and _is_line_or_none(row.card_number, 30)
        and _is_line_or_none(row.address, 200)
        and _is_line_or_none(row.agency, 20)
    )


def _village_fits(row: VillageRow) -> bool:
    return is_code(row.code) and is_line(row.name, 200)


def _end() -> fields.Date:
    return fields.Date(
        load_default=None,
        allow_none=True,
        metadata={
            "description": "The day after the last. Left out: until the code's next row, or still.",
            "example": "2025-07-01",
        },
    )


class UnitRowGiven(Schema):
    """One span of a unit. The rows of one code are together its whole history."""

    code = fields.String(
        required=True, validate=checks.code, metadata={"description": "The unit's code.", "example": "GL-01-001-01"}
    )
    parent_code = fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "Code of the unit directly above; null for a province.", "example": "GL-01-001"},
    )
    kind = checks.one_of(KINDS, "What kind of organisation it is.", example="branch")
    level = checks.one_of(LEVELS, "At which level it stands.", example="branch")
    name = fields.String(
        required=True,
        validate=checks.text(200),
        metadata={"description": "Its name.", "example": "Chi bộ thôn Hoà Bình"},
    )
    branch_type = checks.optional_one_of(BRANCH_TYPES, "Type of a branch or grassroots branch; null for others.")
    valid_from = fields.Date(required=True, metadata={"description": "The first day.", "example": "2010-02-03"})
    valid_to = _end()


class MemberRowGiven(MemberFacts):
    """One span of a member, with who they are. The rows of one code are together their whole history."""

    unit_code = fields.String(
        required=True, metadata={"description": "Code of the branch they stand in.", "example": "GL-01-001-01"}
    )
    valid_to = _end()


class VillageRowGiven(Schema):
    """One span of a village. The rows of one code are together its whole history."""

    code = fields.String(
        required=True,
        validate=checks.code,
        metadata={"description": "The village's code.", "example": "GL-01-001-T01"},
    )
    name = fields.String(
        required=True, validate=checks.text(200), metadata={"description": "Its name.", "example": "Làng Hoà Bình"}
    )
    unit_code = fields.String(
        required=True,
        metadata={"description": "Code of the organisation of its commune; no branch.", "example": "GL-01-001"},
    )
    branch_code = fields.String(
        load_default=None,
        allow_none=True,
        metadata={
            "description": "Code of the branch it has or shares; left out: it has none.",
            "example": "GL-01-001-01",
        },
    )
    branch_elsewhere = fields.Boolean(
        load_default=False, metadata={"description": "Its branch belongs to a neighbouring organisation."}
    )
    head = checks.one_of(HEADS, "Who heads it: a member of the Party, somebody else, or nobody.")
    head_code = fields.String(
        load_default=None,
        allow_none=True,
        metadata={"description": "Code of the member who heads it.", "example": "GL-000017"},
    )
    valid_from = fields.Date(required=True, metadata={"description": "The first day.", "example": "2016-01-01"})
    valid_to = _end()


class ImportGiven(Schema):
    """Units, members and villages, in any order; what is not named stays as it is."""

    units = Rows(UnitRowGiven, UnitRow, _unit_fits, "Rows of units.")
    members = Rows(MemberRowGiven, MemberRow, _member_fits, "Rows of members.")
    villages = Rows(VillageRowGiven, VillageRow, _village_fits, "Rows of villages.")


class CountsShown(Schema):
    """How many an import made, changed, and found as they were."""

    created = fields.Integer(metadata={"description": "Not known before."})
    changed = fields.Integer(metadata={"description": "Known, and now different."})
    unchanged = fields.Integer(metadata={"description": "Known, and the same: no event."})


class ImportDone(Schema):
    """What an import did."""

    units = fields.Nested(CountsShown, metadata={"description": "Units, each counted once."})
    members = fields.Nested(CountsShown, metadata={"description": "Members, each counted once."})
    villages = fields.Nested(CountsShown, metadata={"description": "Villages, each counted once."})
