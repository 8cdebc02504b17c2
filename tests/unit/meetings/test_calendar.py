"""The calendar feed, and what is due."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import icalendar
import pytest

from services.meetings.domain import calendar, expected
from services.meetings.domain.calendar import Entry
from services.meetings.domain.expected import Due
from services.meetings.domain.rules import ExpectedRule

_AT = datetime(2026, 6, 3, 12, 30, tzinfo=UTC)


def test_a_feed_tells_times_and_kinds() -> None:
    entries = [
        Entry(UUID(int=1), 3, "regular", "adopted", _AT, 90),
        Entry(UUID(int=2), 1, "thematic", "not_held", _AT, 60),
    ]
    read: Any = icalendar.Calendar.from_ical(calendar.feed("Chi bộ thôn 1; Ia Ko", entries, _AT))
    assert str(read["X-WR-CALNAME"]) == "Chi bộ thôn 1; Ia Ko"
    first, second = read.walk("VEVENT")
    assert (first["DTSTART"].dt, first["DTEND"].dt) == (_AT, datetime(2026, 6, 3, 14, tzinfo=UTC))
    assert (first["UID"], first["SEQUENCE"], first["STATUS"]) == (f"{UUID(int=1)}@nenep", 3, "CONFIRMED")
    assert first["SUMMARY"] == "Sinh hoạt chi bộ thường kỳ"
    assert second["STATUS"] == "CANCELLED"
    assert "LOCATION" not in first
    assert "DESCRIPTION" not in first


@pytest.mark.parametrize(
    ("month", "first", "last", "end"),
    [
        ("2026-01", "2026-01", "2026-03", date(2026, 3, 31)),
        ("2026-06", "2026-04", "2026-06", date(2026, 6, 30)),
        ("2027-12", "2027-10", "2027-12", date(2027, 12, 31)),
    ],
)
def test_the_quarter_of_a_month(month: str, first: str, last: str, end: date) -> None:
    assert expected.quarter_of(month, ExpectedRule(3, (1, 31))) == (first, last, end)


def test_without_a_rule_no_thematic_meeting_is_due() -> None:
    assert expected.quarter_of("2026-06", None)[2] is None


def test_the_end_of_a_month() -> None:
    assert expected.end_of("2028-02") == date(2028, 2, 29)
    assert expected.end_of("2026-12") == date(2026, 12, 31)


@pytest.mark.parametrize("what", ["report", "regular-meeting", "thematic-meeting", "plan", "plan-to-approve"])
def test_what_is_due_is_said_in_both_languages(what: Any) -> None:
    detail = "thematic" if what == "report" else None
    said = expected.words(Due(what, UUID(int=1), UUID(int=2), detail, date(2026, 6, 30)))
    assert said.vi
    assert said.en
    assert said.vi != said.en
