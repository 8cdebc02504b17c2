"""Every part, what stands behind it and what is kept of the past: by rows and by columns the same, and the sums those
of a rebuild, evidence among them, whenever the sheets are made.

https://hypothesis.readthedocs.io/ – minutes that are adopted, taken back to a plan, corrected and moved, in branches
that move between units with rubrics of their own.
"""

import itertools
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from services.evaluation import arrivals, decode, facts, fold, rules
from services.evaluation.domain.rubrics import Content, Rubric
from services.evaluation.rebuild import compute
from services.evaluation.scoring import score_due
from services.evaluation.store import rubrics as rubric_rows
from services.evaluation.store.migrations import rubric_seeds
from shared.db import Connection
from shared.envelope import Received, attributes, to_record
from shared.kafka.batch import Decoded
from shared.units import replica
from tests.integration.evaluation.figures import merge_units
from tests.property.test_figures import BRANCHES, DAYS, EAST, MONTHS, ROOT, _clear, _sums, told, unit_versions
from tests.support import events

BEGAN = datetime(2025, 7, 1, tzinfo=UTC)
FORM = {"attendance": 5, "preparation": 10, "last_resolution": 30}
KEPT = {
    "meeting_fact": "meeting_id",
    "task_fact": "task_id",
    "meeting_fact_past": "meeting_id, version",
    "task_fact_past": "task_id, version",
    "meeting_sheet": "meeting_id",
}
Delivery = tuple[str, dict[str, Any]]
Batches = list[tuple[list[Delivery], bool]]


@st.composite
def meetings(draw: st.DrawFn) -> list[Delivery]:
    made = []
    for number in range(draw(st.integers(1, 4))):
        branch = draw(st.sampled_from(BRANCHES))
        for version in range(1, draw(st.integers(1, 4)) + 1):
            status = draw(st.sampled_from(["planned", "adopted", "adopted", "not_held"]))
            changes = told(draw, draw(st.integers(0, 10)))
            if own := changes["scores"].get("self"):
                own |= {"groups": {code: draw(st.integers(0, most)) for code, most in FORM.items()}, "max": FORM}
            if status != "adopted":
                changes |= {"attendance": None, "minutes": None, "scores": {}}
            made.append(
                events.meeting(
                    branch,
                    draw(st.sampled_from(MONTHS)),
                    meeting_id=UUID(int=100 + number),
                    version=version,
                    kind=draw(st.sampled_from(["regular", "regular", "thematic", "committee"])),
                    status=status,
                    **changes,
                )
            )
    return [("meetings.meeting.v1", one) for one in made]


@st.composite
def tasks(draw: st.DrawFn) -> list[Delivery]:
    made = []
    for number in range(draw(st.integers(0, 3))):
        branch = draw(st.sampled_from(BRANCHES))
        for version in range(1, draw(st.integers(1, 3)) + 1):
            status = draw(st.sampled_from(["assigned", "done", "cancelled"]))
            due_on, done_on = draw(st.sampled_from(DAYS)), draw(st.sampled_from(DAYS))
            made.append(
                events.task(
                    branch,
                    due_on,
                    task_id=UUID(int=200 + number),
                    version=version,
                    status=status,
                    done_on=str(done_on) if status == "done" else None,
                )
            )
    return [("meetings.task.v1", one) for one in made]


@st.composite
def histories(draw: st.DrawFn) -> tuple[list[Delivery], Batches]:
    """A history, and one way it may be delivered: in any order, partly twice, in batches, scored after some of them."""
    history = [*draw(unit_versions()), *draw(meetings()), *draw(tasks())]
    again = draw(st.lists(st.sampled_from(history), max_size=4))
    delivered = draw(st.permutations([*history, *again])) if draw(st.booleans()) else history
    cuts = sorted(draw(st.lists(st.integers(0, len(delivered)), max_size=4)))
    bounds = [0, *cuts, len(delivered)]
    return history, [(list(delivered[a:b]), draw(st.booleans())) for a, b in itertools.pairwise(bounds) if a < b]


def _rubrics(conn: Connection) -> None:
    for number, owner_id, content, first, last in (
        (300, EAST, rubric_seeds.WARD, date(2025, 1, 1), date(2025, 6, 1)),
        (301, EAST, rubric_seeds.NATIONAL, date(2025, 6, 1), None),
        (302, ROOT, rubric_seeds.NATIONAL | {"sheet": "thematic"}, date(2025, 1, 1), None),
        (303, ROOT, rubric_seeds.WARD, date(2025, 5, 1), None),
    ):
        one = Rubric(
            rubric_id=UUID(int=number),
            version=1,
            owner_id=owner_id,
            valid_from=first,
            valid_to=last,
            content=msgspec.convert(content, Content),
        )
        rubric_rows.add(conn, one, "test")
        conn.execute("update rubric set state = 'in_force' where rubric_id = %s", (one.rubric_id,))


def _came(type_: str, data: dict[str, Any]) -> Decoded[Any]:
    at = BEGAN + timedelta(hours=data["version"])
    record = to_record(msgspec.structs.replace(events.event(type_, data), time=at))
    came = Received(record.topic, 0, 0, record.key, record.value, record.headers)
    about = attributes(came)
    return Decoded(came, about, arrivals.decode_fact(came, about))


def _deliver(conn: Connection, batches: Batches) -> None:
    for batch, scored in batches:
        units = [data for type_, data in batch if type_ == "registry.unit.v1"]
        if units:
            merge_units(conn, *units)
        found = [_came(type_, data) for type_, data in batch if type_ != "registry.unit.v1"]
        if found:
            arrivals.apply_facts(conn, found)
        if scored:
            score_due(conn)
    while score_due(conn):
        pass


def _kept(conn: Connection) -> dict[str, list[tuple[object, ...]]]:
    return {name: conn.execute(f"select * from {name} order by {key}").fetchall() for name, key in KEPT.items()}


# Not shrunk: that outlasts the test's time limit, which hides what was found.
@settings(
    max_examples=25, phases=[Phase.generate], deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(history=histories())
def test_rows_and_columns_keep_the_same_and_sum_up_to_a_rebuild(
    conn: Connection, monkeypatch: pytest.MonkeyPatch, history: tuple[list[Delivery], Batches]
) -> None:
    told_, batches = history
    found = {}
    for few in (0, 1000):
        monkeypatch.setattr(arrivals, "FEW", few)
        _clear(conn)
        _rubrics(conn)
        _deliver(conn, batches)
        found[few] = _kept(conn), _sums(conn)
    by_columns, by_rows = found.values()
    for name in KEPT:
        assert by_rows[0][name] == by_columns[0][name], name
    assert by_rows[1].equals(by_columns[1])

    def of(type_: str, decode_: Any) -> list[Any]:
        return [events.decoded(type_, data, decode_).data for given_type, data in told_ if given_type == type_]

    rebuilt = compute(
        of("registry.unit.v1", replica.decode),
        facts.meeting_facts(of("meetings.meeting.v1", decode.meeting)),
        facts.task_facts(of("meetings.task.v1", decode.task)),
        rules.grade_bands(conn),
        rubrics=rubric_rows.in_force(conn),
    )
    assert by_rows[1].equals(fold.nonzero(rebuilt.unit_month).sort("unit_id", "month"))


def test_the_property_looks_at_something(conn: Connection) -> None:
    """Evidence is counted, past versions and sheets are kept."""
    _clear(conn)
    _rubrics(conn)
    units = [events.unit(ROOT, None, kind="province_committee", level="province"), events.unit(EAST, ROOT)]
    first = events.meeting(BRANCHES[0], MONTHS[0], last_resolution={"tasks": 4, "done": 3})
    told_ = [*units, events.unit(BRANCHES[0], EAST)]
    batches: Batches = [
        ([("registry.unit.v1", unit) for unit in told_], False),
        ([("meetings.meeting.v1", first)], True),
        ([("meetings.meeting.v1", first | {"version": 2})], False),
    ]
    _deliver(conn, batches)
    assert _sums(conn)["evidence_scored"].to_list() == [1, 1, 1]
    kept = _kept(conn)
    assert {name: len(rows) for name, rows in kept.items() if "task" not in name} == {
        "meeting_fact": 1,
        "meeting_fact_past": 1,
        "meeting_sheet": 1,
    }
