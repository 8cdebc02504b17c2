"""Members and rosters at the doors."""

from typing import get_args

from marshmallow import fields

from services.registry.api import checks
from services.registry.api.schemas.common import A_BRANCH, Cursor
from services.registry.domain.members import MemberKind, Post, Sex, Status
from services.registry.domain.roster import AgeBand
from shared.http.blueprint import Schema

KINDS = get_args(MemberKind)
STATUSES = get_args(Status)
POSTS = get_args(Post)
SEXES = get_args(Sex)


class MemberFacts(Schema):
    """Who a member is, and the facts of their first span. Invented persons in the examples."""

    code = fields.String(
        required=True,
        validate=checks.code,
        metadata={"description": "The member's code; unique.", "example": "GL-000017"},
    )
    full_name = fields.String(
        required=True,
        validate=checks.text(100),
        metadata={"description": "Family name first, as it is written.", "example": "Nguyễn Mẫu An"},
    )
    birth_date = fields.Date(required=True, metadata={"description": "Date of birth.", "example": "1980-05-19"})
    sex = checks.optional_one_of(SEXES, "male or female.")
    ethnicity = fields.String(
        load_default=None,
        allow_none=True,
        validate=checks.text(50),
        metadata={"description": "Ethnic group.", "example": "Gia Rai"},
    )
    phone = fields.String(
        load_default=None,
        allow_none=True,
        validate=checks.text(30),
        metadata={"description": "Telephone.", "example": "0269 3 000 000"},
    )
    kind = checks.one_of(KINDS, "Official or probationary.")
    status = checks.one_of(STATUSES, "How the member stands in the branch; the last three end membership.")
    valid_from = fields.Date(required=True, metadata={"description": "The first day.", "example": "2015-05-19"})
    post = checks.optional_one_of(POSTS, "Post in the branch.")


class MemberNew(MemberFacts):
    """A member to be registered."""

    unit_id = fields.UUID(
        required=True, metadata={"description": "The branch or grassroots branch they stand in.", "example": A_BRANCH}
    )


class MemberChanged(Schema):
    """What is new about a member's place from a day on; what is left out stays."""

    valid_from = fields.Date(
        required=True, metadata={"description": "The first day of what is new.", "example": "2025-02-03"}
    )
    unit_id = fields.UUID(metadata={"description": "The branch they now stand in.", "example": A_BRANCH})
    kind = checks.any_of(KINDS, "Their new kind.")
    status = checks.any_of(STATUSES, "Their new status.")
    post = checks.any_of(
        POSTS, "Their new post; null: none. Ends by itself with a move or the end of membership.", null=True
    )


class MemberSpanShown(Schema):
    """One span of a member."""

    valid_from = fields.Date(metadata={"description": "The first day."})
    valid_to = fields.Date(allow_none=True, metadata={"description": "The day after the last; null: still."})
    unit_id = fields.UUID(metadata={"description": "The branch."})
    kind = fields.String(metadata={"description": "Official or probationary.", "enum": list(KINDS)})
    status = fields.String(metadata={"description": "Status.", "enum": list(STATUSES)})
    post = fields.String(allow_none=True, metadata={"description": "Post."})


class PersonShown(Schema):
    """Who a member is."""

    full_name = fields.String(metadata={"description": "Family name first."})
    birth_date = fields.Date(metadata={"description": "Date of birth."})
    sex = fields.String(allow_none=True, metadata={"description": "male or female."})
    ethnicity = fields.String(allow_none=True, metadata={"description": "Ethnic group."})
    phone = fields.String(allow_none=True, metadata={"description": "Telephone."})


class MemberShown(Schema):
    """A member with all their spans."""

    member_id = fields.UUID(metadata={"description": "The member's id: what other services know of them."})
    code = fields.String(metadata={"description": "The member's code."})
    person = fields.Nested(PersonShown, metadata={"description": "Personal data."})
    spans = fields.List(fields.Nested(MemberSpanShown), metadata={"description": "In order."})


class MemberOnDayShown(Schema):
    """A member of a branch on a day."""

    member_id = fields.UUID(metadata={"description": "The member's id."})
    code = fields.String(metadata={"description": "The member's code."})
    full_name = fields.String(metadata={"description": "Family name first."})
    kind = fields.String(metadata={"description": "Official or probationary.", "enum": list(KINDS)})
    status = fields.String(metadata={"description": "Status.", "enum": list(STATUSES)})
    post = fields.String(allow_none=True, metadata={"description": "Post."})
    valid_from = fields.Date(metadata={"description": "The first day of this span."})
    valid_to = fields.Date(allow_none=True, metadata={"description": "The day after the last; null: still."})
    birth_date = fields.Date(allow_none=True, metadata={"description": "Null where the reader may not see it."})
    sex = fields.String(allow_none=True, metadata={"description": "Null where the reader may not see it."})
    ethnicity = fields.String(allow_none=True, metadata={"description": "Null where the reader may not see it."})
    phone = fields.String(allow_none=True, metadata={"description": "Null where the reader may not see it."})


class MemberPage(Cursor):
    """Members of a branch, a page of them."""

    items = fields.List(fields.Nested(MemberOnDayShown), metadata={"description": "In Vietnamese order of names."})


class RosterEntryShown(Schema):
    """A member of a branch on a day, without anything that tells who they are."""

    member_id = fields.UUID(metadata={"description": "The member's id."})
    code = fields.String(metadata={"description": "The member's code."})
    unit_id = fields.UUID(metadata={"description": "The branch."})
    kind = fields.String(metadata={"description": "Official or probationary.", "enum": list(KINDS)})
    status = fields.String(metadata={"description": "Status.", "enum": list(STATUSES)})
    age_band = fields.String(
        allow_none=True, metadata={"description": "Full years on that day.", "enum": [*get_args(AgeBand), None]}
    )
    post = fields.String(allow_none=True, metadata={"description": "Post."})


class RosterPage(Cursor):
    """Rosters of a subtree, a page of them."""

    items = fields.List(fields.Nested(RosterEntryShown), metadata={"description": "By branch and member."})
