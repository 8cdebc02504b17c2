"""Signals of quality: what the structure and the text of minutes say by themselves, before anybody grades them.

A signal is a reason to look, never a verdict. Codes and counts go out with the meeting's event; the words, which name
sections and limits and never quote the minutes, are for the branch and its superiors.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Final, Literal

import msgspec

from services.meetings.domain.around import Held
from services.meetings.domain.folding import fold, plain
from services.meetings.domain.meeting import Meeting
from services.meetings.domain.minutes import MinutesRecord, Sections
from services.meetings.domain.rules import SignalRule
from shared.clock import LOCAL, local_day

Code = Literal[
    "section-empty",
    "section-short",
    "no-conclusion",
    "no-speaker-named",
    "speakers-not-named",
    "no-task",
    "not-adopted",
    "adopted-after-the-end",
    "adopted-before-the-start",
    "adopted-long-before-the-end",
    "ended-before-the-start",
    "too-long",
    "outside-its-day",
    "two-at-once",
]


class Signal(msgspec.Struct, frozen=True):
    """One signal: where (`field`), how much (`count`), against which bar (`limit`), and where the bar stands."""

    code: Code
    field: str | None = None
    count: int | None = None
    limit: int | None = None
    source: str | None = None


class Bars(msgspec.Struct, frozen=True):
    """What a meeting is held against: sections its template requires, the dated bars, and where each stands."""

    required: tuple[str, ...]
    template_source: str | None
    rule: SignalRule | None
    rule_source: str | None


_NUMBERS: Final[Mapping[str, int]] = {
    name: number
    for number, name in enumerate(
        ("mot", "hai", "ba", "bon", "nam", "sau", "bay", "tam", "chin", "muoi", "muoi mot", "muoi hai"), 1
    )
}
_COUNTED: Final = re.compile(
    rf"\b(\d{{1,3}}|{'|'.join(sorted(_NUMBERS, key=len, reverse=True))})\s+(?:luot\s+)?"
    r"(?:y kien|(?:dong chi|dang vien)\s+(?:da\s+)?(?:phat bieu|tham gia y kien|dong gop y kien)|phat bieu)\b"
)


def speakers_counted(text: str) -> int:
    """The largest number of speakers or opinions a text counts (“có 05 ý kiến phát biểu”), 0 when it counts none."""
    found = _COUNTED.findall(fold(plain(text)))
    return max((int(word) if word.isdigit() else _NUMBERS[word] for word in found), default=0)


def of_meeting(meeting: Meeting, bars: Bars, others: Sequence[Held], now: datetime | None = None) -> list[Signal]:
    """The signals of a meeting; empty while there are no minutes.

    `others` are meetings of the same branch near its time. With `now` minutes that should be adopted by now count too;
    without it the answer depends on the meeting alone, as an event must.
    """
    record = meeting.minutes
    if record is None:
        return []
    found = [*_sections(record, bars), *_speakers(meeting, record)]
    if not record.has_conclusion:
        found.append(Signal("no-conclusion", "sections.conclusion", source=bars.template_source))
    written = record.written
    asks_for_tasks = meeting.plan.kind == "regular" or written.resolution is not None
    if asks_for_tasks and not written.tasks and not written.carried_over:
        found.append(Signal("no-task", "tasks", source=bars.template_source))
    found += _adoption(meeting, record, bars, now)
    found += _times(meeting, record, bars)
    at_once = [
        other
        for other in others
        if other.meeting_id != meeting.meeting_id
        and other.started_at < written.ended_at
        and written.started_at < other.ended_at
    ]
    if at_once:
        found.append(Signal("two-at-once", "started_at", len(at_once)))
    return found


def _sections(record: MinutesRecord, bars: Bars) -> Iterator[Signal]:
    least = bars.rule.least_characters if bars.rule else {}
    for name in bars.required:
        length = _length(record, name)
        if not length:
            yield Signal("section-empty", f"sections.{name}", source=bars.template_source)
        elif length < least.get(name, 0):
            yield Signal("section-short", f"sections.{name}", length, least[name], bars.rule_source)


def _length(record: MinutesRecord, name: str) -> int:
    """How many characters a section has; the conclusion may stand item by item instead."""
    length = len(getattr(record.written.sections, name, "").strip())
    if name == "conclusion":
        length = max(length, sum(len(one.text.strip()) for one in record.written.conclusions))
    return length


class SectionState(msgspec.Struct, frozen=True):
    """Whether a section is written: its code and state, never its text."""

    code: str
    required: bool
    state: Literal["filled", "short", "empty"]


def sections_of(record: MinutesRecord, bars: Bars) -> list[SectionState]:
    """Every section that is required, and every other that is written, in the order of minutes."""
    least = bars.rule.least_characters if bars.rule else {}
    found = []
    for code in Sections.__struct_fields__:
        length, required = _length(record, code), code in bars.required
        if length or required:
            written: Literal["filled", "short"] = "short" if length < least.get(code, 0) else "filled"
            found.append(SectionState(code, required, written if length else "empty"))
    return found


def _speakers(meeting: Meeting, record: MinutesRecord) -> Iterator[Signal]:
    sections = record.written.sections
    counted = max(speakers_counted(sections.discussion), speakers_counted(sections.self_criticism))
    if counted > record.speakers:
        yield Signal("speakers-not-named", "opinions", counted - record.speakers)
    elif not record.speakers and sections.discussion.strip() and meeting.attendance and meeting.attendance.present:
        yield Signal("no-speaker-named", "opinions")


def _adoption(meeting: Meeting, record: MinutesRecord, bars: Bars, now: datetime | None) -> Iterator[Signal]:
    started, ended, adopted = record.written.started_at, record.written.ended_at, meeting.adopted_at
    if adopted is None:
        if now is not None and now > ended:
            yield Signal("not-adopted", "adopted_at", source=bars.template_source)
        return
    if adopted < started:
        yield Signal("adopted-before-the-start", "adopted_at", _minutes(started - adopted))
    elif bars.rule is not None:
        late, early = _minutes(adopted - ended), _minutes(ended - adopted)
        if late > bars.rule.adoption_grace_minutes:
            yield Signal(
                "adopted-after-the-end", "adopted_at", late, bars.rule.adoption_grace_minutes, bars.rule_source
            )
        if early > bars.rule.adoption_early_minutes:
            yield Signal(
                "adopted-long-before-the-end", "adopted_at", early, bars.rule.adoption_early_minutes, bars.rule_source
            )


def _times(meeting: Meeting, record: MinutesRecord, bars: Bars) -> Iterator[Signal]:
    started, ended = record.written.started_at, record.written.ended_at
    if ended <= started:
        yield Signal("ended-before-the-start", "ended_at", _minutes(started - ended))
    elif bars.rule is not None and ended - started > timedelta(minutes=bars.rule.longest_minutes):
        yield Signal("too-long", "ended_at", _minutes(ended - started), bars.rule.longest_minutes, bars.rule_source)
    if local_day(started) != meeting.plan.day or local_day(ended) != meeting.plan.day:
        yield Signal("outside-its-day", "started_at")


def _minutes(span: timedelta) -> int:
    return round(span.total_seconds() / 60)


def published(signals: Sequence[Signal]) -> dict[str, object]:
    """Signals as the meeting's event carries them: codes once each, and counts."""
    return {
        "codes": sorted({signal.code for signal in signals}),
        "sections_empty": sum(signal.code == "section-empty" for signal in signals),
        "sections_short": sum(signal.code == "section-short" for signal in signals),
        "speakers_not_named": sum(signal.count or 0 for signal in signals if signal.code == "speakers-not-named"),
    }


def day_around(started_at: datetime, ended_at: datetime) -> tuple[datetime, datetime]:
    """From when to when another meeting may overlap one: the local days it touches, whatever its times say."""
    first, last = sorted((local_day(started_at), local_day(ended_at)))
    return _midnight(first), _midnight(last) + timedelta(days=1)


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=LOCAL)
