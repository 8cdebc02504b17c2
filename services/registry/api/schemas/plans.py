"""Members that targets, inspections, trainings and assignments share at the doors."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any, Final

from marshmallow import ValidationError, fields, validate

from services.registry.api import checks
from services.registry.api.schemas.common import A_DISTRICT, A_MEMBER, UnderQuery
from services.registry.domain.spans import FAR
from services.registry.domain.units import OPENING
from shared.errors import Fault, Text


def new_id(what: str, example: str) -> fields.UUID:
    """The id of what is made, if the sender chooses it."""
    return fields.UUID(
        load_default=None,
        allow_none=True,
        metadata={"description": f"The id of the {what}, if the sender chooses it.", "example": example},
    )


def day(description: str, example: str, **more: Any) -> fields.Date:
    """A required day."""
    return fields.Date(required=True, metadata={"description": description, "example": example}, **more)


def optional_day(description: str, example: str) -> fields.Date:
    """A day, or null."""
    return fields.Date(load_default=None, allow_none=True, metadata={"description": description, "example": example})


def year(description: str) -> fields.Integer:
    """A required year."""
    return fields.Integer(required=True, strict=True, metadata={"description": description, "example": 2026})


def unit(description: str, example: str) -> fields.UUID:
    """A required unit."""
    return fields.UUID(required=True, metadata={"description": description, "example": example})


def superior() -> fields.UUID:
    """The unit that sets it."""
    return unit("The superior that sets it, a unit above; its rights are needed.", A_DISTRICT)


def member_ids(description: str, *, required: bool = True, least: int = 1, most: int = 5000) -> Any:
    """A list of members."""
    given: dict[str, Any] = {"required": True} if required else {"load_default": list}
    return fields.List(
        fields.UUID(),
        validate=_count(least if required else 0, most),
        metadata={"description": description, "example": [A_MEMBER]},
        **given,
    )


def text(description: str, example: str, *, most: int = 500) -> fields.String:
    """A required line of text."""
    return fields.String(
        required=True, validate=checks.text(most), metadata={"description": description, "example": example}
    )


def optional_text(description: str, example: str, *, most: int = 500) -> fields.String:
    """A line of text, or null."""
    return fields.String(
        load_default=None,
        allow_none=True,
        validate=checks.text(most),
        metadata={"description": description, "example": example},
    )


def amount(description: str, example: float, **more: Any) -> fields.Decimal:
    """A number with at most two decimals."""
    return fields.Decimal(
        validate=_two_decimals, metadata={"description": description, "example": example}, **({"required": True} | more)
    )


IN_RANGE: Final = validate.Range(OPENING.year, FAR.year - 1)
"""Checks the year of a query."""


class UnderYearQuery(UnderQuery):
    """`?under=&year=&on=&limit=&cursor=`"""

    year = fields.Integer(required=True, validate=IN_RANGE, metadata={"description": "The year.", "example": 2026})


def _two_decimals(value: Decimal) -> None:
    if value.as_tuple().exponent < -2:  # type: ignore[operator]  # marshmallow refuses NaN and infinity
        raise ValidationError(
            [
                Fault(
                    "",
                    "two-decimals",
                    Text("Chỉ dùng tối đa hai chữ số thập phân.", "Two decimals at most."),
                )
            ]
        )


def _count(least: int, most: int) -> Callable[[list[Any]], None]:
    def check(values: list[Any]) -> None:
        if not least <= len(values) <= most:
            message = Text(f"Phải có từ {least} đến {most} mục.", f"There must be {least} to {most} of them.")
            raise ValidationError([Fault("", "count", message)])

    return check
