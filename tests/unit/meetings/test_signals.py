"""Signals of quality, from structure and text alone."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
import pytest

from services.meetings.domain import signal_words, signals
from services.meetings.domain.around import Held
from services.meetings.domain.meeting import Meeting
from services.meetings.domain.minutes import Conclusion, Sections
from services.meetings.domain.rules import SignalRule
from services.meetings.domain.signals import Bars, Code, Signal
from shared.errors import Text
from tests.unit.meetings import papers
from tests.unit.meetings.papers import STARTS

_RULE = SignalRule(
    least_characters={"conclusion": 20}, longest_minutes=300, adoption_grace_minutes=15, adoption_early_minutes=45
)
_BARS = Bars(("opening", "conclusion"), "HD 1", _RULE, "HD 2")
_ENDED = datetime(2026, 6, 3, 14, tzinfo=UTC)
_GOOD = Sections(opening="Mở đầu.", conclusion="Chủ trì kết luận ba việc.")


def _meeting(adopted_at: datetime = _ENDED, **changes: Any) -> Meeting:
    adopted = papers.adopted()
    assert adopted.minutes is not None
    written = msgspec.structs.replace(papers.minutes(sections=_GOOD), **changes)
    return msgspec.structs.replace(
        adopted, minutes=msgspec.structs.replace(adopted.minutes, written=written), adopted_at=adopted_at
    )


def _found(meeting: Meeting, *others: Held, bars: Bars = _BARS) -> dict[Code, Signal]:
    return {signal.code: signal for signal in signals.of_meeting(meeting, bars, others)}


def test_good_minutes_give_none() -> None:
    assert _found(_meeting()) == {}


def test_a_meeting_without_minutes_gives_none() -> None:
    assert signals.of_meeting(msgspec.structs.replace(_meeting(), minutes=None), _BARS, []) == []


def test_required_sections_empty_or_thin() -> None:
    found = _found(_meeting(sections=Sections(opening=" \n", conclusion="Nhất trí.")))
    assert (found["section-empty"].field, found["section-empty"].source) == ("sections.opening", "HD 1")
    short = found["section-short"]
    assert (short.field, short.count, short.limit, short.source) == ("sections.conclusion", 9, 20, "HD 2")


def test_conclusions_item_by_item_are_a_conclusion() -> None:
    found = _found(
        _meeting(sections=Sections(opening="Mở."), conclusions=(Conclusion("Đường", "Làm xong 300 m trước mùa mưa."),))
    )
    assert found == {}


def test_no_conclusion_no_task() -> None:
    found = _found(_meeting(sections=Sections(opening="Mở đầu."), tasks=()))
    assert {"no-conclusion", "section-empty", "no-task"} == set(found)


def test_a_thematic_meeting_without_resolution_need_give_no_task() -> None:
    meeting = _meeting(tasks=(), resolution=None)
    assert set(_found(meeting)) == {"no-task"}
    thematic = msgspec.structs.replace(meeting, plan=papers.plan(kind="thematic"))
    assert _found(thematic) == {}


@pytest.mark.parametrize(
    ("text", "counted"),
    [
        ("Có 05 ý kiến phát biểu, đều nhất trí.", 5),
        ("Hội nghị có bảy đồng chí phát biểu", 7),
        ("có 12 lượt ý kiến; 3 đồng chí đã tham gia ý kiến", 12),
        ("mười một đảng viên đóng góp ý kiến", 11),
        ("Một số ý kiến đề nghị làm sớm. Năm 2026 làm 300 m.", 0),
        ("", 0),
    ],
)
def test_speakers_a_text_counts(text: str, counted: int) -> None:
    assert signals.speakers_counted(text) == counted


def test_speakers_counted_and_not_named() -> None:
    text = "Có 5 ý kiến phát biểu."
    found = _found(_meeting(sections=msgspec.structs.replace(_GOOD, discussion=text)))
    assert found["speakers-not-named"].count == 4
    assert "no-speaker-named" in _found(
        _meeting(sections=msgspec.structs.replace(_GOOD, discussion="Thảo luận sôi nổi."), opinions=())
    )


@pytest.mark.parametrize(
    ("adopted", "code", "count"),
    [
        (timedelta(minutes=15), None, None),
        (timedelta(minutes=16), "adopted-after-the-end", 16),
        (timedelta(minutes=-45), None, None),
        (timedelta(minutes=-46), "adopted-long-before-the-end", 46),
        (timedelta(hours=-3), "adopted-before-the-start", 90),
    ],
)
def test_when_the_minutes_were_adopted(adopted: timedelta, code: Code | None, count: int | None) -> None:
    found = _found(_meeting(_ENDED + adopted))
    assert {name: signal.count for name, signal in found.items()} == ({code: count} if code else {})


def test_minutes_not_adopted_count_once_the_meeting_is_over() -> None:
    draft = msgspec.structs.replace(_meeting(), adopted_at=None, status="planned", revision=0)
    assert signals.of_meeting(draft, _BARS, [], now=_ENDED) == []
    assert [signal.code for signal in signals.of_meeting(draft, _BARS, [], now=_ENDED + timedelta(minutes=1))] == [
        "not-adopted"
    ]
    assert signals.of_meeting(draft, _BARS, []) == []


def test_times_that_cannot_be() -> None:
    first = STARTS - timedelta(hours=1)
    assert _found(_meeting(ended_at=first, adopted_at=STARTS))["ended-before-the-start"].count == 60
    late = STARTS + timedelta(hours=5, minutes=1)
    assert {"too-long", "outside-its-day"} == set(_found(_meeting(late, ended_at=late)))
    early = STARTS - timedelta(days=1)
    assert "outside-its-day" in _found(_meeting(early, started_at=early, ended_at=early + timedelta(hours=1)))


def test_two_meetings_of_a_branch_at_once() -> None:
    meeting = _meeting()
    other = Held(UUID(int=9), _ENDED - timedelta(minutes=1), _ENDED + timedelta(hours=1))
    after = Held(UUID(int=8), _ENDED, _ENDED + timedelta(hours=1))
    same = Held(meeting.meeting_id, STARTS, _ENDED)
    assert _found(meeting, after, same) == {}
    assert _found(meeting, other, after)["two-at-once"].count == 1


def test_without_a_dated_rule_nothing_is_measured() -> None:
    bars = Bars((), None, None, None)
    assert _found(_meeting(_ENDED + timedelta(days=3), sections=Sections(conclusion="x")), bars=bars) == {}


def test_what_is_published_is_codes_and_counts() -> None:
    found = signals.of_meeting(_meeting(sections=Sections(), tasks=()), _BARS, [])
    assert signals.published(found) == {
        "codes": ["no-conclusion", "no-task", "section-empty"],
        "sections_empty": 2,
        "sections_short": 0,
        "speakers_not_named": 0,
    }


def test_every_signal_has_words_in_both_languages() -> None:
    codes: tuple[Code, ...] = Code.__args__  # type: ignore[attr-defined]  # a Literal's own values
    for code in codes:
        said = signal_words.words(Signal(code, "sections.opening", 3, 5), {"opening": Text("Khai mạc", "Opening")})
        assert said.vi
        assert said.en
        assert said.vi != said.en
