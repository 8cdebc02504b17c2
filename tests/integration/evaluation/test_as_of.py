"""Figures as they were known at a past moment: equal to what was read then, also after corrections and a rebuild."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import msgspec
import pytest

from services.evaluation import arrivals, decode
from services.evaluation.domain import periods, terms
from services.evaluation.figures import BY_NAME
from services.evaluation.merge import apply_facts
from services.evaluation.views import as_of, cards
from services.evaluation.views.evidence import evidence
from services.evaluation.views.known import Asked
from shared.db import Connection
from shared.envelope import Received, attributes, to_record
from shared.kafka.batch import Decode, Decoded
from tests.integration.evaluation.api import MONTH, PROVINCE, Api, api
from tests.integration.evaluation.figures import merge_units
from tests.integration.evaluation.test_rebuild import Live, live
from tests.support import events

__all__ = ["api", "live"]
ROOT, BRANCH, OTHER = UUID(int=1), UUID(int=2), UUID(int=3)
MEETING, THEMATIC, TASK = UUID(int=4), UUID(int=5), UUID(int=6)
BEGAN = datetime(2025, 6, 10, tzinfo=UTC)
QUARTER = periods.parse("2025-Q2")
PERIODS = [*map(periods.of_month, ("2025-05", "2025-06", "2025-07")), QUARTER]
Version = tuple[str, dict[str, Any], Decode[Any]]


def _meeting(branch: UUID, month: str, meeting_id: UUID, version: int, **changes: Any) -> Version:
    data = events.meeting(branch, month, meeting_id=meeting_id, version=version, **changes)
    return "meetings.meeting.v1", data, decode.meeting


def _task(version: int, **changes: Any) -> Version:
    return (
        "meetings.task.v1",
        events.task(BRANCH, date(2025, 6, 20), task_id=TASK, version=version, **changes),
        decode.task,
    )


def _known(version: Version, at: datetime) -> Decoded[Any]:
    type_, data, decode_ = version
    record = to_record(msgspec.structs.replace(events.event(type_, data), time=at))
    received = Received(record.topic, 0, 0, record.key, record.value, record.headers)
    return Decoded(received, attributes(received), decode_(received, attributes(received)))


def _absent(count: int) -> dict[str, Any]:
    return {"attendance": {"owed": 10, "present": 10 - count, "absent_with_reason": count, "absent_without_reason": 0}}


STEPS: list[list[Version]] = [
    [_meeting(BRANCH, "2025-06", MEETING, 1, status="planned", attendance=None, minutes=None), _task(1)],
    [_meeting(BRANCH, "2025-06", MEETING, 2)],
    [_meeting(BRANCH, "2025-06", MEETING, 3, revision=2, **_absent(4)), _task(2, status="done", done_on="2025-06-25")],
    [_meeting(OTHER, "2025-05", THEMATIC, 1, kind="thematic")],
    [_meeting(BRANCH, "2025-07", MEETING, 4, revision=3)],
    [_task(3, status="cancelled"), _meeting(OTHER, "2025-05", THEMATIC, 2, kind="thematic", revision=2, **_absent(1))],
]


def _merge(conn: Connection, versions: list[tuple[Version, datetime]]) -> None:
    decoded = [_known(version, at) for version, at in versions]
    meetings = [one for one in decoded if isinstance(one.data, decode.Meeting)]
    apply_facts(conn, meetings, [one for one in decoded if isinstance(one.data, decode.Task)])


def _units(conn: Connection) -> None:
    merge_units(
        conn,
        events.unit(ROOT, None, kind="province_committee", level="province"),
        events.unit(BRANCH, ROOT),
        events.unit(OTHER, ROOT),
    )


def _seen(card: cards.Scorecard) -> dict[str, Any]:
    known = {name: value for name, value in card.parts.items() if name not in terms.FROM_SHEETS}
    return {**known, **card.derived}


def test_each_moment_shows_what_was_read_then(conn: Connection) -> None:
    _units(conn)
    read: list[tuple[datetime, dict[str, dict[str, Any]]]] = []
    for place, step in enumerate(STEPS):
        at = BEGAN + timedelta(days=5 * place)
        _merge(conn, [(version, at) for version in step])
        read.append((at, {period.key: _seen(cards.scorecard(conn, ROOT, period, at)) for period in PERIODS}))
    for at, then in read:
        for period in PERIODS:
            assert _seen(as_of.scorecard(conn, ROOT, period, at)) == then[period.key], (at, period.key)
            asked = Asked(ROOT, period, at)
            for name in ("present", "tasks_due", "tasks_done", "corrected"):
                rows = evidence(conn, asked, BY_NAME[name], at, None, 100)
                assert sum(row.contributed[name] for row in rows) == then[period.key][name]


def test_versions_that_come_in_one_batch_are_told_apart(conn: Connection) -> None:
    _units(conn)
    at = [BEGAN + timedelta(days=number) for number in range(3)]
    together = [
        (_meeting(BRANCH, "2025-06", MEETING, 3, revision=2, **_absent(4)), at[2]),
        (_meeting(BRANCH, "2025-06", MEETING, 2), at[1]),
        (_meeting(BRANCH, "2025-06", MEETING, 2), at[1]),
    ]
    _merge(conn, together)
    present = [as_of.scorecard(conn, ROOT, periods.of_month("2025-06"), one).parts["present"] for one in at]
    assert present == [0, 8, 6]


@pytest.mark.parametrize("few", [0, arrivals.FEW], ids=["by columns", "by rows"])
@pytest.mark.parametrize("stored_first", [True, False])
def test_minutes_taken_back_are_not_known_until_they_are_adopted_again(
    conn: Connection, few: int, stored_first: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(arrivals, "FEW", few)
    _units(conn)
    at = [BEGAN + timedelta(days=number) for number in range(4)]
    plan = {"status": "planned", "revision": 0, "attendance": None, "minutes": None}
    told = [
        _known(_meeting(BRANCH, "2025-06", MEETING, 2), at[0]),
        _known(_meeting(BRANCH, "2025-06", MEETING, 3, **plan), at[1]),
        _known(_meeting(BRANCH, "2025-06", MEETING, 4, **plan), at[2]),
        _known(_meeting(BRANCH, "2025-06", MEETING, 5, **_absent(4)), at[3]),
    ]
    for batch in [told[:1], told[1:]] if stored_first else [told]:
        arrivals.apply_facts(conn, batch)
    present = [as_of.scorecard(conn, ROOT, periods.of_month("2025-06"), one).parts["present"] for one in at]
    assert present == [8, 0, 0, 6]


def test_what_was_planned_leaves_nothing_behind(conn: Connection) -> None:
    _units(conn)
    for place, step in enumerate(STEPS[:2]):
        _merge(conn, [(version, BEGAN + timedelta(days=place)) for version in step])
    assert conn.execute("select count(*) from meeting_fact_past").fetchone() == (0,)


def test_the_past_outlives_a_rebuild_from_a_compacted_log(live: Live) -> None:
    """The log holds the newest version only; the one before it was merged while the log still had it."""
    meeting_id, month = uuid4(), "2025-03"
    live.send(live.branch_under(live.east, version=1))
    with live.pool.connection() as conn:
        _merge(conn, [(_meeting(live.branch, month, meeting_id, 1), BEGAN)])
    corrected = events.meeting(live.branch, month, meeting_id=meeting_id, version=2, **_absent(5))
    live.send(events.event("meetings.meeting.v1", corrected))
    live.rebuild()
    with live.pool.connection() as conn:
        now = datetime.now(UTC)
        moments = (BEGAN + timedelta(days=1), now)
        asked = periods.of_month(month)
        seen = [as_of.scorecard(conn, live.branch, asked, moment).parts["present"] for moment in moments]
        assert seen == [8, 5]


@pytest.mark.parametrize(
    ("told", "read"),
    [
        (f"units/{PROVINCE}/scorecard?period={MONTH}", lambda body: body["parts"]["regular_held"]),
        (f"units/{PROVINCE}/figures/regular_held/evidence?period={MONTH}", lambda body: len(body["items"])),
    ],
)
def test_the_doors_tell_it(api: Api, told: str, read: Callable[[Any], int]) -> None:
    past, present = (BEGAN - timedelta(days=30)).isoformat(), datetime.now(UTC).isoformat()
    api.clock_file.write_text(present)
    found = [read(api.json(f"{told}&known_at={at.replace('+', '%2B')}")) for at in (past, present)]
    assert found == [0, 3]
