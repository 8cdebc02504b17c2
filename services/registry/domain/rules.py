"""The registry's rules that change with time: each with an issuer, a citation and the days on which it holds."""

from collections.abc import Sequence
from datetime import date
from typing import Generic, Literal, TypeVar

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


class UnitKind(msgspec.Struct, frozen=True):
    """A kind of unit: its words, the levels it may stand at, and whether it holds members (then it has a type)."""

    vi: str
    en: str
    levels: tuple[str, ...]
    holds_members: bool = False


UnitKinds = dict[str, UnitKind]
"""The kinds of unit there are."""


class TargetKind(msgspec.Struct, frozen=True):
    """What a target can be about: its words, what its value counts (`percent` lies between 0 and 100).

    With `at_least` more is better, with `at_most` less; where `adds_up`, the units' values make up that of the one
    above.
    """

    vi: str
    en: str
    measure: str
    direction: Literal["at_least", "at_most"]
    adds_up: bool


class InspectionKind(msgspec.Struct, frozen=True):
    """A kind of inspection or supervision in words."""

    vi: str
    en: str


class DisciplineForm(msgspec.Struct, frozen=True):
    """A form of discipline in words, and the kinds of member it applies to."""

    vi: str
    en: str
    kinds: tuple[str, ...]


class Counted(msgspec.Struct, frozen=True):
    """Which members count in a denominator; those of `statuses_if_present` only when they came."""

    kinds: frozenset[str]
    statuses: frozenset[str]
    statuses_if_present: frozenset[str] = frozenset()


class Rules(msgspec.Struct, frozen=True):
    """Every version of every rule of the registry; the fields are the names of the rules in the table `rule`."""

    allowed_parents: tuple[Rule[AllowedParents], ...] = ()
    admission_age: tuple[Rule[int], ...] = ()
    unit_kinds: tuple[Rule[UnitKinds], ...] = ()

    committee_from: tuple[Rule[int], ...] = ()
    target_kinds: tuple[Rule[dict[str, TargetKind]], ...] = ()
    inspection_kinds: tuple[Rule[dict[str, InspectionKind]], ...] = ()
    discipline_forms: tuple[Rule[dict[str, DisciplineForm]], ...] = ()
    majority_ethnicities: tuple[Rule[frozenset[str]], ...] = ()

    probation_months: tuple[Rule[int], ...] = ()
    transfer_days: tuple[Rule[int], ...] = ()
    temporary_days: tuple[Rule[int], ...] = ()
    attendance_denominator: tuple[Rule[Counted], ...] = ()
    vote_denominator: tuple[Rule[Counted], ...] = ()

    def parents_on(self, day: date) -> Rule[AllowedParents]:
        """Which kind of unit may stand under which, on `day`. Raises LookupError when no version covers the day."""
        return _on(self.allowed_parents, day)

    def kinds_on(self, day: date) -> Rule[UnitKinds]:
        """Which kinds of unit there are, on `day`. Raises LookupError when no version covers the day."""
        return _on(self.unit_kinds, day)

    def kind_words(self, kind: str, day: date) -> UnitKind:
        """A kind with what people call it on `day`; under its own name where no rule knows it then."""
        version = spans.at(self.unit_kinds, day)
        return (version.value.get(kind) if version else None) or UnitKind(kind, kind, ())

    def admission_age_on(self, day: date) -> Rule[int]:
        """Full years of age from which one can be admitted, on `day`. Raises LookupError."""
        return _on(self.admission_age, day)

    def probation_months_on(self, day: date) -> Rule[int]:
        """Months of probation of who is admitted on `day`. Raises LookupError."""
        return _on(self.probation_months, day)

    def transfer_days_on(self, day: date) -> Rule[int]:
        """Days within which the paper of an official transfer, issued on `day`, is presented. Raises LookupError."""
        return _on(self.transfer_days, day)

    def temporary_days_on(self, day: date) -> Rule[int]:
        """The longest temporary transfer that begins on `day`, in days. Raises LookupError."""
        return _on(self.temporary_days, day)

    def attendance_denominator_on(self, day: date) -> Rule[Counted]:
        """Who owes attendance on `day`. Raises LookupError."""
        return _on(self.attendance_denominator, day)

    def vote_denominator_on(self, day: date) -> Rule[Counted]:
        """Over whom a vote of `day` is counted. Raises LookupError."""
        return _on(self.vote_denominator, day)

    def committee_from_on(self, day: date) -> Rule[int]:
        """Official members from which a branch elects a chi uỷ, on `day`. Raises LookupError."""
        return _on(self.committee_from, day)

    def target_kinds_on(self, day: date) -> Rule[dict[str, TargetKind]]:
        """Which kinds of target there are, on `day`. Raises LookupError."""
        return _on(self.target_kinds, day)

    def target_kind(self, code: str, day: date) -> TargetKind:
        """What a kind of target is on `day`.

        A target that was set is told of and reported on whatever became of its kind: where the version of the day has
        it not, it is what the newest that has it says; where none has, its words are its code.
        """
        newest_first = sorted(self.target_kinds, key=lambda rule: rule.valid_from, reverse=True)
        of_day = spans.at(self.target_kinds, day)
        for version in [*([of_day] if of_day else []), *newest_first]:
            if code in version.value:
                return version.value[code]
        return TargetKind(vi=code, en=code, measure=code, direction="at_least", adds_up=False)

    def inspection_kinds_on(self, day: date) -> Rule[dict[str, InspectionKind]]:
        """Which kinds of inspection there are, on `day`. Raises LookupError."""
        return _on(self.inspection_kinds, day)

    def discipline_forms_on(self, day: date) -> Rule[dict[str, DisciplineForm]]:
        """Which forms of discipline there are, on `day`. Raises LookupError."""
        return _on(self.discipline_forms, day)

    def majority_ethnicities_on(self, day: date) -> Rule[frozenset[str]]:
        """How the ethnic group of the majority is written, in lower case, on `day`. Raises LookupError."""
        return _on(self.majority_ethnicities, day)


def _on(versions: Sequence[Rule[V]], day: date) -> Rule[V]:
    found = spans.at(versions, day)
    if found is None:
        raise LookupError(f"no version of the rule covers {day}")
    return found
