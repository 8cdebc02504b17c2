"""CloudEvents 1.0 over Kafka in binary mode: attributes travel in `ce_` headers, data is the record's value.

A record with no value is a tombstone of its key. https://github.com/cloudevents/spec, Kafka binding, section 3.2.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from operator import itemgetter
from typing import Any, TypeVar, cast
from uuid import UUID

import msgspec

from shared import tracing
from shared.errors import Impossible
from shared.ids import new_id

Headers = list[tuple[str, bytes]]
T = TypeVar("T")

_json = msgspec.json.Encoder()
_value = itemgetter(1)


class Event(msgspec.Struct, frozen=True, kw_only=True):
    """The state of one aggregate after one change.

    `data` is the whole aggregate, None when it is gone; `key` its id; `time` the real instant at which its service
    wrote it (never a rehearsal's clock: freshness is measured from it).
    """

    topic: str
    type: str
    source: str
    key: str
    data: dict[str, Any] | None
    id: UUID = msgspec.field(default_factory=new_id)
    time: datetime = msgspec.field(default_factory=lambda: datetime.now(UTC))
    traceparent: str = msgspec.field(default_factory=tracing.current)


class Record(msgspec.Struct, frozen=True):
    """A Kafka record to be sent: what the outbox keeps and the relay sends, to the byte."""

    topic: str
    key: bytes | None
    value: bytes | None
    headers: Headers


class Received(msgspec.Struct, frozen=True, gc=False):
    """A Kafka record as it was read."""

    topic: str
    partition: int
    offset: int
    key: bytes | None
    value: bytes | None
    headers: Sequence[tuple[str, bytes]]


def headers_of(given: Sequence[tuple[str, bytes | None]] | None) -> tuple[tuple[str, bytes], ...]:
    """A record's headers as a client gives them; Kafka allows one without a value, which is read as an empty one."""
    headers = tuple(given or ())
    if None in map(_value, headers):
        return tuple([(name, value or b"") for name, value in headers])
    return cast(tuple[tuple[str, bytes], ...], headers)


def to_record(event: Event) -> Record:
    """The record that carries `event`."""
    headers = [
        ("ce_specversion", b"1.0"),
        ("ce_id", str(event.id).encode()),
        ("ce_type", event.type.encode()),
        ("ce_source", event.source.encode()),
        ("ce_time", event.time.isoformat().encode()),
        ("ce_subject", event.key.encode()),
        ("ce_partitionkey", event.key.encode()),
    ]
    if event.traceparent:
        headers.append(("ce_traceparent", event.traceparent.encode()))
    if event.data is None:
        return Record(event.topic, event.key.encode(), None, headers)
    headers.append(("content-type", b"application/json"))
    return Record(event.topic, event.key.encode(), _json.encode(event.data), headers)


class Attributes(msgspec.Struct, frozen=True, gc=False):
    """What the headers of a received event say."""

    id: str
    type: str
    time: datetime
    traceparent: str | None


def attributes(record: Received) -> Attributes:
    """The CloudEvents attributes of `record`. Raises Impossible when it is not a CloudEvent of version 1."""
    given = dict(record.headers)
    try:
        if given["ce_specversion"] != b"1.0":
            raise Impossible("not-a-cloudevent", "ce_specversion is not 1.0")
        time = datetime.fromisoformat(given["ce_time"].decode())
        if time.tzinfo is None:
            raise Impossible("not-a-cloudevent", "ce_time has no offset from UTC")
        traceparent = given.get("ce_traceparent")
        return Attributes(
            given["ce_id"].decode(), given["ce_type"].decode(), time, traceparent.decode() if traceparent else None
        )
    except KeyError as missing:
        raise Impossible("not-a-cloudevent", f"the header {missing.args[0]} is missing") from None
    except ValueError:
        raise Impossible("not-a-cloudevent", "a ce_ header cannot be read") from None


def data_of(record: Received, about: Attributes, type_: str, decoder: msgspec.json.Decoder[T]) -> T:
    """The data of a record that can only carry an event of `type_`, which is never removed. Raises Impossible."""
    if about.type != type_:
        raise Impossible("unknown-type", f"{record.topic} carries no {about.type}")
    if record.value is None:
        raise Impossible("unexpected-tombstone", f"{type_} is never removed")
    try:
        return decoder.decode(record.value)
    # msgspec wraps neither texts that are not UTF-8 nor nesting without end into its own error.
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Impossible("malformed", str(error)) from None
