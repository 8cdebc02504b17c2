"""Members and rosters at the doors."""

from typing import get_args

from marshmallow import fields

from services.registry.api import checks
from services.registry.api.schemas.common import A_BRANCH, A_MEMBER, Cursor
from services.registry.commands.members import Ground
from services.registry.domain.members import MemberKind, Post, Sex, Status
from services.registry.domain.probation import Outcome
from services.registry.domain.roster import AgeBand
from shared.http.blueprint import Schema

KINDS = get_args(MemberKind)
STATUSES = get_args(Status)
POSTS = get_args(Post)
SEXES = get_args(Sex)


def _optional(most: int, description: str, example: str) -> fields.String:
    return fields.String(
        load_default=None,
        allow_none=True,
        validate=checks.text(most),
        metadata={"description": description, "example": example},
    )


class PersonFacts(Schema):
    """Who a member is. Invented persons in the examples."""

    full_name = fields.String(
        required=True,
        validate=checks.text(100),
        metadata={"description": "Family name first, as it is written.", "example": "Nguyễn Mẫu An"},
    )
    birth_date = fields.Date(required=True, metadata={"description": "Date of birth.", "example": "1980-05-19"})
    sex = checks.optional_one_of(SEXES, "male or female.")
    ethnicity = _optional(50, "Ethnic group.", "Gia Rai")
    phone = _optional(30, "Telephone.", "0269 3 000 000")
    card_number = _optional(30, "Number of the member's card.", "52.000017")
    address = _optional(200, "Where they live.", "Thôn Mẫu, xã Mẫu")


class MemberFacts(PersonFacts):
    """Who a member is, and the facts of their first span."""

    code = fields.String(
        required=True,
        validate=checks.code,
        metadata={"description": "The member's code; unique.", "example": "GL-000017"},
    )
    kind = checks.one_of(KINDS, "Official or probationary.")
    status = checks.one_of(STATUSES, "How the member stands in the branch; the last three end membership.")
    valid_from = fields.Date(required=True, metadata={"description": "The first day.", "example": "2015-05-19"})
    post = checks.optional_one_of(POSTS, "Post in the branch.")
    agency = _optional(20, "Short code of the agency a member of a joint branch comes from; no personal data.", "TYT")


class MemberNew(MemberFacts):
    """A member to be registered."""

    member_id = fields.UUID(
        load_default=None,
        allow_none=True,
        metadata={"description": "The id they shall have; a new one when left out.", "example": A_MEMBER},
    )
    unit_id = fields.UUID(
        required=True, metadata={"description": "The branch or grassroots branch they stand in.", "example": A_BRANCH}
    )
    admitted_on = fields.Date(
        load_default=None,
        allow_none=True,
        validate=checks.day,
        metadata={
            "description": "Of a probationary member: the day of admission, from which probation counts; "
            "valid_from when left out.",
            "example": "2015-05-19",
        },
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
    agency = fields.String(
        allow_none=True,
        validate=checks.text(20),
        metadata={"description": "Their agency's short code; null: none. Ends as a post does.", "example": "TYT"},
    )


class Erased(Schema):
    """On which legal ground a person is erased."""

    ground = checks.one_of(
        get_args(Ground),
        "request: asked for by the person; purpose_ended: nothing to keep it for; unlawful: it should not have been "
        "kept; order: of an authority.",
    )
    citation = fields.String(
        required=True,
        validate=checks.text(300),
        metadata={
            "description": "The law and the paper that order it, without the person's name.",
            "example": "Luật Bảo vệ dữ liệu cá nhân, Điều 14; công văn 12-CV/TU ngày 1/6/2026",
        },
    )


class ProbationReviewed(Schema):
    """The outcome of a probation's review."""

    outcome = checks.one_of(
        get_args(Outcome), "official: recognised; extended: reviewed again later; struck_off: no member any more."
    )
    on = fields.Date(required=True, metadata={"description": "The day of the decision.", "example": "2026-06-01"})
    next_review_on = fields.Date(
        load_default=None,
        allow_none=True,
        validate=checks.day,
        metadata={"description": "Of an extension: the day of the next review.", "example": None},
    )


class MemberSpanShown(Schema):
    """One span of a member."""

    valid_from = fields.Date(metadata={"description": "The first day."})
    valid_to = fields.Date(allow_none=True, metadata={"description": "The day after the last; null: still."})
    unit_id = fields.UUID(metadata={"description": "The branch."})
    kind = fields.String(metadata={"description": "Official or probationary.", "enum": list(KINDS)})
    status = fields.String(metadata={"description": "Status.", "enum": list(STATUSES)})
    post = fields.String(allow_none=True, metadata={"description": "Post."})
    agency = fields.String(allow_none=True, metadata={"description": "Agency, in a joint branch."})


class GuestStayShown(Schema):
    """Days with another branch of the suite, during a temporary transfer."""

    valid_from = fields.Date(metadata={"description": "The first day."})
    valid_to = fields.Date(allow_none=True, metadata={"description": "The day after the last."})
    unit_id = fields.UUID(metadata={"description": "The host branch."})


class ProbationShown(Schema):
    """A member's probation."""

    admitted_on = fields.Date(metadata={"description": "The day of admission."})
    review_on = fields.Date(metadata={"description": "The day from which it is reviewed, by the rule of admission."})
    outcome = fields.String(
        allow_none=True, metadata={"description": "Of the last review.", "enum": [*get_args(Outcome), None]}
    )
    reviewed_on = fields.Date(allow_none=True, metadata={"description": "The day of the last review."})


class MemberStanding(Schema):
    """Where a member stands, without who they are: what doors that write answer with."""

    member_id = fields.UUID(metadata={"description": "The member's id: what other services know of them."})
    code = fields.String(metadata={"description": "The member's code; an opaque one once the person was erased."})
    spans = fields.List(fields.Nested(MemberSpanShown), metadata={"description": "In order."})
    guest_stays = fields.List(fields.Nested(GuestStayShown), metadata={"description": "In order."})
    probation = fields.Nested(
        ProbationShown, allow_none=True, metadata={"description": "Null for who never was probationary here."}
    )
    erased_at = fields.AwareDateTime(
        allow_none=True, metadata={"description": "When the person was erased on a legal ground; null: not."}
    )


class PersonShown(Schema):
    """Who a member is."""

    full_name = fields.String(metadata={"description": "Family name first."})
    birth_date = fields.Date(metadata={"description": "Date of birth."})
    sex = fields.String(allow_none=True, metadata={"description": "male or female."})
    ethnicity = fields.String(allow_none=True, metadata={"description": "Ethnic group."})
    phone = fields.String(allow_none=True, metadata={"description": "Telephone."})
    card_number = fields.String(allow_none=True, metadata={"description": "Number of the member's card."})
    address = fields.String(allow_none=True, metadata={"description": "Where they live."})


class MemberShown(MemberStanding):
    """A member with all their spans, and who they are."""

    person = fields.Nested(
        PersonShown, allow_none=True, metadata={"description": "Personal data; null once they were erased."}
    )


class MemberOnDayShown(Schema):
    """A member of a branch on a day."""

    member_id = fields.UUID(metadata={"description": "The member's id."})
    code = fields.String(metadata={"description": "The member's code."})
    full_name = fields.String(allow_none=True, metadata={"description": "Family name first; null once erased."})
    kind = fields.String(metadata={"description": "Official or probationary.", "enum": list(KINDS)})
    status = fields.String(metadata={"description": "Status.", "enum": list(STATUSES)})
    post = fields.String(allow_none=True, metadata={"description": "Post."})
    agency = fields.String(allow_none=True, metadata={"description": "Agency, in a joint branch."})
    valid_from = fields.Date(metadata={"description": "The first day of this span."})
    valid_to = fields.Date(allow_none=True, metadata={"description": "The day after the last; null: still."})
    birth_date = fields.Date(allow_none=True, metadata={"description": "Null where the reader may not see it."})
    sex = fields.String(allow_none=True, metadata={"description": "Null where the reader may not see it."})
    ethnicity = fields.String(allow_none=True, metadata={"description": "Null where the reader may not see it."})
    phone = fields.String(allow_none=True, metadata={"description": "Null where the reader may not see it."})
    card_number = fields.String(allow_none=True, metadata={"description": "Null where the reader may not see it."})
    address = fields.String(allow_none=True, metadata={"description": "Null where the reader may not see it."})


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
    agency = fields.String(allow_none=True, metadata={"description": "Agency, in a joint branch."})


class RosterPage(Cursor):
    """Rosters of a subtree, a page of them."""

    items = fields.List(fields.Nested(RosterEntryShown), metadata={"description": "By branch and member."})
