"""The registry's rules that change with time: each with an issuer, a citation and the days on which it holds."""

from collections.abc import Sequence
from datetime import date
from typing import Generic, TypeVar

import msgspec

from services.registry.domain import spans

V = TypeVar("V")


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


AllowedParents = dict[str, tuple[str | None, ...]]
"""Kind of unit → kinds it may stand under; None: it may be a root."""


class Rules(msgspec.Struct, frozen=True):
    """Every version of every rule of the registry."""

    allowed_parents: Sequence[Rule[AllowedParents]]
    admission_age: Sequence[Rule[int]]

    def parents_on(self, day: date) -> Rule[AllowedParents]:
        """Which kind of unit may stand under which, on `day`. Raises LookupError when no version covers the day."""
        return _on(self.allowed_parents, day)

    def admission_age_on(self, day: date) -> Rule[int]:
        """Full years of age from which one can be admitted, on `day`. Raises LookupError."""
        return _on(self.admission_age, day)


def _on(versions: Sequence[Rule[V]], day: date) -> Rule[V]:
    found = spans.at(versions, day)
    if found is None:
        raise LookupError(f"no version of the rule covers {day}")
    return found
