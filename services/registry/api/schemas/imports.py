"""A whole province at the doors."""

from marshmallow import fields

from services.registry.api import checks
from services.registry.api.schemas.members import MemberFacts
from services.registry.api.schemas.units import BRANCH_TYPES, KINDS, LEVELS
from shared.http.blueprint import Schema


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
    kind = checks.one_of(KINDS, "What kind of organisation it is.")
    level = checks.one_of(LEVELS, "At which level it stands.")
    name = fields.String(
        required=True,
        validate=checks.text(200),
        metadata={"description": "Its name.", "example": "Chi bộ thôn Hoà Bình"},
    )
    branch_type = checks.optional_one_of(BRANCH_TYPES, "Type of a branch or grassroots branch; null for others.")
    valid_from = fields.Date(required=True, metadata={"description": "The first day.", "example": "2016-01-01"})
    valid_to = _end()


class MemberRowGiven(MemberFacts):
    """One span of a member, with who they are. The rows of one code are together their whole history."""

    unit_code = fields.String(
        required=True, metadata={"description": "Code of the branch they stand in.", "example": "GL-01-001-01"}
    )
    valid_to = _end()


class ImportGiven(Schema):
    """Units and members, in any order; what is not named stays as it is."""

    units = fields.List(fields.Nested(UnitRowGiven), load_default=list, metadata={"description": "Rows of units."})
    members = fields.List(
        fields.Nested(MemberRowGiven), load_default=list, metadata={"description": "Rows of members."}
    )


class CountsShown(Schema):
    """How many an import made, changed, and found as they were."""

    created = fields.Integer(metadata={"description": "Not known before."})
    changed = fields.Integer(metadata={"description": "Known, and now different."})
    unchanged = fields.Integer(metadata={"description": "Known, and the same: no event."})


class ImportDone(Schema):
    """What an import did."""

    units = fields.Nested(CountsShown, metadata={"description": "Units, each counted once."})
    members = fields.Nested(CountsShown, metadata={"description": "Members, each counted once."})
