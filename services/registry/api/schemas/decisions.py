"""Decisions at the doors."""

from typing import Any, Final, get_args

import marshmallow
from marshmallow import fields

from services.registry.api import checks
from services.registry.api.schemas.common import A_BRANCH, A_BRANCH_2, A_DECISION, A_DISTRICT, A_PARENT, Cursor
from services.registry.api.schemas.units import BRANCH_TYPES, KINDS, LEVELS
from services.registry.domain.decisions import State
from services.registry.domain.operations import KINDS as OPERATIONS
from shared.http.blueprint import Schema
from shared.http.paging import PageQuery
from shared.http.problems import FaultSchema

A_NEW_BRANCH: Final = "0197b6c0-0000-7000-8000-000000000006"

A_DRAFT: Final[dict[str, Any]] = {
    "decision_id": A_DECISION,
    "number": "05-QĐ/TU",
    "issuer": "Ban Thường vụ Tỉnh uỷ Gia Lai",
    "title": "Hợp nhất chi bộ thôn Hoà Bình và chi bộ thôn Đoàn Kết",
    "issued_on": "2026-06-20",
    "effective_on": "2026-07-01",
    "operations": [
        {
            "op": "create",
            "unit_id": A_NEW_BRANCH,
            "code": "GL-01-001-03",
            "kind": "branch",
            "level": "branch",
            "parent": A_PARENT,
            "name": "Chi bộ thôn Hoà Đoàn",
            "branch_type": "commune",
        },
        {"op": "merge", "units": [A_BRANCH, A_BRANCH_2], "into": A_NEW_BRANCH},
    ],
}
AN_ORDER_AGAIN: Final[dict[str, Any]] = {
    **{name: value for name, value in A_DRAFT.items() if name != "decision_id"},
    "expected_version": 1,
    "title": "Hợp nhất hai chi bộ thôn thuộc đảng bộ xã",
}


def _ref(description: str) -> fields.String:
    return fields.String(validate=checks.text(64), metadata={"description": description, "example": A_BRANCH})


def _refs(description: str, example: str) -> fields.List[str]:
    return fields.List(
        fields.String(validate=checks.text(64)), metadata={"description": description, "example": [example]}
    )


class SplitPartGiven(Schema):
    """What a part takes of a unit that is split."""

    unit = fields.String(
        required=True,
        validate=checks.text(64),
        metadata={"description": "The part: id or code of a unit, also of one made before.", "example": A_BRANCH},
    )
    children = _refs("Ids or codes of units directly below that go to this part.", A_BRANCH)
    members = _refs("Ids or codes of members that go to this part.", "GL-000017")
    villages = _refs("Ids or codes of villages that go to this part.", "GL-T-0001")


class OperationGiven(Schema):
    """One operation. `op` says which; the others are those that it takes. Units by id or by code."""

    op = fields.String(
        required=True,
        metadata={
            "description": "create (code, kind, level, parent, name, branch_type, unit_id), rename (unit, name), "
            "move (unit, parent), change_kind (unit, and any of kind, level, branch_type), merge (units, into), "
            "split (unit, parts, rest), close (unit).",
            "enum": list(OPERATIONS),
            "example": "rename",
        },
    )
    unit = _ref("The unit that is renamed, moved, changed, split or closed.")
    name = fields.String(
        validate=checks.text(200), metadata={"description": "A new name.", "example": "Chi bộ thôn Hoà Bình 2"}
    )
    code = fields.String(validate=checks.code, metadata={"description": "Code of a new unit.", "example": "GL-9"})
    unit_id = fields.UUID(
        allow_none=True, metadata={"description": "Id of a new unit, if the sender chooses it.", "example": A_BRANCH}
    )
    kind = checks.any_of(KINDS, "A new kind.")
    level = checks.any_of(LEVELS, "A new level.")
    branch_type = checks.any_of(BRANCH_TYPES, "A new type; null for what is no branch.", null=True)
    parent = fields.String(
        allow_none=True,
        validate=checks.text(64),
        metadata={"description": "The unit directly above; null: a root.", "example": A_PARENT},
    )
    units = _refs("The units that are merged; they end, except `into`.", A_BRANCH)
    into = _ref("The unit that takes what is below and in the merged ones.")
    parts = fields.List(fields.Nested(SplitPartGiven), metadata={"description": "The parts of a split, one or more."})
    rest = fields.String(
        allow_none=True,
        validate=checks.text(64),
        metadata={"description": "The part that takes what no part names.", "example": A_DISTRICT},
    )


class DecisionFacts(Schema):
    """Heading and operations."""

    number = fields.String(
        required=True, validate=checks.text(50), metadata={"description": "Its number.", "example": "05-QĐ/TU"}
    )
    issuer = fields.String(
        required=True,
        validate=checks.text(200),
        metadata={"description": "Who issued it, as written.", "example": "Ban Thường vụ Tỉnh uỷ Gia Lai"},
    )
    issuer_unit_id = fields.UUID(
        load_default=None,
        allow_none=True,
        metadata={"description": "The issuer, where it is a unit kept here.", "example": None},
    )
    title = fields.String(
        required=True,
        validate=checks.text(500),
        metadata={"description": "What it is about.", "example": "Hợp nhất hai chi bộ thôn"},
    )
    issued_on = fields.Date(required=True, metadata={"description": "Date of issue.", "example": "2026-06-20"})
    effective_on = fields.Date(
        required=True,
        metadata={"description": "The day from which it holds; past or future.", "example": "2026-07-01"},
    )
    operations = fields.List(
        fields.Nested(OperationGiven),
        required=True,
        validate=marshmallow.validate.Length(1, 10_000),
        metadata={"description": "Carried out in this order, each on what the earlier ones leave."},
    )


class DecisionNew(DecisionFacts):
    """A decision to be drafted."""

    decision_id = fields.UUID(
        load_default=None, metadata={"description": "Its id, if the sender chooses it.", "example": A_DECISION}
    )


def _version(example: int) -> fields.Integer:
    return fields.Integer(
        required=True,
        validate=marshmallow.validate.Range(1),
        metadata={"description": "The version that was looked at; another one is refused.", "example": example},
    )


class DecisionAgain(DecisionFacts):
    """A draft written anew."""

    expected_version = _version(1)


class ForceGiven(Schema):
    """A draft to be put in force."""

    expected_version = _version(2)


class WithdrawalGiven(Schema):
    """A decision to be taken back."""

    reason = fields.String(
        required=True,
        validate=checks.text(500),
        metadata={"description": "Why.", "example": "Ban hành nhầm; thay bằng quyết định khác"},
    )
    expected_version = fields.Integer(
        load_default=None,
        allow_none=True,
        validate=marshmallow.validate.Range(1),
        metadata={"description": "The version that was looked at, if another one is to be refused.", "example": 3},
    )


class DecisionsQuery(PageQuery):
    """`?state=&limit=&cursor=`"""

    state = fields.String(
        load_default=None,
        validate=marshmallow.validate.OneOf(get_args(State)),
        metadata={"description": "Only decisions in this state.", "example": "in_force"},
    )


class DecisionListed(Schema):
    """A decision without its operations."""

    decision_id = fields.UUID(metadata={"description": "Its id."})
    number = fields.String(metadata={"description": "Its number."})
    issuer = fields.String(metadata={"description": "Who issued it."})
    issuer_unit_id = fields.UUID(allow_none=True, metadata={"description": "The issuer, where it is a unit."})
    title = fields.String(metadata={"description": "What it is about."})
    issued_on = fields.Date(metadata={"description": "Date of issue."})
    effective_on = fields.Date(metadata={"description": "The day from which it holds."})
    state = fields.String(metadata={"description": "Its state.", "enum": list(get_args(State))})
    version = fields.Integer(metadata={"description": "Grows with each change."})


class DecisionShown(DecisionListed):
    """A decision."""

    operations = fields.List(fields.Raw(), metadata={"description": "As drafted; new units have their ids."})
    counts = fields.Dict(
        keys=fields.String(),
        values=fields.Integer(),
        allow_none=True,
        metadata={"description": "What it did, once it was put in force."},
    )
    drafted_by = fields.String(metadata={"description": "Who drafted it."})
    drafted_at = fields.AwareDateTime(metadata={"description": "When."})
    changed_by = fields.String(metadata={"description": "Who changed it last."})
    changed_at = fields.AwareDateTime(metadata={"description": "When."})
    forced_by = fields.String(allow_none=True, metadata={"description": "Who put it in force."})
    forced_at = fields.AwareDateTime(allow_none=True, metadata={"description": "When."})
    withdrawn_by = fields.String(allow_none=True, metadata={"description": "Who took it back."})
    withdrawn_at = fields.AwareDateTime(allow_none=True, metadata={"description": "When."})
    reason = fields.String(allow_none=True, metadata={"description": "Why it was taken back."})


class DecisionPage(Cursor):
    """Decisions, a page of them."""

    items = fields.List(fields.Nested(DecisionListed), metadata={"description": "The latest date of effect first."})


class CensusShown(Schema):
    """What there is in and below the units that the decision changes, on its day."""

    units = fields.Dict(
        keys=fields.String(), values=fields.Integer(), metadata={"description": "Units in force, by kind."}
    )
    branches = fields.Integer(metadata={"description": "Branches and grassroots branches together."})
    members = fields.Dict(
        keys=fields.String(), values=fields.Integer(), metadata={"description": "Members at home there, by kind."}
    )
    members_in_all = fields.Integer(metadata={"description": "Those together."})


class PreviewShown(Schema):
    """What a decision would do. Nothing is changed."""

    decision_id = fields.UUID(metadata={"description": "The decision."})
    version = fields.Integer(metadata={"description": "The version looked at: `expected_version` of what follows."})
    counts = fields.Dict(
        keys=fields.String(),
        values=fields.Integer(),
        metadata={
            "description": "Units created, renamed, moved, kind_changed, merged, split, closed by operations; "
            "units_changed, members_moved, villages_moved in all."
        },
    )
    before = fields.Nested(CensusShown, metadata={"description": "Without the decision."})
    after = fields.Nested(CensusShown, metadata={"description": "With it."})
    conflicts = fields.List(
        fields.Nested(FaultSchema), metadata={"description": "All that keeps it from being put in force."}
    )
