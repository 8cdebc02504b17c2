"""What cannot be judged is named, and never an exception that would stop the stream."""

from datetime import date
from typing import Any
from uuid import uuid4

import msgspec
import pytest

from services.notifications import stream
from services.notifications.domain.meetings import Meeting
from shared.envelope import Received, attributes
from shared.errors import Impossible
from tests.support import events

STATE = events.meeting(uuid4(), "2026-07")


def decoded(value: bytes) -> stream.Change:
    sample = events.received("meetings.meeting.v1", STATE)
    record = Received(sample.topic, 0, 0, sample.key, value, sample.headers)
    return stream.decode(record, attributes(record))


def test_a_meeting_falls_on_its_local_day() -> None:
    late = decoded(msgspec.json.encode({**STATE, "starts_at": "2026-07-03T17:30:00Z"}))
    assert isinstance(late, Meeting)
    assert late.day == date(2026, 7, 4)


@pytest.mark.parametrize(
    "changes",
    [
        {"starts_at": "9999-12-31T23:00:00Z"},
        {"starts_at": "2026-07-03T19:30:00"},
        {"version": 2**63},
        {"tasks_assigned": 2**31},
        {"attendance": {"owed": -1, "present": 0}},
        {"period": "2026-13"},
        {"status": "lost"},
    ],
)
def test_values_no_rule_can_judge_are_impossible(changes: dict[str, Any]) -> None:
    with pytest.raises(Impossible):
        decoded(msgspec.json.encode({**STATE, **changes}))


@pytest.mark.parametrize("value", [b'{"meeting_id": "\xff"}', b'{"x": ' + b"[" * 100_000])
def test_bytes_that_are_no_text_or_have_no_end_are_malformed(value: bytes) -> None:
    with pytest.raises(Impossible) as impossible:
        decoded(value)
    assert impossible.value.reason == "malformed"
