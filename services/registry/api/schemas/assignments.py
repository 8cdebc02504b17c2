"""Assignments at the doors."""

from typing import Any, Final

from marshmallow import fields

from services.registry.api.schemas import plans
from services.registry.api.schemas.common import A_BRANCH, A_DISTRICT, A_MEMBER, AN_ASSIGNMENT, Cursor
from shared.http.blueprint import Schema

A_NEW_ASSIGNMENT: Final[dict[str, Any]] = {
    "assignment_id": AN_ASSIGNMENT,
    "member_id": A_MEMBER,
    "committee_id": A_DISTRICT,
    "branch_id": A_BRANCH,
    "valid_from": "2026-01-15",
    "valid_to": None,
}
AN_END: Final[dict[str, Any]] = {"ended_on": "2026-12-31"}


class AssignmentNew(Schema):
    """A member assigned to follow a branch."""

    assignment_id = plans.new_id("assignment", AN_ASSIGNMENT)
    member_id = plans.unit("The member.", A_MEMBER)
    committee_id = plans.unit("The superior committee that assigns them, a unit above the branch.", A_DISTRICT)
    branch_id = plans.unit("The branch they follow.", A_BRANCH)
    valid_from = plans.day("The first day.", "2026-01-15")
    valid_to = plans.optional_day("The day after the last; null: until further notice.", "2026-12-31")


class AssignmentEnded(Schema):
    """The end of an assignment."""

    ended_on = plans.day("The first day on which they no longer follow the branch.", "2026-12-31")


class AssignmentShown(Schema):
    """A member assigned to follow a branch."""

    assignment_id = fields.UUID(metadata={"description": "The assignment's id."})
    member_id = fields.UUID(metadata={"description": "The member."})
    committee_id = fields.UUID(metadata={"description": "The committee that assigned them."})
    branch_id = fields.UUID(metadata={"description": "The branch."})
    valid_from = fields.Date(metadata={"description": "The first day."})
    valid_to = fields.Date(allow_none=True, metadata={"description": "The day after the last; null: still."})


class AssignmentPage(Cursor):
    """Assignments, a page of them."""

    items = fields.List(fields.Nested(AssignmentShown), metadata={"description": "By id."})
