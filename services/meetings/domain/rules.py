"""Rules as dated data: what held on the day of a meeting, with the issuer and citation of each.

The rows live in the table `rule`; a new guidance is a new row, never a change of code.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final, Literal

import msgspec

from services.meetings.domain.frames import Band, Frame, Grade, Group
from services.meetings.domain.refusals import HOUSE
from services.meetings.domain.roster import Entry
from shared.errors import Fault, Text, Unprocessable

MeetingKind = Literal["regular", "thematic", "committee", "extraordinary"]
NeededStep = Literal["notified", "opened", "documents"]
"""A step that a rule may ask for before minutes are adopted."""


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


class FrameRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A frame of scores: its groups with their maximum of points; the maxima add up to 100. Rubrics go before it."""

    name: str
    groups: Mapping[str, float]


class SignalRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """When what is recorded of a meeting is worth a second look.

    `least_characters`: by section, fewer than which it is thin; `longest_minutes`: more than which a meeting did not
    last; `adoption_grace_minutes`: how long after the end adoption still counts as at the meeting;
    `adoption_early_minutes`: how long before the end at most.
    """

    least_characters: Mapping[str, int]
    longest_minutes: int
    adoption_grace_minutes: int
    adoption_early_minutes: int


class CopyRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """When a text repeats another.

    `likeness`: from which share on (0 to 1) it does; `least_words`: by part, how many words of its own a text needs
    to be judged at all; `common_share`: what stands in the minutes of this share of a province's branches, and of at
    least `common_branches`, is everybody's; `months`: how far back is looked.
    """

    likeness: float
    least_words: Mapping[str, int]
    common_share: float
    common_branches: int
    months: int


class ExpectedRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a branch owes: one thematic meeting in every `thematic_months`; the year's plan by `plan_month_day`."""

    thematic_months: int
    plan_month_day: tuple[int, int]


class DurationRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How long meetings of `kinds` last at least, in minutes.

    `longer_minutes` for a regular one with a thematic one on the same day, or of `large_from` members and more.
    """

    kinds: tuple[MeetingKind, ...]
    least_minutes: int
    longer_minutes: int
    large_from: int


class Majority(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What carries a vote: more than this share of the denominator."""

    more_than: float


class PaperForms(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How papers are signed: by kind the abbreviation of its number (None: not numbered), and that of the issuer."""

    abbreviations: Mapping[str, str | None]
    issuer: str


class Rules(msgspec.Struct, frozen=True):
    """What holds on one day. `sources` says, by rule name, who issued it and where it stands."""

    day: date
    report_within_days: int
    attendance_denominator: Mapping[MeetingKind, Selector]
    vote_denominator: Mapping[MeetingKind, Selector]
    required_sections: Mapping[MeetingKind, tuple[str, ...]]
    """Kept by the templates of minutes (templates.py); Branch.rules_on lays them in."""
    score_frame: FrameRule | None
    signals: SignalRule | None
    copies: CopyRule | None
    expected: ExpectedRule | None
    sources: Mapping[str, str]
    vote_majority: Majority | None = None
    undo_within_minutes: int | None = None
    required_steps: Mapping[MeetingKind, tuple[NeededStep, ...]] | None = None
    documents_days_before: int | None = None
    distributed_classes: frozenset[str] | None = None
    grade_bands: Mapping[Grade, float] | None = None
    topics_approved_first: bool | None = None
    paper_forms: PaperForms | None = None
    duration: DurationRule | None = None
    theme_tags: Mapping[str, str] | None = None
    """Codes of themes, each with its words."""

    @property
    def bands(self) -> tuple[Band, ...]:
        """The bands of `grade_bands`, the best first: each up to the next, weak below all; none where it is unknown."""
        if self.grade_bands is None:
            return ()
        falling = sorted(self.grade_bands.items(), key=lambda grade: grade[1], reverse=True)
        ends = (None, *(least for _, least in falling))
        named = [Band(grade, at_least=least, below=end) for (grade, least), end in zip(falling, ends, strict=False)]
        return (*named, Band("weak", below=ends[-1]))


_TYPES: Mapping[str, Any] = {
    "report_within_days": int,
    "attendance_denominator": Mapping[MeetingKind, Selector],
    "vote_denominator": Mapping[MeetingKind, Selector],
    "required_sections": Mapping[MeetingKind, tuple[str, ...]],
    "score_frame": FrameRule,
    "signals": SignalRule,
    "copies": CopyRule,
    "expected": ExpectedRule,
    "vote_majority": Majority,
    "undo_within_minutes": int,
    "required_steps": Mapping[MeetingKind, tuple[NeededStep, ...]],
    "documents_days_before": int,
    "distributed_classes": frozenset[str],
    "grade_bands": Mapping[Grade, float],
    "topics_approved_first": bool,
    "paper_forms": PaperForms,
    "duration": DurationRule,
    "theme_tags": Mapping[str, str],
}
_DAYS_KEPT: Final = 400
_NEEDED = frozenset({"report_within_days", "attendance_denominator", "vote_denominator"})


class RuleBook:
    """All dated rules, asked by day."""

    def __init__(self, rows: Sequence[DatedRule]) -> None:
        self._rows = [(row, msgspec.convert(row.value, _TYPES[row.name])) for row in rows]
        self._days: dict[date, Rules] = {}
        self._frames = [(row, _frame_of(row, value)) for row, value in self._rows if isinstance(value, FrameRule)]

    def on(self, day: date) -> Rules:
        """The rules in force on `day`. Raises Unprocessable when one that every meeting needs is missing."""
        known = self._days.get(day)
        if known is None:
            held = {row.name: (row, value) for row, value in self._rows if row.holds_on(day)}
            missing = sorted(_NEEDED - held.keys())
            if missing:
                raise Unprocessable.of([no_rule(day, missing)])
            values: dict[str, Any] = {name: held[name][1] if name in held else None for name in _TYPES}
            values["required_sections"] = values["required_sections"] or {}
            sources = {name: row.source for name, (row, _) in held.items()}
            known = Rules(day=day, sources=sources, **values)
            if len(self._days) >= _DAYS_KEPT:
                self._days.clear()
            self._days[day] = known
        return known

    def frame_on(self, day: date) -> Frame | None:
        """The frame that the dated rules give for `day`; None when they give none."""
        return next((frame for row, frame in self._frames if row.holds_on(day)), None)

    def frame_named(self, name: str) -> Frame | None:
        """The frame of this name, of whatever day."""
        return next((frame for _, frame in self._frames if frame.name == name), None)


def _frame_of(row: DatedRule, rule: FrameRule) -> Frame:
    """A rule gives groups by their codes only."""
    groups = tuple(Group(code, code, code, most) for code, most in rule.groups.items())
    return Frame(name=rule.name, vi=rule.name, en=rule.name, source=row.source, groups=groups)


def no_rule(day: date, missing: Sequence[str]) -> Fault:
    """That the installation does not know what held on `day`."""
    names = ", ".join(missing)
    return Fault(
        "starts_at",
        "no-rule-in-force",
        Text(
            f"Hệ thống chưa có quy định ({names}) cho ngày {day:%d/%m/%Y}. Kiểm tra ngày họp, hoặc nhờ người quản trị "
            "bổ sung quy định.",
            f"No rule ({names}) is known for {day.isoformat()}. Check the day, or ask the administrator to add it.",
        ),
        HOUSE,
    )
