"""The guards that the proofs rest on."""

from typing import Final

from tests.guards.guard import BATCH, NO_POSITION, NO_VERSION, STREAM, WORKER, Edit, Guard

PROOFS: Final = {
    "a": "a batch raises",
    "b": "SIGKILL between commit and ack, fifty times",
    "c": "1 → 3 → 1 workers under load, one of them stale",
    "d": "database away for a minute, and a rebalance meanwhile",
    "e": "a batch left out",
    "f": "poison under backpressure, and commits that fail",
    "g": "SIGTERM with a half-full batch, within 5 s",
    "h": "no compiled stream",
}
"""The proofs that agents without state rest on (docs/adr/0003)."""

_PROOFS: Final = "tests/broker/test_proofs.py::"
_SCALE: Final = "tests/broker/test_scale.py::"

OF_PROOFS: Final = (
    Guard(
        name="crash",
        proof="a",
        promise="no exception leaves the agent's loop: it ends the process unacked (`stream._crash`)",
        removal="the process stays, with the batch in hand",
        edits=(Edit(STREAM, "    os._exit(_EX_SOFTWARE)", "    pass"),),
        test=_PROOFS + "test_what_raises_within_a_batch_ends_the_worker_and_is_read_again",
        fails_with="in vain for the worker to end",
    ),
    Guard(
        name="killed-position",
        proof="b",
        promise="what lies below the position is dropped",
        removal="the whole batch is merged",
        edits=NO_POSITION,
        test=_PROOFS + "test_killed_between_commit_and_ack_fifty_times_it_counts_each_meeting_once",
        fails_with="set aside more than once",
    ),
    Guard(
        name="killed-version",
        proof="b",
        promise="a fact is replaced by a newer version only",
        removal="by any that comes later",
        edits=NO_VERSION,
        test=_PROOFS + "test_killed_between_commit_and_ack_fifty_times_it_counts_each_meeting_once",
        fails_with="replaced by older versions",
    ),
    Guard(
        name="stale-position",
        proof="c",
        promise="what lies below the position is dropped, whoever brings it",
        removal="the whole batch is merged",
        edits=NO_POSITION,
        test=_SCALE + "test_from_one_worker_to_three_to_one_under_load",
        fails_with="set aside more than once",
    ),
    Guard(
        name="wait",
        proof="d",
        promise="transient errors are waited for inside (`db.until_committed`)",
        removal="they are raised as any other",
        edits=(
            Edit(
                "shared/db.py",
                "if not (is_transient(error) or isinstance(error, also)) or stopping():",
                "if True:",
            ),
        ),
        test=_PROOFS + "test_a_database_away_for_a_minute_and_a_rebalance_meanwhile_lose_nothing",
        fails_with="the worker ended while the database was away",
    ),
    Guard(
        name="holes",
        proof="e",
        promise="holes above the position are read again (`backfill.holes`)",
        removal="the position moves over them",
        edits=(Edit("services/evaluation/merger.py", "raise _Holes(unread)", "pass"),),
        test=WORKER + "test_a_hole_the_engine_leaves_is_read_again",
        fails_with="in vain for the twelve meetings that were left out",
    ),
    Guard(
        name="one-transaction",
        proof="f",
        promise="rejected records go to the outbox in the merge's own transaction",
        removal="they are committed before the positions move",
        edits=(
            Edit(
                BATCH,
                "    table.append_records(conn, dead)\n",
                "    table.append_records(conn, dead)\n    conn.commit()\n",
            ),
        ),
        test=_PROOFS + "test_poison_under_backpressure_is_set_aside_once_and_nothing_else",
        fails_with="set aside more than once",
    ),
    Guard(
        name="set-aside",
        proof="f",
        promise="what no retry can apply is set aside, and the rest of its batch goes on",
        removal="it is raised",
        edits=(Edit(BATCH, "        except Impossible as reason:\n", "        except ZeroDivisionError as reason:\n"),),
        test=_PROOFS + "test_poison_under_backpressure_is_set_aside_once_and_nothing_else",
        fails_with="the worker ended at a record that cannot be applied",
    ),
    Guard(
        name="within",
        proof="g",
        promise="what waits is merged after `stream_within`, however little it is, so that the engine can stop",
        removal="a batch waits until it is full",
        edits=(
            Edit(
                STREAM,
                "while batch := gathered.next_batch():",
                "while gathered.full and (batch := gathered.next_batch()):",
            ),
        ),
        test=_PROOFS + "test_asked_to_stop_with_a_half_full_batch_it_stops_and_keeps_what_it_took",
        fails_with=r"TimeoutExpired: .* timed out after 5\.0 seconds",
    ),
    Guard(
        name="wait-empty",
        proof="g",
        promise="the engine stops when what it handed over is merged and acked (`stream_wait_empty`)",
        removal="it stops at once",
        edits=(Edit(STREAM, "stream_wait_empty=True", "stream_wait_empty=False"),),
        test=_PROOFS + "test_asked_to_stop_with_a_half_full_batch_it_stops_and_keeps_what_it_took",
        fails_with="the half-full batch was not merged",
    ),
    Guard(
        name="cancelled",
        proof="g",
        promise="that the engine cancels the agent at its stop is no crash: the status is 0",
        removal="a cancelled merging task ends the process as a defect does",
        edits=(
            Edit(
                STREAM,
                "            except Exception as error:\n                _crash(error)\n\n        merging",
                "            except BaseException as error:\n                _crash(error)\n\n        merging",
            ),
        ),
        test=_PROOFS + "test_asked_to_stop_with_a_half_full_batch_it_stops_and_keeps_what_it_took",
        fails_with="assert 70 == 0",
    ),
    Guard(
        name="compiled",
        proof="h",
        promise="`stream.assert_compiled_stream` refuses the pure-Python stream",
        removal="it refuses nothing",
        edits=(Edit(STREAM, 'if getattr(faust.streams, "_CStreamIterator", None) is None:', "if False:"),),
        test=WORKER + "test_without_the_compiled_stream_it_does_not_start",
        fails_with="in vain for the worker without the compiled stream to end",
    ),
    Guard(
        name="compiled-asked",
        proof="h",
        promise="the worker asks it when it starts",
        removal="nobody asks",
        edits=(Edit(STREAM, "    assert_compiled_stream()\n    app = faust.App(", "    app = faust.App("),),
        test=WORKER + "test_without_the_compiled_stream_it_does_not_start",
        fails_with="in vain for the worker without the compiled stream to end",
    ),
)
