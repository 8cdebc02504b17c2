"""What every consumer does with a batch: drop what is merged, set the impossible aside, stop when that floods in."""

from collections.abc import Sequence

import pytest
from psycopg.errors import LockNotAvailable

from shared import db
from shared.envelope import Attributes, Event, Received, Record, to_record
from shared.errors import Impossible
from shared.kafka import batch, positions
from shared.kafka.batch import REJECTED_RUN_LIMIT, Decoded, Flooded
from shared.kafka.positions import Position, TopicRecreated
from shared.outbox import table

GROUP = "test.group"
TOPIC = "test.numbers.v1"


@pytest.fixture(autouse=True)
def registered(conn: db.Connection) -> None:
    """The group stands at the start of two partitions."""
    positions.register(conn, GROUP, {(TOPIC, 0): 0, (TOPIC, 1): 0}, {TOPIC: "first"})


def number(value: int | None, offset: int, partition: int = 0) -> Received:
    """A record that carries `value`; None makes one that no retry can apply."""
    data = {"value": value}
    record = to_record(Event(topic=TOPIC, type="number", source="urn:test", key="k", data=data))
    return Received(TOPIC, partition, offset, record.key, record.value, record.headers)


def decode(record: Received, about: Attributes) -> int:
    if record.value == b'{"value":null}':
        raise Impossible("malformed", f"an event of type {about.type} has no value")
    return int((record.value or b"").removeprefix(b'{"value":').removesuffix(b"}"))


def apply(conn: db.Connection, events: Sequence[Decoded[int]], /) -> int:
    conn.execute("insert into applied select * from unnest(%s::int[])", ([event.data for event in events],))
    return len(events)


def merge(conn: db.Connection, *records: Received) -> int:
    with conn.transaction():
        return batch.merge(conn, GROUP, records, decode, apply).count


def applied(conn: db.Connection) -> list[object]:
    return [value for (value,) in conn.execute("select value from applied order by value").fetchall()]


def dead(conn: db.Connection) -> list[Record]:
    return [row.record for row in table.unsent(conn, 1000)]


def stands(conn: db.Connection, partition: int = 0) -> Position:
    return positions.all_positions(conn, GROUP)[TOPIC, partition]


def test_positions_advance_with_what_was_merged_partition_by_partition(conn: db.Connection) -> None:
    assert merge(conn, number(1, 0), number(2, 4), number(3, 7, partition=1)) == 3
    assert (stands(conn, 0), stands(conn, 1)) == (Position(5, 0), Position(8, 0))
    assert applied(conn) == [1, 2, 3]


def test_what_lies_below_the_position_is_dropped(conn: db.Connection) -> None:
    merge(conn, number(1, 0), number(2, 1))
    assert merge(conn, number(1, 0), number(2, 1)) == 0
    assert merge(conn, number(2, 1), number(3, 2)) == 1
    assert applied(conn) == [1, 2, 3]


def test_an_impossible_record_becomes_a_dead_letter_to_the_byte_with_its_reason(conn: db.Connection) -> None:
    record = number(None, 5, partition=1)
    assert merge(conn, number(1, 0), record) == 2
    (letter,) = dead(conn)
    assert (letter.topic, letter.key, letter.value) == (f"{GROUP}.dlq", record.key, record.value)
    assert letter.headers[: len(record.headers)] == list(record.headers)
    about = {name: value.decode() for name, value in letter.headers if name.startswith("dlt-")}
    assert about.pop("dlt-at")
    assert about == {
        "dlt-topic": TOPIC,
        "dlt-partition": "1",
        "dlt-offset": "5",
        "dlt-reason": "malformed",
        "dlt-detail": "an event of type number has no value",
        "dlt-consumer": GROUP,
    }
    assert applied(conn) == [1]
    assert stands(conn, 1) == Position(6, 1)


def test_a_record_that_is_no_cloudevent_is_dead_even_when_it_could_be_decoded(conn: db.Connection) -> None:
    bare = Received(TOPIC, 0, 0, b"k", b'{"value":1}', ())
    assert merge(conn, bare) == 1
    (letter,) = dead(conn)
    assert dict(letter.headers)["dlt-reason"] == b"not-a-cloudevent"
    assert applied(conn) == []


def test_when_half_a_batch_is_impossible_nothing_of_it_is_merged(conn: db.Connection) -> None:
    good, bad = 24, 26
    records = [number(value if value < good else None, value) for value in range(good + bad)]
    with pytest.raises(Flooded, match="26 of 50"):
        merge(conn, *records)
    assert (applied(conn), dead(conn), stands(conn)) == ([], [], Position(0, 0))
    assert merge(conn, *records[:-2]) == 48


def test_a_long_run_of_impossible_records_stops_even_in_small_batches(conn: db.Connection) -> None:
    for offset in range(REJECTED_RUN_LIMIT):
        merge(conn, number(None, offset))
    assert stands(conn) == Position(REJECTED_RUN_LIMIT, REJECTED_RUN_LIMIT)
    with pytest.raises(Flooded, match=f"the last at offset {REJECTED_RUN_LIMIT}"):
        merge(conn, number(None, REJECTED_RUN_LIMIT))
    assert len(dead(conn)) == REJECTED_RUN_LIMIT
    assert stands(conn).next_offset == REJECTED_RUN_LIMIT


def test_a_good_record_ends_a_run(conn: db.Connection) -> None:
    merge(conn, number(None, 0), number(None, 1))
    merge(conn, number(1, 2), number(None, 3))
    assert stands(conn) == Position(4, 1)


def test_what_a_merge_raises_leaves_everything_as_it_was(conn: db.Connection) -> None:
    def broken(_conn: db.Connection, _events: Sequence[Decoded[int]], /) -> int:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError), conn.transaction():
        batch.merge(conn, GROUP, [number(1, 0), number(None, 1)], decode, broken)
    assert (dead(conn), stands(conn)) == ([], Position(0, 0))


def test_a_second_worker_waits_for_the_first_and_then_drops_what_it_merged(database: str, conn: db.Connection) -> None:
    def too_early(_conn: db.Connection, _events: Sequence[Decoded[int]], /) -> int:
        raise AssertionError("merged what another is merging")

    with db.connect(database, name="first") as first:
        batch.merge(first, GROUP, [number(1, 0)], decode, apply)
        conn.execute("set lock_timeout = '50ms'")
        with pytest.raises(LockNotAvailable), conn.transaction():
            batch.merge(conn, GROUP, [number(1, 0)], decode, too_early)
        first.commit()
    assert merge(conn, number(1, 0)) == 0
    assert applied(conn) == [1]


def test_a_partition_that_is_known_keeps_its_position(conn: db.Connection) -> None:
    merge(conn, number(1, 8))
    positions.register(conn, GROUP, {(TOPIC, 0): 3, (TOPIC, 2): 3}, {TOPIC: "first"})
    assert (stands(conn, 0).next_offset, stands(conn, 2).next_offset) == (9, 3)


def test_a_topic_that_was_made_again_stops_its_readers(conn: db.Connection) -> None:
    with pytest.raises(TopicRecreated, match="it was first, it is second"):
        positions.register(conn, GROUP, {(TOPIC, 0): 0}, {TOPIC: "second"})
    positions.register(conn, "another.group", {(TOPIC, 0): 0}, {TOPIC: "second"})
