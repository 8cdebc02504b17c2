"""The algebra of the figures: order, batching and repetition do not matter, and incremental equals rebuilt.

https://hypothesis.readthedocs.io/ – a small organisation whose units move and close, meetings and tasks in several
versions each, delivered in any order, some of them twice, cut into any batches.
"""

import itertools
from datetime import date
from typing import Any
from uuid import UUID

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.evaluation import arrivals, decode, facts, fold, rules
from services.evaluation.figures import SUMMED_NAMES
from services.evaluation.rebuild import compute
from services.evaluation.store import frames
from shared.db import Connection
from shared.units import replica
from tests.integration.evaluation.figures import merge_meetings, merge_tasks, merge_units
from tests.support import events

ROOT, EAST, WEST = UUID(int=1), UUID(int=2), UUID(int=3)
BRANCHES = [UUID(int=10 + number) for number in range(3)]
MONTHS = ["2025-05", "2025-06", "2025-07"]
DAYS = [date(2025, 5, 1), date(2025, 6, 1), date(2025, 6, 17), date(2025, 7, 1), date(2025, 7, 9)]

Delivery = tuple[str, dict[str, Any]]


@st.composite
def unit_versions(draw: st.DrawFn) -> list[Delivery]:
    """Units above, then each branch in one to three versions: moved on a day, perhaps to be no branch any more, perhaps
    closed on a later one."""
    above = [
        events.unit(ROOT, None, kind="province_committee", level="province"),
        events.unit(EAST, ROOT, kind="direct_committee", level="district"),
        events.unit(WEST, ROOT, kind="direct_committee", level="district"),
    ]
    below = []
    for branch in BRANCHES:
        for version in range(1, draw(st.integers(1, 3)) + 1):
            moved_on, closed_on = sorted(draw(st.lists(st.sampled_from(DAYS), min_size=2, max_size=2, unique=True)))
            first, second = draw(st.permutations([EAST, WEST]))
            still = draw(st.booleans())
            one = events.unit(branch, first, version=version, valid_to=moved_on)
            kind = draw(st.sampled_from(["branch", "grassroots_branch", "grassroots_committee"]))
            end = None if still else closed_on
            two = events.unit(branch, second, kind=kind, valid_from=moved_on, valid_to=end)
            below.append({**one, "spans": [*one["spans"], *two["spans"]]})
    return [("registry.unit.v1", unit) for unit in [*above, *below]]


def told(draw: st.DrawFn, present: int) -> dict[str, Any]:
    """What events tell since figures are counted by group; any of it may be missing."""
    yes_no = st.sampled_from([True, False, None])
    groups = [
        {"by": by, "group": group, "owed": owed, "present": min(owed, present)}
        for by, group, owed in (
            ("age_band", draw(st.sampled_from(["18-30", "61+", "unknown"])), draw(st.integers(1, 5))),
            ("post", draw(st.sampled_from(["secretary", "none"])), draw(st.integers(1, 5))),
        )
    ]
    scores = {
        who: {"points": draw(st.integers(0, 10_000)) / 100, "frame": "f"}
        for who in draw(st.sets(st.sampled_from(["self", "voted", "official"])))
    }
    return {
        "attendance": {
            "owed": 10,
            "present": present,
            "absent_with_reason": 10 - present,
            "absent_without_reason": 0,
            "late": draw(st.integers(0, present)),
            "groups": groups,
        },
        "scores": scores,
        "superior_assigned": draw(yes_no),
        "superior_attended": draw(yes_no),
        "duration_kept": draw(yes_no),
        "on_set_day": draw(yes_no),
        "members_with_task": draw(st.integers(0, 3)),
        "last_resolution": draw(st.sampled_from([None, {"tasks": 3, "done": 2}])),
        "preparation": {"pre_meeting_held": draw(st.booleans()), "notice_given": draw(st.booleans())},
        "signals": draw(st.sampled_from([None, {"codes": []}, {"codes": ["copied"]}])),
        "copies": draw(st.sampled_from([None, {"count": 1, "likeness": 0.9}])),
    }


@st.composite
def meeting_versions(draw: st.DrawFn) -> list[Delivery]:
    """Meetings in one to three versions each; a version may change month, kind, attendance and score, and tell more or
    less than the one before."""
    made = []
    for number in range(draw(st.integers(1, 6))):
        branch = draw(st.sampled_from(BRANCHES))
        for version in range(1, draw(st.integers(1, 3)) + 1):
            present = draw(st.integers(0, 10))
            plain = {
                "attendance": {
                    "owed": 10,
                    "present": present,
                    "absent_with_reason": 10 - present,
                    "absent_without_reason": 0,
                },
                "scores": {"self": {"points": draw(st.integers(0, 10_000)) / 100, "frame": "f"}},
            }
            made.append(
                events.meeting(
                    branch,
                    draw(st.sampled_from(MONTHS)),
                    meeting_id=UUID(int=100 + number),
                    version=version,
                    revision=version,
                    kind=draw(st.sampled_from(["regular", "thematic", "committee"])),
                    status=draw(st.sampled_from(["adopted", "adopted", "not_held"])),
                    **(told(draw, present) if draw(st.booleans()) else plain),
                )
            )
    return [("meetings.meeting.v1", meeting) for meeting in made]


@st.composite
def task_versions(draw: st.DrawFn) -> list[Delivery]:
    """Tasks, assigned and perhaps done, in time or late."""
    made = []
    for number in range(draw(st.integers(0, 4))):
        branch, due_on = draw(st.sampled_from(BRANCHES)), draw(st.sampled_from(DAYS))
        task_id = UUID(int=200 + number)
        made.append(events.task(branch, due_on, task_id=task_id))
        if draw(st.booleans()):
            done_on = str(draw(st.sampled_from(DAYS)))
            made.append(events.task(branch, due_on, task_id=task_id, version=2, status="done", done_on=done_on))
    return [("meetings.task.v1", task) for task in made]


@st.composite
def histories(draw: st.DrawFn) -> tuple[list[Delivery], list[list[Delivery]]]:
    """A history, and one way it may be delivered: shuffled, partly twice, in batches."""
    history = [*draw(unit_versions()), *draw(meeting_versions()), *draw(task_versions())]
    again = draw(st.lists(st.sampled_from(history), max_size=5))
    delivered = draw(st.permutations([*history, *again]))
    cuts = sorted(draw(st.lists(st.integers(0, len(delivered)), max_size=6)))
    bounds = [0, *cuts, len(delivered)]
    return history, [list(delivered[a:b]) for a, b in itertools.pairwise(bounds) if a < b]


def _merge(conn: Connection, batch: list[Delivery]) -> None:
    for type_, merge in (
        ("registry.unit.v1", merge_units),
        ("meetings.meeting.v1", merge_meetings),
        ("meetings.task.v1", merge_tasks),
    ):
        of_type = [data for given_type, data in batch if given_type == type_]
        if of_type:
            merge(conn, *of_type)


def _clear(conn: Connection) -> None:
    conn.rollback()
    conn.execute("truncate unit, unit_span, branch_path, unit_branches, meeting_fact, task_fact, unit_month")


def _sums(conn: Connection) -> pl.DataFrame:
    stored = frames.read(
        conn, frames.select("select unit_id::text, month, {} from unit_month", SUMMED_NAMES), fold.SUMS
    )
    return fold.nonzero(stored).sort("unit_id", "month")


def _branches(conn: Connection) -> list[tuple[object, ...]]:
    return conn.execute(
        "select unit_id::text, month, change from unit_branches where change <> 0 order by unit_id::text, month"
    ).fetchall()


@pytest.mark.parametrize("few", [0, 4, arrivals.FEW], ids=["by columns", "by both", "by rows"])
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(history=histories())
def test_any_delivery_gives_the_figures_of_a_rebuild(
    conn: Connection, few: int, monkeypatch: pytest.MonkeyPatch, history: tuple[list[Delivery], list[list[Delivery]]]
) -> None:
    monkeypatch.setattr(arrivals, "FEW", few)
    events_, batches = history
    _clear(conn)
    for batch in batches:
        _merge(conn, batch)

    def of(type_: str, decode_: Any) -> list[Any]:
        return [events.decoded(type_, data, decode_).data for given_type, data in events_ if given_type == type_]

    rebuilt = compute(
        of("registry.unit.v1", replica.decode),
        facts.meeting_facts(of("meetings.meeting.v1", decode.meeting)),
        facts.task_facts(of("meetings.task.v1", decode.task)),
        rules.grade_bands(conn),
    )
    assert _sums(conn).equals(fold.nonzero(rebuilt.unit_month).sort("unit_id", "month"))
    assert _branches(conn) == rebuilt.unit_branches.sort("unit_id", "month").rows()


def test_the_property_can_fail(conn: Connection) -> None:
    """A sum that drifts by one is seen."""
    _clear(conn)
    _merge(conn, [("registry.unit.v1", events.unit(BRANCHES[0], None))])
    _merge(conn, [("meetings.meeting.v1", events.meeting(BRANCHES[0], "2025-06"))])
    before = _sums(conn)
    conn.execute("update unit_month set present = present + 1")
    with pytest.raises(AssertionError):
        assert _sums(conn).equals(before)
