"""Members that the doors of the committees' work share."""

import unicodedata
from collections.abc import Callable, Collection
from datetime import date
from typing import Any, Final

from marshmallow import ValidationError, fields, validate

from services.evaluation.domain import periods
from shared.errors import Fault, Text, Unprocessable
from shared.http.blueprint import Schema

A_UNIT: Final = "0197b6c0-0000-7000-8000-000000000004"
A_SUPERIOR: Final = "0197b6c0-0000-7000-8000-000000000003"
A_MEMBER: Final = "0197b6c0-0000-7000-8000-0000000000a1"
A_WEAK: Final = "0197b6c0-0000-7000-8000-0000000000f1"
A_STEP: Final = "0197b6c0-0000-7000-8000-0000000000f2"
AN_ENTRY: Final = "0197b6c0-0000-7000-8000-0000000000f3"
A_MODEL: Final = "0197b6c0-0000-7000-8000-0000000000f4"
A_CAMPAIGN: Final = "0197b6c0-0000-7000-8000-0000000000f5"
_DAYS: Final = (date(1900, 1, 1), date(2200, 1, 1))


def text(description: str, example: str, *, most: int = 500, required: bool = True) -> fields.String:
    """A text that is not blank, on as many lines as wanted; it names no person."""
    more: dict[str, Any] = {} if required else {"load_default": None, "allow_none": True}
    return fields.String(
        required=required, validate=_text(most), metadata={"description": description, "example": example}, **more
    )


def unit(description: str = "The unit.", example: str = A_UNIT) -> fields.UUID:
    """A required unit."""
    return fields.UUID(required=True, metadata={"description": description, "example": example})


def new_id(what: str, example: str) -> fields.UUID:
    """The id of what is made, if the sender chooses it."""
    return fields.UUID(
        load_default=None,
        allow_none=True,
        metadata={"description": f"The id of the {what}, if the sender chooses it.", "example": example},
    )


def day(description: str, example: str, *, required: bool = True) -> fields.Date:
    """A day."""
    more: dict[str, Any] = {} if required else {"load_default": None, "allow_none": True}
    return fields.Date(
        required=required, validate=_day, metadata={"description": description, "example": example}, **more
    )


def period(description: str, example: str = "2025-Q2") -> fields.String:
    """A required period."""
    return fields.String(required=True, validate=_period, metadata={"description": description, "example": example})


def one_of(words: Collection[str], description: str, *, default: str | None = None) -> fields.String:
    """One of `words`; required unless there is a default."""
    more: dict[str, Any] = {"required": True} if default is None else {"load_default": default}
    return fields.String(
        validate=validate.OneOf(list(words), error="Phải là một trong: {choices}. / Must be one of: {choices}."),
        metadata={"description": description, "enum": list(words)},
        **more,
    )


def maybe_one_of(words: Collection[str], description: str) -> fields.String:
    """One of `words`, or left out."""
    return fields.String(
        load_default=None,
        validate=validate.OneOf(list(words), error="Phải là một trong: {choices}. / Must be one of: {choices}."),
        metadata={"description": description, "enum": [*words, None]},
    )


class CommitteeWords(Schema):
    """In both languages."""

    vi = fields.String(metadata={"description": "In Vietnamese."})
    en = fields.String(metadata={"description": "In English."})


class CommitteePast(Schema):
    """A change that was made."""

    version = fields.Integer(metadata={"description": "The version it made."})
    action = fields.String(metadata={"description": "What was done."})
    detail = fields.Raw(metadata={"description": "What was given."})
    actor = fields.String(metadata={"description": "The opaque subject of who did it."})
    at = fields.AwareDateTime(metadata={"description": "When."})


class CommitteeCursor(Schema):
    """What every page ends with."""

    next_cursor = fields.String(allow_none=True, metadata={"description": "Where the next page begins; null: none."})


def _text(most: int) -> Callable[[str], None]:
    def check(value: str) -> None:
        if not value.strip() or len(value) > most or not all(_is_text(one) for one in value):
            raise ValidationError(
                [
                    Fault(
                        "",
                        "text",
                        Text(
                            f"Phải có từ 1 đến {most} ký tự, không có ký tự điều khiển.",
                            f"Must have 1 to {most} characters, without control characters.",
                        ),
                    )
                ]
            )

    return check


def _is_text(letter: str) -> bool:
    # The no-break space of word processors is a space, though Python holds it for unprintable.
    return letter.isprintable() or letter == "\n" or unicodedata.category(letter) == "Zs"


def _day(value: date) -> None:
    if not _DAYS[0] <= value < _DAYS[1]:
        raise ValidationError(
            [Fault("", "day", Text("Ngày phải từ năm 1900 đến năm 2199.", "The day must lie from 1900 to 2199."))]
        )


def _period(value: str) -> None:
    try:
        periods.parse(value)
    except Unprocessable as refusal:
        raise ValidationError([Fault("", fault.rule, fault.message) for fault in refusal.faults]) from None
