"""Faults of the stream, each injected into the real worker over a real broker and database. The figures stay right."""

from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from functools import partial
from random import Random
from uuid import UUID

import pytest
from kafka import KafkaAdminClient, OffsetAndMetadata, TopicPartition

from services.evaluation.merger import GROUP
from shared.envelope import Event, Record, to_record
from tests.broker.conftest import Province
from tests.support.events import event, meeting, unit
from tests.support.waiting import until

PROVINCE, DISTRICT = UUID(int=1), UUID(int=2)
BRANCHES = [UUID(int=10 + number) for number in range(8)]
MEETINGS = "meetings.meetings.v1"
DEAD_LETTERS = f"{GROUP}.dlq"


def tree() -> list[dict[str, object]]:
    return [
        unit(PROVINCE, None, kind="province_committee", level="province"),
        unit(DISTRICT, PROVINCE, kind="direct_committee", level="district"),
        *(unit(branch, DISTRICT, kind="grassroots_branch", level="grassroots") for branch in BRANCHES),
    ]


def year(count: int) -> list[dict[str, object]]:
    random = Random(7)
    return [meeting(random.choice(BRANCHES), f"2025-{random.randint(1, 12):02d}") for _ in range(count)]


def poison(key: str) -> Record:
    """A record among the meetings that no retry can apply."""
    headers = to_record(event("meetings.meeting.v1", meeting(BRANCHES[0], "2025-06"))).headers
    return Record(MEETINGS, key.encode(), b'{"half": ', headers)


def require_set_aside_once(province: Province, keys: Sequence[str]) -> None:
    """The records of these keys, and no other, are dead letters, each once: a merge that is done twice shows here,
    while a fact that is stored twice is the same fact."""
    with province.connect() as conn:
        rows = conn.execute("select convert_from(key, 'UTF8') from outbox where topic = %s", (DEAD_LETTERS,)).fetchall()
    letters = Counter(str(key) for (key,) in rows)
    assert {key: count for key, count in letters.items() if count > 1} == {}, "set aside more than once"
    assert sorted(letters) == sorted(keys)


def _merged(province: Province, count: int) -> bool:
    return province.position(MEETINGS) >= count


def test_killed_again_and_again_it_counts_each_meeting_once(province: Province) -> None:
    province.send_units(*tree())
    province.send_meetings(*year(3000))
    for reached in (200, 900, 1800):
        province.worker.start()
        until(partial(_merged, province, reached), what=f"{reached} meetings merged")
        province.worker.kill()
    province.worker.start()
    until(lambda: province.position(MEETINGS) == 3000, what="every meeting merged")
    until(lambda: province.held(PROVINCE) == 3000, what="the province's figure")
    assert province.held(DISTRICT) == 3000
    assert sum(province.held(branch) for branch in BRANCHES) == 3000
    assert province.scalar("select count(*) from meeting_fact") == 3000


def test_nothing_is_acked_before_it_is_committed(province: Province) -> None:
    """Ack is the last step: a batch whose commit never came is read again, though nothing else follows it."""
    province.send_units(*tree())
    province.worker.start()
    until(lambda: province.position("registry.units.v1") == len(tree()), what="the tree")
    with province.connect() as conn, conn.transaction():
        conn.execute("lock table stream_position in access exclusive mode")
        province.send_meetings(meeting(BRANCHES[0], "2025-06"))
        until(
            lambda: province.worker.metric("nenep_merge_retries_total") > 0,
            what="the worker to wait for the locked database",
        )
        assert province.acked(MEETINGS) == 0
        province.worker.kill()
    assert province.held(PROVINCE) == 0
    province.worker.start()
    until(lambda: province.held(PROVINCE) == 1, what="the meeting whose commit never came")


def test_a_hole_the_engine_leaves_is_read_again(province: Province) -> None:
    """A batch that begins above the position left something out (faust-streaming/faust#606): it is read again."""
    province.send_units(*tree())
    province.worker.start()
    province.send_meetings(*(meeting(BRANCHES[0], f"2025-{month:02d}") for month in range(1, 13)))
    until(lambda: province.held(PROVINCE) == 12, what="the first meetings")
    with province.connect() as conn, conn.transaction():
        # As if the engine had skipped them: nothing of them is here, and the position stands before them.
        conn.execute("truncate meeting_fact, unit_month")
        conn.execute("update stream_position set next_offset = 0 where topic = %s", (MEETINGS,))
    # One more record in each partition shows the worker what it has not seen.
    province.send_meetings(*_one_in_each_partition())
    until(lambda: province.held(PROVINCE) == 12, what="the twelve meetings that were left out")
    assert province.worker.metric("nenep_offset_gaps_total") == 12


def test_a_database_behind_the_committed_offsets_catches_up_by_itself(province: Province) -> None:
    """A restored backup: Kafka would go on after what the database lacks, and nothing new comes to show it."""
    province.send_units(*tree())
    province.worker.start()
    until(lambda: province.position("registry.units.v1") == len(tree()), what="the tree")
    assert province.worker.terminate() == 0
    province.send_meetings(*(meeting(BRANCHES[0], f"2025-{month:02d}") for month in range(1, 13)))
    admin = KafkaAdminClient(bootstrap_servers=province.servers.bootstrap)
    partitions = [TopicPartition(MEETINGS, number) for number in range(12)]
    admin.alter_group_offsets(GROUP, {at: OffsetAndMetadata(_end(province, at), "", -1) for at in partitions})
    admin.close()
    assert province.held(PROVINCE) == 0
    province.worker.start()
    assert province.held(PROVINCE) == 12


def _one_in_each_partition() -> list[dict[str, object]]:
    found: dict[int, dict[str, object]] = {}
    while len(found) < 12:
        one = meeting(BRANCHES[1], "2025-06", kind="committee")
        found.setdefault(_partition_of(str(one["meeting_id"])), one)
    return list(found.values())


def _end(province: Province, partition: TopicPartition) -> int:
    from kafka import KafkaConsumer

    consumer = KafkaConsumer(bootstrap_servers=province.servers.bootstrap, enable_auto_commit=False)
    try:
        return int(consumer.end_offsets([partition])[partition])
    finally:
        consumer.close(autocommit=False)


def _partition_of(key: str) -> int:
    from kafka.partitioner.default import murmur2

    return int((murmur2(key.encode()) & 0x7FFFFFFF) % 12)


def test_what_cannot_be_applied_is_set_aside_once_and_the_rest_goes_on(province: Province) -> None:
    province.send_units(*tree())
    good = to_record(event("meetings.meeting.v1", meeting(BRANCHES[0], "2025-06")))
    unknown = [(name, b"other.kind.v9" if name == "ce_type" else value) for name, value in good.headers]
    impossible = meeting(BRANCHES[1], "2025-06", attendance={**year(1)[0]["attendance"], "present": 11})  # type: ignore[dict-item]  # a fixture's free form
    poison = [
        Record(MEETINGS, b"malformed", b'{"half": ', good.headers),
        Record(MEETINGS, b"unknown", good.value, unknown),
        Record(MEETINGS, b"bare", b"\xff\x00", []),
        to_record(Event(topic=MEETINGS, type="meetings.meeting.v1", source="/test", key="impossible", data=impossible)),
    ]
    province.send(*poison)
    province.send_meetings(*year(200))
    province.worker.start()
    until(lambda: province.held(PROVINCE) == 200, what="the good meetings")
    until(lambda: province.position(MEETINGS) == 204, what="the bad ones passed")
    province.worker.kill()
    province.worker.start()
    province.send_meetings(meeting(BRANCHES[0], "2025-12"))
    until(lambda: province.held(PROVINCE) == 201, what="one more after a restart")
    with province.connect() as conn:
        letters = conn.execute("select key, value, headers from outbox where topic = %s", (DEAD_LETTERS,)).fetchall()
    assert {(bytes(key), bytes(value)) for key, value, _ in letters} == {(one.key, one.value) for one in poison}  # type: ignore[call-overload]  # psycopg gives bytea as bytes
    assert len(letters) == len(poison)
    reasons = b"".join(bytes(headers) for _, _, headers in letters)  # type: ignore[call-overload]  # as above
    for reason in (b"malformed", b"unknown-type", b"not-a-cloudevent", b"impossible-value"):
        assert reason in reasons


def test_a_flood_of_what_cannot_be_applied_stops_the_stream_and_loses_nothing(province: Province) -> None:
    province.send_units(*tree())
    province.send_meetings(*year(50))
    province.worker.start()
    until(lambda: province.held(PROVINCE) == 50, what="the good meetings")
    template = to_record(event("meetings.meeting.v1", meeting(BRANCHES[0], "2025-06")))
    province.send(*(Record(MEETINGS, b"one key", b"{", template.headers) for _ in range(150)))
    until(province.worker.ended, what="the worker to stop")
    assert "cannot be applied" in province.worker.log()
    assert province.scalar("select count(*) from outbox where topic = %s", DEAD_LETTERS) <= 100
    assert province.position(MEETINGS) < 200


def test_a_database_that_is_away_is_waited_for(province: Province) -> None:
    province.send_units(*tree())
    province.send_meetings(*year(500))
    province.worker.start()
    until(lambda: province.held(PROVINCE) > 0, what="the first meetings")
    province.servers.postgres.kill()
    province.send_meetings(*year(300))
    until(lambda: province.worker.probe("readyz") == 503, what="readiness to say that the database is away")
    assert province.worker.probe("livez") == 200
    province.servers.postgres.start()
    until(lambda: province.position(MEETINGS) == 800, what="everything merged")
    assert province.held(PROVINCE) == 800
    assert not province.worker.ended()


def test_a_broker_that_is_away_is_waited_for(province: Province) -> None:
    province.send_units(*tree())
    province.send_meetings(*year(200))
    province.worker.start()
    until(lambda: province.held(PROVINCE) == 200, what="the first meetings")
    province.servers.kafka.kill()
    province.servers.kafka.start()
    province.send_meetings(*year(100))
    until(lambda: province.held(PROVINCE) == 300, what="the meetings after the broker came back", seconds=120)


def test_asked_to_stop_it_stops_with_its_work_committed(province: Province) -> None:
    province.send_units(*tree())
    province.send_meetings(*year(1500))
    province.worker.start()
    until(lambda: province.position(MEETINGS) > 100, what="some of the meetings")
    assert province.worker.terminate() == 0
    merged = province.position(MEETINGS)
    assert province.scalar("select count(*) from meeting_fact") == merged
    province.worker.start()
    until(lambda: province.held(PROVINCE) == 1500, what="the rest")


def test_a_topic_made_again_stops_it(province: Province) -> None:
    province.send_units(*tree())
    province.worker.start()
    until(lambda: province.position("registry.units.v1") == len(tree()), what="the tree")
    province.worker.terminate()
    with province.connect() as conn:
        conn.execute("update stream_position set topic_id = 'another' where topic = %s", (MEETINGS,))
    with pytest.raises(AssertionError, match="has been made again"):
        province.worker.start()


def test_without_the_compiled_stream_it_does_not_start(province: Province) -> None:
    """The pure-Python stream acks messages it skipped (pitfalls, 6)."""
    pure = province.another_worker(NO_CYTHON="1")
    try:
        with suppress(AssertionError):
            pure.start()
        until(pure.ended, what="the worker without the compiled stream to end")
        assert pure.status != 0
        assert "compiled stream extension is missing" in pure.log()
    finally:
        pure.kill()
