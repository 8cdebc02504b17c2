"""What the committees' work shares: rules that hold for a time, and units as they stand to one another. Pure."""

from datetime import date
from typing import Final, Generic, TypeVar
from uuid import UUID

import msgspec

from shared.errors import Text

V = TypeVar("V")

BRANCH_KINDS: Final = frozenset({"branch", "grassroots_branch"})
"""Kinds of unit that hold branch meetings (shared/units/replica.py, MEETING_KINDS)."""


class Rule(msgspec.Struct, Generic[V], frozen=True):
    """A value that holds for a span of days, and whose word it is."""

    valid_from: date
    valid_to: date | None
    value: V
    issuer: str
    citation: str

    @property
    def source(self) -> str:
        """Issuer and citation in one line."""
        return f"{self.issuer}: {self.citation}"


class Words(msgspec.Struct, frozen=True):
    """A name in both languages."""

    vi: str
    en: str


class Place(msgspec.Struct, frozen=True):
    """A unit as it stood on a day: what it is called, what it is, and under whom."""

    unit_id: UUID
    code: str
    name: str
    kind: str
    branch_type: str | None
    parent_id: UUID | None

    @property
    def is_branch(self) -> bool:
        """Whether it holds branch meetings."""
        return self.kind in BRANCH_KINDS


def listed(names: list[str], *, most: int = 20) -> Text:
    """Names in one sentence, no more than `most` of them."""
    shown = ", ".join(names[:most])
    more = len(names) - most
    if more <= 0:
        return Text(shown, shown)
    return Text(f"{shown} và {more} đơn vị nữa", f"{shown} and {more} more")


def vi_day(day: date) -> str:
    """A day as people in Việt Nam write it."""
    return f"{day.day}/{day.month}/{day.year}"
