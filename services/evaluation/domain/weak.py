"""Weak organisations (tổ chức yếu kém): causes, and the register from proposal to the day none is left. Pure."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from typing import Final, Literal
from uuid import UUID

import msgspec

from services.evaluation.domain import periods
from services.evaluation.domain.committees import Rule, vi_day
from services.evaluation.domain.periods import Period
from shared import months
from shared.errors import Fault, Text

State = Literal["proposed", "open", "dismissed", "closed"]
STATES: Final[tuple[State, ...]] = ("proposed", "open", "dismissed", "closed")
LIVE: Final = frozenset({"proposed", "open"})
GRADED_LOW: Final = "graded-low"
SEEN: Final = "seen"
"""The causes that are not a figure's: last year's classification, and what an officer saw."""


class FigureCause(msgspec.Struct, frozen=True):
    """A figure that makes a unit weak: `figure` under `below`, when at least `least` of the part `of` stand behind."""

    code: str
    figure: str
    below: float
    of: str
    least: int
    vi: str
    en: str


class WeakRule(msgspec.Struct, frozen=True):
    """What makes a unit weak: figures, and grades of last year's classification."""

    figures: tuple[FigureCause, ...]
    grades: tuple[str, ...]


class Cause(msgspec.Struct, frozen=True):
    """Why a unit is weak: for a figure its value, the threshold it is under, the period, and whose rule that is."""

    code: str
    vi: str
    en: str
    period: str | None = None
    figure: str | None = None
    value: float | None = None
    threshold: float | None = None
    grade: str | None = None
    source: str | None = None


class Step(msgspec.Struct, frozen=True):
    """A step of the plan of consolidation."""

    step_id: UUID
    what: str
    due_on: date
    done_on: date | None = None
    evidence: str | None = None
    withdrawn_on: date | None = None

    def is_overdue(self, today: date) -> bool:
        """Whether its day has passed without it."""
        return self.done_on is None and self.withdrawn_on is None and self.due_on < today


class Weak(msgspec.Struct, frozen=True):
    """One entry of the register."""

    weak_id: UUID
    unit_id: UUID
    period: str
    origin: Literal["system", "officer"]
    state: State
    version: int
    causes: tuple[Cause, ...]
    proposed_on: date
    opened_on: date | None = None
    ended_on: date | None = None
    reason: str | None = None
    citation: str | None = None
    team: tuple[UUID, ...] = ()


def is_dealt_with(entry: Weak, period: Period) -> bool:
    """Whether `entry` says already what is to be done about its unit's figures of `period`, so that they propose no
    other: it is live, or was dismissed over figures as new, or was closed when the period was over."""
    if entry.state in LIVE:
        return True
    if entry.state == "dismissed":
        return period.last <= periods.parse(entry.period).last
    return entry.ended_on is not None and months.last_day(period.last) < entry.ended_on


def causes(
    rule: Rule[WeakRule],
    period: str,
    value: Callable[[str], float | None],
    count: Callable[[str], int],
    graded: tuple[int, str] | None,
) -> tuple[Cause, ...]:
    """Every cause the system sees: of the figures of `period`, and of the newest classification of a year.

    `graded` is that year and grade; None where the unit has none for this year or the last.
    """
    found = []
    for one in rule.value.figures:
        figure = value(one.figure)
        if figure is not None and figure < one.below and count(one.of) >= one.least:
            found.append(Cause(one.code, one.vi, one.en, period, one.figure, figure, one.below, None, rule.source))
    if graded is not None and graded[1] in rule.value.grades:
        year, grade = graded
        found.append(
            Cause(
                GRADED_LOW,
                f"Xếp loại năm {year} ở mức hoàn thành nhiệm vụ hoặc thấp hơn",
                f"graded 'completed' or lower for {year}",
                period=str(year),
                grade=grade,
                source=rule.source,
            )
        )
    return tuple(found)


def unsaid(
    rule: Rule[WeakRule],
    before: Sequence[Cause],
    value: Callable[[str], float | None],
    count: Callable[[str], int],
) -> tuple[Cause, ...]:
    """Those causes of `before`, among the rule's, of which the figures of a later period say neither yes nor no."""
    figures = {one.code: one for one in rule.value.figures}
    return tuple(
        cause
        for cause in before
        if (one := figures.get(cause.code)) is not None and (value(one.figure) is None or count(one.of) < one.least)
    )


def plan_faults(steps: Sequence[Step], given: Sequence[Step], opened_on: date) -> Iterator[Fault]:
    """What is wrong with `given` steps as the new plan in place of `steps`."""
    known = {step.step_id: step for step in steps}
    seen: set[UUID] = set()
    for number, step in enumerate(given):
        field = f"steps[{number}]"
        if step.step_id in seen:
            yield Fault(
                f"{field}.step_id", "step-twice", Text("Bước này đã nêu ở trên.", "This step is named above already.")
            )
        seen.add(step.step_id)
        if step.due_on < opened_on:
            yield Fault(
                f"{field}.due_on",
                "due-before-opened",
                Text(
                    f"Hạn phải từ ngày mở sổ, {vi_day(opened_on)}.",
                    f"It is due no earlier than it was opened, {opened_on}.",
                ),
            )
        before = known.get(step.step_id)
        if (
            before is not None
            and before.done_on is not None
            and (before.what, before.due_on) != (step.what, step.due_on)
        ):
            yield Fault(
                f"{field}.step_id",
                "step-done",
                Text("Bước đã hoàn thành thì giữ nguyên.", "A step that is done stays as it is."),
            )
    for step in steps:
        if step.done_on is not None and step.step_id not in seen:
            yield Fault(
                "steps",
                "done-step-left-out",
                Text(
                    f"Bước đã hoàn thành phải còn trong kế hoạch: “{step.what}”.",
                    f"A step that is done stays in the plan: “{step.what}”.",
                ),
            )


def day_faults(field: str, day: date, earliest: date, today: date) -> Iterator[Fault]:
    """What is wrong with the day of something that happened."""
    if not earliest <= day <= today:
        yield Fault(
            field,
            "day-range",
            Text(
                f"Ngày phải từ {vi_day(earliest)} đến hôm nay, {vi_day(today)}.",
                f"The day must lie from {earliest} to today, {today}.",
            ),
        )


def unsaid_fault(unsaid: Sequence[Cause], source: str) -> Fault:
    """What is said where it is to be closed by a period with too little behind it."""
    vi, en = ("; ".join(words) for words in zip(*((one.vi, one.en) for one in unsaid), strict=True))
    return Fault(
        "period",
        "nothing-to-judge-by",
        Text(
            f"Số liệu kỳ này chưa đủ để biết đã hết nguyên nhân: {vi}. Hãy chọn kỳ dài hơn hoặc kỳ sau.",
            f"The figures of this period are too few to say that the cause is gone: {en}. Choose a longer period, or "
            "a later one.",
        ),
        source,
    )


def still_weak_fault(left: Sequence[Cause], source: str) -> Fault:
    """What is said where it is to be closed while causes hold."""
    vi, en = ("; ".join(words) for words in zip(*((said(one).vi, said(one).en) for one in left), strict=True))
    return Fault(
        "period",
        "still-weak",
        Text(
            f"Đơn vị vẫn còn {len(left)} nguyên nhân yếu kém trong kỳ này: {vi}. Tiếp tục củng cố; đóng khi không còn.",
            f"The unit still has {len(left)} cause(s) in this period: {en}. Go on; close it when none is left.",
        ),
        source,
    )


def said(cause: Cause) -> Text:
    """A cause in words, with what it was, what it is under, and the period."""
    if cause.figure is None or cause.value is None or cause.threshold is None:
        return Text(cause.vi, cause.en)
    value, threshold = (_number(number, cause.figure) for number in (cause.value, cause.threshold))
    vi = f"{value}, dưới mức {threshold}".replace(".", ",")
    return Text(f"{cause.vi} ({vi}; kỳ {cause.period})", f"{cause.en} ({value}, under {threshold}; {cause.period})")


def _number(value: float, figure: str) -> str:
    # A rate has four decimals, a mean of points two: said in full, 74.99 % does not read as the 75 % it is under.
    share = figure.endswith("_rate")
    text = f"{100 * value if share else value:.2f}".rstrip("0").rstrip(".")
    return f"{text} %" if share else text
