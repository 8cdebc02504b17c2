"""Every guard: what is changed to take it out, the test that then fails, and the words it fails with.

Guards stand behind each other. So a declaration names the failure that shows its own guard's absence; that the test
fails somehow is not enough.
"""

from typing import Final

import msgspec

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

_BATCH: Final = "shared/kafka/batch.py"
_STREAM: Final = "services/evaluation/stream.py"
_FEW: Final = "services/evaluation/few.py"
_MERGE: Final = "services/evaluation/merge.py"
_PROOFS: Final = "tests/broker/test_proofs.py::"
_WORKER: Final = "tests/broker/test_evaluation_worker.py::"
_SCALE: Final = "tests/broker/test_scale.py::"
_OF_BATCH: Final = "tests/integration/shared/test_batch.py::"


class Edit(msgspec.Struct, frozen=True):
    """A text that occurs once in `file`, and what stands there instead when the guard is out."""

    file: str
    old: str
    new: str


class Guard(msgspec.Struct, frozen=True):
    """A guard and its removal.

    `name` is its word on the command line, `fails_with` a regular expression for the message of the failure that its
    absence causes, `proof` the letter of the proof that rests on it (empty: a test beside the proofs).
    """

    name: str
    promise: str
    removal: str
    edits: tuple[Edit, ...]
    test: str
    fails_with: str
    proof: str = ""


_NO_POSITION: Final = (
    Edit(
        _BATCH,
        "fresh = [record for record in records if record.offset >= held[record.topic, record.partition].next_offset]",
        "fresh = list(records)",
    ),
)
_NO_VERSION_BY_ROWS: Final = (
    Edit(
        _FEW,
        'newer = [row for row in rows if row[key] not in known or known[row[key]]["version"] < row["version"]]',
        "newer = list(rows)",
    ),
    Edit(_FEW, " where t.version < excluded.version", ""),
)
_NO_VERSION_BY_COLUMNS: Final = (
    Edit(_MERGE, '.filter(pl.col("known_version").is_null() | (pl.col("known_version") < pl.col("version")))', ""),
    Edit(_MERGE, " where t.version < excluded.version", ""),
)
_NO_RUN_LIMIT: Final = Edit(_BATCH, "if runs[partition] > REJECTED_RUN_LIMIT:", "if False:")
_NO_SHARE_LIMIT: Final = Edit(_BATCH, "if len(fresh) >= SHARE_FROM and", "if False and")

GUARDS: Final = (
    Guard(
        name="crash",
        proof="a",
        promise="no exception leaves the agent's loop: it ends the process unacked (`stream._crash`)",
        removal="the process stays, with the batch in hand",
        edits=(Edit(_STREAM, "    os._exit(_EX_SOFTWARE)", "    pass"),),
        test=_PROOFS + "test_what_raises_within_a_batch_ends_the_worker_and_is_read_again",
        fails_with="in vain for the worker to end",
    ),
    Guard(
        name="killed-position",
        proof="b",
        promise="what lies below the position is dropped",
        removal="the whole batch is merged",
        edits=_NO_POSITION,
        test=_PROOFS + "test_killed_between_commit_and_ack_fifty_times_it_counts_each_meeting_once",
        fails_with="set aside more than once",
    ),
    Guard(
        name="killed-version",
        proof="b",
        promise="a fact is replaced by a newer version only",
        removal="by any that comes later",
        edits=(*_NO_VERSION_BY_ROWS, *_NO_VERSION_BY_COLUMNS),
        test=_PROOFS + "test_killed_between_commit_and_ack_fifty_times_it_counts_each_meeting_once",
        fails_with="replaced by older versions",
    ),
    Guard(
        name="stale-position",
        proof="c",
        promise="what lies below the position is dropped, whoever brings it",
        removal="the whole batch is merged",
        edits=_NO_POSITION,
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
        test=_WORKER + "test_a_hole_the_engine_leaves_is_read_again",
        fails_with="in vain for the twelve meetings that were left out",
    ),
    Guard(
        name="one-transaction",
        proof="f",
        promise="rejected records go to the outbox in the merge's own transaction",
        removal="they are committed before the positions move",
        edits=(
            Edit(
                _BATCH,
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
        edits=(
            Edit(_BATCH, "        except Impossible as reason:\n", "        except ZeroDivisionError as reason:\n"),
        ),
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
                _STREAM,
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
        edits=(Edit(_STREAM, "stream_wait_empty=True", "stream_wait_empty=False"),),
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
                _STREAM,
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
        edits=(Edit(_STREAM, 'if getattr(faust.streams, "_CStreamIterator", None) is None:', "if False:"),),
        test=_WORKER + "test_without_the_compiled_stream_it_does_not_start",
        fails_with="in vain for the worker without the compiled stream to end",
    ),
    Guard(
        name="compiled-asked",
        proof="h",
        promise="the worker asks it when it starts",
        removal="nobody asks",
        edits=(Edit(_STREAM, "    assert_compiled_stream()\n    app = faust.App(", "    app = faust.App("),),
        test=_WORKER + "test_without_the_compiled_stream_it_does_not_start",
        fails_with="in vain for the worker without the compiled stream to end",
    ),
    Guard(
        name="version",
        promise="version",
        removal="a fact is replaced by any version that comes later",
        edits=(*_NO_VERSION_BY_ROWS, *_NO_VERSION_BY_COLUMNS),
        test="tests/integration/evaluation/test_merge.py::test_an_older_version_changes_nothing",
        fails_with="assert 1 == 0",
    ),
    Guard(
        name="position",
        promise="position",
        removal="the whole batch is merged",
        edits=_NO_POSITION,
        test=_OF_BATCH + "test_what_lies_below_the_position_is_dropped",
        fails_with="assert 2 == 0",
    ),
    Guard(
        name="position-lock",
        promise="the position's row is locked",
        removal="it is read without a lock",
        edits=(Edit("shared/kafka/positions.py", "order by topic, partition for update", "order by topic, partition"),),
        test=_OF_BATCH + "test_a_second_worker_waits_for_the_first_and_then_drops_what_it_merged",
        fails_with="merged what another is merging",
    ),
    Guard(
        name="ack-last",
        promise="ack last",
        removal="a batch is acked before it is merged",
        edits=(
            Edit(
                _STREAM,
                "                await asyncio.to_thread(_merge, merge_batch, batch)",
                "                for event in batch:\n"
                "                    await stream.ack(event)\n"
                "                await asyncio.to_thread(_merge, merge_batch, batch)",
            ),
        ),
        test=_WORKER + "test_nothing_is_acked_before_it_is_committed",
        fails_with="assert 1 == 0",
    ),
    Guard(
        name="flood-run",
        promise="a long run of impossible records stops the stream",
        removal="runs have no limit",
        edits=(_NO_RUN_LIMIT,),
        test=_OF_BATCH + "test_a_long_run_of_impossible_records_stops_even_in_small_batches",
        fails_with="DID NOT RAISE",
    ),
    Guard(
        name="flood-share",
        promise="a batch of which half is impossible stops it",
        removal="shares have no limit",
        edits=(_NO_SHARE_LIMIT,),
        test=_OF_BATCH + "test_when_half_a_batch_is_impossible_nothing_of_it_is_merged",
        fails_with="DID NOT RAISE",
    ),
    Guard(
        name="flood",
        promise="a flood stops, by its run or by its share",
        removal="neither has a limit",
        edits=(_NO_RUN_LIMIT, _NO_SHARE_LIMIT),
        test=_WORKER + "test_a_flood_of_what_cannot_be_applied_stops_the_stream_and_loses_nothing",
        fails_with="in vain for the worker to stop",
    ),
    Guard(
        name="swap",
        promise="what the stream merged while a rebuild read the log is read again before the swap (`handover.swap`)",
        removal="it is not",
        edits=(Edit("services/evaluation/handover.py", "rest += _rest(bootstrap, reached, stood)", "pass"),),
        test="tests/broker/test_rebuild.py::test_what_is_adopted_while_it_works_is_in_the_figures_once",
        fails_with=r"assert \(\d+, \d+\) == \(\d+, \d+\)",
    ),
    Guard(
        name="deny",
        promise="deny by default: a route that is not in the table answers nobody",
        removal="it answers everybody",
        edits=(
            Edit(
                "shared/http/rights.py",
                'raise Forbidden("no-right", Text("Không ai được dùng địa chỉ này.", "Nobody may use this address."))',
                "return",
            ),
        ),
        test="tests/contract/test_deny_by_default.py::test_a_route_outside_the_table_answers_nobody",
        fails_with="assert 200 == 403",
    ),
    Guard(
        name="decide",
        promise="deny by default: an answer without a decision on a unit is not given out",
        removal="it is",
        edits=(Edit("shared/http/rights.py", "if answer.status_code < 400 and undecided():", "if False:"),),
        test="tests/contract/test_deny_by_default.py::test_an_answer_without_a_decision_is_not_given_out",
        fails_with="DID NOT RAISE",
    ),
)
