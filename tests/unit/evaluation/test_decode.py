"""What cannot be counted is named, and never an exception that would stop the stream."""

from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import msgspec
import pytest

from services.evaluation import decode, facts
from shared.envelope import Attributes, Received
from shared.errors import Impossible
from tests.support.events import meeting

ABOUT = Attributes("id", "meetings.meeting.v1", datetime(2025, 6, 1, tzinfo=UTC), None)


def decoded(value: bytes) -> decode.Meeting:
    return decode.meeting(Received("meetings.meetings.v1", 0, 0, b"key", value, ()), ABOUT)


@pytest.mark.parametrize(
    "changes",
    [
        {"starts_at": "2025-06-03T19:30:00"},
        {"reported_at": "2025-06-04T08:00:00"},
        {"starts_at": "9999-12-31T23:59:59Z"},
        {"version": 2**63},
        {"tasks_assigned": 2**31},
        {"tasks_assigned": -1},
        {"attendance": {"owed": 2**31, "present": 2**31, "absent_with_reason": 0, "absent_without_reason": 0}},
        {"minutes": {"complete": True, "speakers": 2**31, "has_conclusion": True}},
        {"scores": {"self": {"points": 1e300}}},
        {"period": "0000-05"},
        {"period": "9999-12"},
    ],
)
def test_values_no_figure_can_hold_are_impossible(changes: dict[str, Any]) -> None:
    with pytest.raises(Impossible):
        decoded(msgspec.json.encode({**meeting(uuid4(), "2025-06"), **changes}))


@pytest.mark.parametrize(
    "value",
    [
        b'{"meeting_id": "\xff\xfe"}',
        b'{"unknown": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
        msgspec.json.encode(
            {**meeting(uuid4(), "2025-06"), "scores": {"self": {"points": 1, "max": {"here": 5}}}}
        ).replace(b"here", b"\xff\xfe"),
    ],
)
def test_bytes_that_are_no_text_or_have_no_end_are_malformed(value: bytes) -> None:
    with pytest.raises(Impossible) as impossible:
        decoded(value)
    assert impossible.value.reason == "malformed"


def test_the_greatest_values_that_are_possible_are_folded() -> None:
    most = 2**31 - 1
    attendance = {"owed": most, "present": most, "absent_with_reason": 0, "absent_without_reason": 0}
    one = decoded(msgspec.json.encode(meeting(uuid4(), "2025-06", attendance=attendance, version=2**63 - 1)))
    assert facts.meeting_facts([one]).row(0, named=True)["owed"] == most
