"""The guards that have a test of their own, beside the proofs."""

from typing import Final

from tests.guards.guard import BATCH, NO_POSITION, NO_VERSION, STREAM, WORKER, Edit, Guard

_OF_BATCH: Final = "tests/integration/shared/test_batch.py::"
_NO_RUN_LIMIT: Final = Edit(BATCH, "if runs[partition] > REJECTED_RUN_LIMIT:", "if False:")
_NO_SHARE_LIMIT: Final = Edit(BATCH, "if len(fresh) >= SHARE_FROM and", "if False and")

BESIDE: Final = (
    Guard(
        name="version",
        promise="version",
        removal="a fact is replaced by any version that comes later",
        edits=NO_VERSION,
        test="tests/integration/evaluation/test_merge.py::test_an_older_version_changes_nothing",
        fails_with="assert 1 == 0",
    ),
    Guard(
        name="position",
        promise="position",
        removal="the whole batch is merged",
        edits=NO_POSITION,
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
                STREAM,
                "                await asyncio.to_thread(_merge, merge_batch, batch)",
                "                for event in batch:\n"
                "                    await stream.ack(event)\n"
                "                await asyncio.to_thread(_merge, merge_batch, batch)",
            ),
        ),
        test=WORKER + "test_nothing_is_acked_before_it_is_committed",
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
        test=WORKER + "test_a_flood_of_what_cannot_be_applied_stops_the_stream_and_loses_nothing",
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
