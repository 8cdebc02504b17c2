"""Sheets of meetings, trials of rubrics and grades of years at the doors."""

from typing import Final

from marshmallow import ValidationError, fields, validate, validates_schema

from services.evaluation.api.schemas.rubrics import VersionQuery
from shared.http.blueprint import Schema
from shared.http.paging import PageQuery

_MOST_DAYS: Final = 732


def _number(description: str) -> fields.Float:
    return fields.Float(allow_none=True, metadata={"description": description})


class TrialQuery(PageQuery, VersionQuery):
    """`?from=&to=&version=&limit=&cursor=`"""

    first = fields.Date(
        required=True, data_key="from", metadata={"description": "The first day.", "example": "2025-11-01"}
    )
    last = fields.Date(required=True, data_key="to", metadata={"description": "The last day.", "example": "2025-12-31"})

    @validates_schema
    def _in_order(self, data: dict[str, object], **_: object) -> None:
        days = (data["last"] - data["first"]).days  # type: ignore[operator]  # both are dates: loaded above
        if days < 0:
            raise ValidationError("Ngày cuối đứng trước ngày đầu. / The last day is before the first.", "to")
        if days > _MOST_DAYS:
            raise ValidationError("Nhiều nhất hai năm một lần. / At most two years at a time.", "to")


class SideShown(Schema):
    """Before, or after."""

    grades = fields.Dict(
        fields.String(),
        fields.Integer(),
        metadata={"description": "Meetings by grade; none: no rubric, or nothing to grade by."},
    )
    mean_points = _number("The mean of their points.")
    mean_evidence = _number("The mean of what evidence gives, scaled to 100.")


class ChangedShown(Schema):
    """A meeting whose grade would be another."""

    meeting_id = fields.UUID(metadata={"description": "The meeting."})
    branch_id = fields.UUID(metadata={"description": "Its branch."})
    held_on = fields.Date(metadata={"description": "Its day."})
    grade_before = fields.String(allow_none=True, metadata={"description": "Its grade as it is."})
    grade_after = fields.String(allow_none=True, metadata={"description": "Its grade by the rubric tried."})
    points_before = _number("Its points as they are.")
    points_after = _number("Its points by the rubric tried.")
    evidence_before = _number("What evidence gives as it is.")
    evidence_after = _number("What evidence gives by the rubric tried.")


class TrialShown(Schema):
    """What a rubric would have changed."""

    meetings = fields.Integer(metadata={"description": "Meetings of the period it concerns."})
    before = fields.Nested(SideShown)
    after = fields.Nested(SideShown)
    changed = fields.Integer(metadata={"description": "How many would have another grade."})
    items = fields.List(fields.Nested(ChangedShown))
    next_cursor = fields.String(allow_none=True, metadata={"description": "Where the next page begins; null: the end."})


class NamesShown(Schema):
    """Words in both languages."""

    vi = fields.String(metadata={"description": "Vietnamese."})
    en = fields.String(metadata={"description": "English."})


class ItemShown(NamesShown):
    """An item and its evidence."""

    code = fields.String(metadata={"description": "Its code."})
    max = _number("Its points.")
    by = fields.String(metadata={"description": "Who scores it: evidence, people or both."})
    state = fields.String(metadata={"description": "evidence, people (nothing is known), void (taken out) or given."})
    measure = fields.String(allow_none=True, metadata={"description": "What is measured."})
    measured = fields.Nested(NamesShown, allow_none=True, metadata={"description": "That in words."})
    value = _number("What was measured; yes is 1, no is 0.")
    points = _number("What that gives.")
    rule = fields.String(allow_none=True, metadata={"description": "By which band.", "example": "75 ≤ x < 90: 3"})
    applies_when = fields.Nested(NamesShown, allow_none=True, metadata={"description": "When it applies."})


class GroupShown(NamesShown):
    """A group: evidence beside what people gave."""

    code = fields.String(metadata={"description": "Its code."})
    max = _number("Its points.")
    evidence = _number("What evidence gives.")
    covered = _number("Out of how much.")
    self_ = fields.Float(
        allow_none=True, data_key="self", metadata={"description": "What the member who scored gave the group."}
    )
    official = _number("What the superior gave the group.")
    difference = _number("The self score, in proportion to what is covered, less evidence.")
    items = fields.List(fields.Nested(ItemShown))


class RubricNamed(NamesShown):
    """The rubric of a sheet."""

    rubric_id = fields.UUID(metadata={"description": "The rubric."})
    version = fields.Integer(metadata={"description": "The version the meeting is shown by."})
    issuer = fields.String(metadata={"description": "Whose word it is."})
    citation = fields.String(metadata={"description": "Where it stands."})


class SheetShown(Schema):
    """A meeting's sheet."""

    meeting_id = fields.UUID(metadata={"description": "The meeting."})
    meeting_version = fields.Integer(metadata={"description": "The state of it that is shown."})
    branch_id = fields.UUID(metadata={"description": "Its branch."})
    month = fields.String(metadata={"description": "Its month."})
    held_on = fields.Date(metadata={"description": "Its day."})
    rubric = fields.Nested(RubricNamed)
    scored = fields.Boolean(metadata={"description": "Whether the figures have this sheet already."})
    evidence = _number("What evidence gives, scaled to 100.")
    covered = _number("How many of the sheet's 100 points evidence decides.")
    gap = _number("How far the self score is from evidence, on the groups that can be compared, scaled to 100.")
    self_points = _number("The self score.")
    voted_points = _number("The score the branch voted.")
    official_points = _number("The superior's score.")
    points = _number("The sheet's points: people's, and evidence where it decides.")
    basis = fields.String(allow_none=True, metadata={"description": "official, voted, self or evidence."})
    grade = fields.String(allow_none=True, metadata={"description": "The grade after the gates."})
    groups = fields.List(fields.Nested(GroupShown))


class YearQuery(Schema):
    """`?year=`"""

    year = fields.Integer(
        required=True, validate=validate.Range(1900, 2199), metadata={"description": "The year.", "example": 2026}
    )


class GradedShown(Schema):
    """A regular meeting of the year."""

    month = fields.String(metadata={"description": "Its month."})
    points = _number("Its points.")
    grade = fields.String(allow_none=True, metadata={"description": "Its grade."})


class GateShown(Schema):
    """A gate of the year."""

    kind = fields.String(metadata={"description": "year_meetings or member_disciplined."})
    grade = fields.String(metadata={"description": "The grade it decides on."})
    opens = fields.Boolean(allow_none=True, metadata={"description": "Whether it holds; null: not known."})
    missing = fields.List(fields.String(), metadata={"description": "Months of meetings that keep it shut."})


class YearShown(Schema):
    """A branch's year."""

    unit_id = fields.UUID(metadata={"description": "The branch."})
    year = fields.Integer(metadata={"description": "The year."})
    rubric = fields.Nested(
        RubricNamed, allow_none=True, metadata={"description": "The rubric whose gates decide; null: none in force."}
    )
    disciplined = fields.Integer(allow_none=True, metadata={"description": "Members disciplined; null: not known."})
    mean = _number("The mean of the meetings' points.")
    by_mean = fields.String(allow_none=True, metadata={"description": "The grade of that mean."})
    grade = fields.String(allow_none=True, metadata={"description": "The grade after the gates; null: none yet."})
    gates = fields.List(fields.Nested(GateShown))
    meetings = fields.List(fields.Nested(GradedShown))
