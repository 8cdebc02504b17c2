"""What the doors of signals, copies and search give, and are asked with."""

from datetime import date
from typing import Any

from marshmallow import ValidationError, fields, validate, validates_schema

from services.meetings.api.schemas.parts import in_years
from services.meetings.domain.folding import words
from shared.errors import Fault, Text
from shared.http.blueprint import Schema

LONGEST_QUESTION = 200


class SignalAnswer(Schema):
    """One reason to look at the minutes."""

    code = fields.String(metadata={"description": "Its stable name."})
    field = fields.String(allow_none=True, metadata={"description": "Where: a path into the meeting."})
    count = fields.Integer(allow_none=True, metadata={"description": "How much: characters, minutes or persons."})
    limit = fields.Integer(allow_none=True, metadata={"description": "The bar it is held against."})
    vi = fields.String(metadata={"description": "The sentence in Vietnamese."})
    en = fields.String(metadata={"description": "The sentence in English."})
    rule = fields.String(metadata={"description": "The rule it comes from: template, signals, or minutes."})
    source = fields.String(allow_none=True, metadata={"description": "The rule's issuer and citation, if any."})


class RepeatsAnswer(Schema):
    """How many earlier minutes these repeat."""

    count = fields.Integer(metadata={"description": "Earlier minutes."})
    likeness = fields.Float(metadata={"description": "How much of the most alike is the same, 0 to 1."})


class SignalsAnswer(Schema):
    """The signals of a meeting."""

    items = fields.List(fields.Nested(SignalAnswer), metadata={"description": "The signals; empty: none."})
    copies = fields.Nested(
        RepeatsAnswer, allow_none=True, metadata={"description": "null: none found, or not compared yet."}
    )
    copies_pending = fields.Boolean(metadata={"description": "The text is still to be compared."})


class CopiedPassage(Schema):
    """A sentence of these minutes beside the one it repeats."""

    where = fields.String(metadata={"description": "The section of these minutes."})
    text = fields.String(metadata={"description": "The sentence."})
    of_where = fields.String(metadata={"description": "The section of the other minutes."})
    of_text = fields.String(metadata={"description": "The sentence there."})
    likeness = fields.Float(metadata={"description": "How alike the two are, 0 to 1."})


class CopyAnswer(Schema):
    """That these minutes repeat others."""

    part = fields.String(metadata={"description": "minutes or conclusion."})
    likeness = fields.Float(metadata={"description": "How much is the same, 0 to 1."})
    same_branch = fields.Boolean(metadata={"description": "The branch repeats itself."})
    of_meeting_id = fields.UUID(
        allow_none=True, metadata={"description": "The earlier meeting; null when it is outside the reader's rights."}
    )
    of_unit_id = fields.UUID(allow_none=True, metadata={"description": "Its branch; null likewise."})
    of_period = fields.String(allow_none=True, metadata={"description": "Its month; null likewise."})
    passages = fields.List(
        fields.Nested(CopiedPassage),
        allow_none=True,
        metadata={"description": "Side by side, for who may read both branches; null for others."},
    )


class CopiesAnswer(Schema):
    """What a meeting's minutes repeat, the most alike first."""

    items = fields.List(fields.Nested(CopyAnswer), metadata={"description": "Up to ten."})
    count = fields.Integer(metadata={"description": "How many earlier minutes in all."})


class SearchQuery(Schema):
    """`?q=&unit_id=&first=&last=&limit=`"""

    q = fields.String(
        required=True,
        validate=validate.Length(1, LONGEST_QUESTION),
        metadata={
            "description": "Words that must all stand in the minutes; marks and case do not matter.",
            "example": "duong thon",
        },
    )
    unit_id = fields.UUID(
        load_default=None, metadata={"description": "Only below this unit; by default everywhere one may read."}
    )
    first = fields.Date(load_default=None, validate=in_years, metadata={"description": "Meetings from this day on."})
    last = fields.Date(load_default=None, validate=in_years, metadata={"description": "Meetings up to this day."})
    limit = fields.Integer(
        load_default=20, validate=validate.Range(1, 100), metadata={"description": "Hits, 1 to 100."}
    )

    @validates_schema
    def _asks_for_words(self, data: dict[str, Any], **_: Any) -> None:
        if not words(data.get("q", "")):
            raise ValidationError({"q": [Fault("", "no-words", _NO_WORDS)]})
        first: date | None = data.get("first")
        last: date | None = data.get("last")
        if first and last and last < first:
            raise ValidationError({"last": [Fault("", "ends-before-it-begins", _ENDS_FIRST)]})


_NO_WORDS = Text("Hãy ghi ít nhất một từ để tìm.", "Give at least one word to look for.")
_ENDS_FIRST = Text("Ngày cuối phải không trước ngày đầu.", "The last day must not come before the first.")


class RunAnswer(Schema):
    """A piece of plain text."""

    text = fields.String(metadata={"description": "Plain text, never markup."})
    hit = fields.Boolean(metadata={"description": "It is what was looked for."})


class PassageAnswer(Schema):
    """A place of the minutes that holds what was looked for."""

    where = fields.String(metadata={"description": "The place: sections.discussion, opinions[2], resolution."})
    runs = fields.List(fields.Nested(RunAnswer), metadata={"description": "The text there, in pieces."})
    cut_before = fields.Boolean(metadata={"description": "The text goes on before."})
    cut_after = fields.Boolean(metadata={"description": "The text goes on after."})


class HitAnswer(Schema):
    """A meeting whose minutes hold what was looked for."""

    meeting_id = fields.UUID(metadata={"description": "The meeting."})
    unit_id = fields.UUID(metadata={"description": "Its branch."})
    unit_name = fields.String(allow_none=True, metadata={"description": "What the branch is called today."})
    kind = fields.String(metadata={"description": "regular, thematic, committee or extraordinary."})
    period = fields.String(metadata={"description": "Its month."})
    starts_at = fields.AwareDateTime(metadata={"description": "When it started."})
    passages = fields.List(fields.Nested(PassageAnswer), metadata={"description": "Up to three, the best first."})


class HitsAnswer(Schema):
    """What was found, the best first."""

    items = fields.List(fields.Nested(HitAnswer), metadata={"description": "The hits."})
