"""The outbox: events written in the transaction of the change they tell of.

A row is a Kafka record to the byte. Rows are marked when Kafka has acknowledged them, never remembered by position:
sequence order is not commit order, and a reader that remembers "last id" loses the row that commits late
(event-driven.io, "How Postgres sequences issues can impact your messaging guarantees"). One key's rows are in order
because the aggregate's version is assigned under its row's lock.
"""

from collections.abc import Sequence
from typing import Final

import msgspec

from shared.contracts import catalogue
from shared.db import Connection
from shared.envelope import Event, Headers, Record, to_record

DDL: Final = """
create table outbox (
    position    bigint generated always as identity primary key,
    topic       text not null,
    key         bytea,
    value       bytea,
    headers     bytea not null,
    enqueued_at timestamptz not null default clock_timestamp(),
    sent_at     timestamptz
);
create index outbox_unsent on outbox (position) where sent_at is null;
create index outbox_sent on outbox (sent_at) where sent_at is not null;
"""
CHANNEL: Final = "outbox"

# Binary arrays (%b): in text form psycopg escapes every element in Python, which took longer than the insert itself.
# NOTIFY is a hint only: delivered at commit, never stored (PostgreSQL manual, NOTIFY); the relay also polls.
_INSERT = """
with added as (
    insert into outbox (topic, key, value, headers)
    select * from unnest(%b::text[], %b::bytea[], %b::bytea[], %b::bytea[])
)
select pg_notify(%s, '')
"""
_pack = msgspec.msgpack.Encoder()
_unpack = msgspec.msgpack.Decoder(Headers)


def append(conn: Connection, events: Sequence[Event]) -> None:
    """Publish `events` with the transaction of `conn`, in this order. Raises catalogue.ContractError."""
    for event in events:
        if event.data is not None:
            catalogue.validate(event.type, event.data)
    append_records(conn, [to_record(event) for event in events])


def append_records(conn: Connection, records: Sequence[Record]) -> None:
    """The same for records that are already encoded (dead letters keep the bytes they came with)."""
    if not records:
        return
    conn.execute(
        _INSERT,
        (
            [record.topic for record in records],
            [record.key for record in records],
            [record.value for record in records],
            [_pack.encode(record.headers) for record in records],
            CHANNEL,
        ),
    )


class Unsent(msgspec.Struct, frozen=True):
    """An outbox row that Kafka has not acknowledged yet."""

    position: int
    record: Record


def unsent(conn: Connection, limit: int) -> list[Unsent]:
    """The first `limit` unsent rows, in order."""
    rows = conn.execute(
        "select position, topic, key, value, headers from outbox where sent_at is null order by position limit %s",
        (limit,),
    )
    return [
        Unsent(position, Record(topic, key, value, _unpack.decode(headers)))
        for position, topic, key, value, headers in msgspec.convert(
            rows.fetchall(), list[tuple[int, str, bytes | None, bytes | None, bytes]]
        )
    ]


def mark_sent(conn: Connection, positions: Sequence[int]) -> None:
    """Remember that Kafka has these rows."""
    conn.execute("update outbox set sent_at = clock_timestamp() where position = any(%s)", (list(positions),))


def depth(conn: Connection) -> tuple[int, float]:
    """How many rows are unsent, and the age of the oldest in seconds (0 when there is none)."""
    row = conn.execute(
        """
        select count(*), coalesce(extract(epoch from clock_timestamp() - min(enqueued_at)), 0)::float
        from outbox where sent_at is null
        """
    ).fetchone()
    return msgspec.convert(row, tuple[int, float])


def purge(conn: Connection, keep_days: int, limit: int) -> int:
    """Delete up to `limit` rows sent more than `keep_days` days ago; returns how many."""
    return conn.execute(
        """
        delete from outbox where position in (
            select position from outbox where sent_at < clock_timestamp() - make_interval(days => %s) limit %s)
        """,
        (keep_days, limit),
    ).rowcount
