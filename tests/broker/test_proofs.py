"""What the decision for agents without state rests on, each proof a fault in the real worker (docs/develop.md lists
them all with their guards)."""

import os
import time
from functools import partial
from urllib.error import URLError

import pytest

from shared.envelope import Event, Record
from tests.broker.conftest import Province, Worker
from tests.broker.load import Load
from tests.broker.test_evaluation_worker import (
    BRANCHES,
    DISTRICT,
    MEETINGS,
    PROVINCE,
    poison,
    require_set_aside_once,
    tree,
    year,
)
from tests.support.events import event, meeting
from tests.support.waiting import until

_CRASHED = os.EX_SOFTWARE
_KILLS = 50
_OUTAGE_SECONDS = 60.0
_REFUSES = """
create function refuse() returns trigger language plpgsql as $$
begin
    raise exception 'this branch cannot be stored';
end $$;
create trigger refuse before insert on meeting_fact for each row
    when (new.branch_id = '{}') execute function refuse();
"""
_FAILS_AT_TIMES = """
create sequence merges;
create function fail_at_times() returns trigger language plpgsql as $$
begin
    if nextval('merges') % 3 = 0 then
        raise exception 'not this time' using errcode = 'serialization_failure';
    end if;
    return null;
end $$;
create trigger fail_at_times after update on stream_position for each statement execute function fail_at_times();
"""


def _merged(province: Province, count: int) -> bool:
    return province.position(MEETINGS) >= count


def test_what_raises_within_a_batch_ends_the_worker_and_is_read_again(province: Province) -> None:
    """The agent's loop ends the process with the batch unacked; going on would leave a hole behind it."""
    province.send_units(*tree())
    province.worker.start()
    province.send_meetings(*year(300))
    until(lambda: province.held(PROVINCE) == 300, what="the first meetings")
    with province.connect() as conn:
        conn.execute(_REFUSES.format(BRANCHES[0]).encode())
    province.send_meetings(meeting(BRANCHES[0], "2025-06"), *year(200))
    until(province.worker.ended, what="the worker to end")
    assert province.worker.status == _CRASHED
    merged, acked = province.position(MEETINGS), province.acked(MEETINGS)
    assert acked <= merged < 501
    with province.connect() as conn:
        conn.execute("drop function refuse cascade")
    province.worker.start()
    until(lambda: province.position(MEETINGS) == 501, what="everything merged")
    assert (province.held(PROVINCE), province.held(DISTRICT)) == (501, 501)


@pytest.mark.timeout(900)
def test_killed_between_commit_and_ack_fifty_times_it_counts_each_meeting_once(province: Province) -> None:
    """Offsets are committed once a second: who is killed as soon as the figures are committed has not told Kafka.

    What is read again is the same fact again. So that it shows, there is in every round a record that cannot be applied
    and a correction, whose first version comes a round late.
    """
    province.send_units(*tree())
    between = sent = 0
    keys = [f"poison {number}" for number in range(_KILLS)]
    late: list[Event] = []
    for number in range(_KILLS):
        first = meeting(BRANCHES[0], "2025-06")
        correction = {**first, "version": 2, "revision": 2}
        events = [event("meetings.meeting.v1", one) for one in (*year(18), correction)]
        province.send(*events, *late, poison(keys[number]))
        sent += len(events) + len(late) + 1
        late = [event("meetings.meeting.v1", first)]
        province.worker.start()
        until(lambda: province.position("registry.units.v1") == len(tree()), what="the tree")
        until(partial(_merged, province, sent), what=f"the meetings of round {number}")
        province.worker.kill()
        between += province.acked(MEETINGS) < sent
        province.forget_members()
        require_set_aside_once(province, keys[: number + 1])
        corrected = province.scalar("select sum(corrected)::bigint from unit_month where unit_id = %s", PROVINCE)
        assert corrected == number + 1, "corrections were replaced by older versions"
    assert between > _KILLS / 2
    held = 19 * _KILLS
    assert province.scalar("select count(*) from meeting_fact") == held
    assert (province.held(PROVINCE), province.held(DISTRICT)) == (held, held)
    province.rebuilt("--verify")


def _waits(worker: Worker) -> bool:
    assert not worker.ended(), f"the worker ended while the database was away: {worker.log()}"
    try:
        return worker.metric("nenep_merge_retries_total") > 0
    except URLError:
        return False  # it has just ended


def test_a_database_away_for_a_minute_and_a_rebalance_meanwhile_lose_nothing(province: Province) -> None:
    other = province.another_worker()
    province.send_units(*tree())
    province.worker.start()
    other.start()
    try:
        with Load(province, BRANCHES) as load:
            until(lambda: province.held(PROVINCE) > 200, what="two to merge")
            until(lambda: len(province.members()) == 2, what="both in the group")
            province.servers.postgres.kill()
            back = time.monotonic() + _OUTAGE_SECONDS
            until(partial(_waits, province.worker), what="a batch to wait for the database")
            other.kill()
            until(lambda: len(province.members()) == 1, what="the group to see that one is gone")
            until(lambda: time.monotonic() > back, what="the outage's end", seconds=_OUTAGE_SECONDS + 30)
            assert _waits(province.worker)
            assert province.worker.probe("livez") == 200
            province.servers.postgres.start()
            until(lambda: province.position(MEETINGS) > 0, what="the database")
        until(partial(_merged, province, load.events), what="everything merged", seconds=120)
        assert province.held(PROVINCE) == sum(load.held.values())
        province.rebuilt("--verify")
    finally:
        other.kill()


def test_poison_under_backpressure_is_set_aside_once_and_nothing_else(province: Province) -> None:
    """Batches of ten with two thousand waiting: the stream's buffer is full all the time. A third of the merges
    fails at its last step and is done again."""
    small = {"NENEP_STREAM_BATCH": "10"}
    first, second = province.another_worker(**small), province.another_worker(**small)
    province.send_units(*tree())
    with province.connect() as conn:
        conn.execute(_FAILS_AT_TIMES)
    keys = [f"poison {number}" for number in range(50, 2000, 100)]
    sent: list[Event | Record] = []
    for number, one in enumerate(year(2000)):
        sent.append(event("meetings.meeting.v1", one))
        if f"poison {number}" in keys:
            sent.append(poison(f"poison {number}"))
    province.send(*sent)
    first.start()
    try:
        until(partial(_goes_on, province, first, 700), what="some of them merged", seconds=120)
        first.kill()
        second.start()
        until(partial(_merged, province, len(sent)), what="everything merged", seconds=120)
    finally:
        first.kill()
        second.kill()
    assert province.held(PROVINCE) == 2000
    require_set_aside_once(province, keys)


def _goes_on(province: Province, worker: Worker, count: int) -> bool:
    assert not worker.ended(), f"the worker ended at a record that cannot be applied: {worker.log()}"
    return _merged(province, count)


def test_asked_to_stop_with_a_half_full_batch_it_stops_and_keeps_what_it_took(province: Province) -> None:
    """Events wait up to a second for company: those that wait when the worker is asked to stop are merged and acked, so
    that nobody reads them again."""
    slow = province.another_worker(NENEP_STREAM_WITHIN="1", NENEP_STREAM_BATCH="500")
    province.send_units(*tree())
    slow.start()
    try:
        with Load(province, BRANCHES) as load:
            until(lambda: province.position(MEETINGS) > 0, what="a batch to be merged")
            merged, sent = province.position(MEETINGS), load.events
            until(lambda: load.events > sent, what="the next batch to begin")
        assert slow.terminate(within=5.0) == 0
        assert province.position(MEETINGS) > merged, "the half-full batch was not merged"
        assert province.acked(MEETINGS) == province.position(MEETINGS)
    finally:
        slow.kill()
    province.worker.start()
    until(partial(_merged, province, load.events), what="all of them")
    assert province.held(PROVINCE) == sum(load.held.values())
