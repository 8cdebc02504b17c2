"""Rules as dated data: what held on the day of a meeting, with the issuer and citation of each.

The rows live in the table `rule`; a new guidance is a new row, never a change of code.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Literal

import msgspec

from services.meetings.domain.roster import Entry
from shared.errors import Fault, Text, Unprocessable

MeetingKind = Literal["regular", "thematic", "committee", "extraordinary"]


class DatedRule(msgspec.Struct, frozen=True):
    """One row of the table `rule`, in force from `valid_from` to the day before `valid_to` (None: still)."""

    name: str
    valid_from: date
    valid_to: date | None
    value: Any
    issuer: str
    citation: str

    def holds_on(self, day: date) -> bool:
        """Whether the rule is in force on `day`."""
        return self.valid_from <= day and (self.valid_to is None or day < self.valid_to)

    @property
    def source(self) -> str:
        """Issuer and citation, as a person reads them."""
        return f"{self.issuer}, {self.citation}"


class Selector(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which members count in a denominator.

    Those of `kinds` and `statuses`, holding one of `posts` (None: whatever the post); those of `statuses_if_present`
    count only when they came.
    """

    kinds: frozenset[str]
    statuses: frozenset[str]
    posts: frozenset[str] | None = None
    statuses_if_present: frozenset[str] = frozenset()

    def counts(self, entry: Entry, *, came: bool = False) -> bool:
        """Whether `entry` counts; `came` says that a member who owed nothing was there."""
        return (
            entry.kind in self.kinds
            and (self.posts is None or entry.post in self.posts)
            and (entry.status in self.statuses or (came and entry.status in self.statuses_if_present))
        )


class Frame(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A frame of scores: its groups with their maximum of points; the maxima add up to 100."""

    name: str
    groups: Mapping[str, float]


class Rules(msgspec.Struct, frozen=True):
    """What holds on one day. `sources` says, by rule name, who issued it and where it stands."""

    day: date
    report_within_days: int
    attendance_denominator: Mapping[MeetingKind, Selector]
    vote_denominator: Mapping[MeetingKind, Selector]
    required_sections: Mapping[MeetingKind, tuple[str, ...]]
    score_frame: Frame | None
    sources: Mapping[str, str]


_TYPES: Mapping[str, Any] = {
    "report_within_days": int,
    "attendance_denominator": Mapping[MeetingKind, Selector],
    "vote_denominator": Mapping[MeetingKind, Selector],
    "required_sections": Mapping[MeetingKind, tuple[str, ...]],
    "score_frame": Frame,
}
_OPTIONAL = frozenset({"score_frame"})


class RuleBook:
    """All dated rules, asked by day."""

    def __init__(self, rows: Sequence[DatedRule]) -> None:
        self._rows = [(row, msgspec.convert(row.value, _TYPES[row.name])) for row in rows]
        self._days: dict[date, Rules] = {}

    def on(self, day: date) -> Rules:
        """The rules in force on `day`. Raises Unprocessable when one that every meeting needs is missing."""
        if day not in self._days:
            held = {row.name: (row, value) for row, value in self._rows if row.holds_on(day)}
            missing = sorted(_TYPES.keys() - _OPTIONAL - held.keys())
            if missing:
                raise Unprocessable.of([_no_rule(day, missing)])
            values: dict[str, Any] = {name: held[name][1] if name in held else None for name in _TYPES}
            sources = {name: row.source for name, (row, _) in held.items()}
            self._days[day] = Rules(day=day, sources=sources, **values)
        return self._days[day]


def _no_rule(day: date, missing: Sequence[str]) -> Fault:
    names = ", ".join(missing)
    return Fault(
        "starts_at",
        "no-rule-in-force",
        Text(
            f"Hệ thống chưa có quy định ({names}) cho ngày {day:%d/%m/%Y}. Kiểm tra ngày họp, hoặc nhờ người quản trị "
            "bổ sung quy định.",
            f"No rule ({names}) is known for {day.isoformat()}. Check the day, or ask the administrator to add it.",
        ),
    )
