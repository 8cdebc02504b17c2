"""The rules that notices come from: dated data with issuer and citation, never constants (table `rule`)."""

from collections.abc import Sequence
from datetime import date
from typing import Final, Generic, Literal, TypeVar, get_args

import msgspec

AlertRule = Literal[
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
"""Rules that evaluation judges over months: here it is decided who is told when one begins to hold."""
ALERT_RULES: Final[tuple[AlertRule, ...]] = get_args(AlertRule)
RuleName = Literal[
    "minutes_missing", "minutes_incomplete", "attendance_low", "meeting_notified", "decision_in_force", AlertRule
]
RULE_NAMES: Final[tuple[RuleName, ...]] = get_args(RuleName)

V = TypeVar("V")


class Missing(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A month's regular meeting is reported within `report_days` local days of the month's end."""

    report_days: int


class Incomplete(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Adopted minutes of a regular meeting carry the chair's conclusion and at least `least_tasks` tasks."""

    needs_conclusion: bool
    least_tasks: int


class Attendance(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Of those who owe attendance, `percent` or more (`at_least`), or more than that (`over`), are present."""

    percent: int
    comparison: Literal["at_least", "over"]

    def is_met(self, present: int, owed: int) -> bool:
        """Whether `present` of `owed` members are enough; in whole numbers, so that 90 % of 10 is exactly 9."""
        if self.comparison == "over":
            return present * 100 > self.percent * owed
        return present * 100 >= self.percent * owed


class Told(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The units that these operations of a decision name are told that it is in force."""

    operations: tuple[str, ...]


class Audience(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Who is told of an alert: the unit it is about, the unit directly above it (where there is none: the unit)."""

    unit: bool
    superior: bool


class Version(msgspec.Struct, Generic[V], frozen=True):
    """One version of a rule, in force from `valid_from` to the day before `valid_to` (None: still)."""

    valid_from: date
    valid_to: date | None
    value: V
    issuer: str
    citation: str

    @property
    def source(self) -> str:
        """Issuer and citation, as a reader is shown them."""
        return f"{self.issuer}, {self.citation}"


class Rulebook(msgspec.Struct, frozen=True, kw_only=True):
    """Every version of every rule, each in the order of its days."""

    minutes_missing: tuple[Version[Missing], ...] = ()
    minutes_incomplete: tuple[Version[Incomplete], ...] = ()
    attendance_low: tuple[Version[Attendance], ...] = ()
    meeting_notified: tuple[Version[Audience], ...] = ()
    decision_in_force: tuple[Version[Told], ...] = ()
    attendance_falling: tuple[Version[Audience], ...] = ()
    no_meeting: tuple[Version[Audience], ...] = ()
    no_theme: tuple[Version[Audience], ...] = ()
    inspection_not_begun: tuple[Version[Audience], ...] = ()
    self_far_from_evidence: tuple[Version[Audience], ...] = ()
    self_far_from_official: tuple[Version[Audience], ...] = ()
    figures_impossible: tuple[Version[Audience], ...] = ()
    good_despite_attendance: tuple[Version[Audience], ...] = ()
    identical_scores: tuple[Version[Audience], ...] = ()

    def alerts(self, rule: AlertRule) -> tuple[Version[Audience], ...]:
        """Every version of who is told of an alert."""
        versions: tuple[Version[Audience], ...] = getattr(self, rule)
        return versions


def in_force(versions: Sequence[Version[V]], day: date) -> Version[V] | None:
    """The version in force on `day`; None when there was none yet: then nobody is told anything."""
    return next(
        (
            version
            for version in reversed(versions)
            if version.valid_from <= day and (version.valid_to is None or day < version.valid_to)
        ),
        None,
    )
