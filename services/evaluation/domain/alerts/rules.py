"""The rules of alerts: dated data with issuer and citation (table `alert_rule`), never constants.

Each has two bars: one at which an alert begins and another, on the better side, at which it ceases; and how many months
in a row (`begin_after`, `cease_after`) must lie beyond one. What lies between the bars changes nothing.
"""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Final, Literal, get_args

import msgspec
from msgspec import Meta

RuleName = Literal[
    "attendance_falling",
    "no_meeting",
    "no_theme",
    "inspection_not_begun",
    "self_far_from_evidence",
    "self_far_from_official",
    "figures_impossible",
    "good_despite_attendance",
    "identical_scores",
]
RULE_NAMES: Final[tuple[RuleName, ...]] = get_args(RuleName)

InARow = Annotated[int, Meta(ge=1, le=6)]
Percent = Annotated[int, Meta(ge=0, le=100)]
Points = Annotated[int, Meta(ge=0, le=100)]
Count = Annotated[int, Meta(ge=1, le=1_000_000)]


class Value(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What every rule has: months in a row to begin and to cease, the kinds and levels of unit it is for (empty: all).

    Raises ValueError when its bars leave no band between them.
    """

    begin_after: InARow = 1
    cease_after: InARow = 1
    kinds: tuple[str, ...] = ()
    levels: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for low, high in self.bands():
            if getattr(self, low) >= getattr(self, high):
                raise ValueError(f"{low} must be less than {high}")

    @classmethod
    def bands(cls) -> tuple[tuple[str, str], ...]:
        """The pairs of bars, the lower one first."""
        return ()


class AttendanceFalling(Value, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Attendance under `begin_percent`, and `fall_points` or more below that of the `months_before`; ceases from
    `cease_percent` on. A month with fewer than `least_owed` who owed attendance says nothing."""

    months_before: InARow
    least_owed: Count
    fall_points: Points
    begin_percent: Percent
    cease_percent: Percent

    @classmethod
    def bands(cls) -> tuple[tuple[str, str], ...]:
        return (("begin_percent", "cease_percent"),)


class NoMeeting(Value, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A closed month without a regular meeting; ceases with a month that has one."""


class NoTheme(Value, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A closed quarter, all of it in force, without a thematic meeting; ceases with a quarter that has one."""


class InspectionNotBegun(Value, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The year's target of `target_kind` with `begin_value` or less reached when `by_month` is over; ceases from
    `cease_value` on, or with the year."""

    target_kind: Annotated[str, Meta(pattern=r"^[^\x00-\x1f]{1,100}$")]
    by_month: Annotated[int, Meta(ge=1, le=12)]
    begin_value: Annotated[float, Meta(ge=0, le=1_000_000_000)]
    cease_value: Annotated[float, Meta(gt=0, le=1_000_000_000)]

    @classmethod
    def bands(cls) -> tuple[tuple[str, str], ...]:
        return (("begin_value", "cease_value"),)


class FarFrom(Value, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The mean difference between self score and the other one, over `months` together with `least_scored` meetings or
    more: from `begin_points` on; ceases under `cease_points`."""

    months: InARow
    least_scored: Count
    begin_points: Points
    cease_points: Points

    @classmethod
    def bands(cls) -> tuple[tuple[str, str], ...]:
        return (("cease_points", "begin_points"),)


class FiguresImpossible(Value, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """More present than owed attendance, more meetings than due, or more speakers than present."""


class GoodDespiteAttendance(Value, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Over `months` with `least_scored` meetings or more: `begin_good_percent` or more graded Tốt by themselves, with
    attendance under `begin_percent`; ceases under `cease_good_percent` or from `cease_percent` on."""

    months: InARow
    least_scored: Count
    begin_good_percent: Percent
    cease_good_percent: Percent
    begin_percent: Percent
    cease_percent: Percent

    @classmethod
    def bands(cls) -> tuple[tuple[str, str], ...]:
        return (("begin_percent", "cease_percent"), ("cease_good_percent", "begin_good_percent"))


class IdenticalScores(Value, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A self score equal to that of the scored month before, `begin_after` times in a row; ceases with another one."""


VALUES: Final[Mapping[RuleName, type[Value]]] = {
    "attendance_falling": AttendanceFalling,
    "no_meeting": NoMeeting,
    "no_theme": NoTheme,
    "inspection_not_begun": InspectionNotBegun,
    "self_far_from_evidence": FarFrom,
    "self_far_from_official": FarFrom,
    "figures_impossible": FiguresImpossible,
    "good_despite_attendance": GoodDespiteAttendance,
    "identical_scores": IdenticalScores,
}


class Version(msgspec.Struct, frozen=True):
    """One version of a rule, for months whose last day lies from `valid_from` to before `valid_to` (None: still)."""

    valid_from: date
    valid_to: date | None
    value: Value
    issuer: str
    citation: str

    @property
    def source(self) -> str:
        """Issuer and citation, as a reader is shown them."""
        return f"{self.issuer}, {self.citation}"


Rulebook = Mapping[RuleName, tuple[Version, ...]]
"""Every version of every rule that can be used, in the order of its days."""
