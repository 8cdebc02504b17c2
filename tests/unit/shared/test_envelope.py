"""The envelope, held against the official SDK's Kafka binding (binary mode)."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import msgspec
import pytest
from cloudevents.core.bindings.kafka import KafkaMessage, from_binary, to_binary
from cloudevents.core.formats.json import JSONFormat
from cloudevents.core.v1.event import CloudEvent
from hypothesis import given
from hypothesis import strategies as st

from shared import tracing
from shared.envelope import Event, Received, Record, attributes, to_record
from shared.errors import Impossible

TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), min_size=1)
DATA = st.dictionaries(
    st.text(max_size=5), st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(), max_size=5
)
TIMES = st.datetimes(min_value=datetime(1990, 1, 1), max_value=datetime(2100, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - hypothesis adds the zone


def event(data: dict[str, Any] | None, **changes: Any) -> Event:
    whole = {"topic": "registry.units.v1", "type": "registry.unit.v1", "source": "urn:nenep:registry", "key": "k"}
    return Event(**whole | changes, data=data)


def received(record: Record, **changes: bytes | None) -> Received:
    headers = [(name, changes.get(name, value)) for name, value in record.headers]
    kept = [(name, value) for name, value in headers if value is not None]
    return Received(record.topic, 0, 0, record.key, record.value, kept)


@given(DATA, TEXTS, TIMES)
def test_the_sdk_reads_what_we_write(data: dict[str, Any], key: str, time: datetime) -> None:
    sent = event(data, key=key, time=time)
    record = to_record(sent)
    assert record.value is not None
    read = from_binary(KafkaMessage(dict(record.headers), record.key, record.value), JSONFormat(), CloudEvent)
    assert read.get_data() == data
    assert read.get_specversion() == "1.0"
    assert (read.get_id(), read.get_type(), read.get_source()) == (str(sent.id), sent.type, sent.source)
    assert (read.get_subject(), read.get_extension("partitionkey")) == (key, key)
    assert read.get_time() == time
    assert read.get_datacontenttype() == "application/json"


@given(DATA, TIMES)
def test_we_read_what_the_sdk_writes(data: dict[str, Any], time: datetime) -> None:
    theirs = CloudEvent(
        {
            "id": "an-id",
            "type": "registry.unit.v1",
            "source": "urn:elsewhere",
            "specversion": "1.0",
            "time": time,
            "datacontenttype": "application/json",
            "partitionkey": "k",
            "traceparent": "00-" + "a" * 32 + "-" + "b" * 16 + "-01",
        },
        data,
    )
    message = to_binary(theirs, JSONFormat())
    key = message.key.encode() if isinstance(message.key, str) else message.key
    about = attributes(Received("t", 0, 0, key, message.value, list(message.headers.items())))
    assert (about.id, about.type, about.time) == ("an-id", "registry.unit.v1", time)
    assert about.traceparent == theirs.get_extension("traceparent")
    assert msgspec.json.decode(message.value) == data


def test_an_event_that_is_gone_is_a_tombstone_of_its_key() -> None:
    record = to_record(event(None, key="gone"))
    assert (record.key, record.value) == (b"gone", None)
    assert "content-type" not in dict(record.headers)
    assert attributes(received(record)).type == "registry.unit.v1"


def test_the_trace_in_force_travels_and_none_leaves_no_header() -> None:
    traceparent = tracing.begin(None)
    assert attributes(received(to_record(event({})))).traceparent == traceparent
    assert attributes(received(to_record(event({}, traceparent="")))).traceparent is None


def test_two_events_have_ids_of_their_own_in_the_order_they_were_made() -> None:
    ids = [event({}).id for _ in range(100)]
    assert len(set(ids)) == 100
    assert ids == sorted(ids)
    assert {made.version for made in ids} == {7}


def test_a_time_with_any_offset_is_the_same_instant() -> None:
    local = datetime(2026, 7, 3, 19, 30, tzinfo=timezone(timedelta(hours=7)))
    about = attributes(received(to_record(event({}, time=local))))
    assert about.time == datetime(2026, 7, 3, 12, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("header", "value", "said"),
    [
        ("ce_specversion", b"0.3", "ce_specversion is not 1.0"),
        ("ce_specversion", None, "ce_specversion is missing"),
        ("ce_id", None, "ce_id is missing"),
        ("ce_type", None, "ce_type is missing"),
        ("ce_time", None, "ce_time is missing"),
        ("ce_time", b"yesterday", "cannot be read"),
        ("ce_time", b"2026-07-03T12:30:00", "no offset"),
        ("ce_type", b"\xff\xfe", "cannot be read"),
    ],
)
def test_what_is_no_cloudevent_is_impossible_and_says_why(header: str, value: bytes | None, said: str) -> None:
    record = to_record(event({}))
    with pytest.raises(Impossible, match=said) as impossible:
        attributes(received(record, **{header: value}))
    assert impossible.value.reason == "not-a-cloudevent"
