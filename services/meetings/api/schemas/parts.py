"""Parts of minutes: guests, votes, self-criticism, conclusions by item, tasks carried over, fees."""

from datetime import date
from typing import Any

from marshmallow import ValidationError, fields, validate

from services.meetings.domain.refusals import HOUSE
from services.meetings.domain.values import LONGEST_LINE, MOST, OUTSIDE_YEARS, YEARS
from shared.errors import Fault
from shared.http.blueprint import Schema

MEMBER = "0197b6c0-0000-7000-8000-000000000101"
OTHER = "0197b6c0-0000-7000-8000-000000000102"
VOTE = "0197b6c0-0000-7000-8000-000000000401"
TASK = "0197b6c0-0000-7000-8000-000000000301"


def line(description: str, example: str, **options: Any) -> fields.String:
    """A line of text that PostgreSQL can keep."""
    return fields.String(
        validate=[validate.Length(1, LONGEST_LINE), validate.ContainsNoneOf("\x00")],
        metadata={"description": description, "example": example},
        **options,
    )


def text(description: str, example: str, **options: Any) -> fields.String:
    """A text of any length that PostgreSQL can keep."""
    return fields.String(
        validate=validate.ContainsNoneOf("\x00"), metadata={"description": description, "example": example}, **options
    )


def an_id(description: str, example: str, **options: Any) -> fields.UUID:
    """An id."""
    return fields.UUID(metadata={"description": description, "example": example}, **options)


def count(description: str, example: int = 0, **options: Any) -> fields.Integer:
    """A whole number, 0 or more."""
    return fields.Integer(
        strict=True,
        validate=validate.Range(0, MOST),
        metadata={"description": description, "example": example},
        **options,
    )


def a_day(description: str, example: str, **options: Any) -> fields.Date:
    """A local day."""
    return fields.Date(metadata={"description": description, "example": example}, **options)


def one_of(description: str, choices: tuple[str, ...], **options: Any) -> fields.String:
    """One of some names."""
    return fields.String(validate=validate.OneOf(choices), metadata={"description": description}, **options)


class Guest(Schema):
    """Somebody who came and is no member of the branch."""

    role = line("In what role.", "Đại diện đảng uỷ xã", required=True)
    organisation = line("From where.", "Đảng uỷ xã Ia Băng", load_default=None, allow_none=True)
    name = line("Who; a name is text of the minutes and stays here.", "Đồng chí Phó Bí thư", load_default=None,
                allow_none=True)  # fmt: skip


Votes = Schema.from_dict(
    {
        "for": count("Tán thành.", 4, required=True),
        "against": count("Không tán thành.", required=True),
        "abstaining": count("Ý kiến khác.", required=True),
    },
    name="Votes",
)


class NamedVote(Schema):
    """How one member voted."""

    member_id = an_id("Who.", MEMBER, required=True)
    choice = one_of("for, against or abstaining.", ("for", "against", "abstaining"), required=True)


class QuestionBody(Schema):
    """A question put to the vote, by a show of hands or by name: one of the two."""

    title = line("What was put to the vote.", "Kết nạp quần chúng ưu tú", required=True)
    hands = fields.Nested(Votes, allow_none=True, metadata={"description": "The show of hands; null when by name."})
    by_name = fields.List(
        fields.Nested(NamedVote),
        metadata={"description": "Each member's vote; empty when by a show of hands.", "example": []},
    )


class Question(QuestionBody):
    """A question with its id."""

    vote_id = an_id("Chosen by the sender.", VOTE, required=True)


class OpinionBody(Schema):
    """What one member said."""

    member_id = an_id("Who spoke.", MEMBER, required=True)
    text = text("What was said.", "Đề nghị sửa đường liên thôn.", required=True)


class Opinion(OpinionBody):
    """An opinion, with its id when a device saved it by itself."""

    opinion_id = an_id("Chosen by the sender; may be left out.", "0197b6c0-0000-7000-8000-000000000501",
                       load_default=None, allow_none=True)  # fmt: skip


class SelfCriticismBody(Schema):
    """Self-criticism, or criticism of another (`about`)."""

    member_id = an_id("Who spoke.", MEMBER, required=True)
    text = text("What was said.", "Tự phê bình về việc họp muộn.", required=True)
    about = an_id("Whom it was about; null: the speaker.", OTHER, load_default=None, allow_none=True)


class SelfCriticism(SelfCriticismBody):
    """An entry with its id."""

    entry_id = an_id("Chosen by the sender; may be left out.", "0197b6c0-0000-7000-8000-000000000601",
                     load_default=None, allow_none=True)  # fmt: skip


class ConclusionBody(Schema):
    """The chair's conclusion on one item of the agenda."""

    item = line("The item of the agenda.", "Đường liên thôn", required=True)
    text = text("The conclusion.", "Nhất trí làm trong tháng 12.", required=True)


class Conclusion(ConclusionBody):
    """A conclusion with its id."""

    conclusion_id = an_id("Chosen by the sender; may be left out.", "0197b6c0-0000-7000-8000-000000000701",
                          load_default=None, allow_none=True)  # fmt: skip


class AssignmentBody(Schema):
    """A task given to a named member."""

    member_id = an_id("Who is to do it.", MEMBER, required=True)
    content = line("What is to be done.", "Vận động 5 hộ hiến đất", required=True)
    due_on = a_day("Its deadline, a local day.", "2025-11-30", required=True)


class Assignment(AssignmentBody):
    """A task with its id, which it keeps."""

    task_id = an_id("Chosen by the sender; the task keeps it.", TASK, required=True)


class Carried(Schema):
    """A task of an earlier meeting that goes on under its id."""

    task_id = an_id("The task.", "0197b6c0-0000-7000-8000-000000000302", required=True)
    due_on = a_day("Its next deadline.", "2025-12-31", required=True)


class Fees(Schema):
    """Party fees of the month, by members."""

    paid = count("Who paid.", 7, required=True)
    owing = count("Who owe.", 1, required=True)
    exempt = count("Who are exempt from them.")


class Evidence(Schema):
    """What shows that a task was done."""

    evidence_id = an_id("Chosen by the sender.", "0197b6c0-0000-7000-8000-000000000801", required=True)
    title = line("What it is.", "Biên bản nghiệm thu", required=True)
    reference = line("Where it lies: an attachment's id, a number, an address.", "Số 12/BB-UBND", required=True)


def in_years(when: date) -> None:
    """Raises ValidationError for a day or a time outside the years meetings lie in."""
    if when.year not in YEARS:
        raise ValidationError([Fault("", "outside-years", OUTSIDE_YEARS, HOUSE)])


def is_json_object(value: object) -> None:
    """Raises ValidationError unless the value is an object or null."""
    if value is not None and not isinstance(value, dict):
        raise ValidationError("Invalid input type.")
