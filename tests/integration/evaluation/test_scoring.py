"""Meetings are scored from evidence beside the stream: nothing due is lost, and the figures equal a rebuild's."""

from datetime import date
from typing import Any
from uuid import UUID, uuid4

import msgspec
import polars as pl
import psycopg
import pytest

from services.evaluation import facts, fold, rules
from services.evaluation.arrivals import FEW
from services.evaluation.commands import rubrics
from services.evaluation.commands.committees import Work
from services.evaluation.domain.rubrics import Content, Rubric
from services.evaluation.figures import SUMMED_NAMES
from services.evaluation.rebuild import compute
from services.evaluation.scoring import score_due
from services.evaluation.store import frames
from services.evaluation.store import rubrics as rubric_rows
from services.evaluation.store import sheets as sheet_rows
from services.evaluation.store.migrations import rubric_seeds
from shared import db
from shared.contracts.catalogue import validate
from shared.db import Connection
from shared.outbox import table
from shared.units import replica
from tests.integration.evaluation.figures import NOW, merge_meetings, merge_units, parts
from tests.support import events

PROVINCE, EAST, WEST, BRANCH = (UUID(int=number) for number in (1, 2, 3, 10))
MONTH = "2025-12"
PREPARED = {"pre_meeting_held": True, "notice_given": True, "documents_day_before": True}
FORM = {
    "time": 5,
    "attendance": 5,
    "preparation": 10,
    "conduct": 40,
    "principles": 5,
    "last_resolution": 30,
    "closing": 5,
}


def units(*, under: UUID = EAST, version: int = 1) -> list[dict[str, Any]]:
    return [
        events.unit(PROVINCE, None, kind="province_committee", level="province"),
        events.unit(EAST, PROVINCE, kind="direct_committee", level="district"),
        events.unit(WEST, PROVINCE, kind="direct_committee", level="district"),
        events.unit(BRANCH, under, version=version),
    ]


def meeting(month: str = MONTH, **changes: Any) -> dict[str, Any]:
    """Nine of ten present, none absent without a reason: attendance in full; reported in time, minutes complete."""
    attendance = {"owed": 10, "present": 9, "absent_with_reason": 1, "absent_without_reason": 0}
    told: dict[str, Any] = {
        "attendance": attendance,
        "preparation": PREPARED,
        "last_resolution": {"tasks": 10, "done": 9},
        "scores": {"self": {"points": 100, "frame": "hd-42-2025", "groups": FORM, "max": FORM}},
    }
    return events.meeting(BRANCH, month, **told | changes)


def rubric(owner_id: UUID | None, content: dict[str, Any], *, valid_from: date = date(2025, 11, 1)) -> Rubric:
    return Rubric(
        rubric_id=uuid4(),
        version=1,
        owner_id=owner_id,
        valid_from=valid_from,
        valid_to=None,
        content=msgspec.convert(content, Content),
    )


def in_force(conn: Connection, one: Rubric) -> None:
    rubric_rows.add(conn, one, "test")
    conn.execute("update rubric set state = 'in_force' where rubric_id = %s", (one.rubric_id,))


def score_all(conn: Connection) -> int:
    count = 0
    while scored := score_due(conn):
        count += scored
    return count


def evidence(conn: Connection, unit_id: UUID, month: str = MONTH) -> dict[str, int]:
    return {name: value for name, value in parts(conn, unit_id, month).items() if name.startswith("evidence")}


def sheet(conn: Connection) -> tuple[Any, ...]:
    return conn.execute(
        "select version, rubric_id, evidence_points, evidence_max, evidence_scaled, gap from meeting_sheet"
    ).fetchall()[0]


def test_a_meeting_is_scored_by_the_national_frame_up_to_the_root(conn: Connection) -> None:
    merge_units(conn, *units())
    merge_meetings(conn, meeting())
    assert evidence(conn, PROVINCE) == {}
    assert score_all(conn) == 1
    # attendance 5, preparation 5 of 10, last resolution 27 of 30, closing 5; self gave 40 for what evidence gives 37.
    assert sheet(conn) == (1, UUID(rubric_seeds.NATIONAL_ID), 4200, 4500, 9333, 667)
    for unit_id in (BRANCH, EAST, PROVINCE):
        assert evidence(conn, unit_id) == {
            "evidence_scored": 1,
            "evidence_points_hundredths": 9333,
            "evidence_compared": 1,
            "evidence_gap_hundredths": 667,
        }
    assert score_all(conn) == 0


def test_many_at_once_are_due_as_few_are(conn: Connection) -> None:
    """They are merged by columns, and few by rows."""
    merge_units(conn, *units())
    merge_meetings(conn, *(meeting() for _ in range(FEW + 1)))
    assert score_all(conn) == FEW + 1
    assert evidence(conn, PROVINCE)["evidence_points_hundredths"] == (FEW + 1) * 9333


def test_what_came_one_by_one_is_scored_together(conn: Connection) -> None:
    merge_units(conn, *units())
    for _ in range(20):
        merge_meetings(conn, meeting())
    assert score_due(conn) == 20
    assert evidence(conn, PROVINCE)["evidence_scored"] == 20


def test_a_turn_has_an_end_however_much_is_due(conn: Connection) -> None:
    marked = [str(uuid4()) for _ in range(10_000)]
    for begin in range(0, len(marked), 500):
        sheet_rows.mark_due(conn, marked[begin : begin + 500])
    assert score_due(conn) == 8_000
    assert score_due(conn) == 2_000
    assert score_due(conn) == 0


def test_what_is_merged_while_a_rubric_comes_in_force_is_scored_by_it(database: str, conn: Connection) -> None:
    """The worker scores nothing between the look at what is to be scored anew and the commit."""
    merge_units(conn, *units())
    conn.commit()
    own = rubric(PROVINCE, rubric_seeds.WARD)
    rubric_rows.add(conn, own, "test")
    entry = rubric_rows.find(conn, own.rubric_id, 1)
    assert entry is not None
    work = Work(conn=conn, actor="test", request_id="", now=NOW, today=NOW.date())
    rubrics.put_in_force(work, entry, rescore=True)
    with db.connect(database, name="worker") as worker:
        merge_meetings(worker, meeting())
        worker.commit()
        score_due(worker)
    conn.commit()
    score_all(conn)
    assert conn.execute("select rubric_id from meeting_sheet").fetchone() == (own.rubric_id,)
    assert _equals_rebuilt(conn, units())


def test_a_meeting_before_any_rubric_has_no_sheet(conn: Connection) -> None:
    merge_units(conn, *units())
    merge_meetings(conn, meeting("2025-06"))
    assert score_all(conn) == 1
    assert conn.execute("select count(*) from meeting_sheet").fetchone() == (0,)
    assert evidence(conn, BRANCH, "2025-06") == {}


def test_corrected_minutes_are_scored_anew_and_the_old_sheet_taken_back(conn: Connection) -> None:
    merge_units(conn, *units())
    first = meeting()
    merge_meetings(conn, first)
    score_all(conn)
    merge_meetings(
        conn, {**first, "version": 2, "revision": 2, "period": "2026-01", "last_resolution": {"tasks": 10, "done": 0}}
    )
    score_all(conn)
    assert evidence(conn, PROVINCE) == {}
    assert evidence(conn, PROVINCE, "2026-01")["evidence_points_hundredths"] == 3333
    merge_meetings(conn, {**first, "version": 3, "status": "not_held", "attendance": None, "minutes": None})
    score_all(conn)
    assert evidence(conn, PROVINCE, "2026-01") == {}
    assert conn.execute("select count(*) from meeting_sheet").fetchone() == (0,)


def test_the_nearest_rubric_of_the_day_scores_and_a_move_may_lead_to_another(conn: Connection) -> None:
    merge_units(conn, *units())
    own = rubric(EAST, rubric_seeds.WARD)
    in_force(conn, own)
    in_force(conn, rubric(PROVINCE, rubric_seeds.WARD))
    merge_meetings(conn, meeting(), meeting("2025-10"))
    score_all(conn)
    found = conn.execute("select month, rubric_id from meeting_sheet order by month").fetchall()
    assert found == [(MONTH, own.rubric_id)]
    merge_units(conn, *units(under=WEST, version=2))
    assert evidence(conn, EAST) == {}
    assert evidence(conn, WEST)["evidence_scored"] == 1
    assert score_all(conn) > 0
    assert conn.execute("select rubric_id from meeting_sheet").fetchone() != (own.rubric_id,)
    assert _equals_rebuilt(conn, [*units(under=WEST, version=2)])


def test_a_crash_between_facts_and_scoring_loses_nothing(database: str, conn: Connection) -> None:
    merge_units(conn, *units())
    merge_meetings(conn, meeting())
    conn.commit()
    with db.connect(database, name="crashing") as crashing:
        assert score_due(crashing) == 1
        pid = crashing.info.backend_pid
        conn.execute("select pg_terminate_backend(%s)", (pid,))
        with pytest.raises(psycopg.OperationalError):
            crashing.execute("select 1")
    assert evidence(conn, PROVINCE) == {}
    assert score_all(conn) == 1
    assert evidence(conn, PROVINCE)["evidence_scored"] == 1


def test_of_two_workers_one_scores_and_neither_counts_twice(database: str, conn: Connection) -> None:
    merge_units(conn, *units())
    merge_meetings(conn, meeting())
    conn.commit()
    with db.connect(database, name="other") as other:
        assert score_due(other) == 1
        assert score_due(conn) == 0
        conn.commit()
        other.commit()
    assert score_due(conn) == 0
    assert evidence(conn, PROVINCE)["evidence_scored"] == 1


def test_what_is_merged_while_a_turn_runs_is_due_for_the_next(database: str, conn: Connection) -> None:
    merge_units(conn, *units())
    first = meeting()
    merge_meetings(conn, first)
    conn.commit()
    modest = {"points": 100, "frame": "hd-42-2025", "groups": FORM | {"last_resolution": 27}, "max": FORM}
    with db.connect(database, name="other") as other:
        assert score_due(other) == 1
        # No part of a sum is another by it, so it need not wait for the sums the turn holds.
        merge_meetings(conn, {**first, "version": 2, "scores": {"self": modest}})
        conn.commit()
        other.commit()
    assert evidence(conn, PROVINCE)["evidence_gap_hundredths"] == 667
    assert score_all(conn) == 1
    assert "evidence_gap_hundredths" not in evidence(conn, PROVINCE)


def test_rubrics_in_force_are_published_once(conn: Connection) -> None:
    score_all(conn)
    score_all(conn)
    sent = [row for row in table.unsent(conn, 100) if row.record.topic == "evaluation.rubrics.v1"]
    assert [(row.record.key or b"").decode() for row in sent] == [rubric_seeds.NATIONAL_ID]
    validate("evaluation.rubric.v1", msgspec.json.decode(sent[0].record.value or b""))


def test_the_comparison_with_a_rebuild_can_fail(conn: Connection) -> None:
    merge_units(conn, *units())
    merge_meetings(conn, meeting())
    score_all(conn)
    assert _equals_rebuilt(conn, units())
    conn.execute("update unit_month set evidence_gap_hundredths = evidence_gap_hundredths + 1")
    assert not _equals_rebuilt(conn, units())


def _equals_rebuilt(conn: Connection, units_: list[dict[str, Any]]) -> bool:
    """Whether the live sums are those a rebuild makes of the facts and rubrics there are."""
    rebuilt = compute(
        [events.decoded("registry.unit.v1", unit, replica.decode).data for unit in units_],
        frames.read_of(conn, "f", "meeting_fact f", facts.MEETING_FACT),
        pl.DataFrame(schema=facts.TASK_FACT),
        rules.grade_bands(conn),
        rubrics=rubric_rows.in_force(conn),
    )
    stored = frames.read(
        conn, frames.select("select unit_id::text, month, {} from unit_month", SUMMED_NAMES), fold.SUMS
    )
    return (
        fold.nonzero(stored).sort("unit_id", "month").equals(fold.nonzero(rebuilt.unit_month).sort("unit_id", "month"))
    )


def test_a_thematic_meeting_has_a_sheet_of_its_own_which_no_sum_counts(conn: Connection) -> None:
    merge_units(conn, *units())
    merge_meetings(conn, meeting(kind="thematic"))
    score_all(conn)
    assert conn.execute("select count(*) from meeting_sheet").fetchone() == (0,)
    thematic = rubric(PROVINCE, rubric_seeds.NATIONAL | {"sheet": "thematic"})
    in_force(conn, thematic)
    merge_meetings(conn, meeting(kind="thematic"), meeting())
    score_all(conn)
    found = conn.execute("select kind, rubric_id from meeting_sheet order by kind").fetchall()
    assert found == [("regular", UUID(rubric_seeds.NATIONAL_ID)), ("thematic", thematic.rubric_id)]
    assert evidence(conn, PROVINCE)["evidence_scored"] == 1
    assert _equals_rebuilt(conn, units())
