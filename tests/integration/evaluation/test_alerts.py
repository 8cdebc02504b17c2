"""Alerts that begin, cease and are withdrawn: from figures to rows and events, each told once."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID, uuid4

import msgspec
import pytest

from deploy.local.servers import Servers
from services.evaluation import registry_events
from services.evaluation.alerting import Alerting, look, pass_time
from services.evaluation.merger import GROUP
from services.evaluation.publish import publish_scorecards
from services.evaluation.registry_events import Progress, Target
from services.evaluation.registry_merge import apply_targets
from services.evaluation.store import alerts as store
from services.evaluation.store import registry_facts
from shared import db
from shared.clock import Clock
from shared.db import Connection
from shared.kafka import positions
from shared.kafka.batch import Decoded
from tests.integration.evaluation.alert_looks import JUNE, looked
from tests.integration.evaluation.figures import merge_meetings, merge_units
from tests.integration.evaluation.test_rebuild import Live
from tests.integration.evaluation.test_rebuild import live as live
from tests.support import events
from tests.support.events import event, meeting, unit

PROVINCE, BRANCH, SECOND = uuid4(), uuid4(), uuid4()
JULY = datetime(2025, 7, 4, 5, tzinfo=UTC)
NO_MEETING = "no_meeting"


@pytest.fixture
def tree(conn: Connection) -> Connection:
    merge_units(
        conn,
        unit(PROVINCE, None, kind="province_committee", level="province"),
        unit(BRANCH, PROVINCE, kind="grassroots_branch", level="grassroots"),
        unit(SECOND, PROVINCE, kind="grassroots_branch", level="grassroots"),
    )
    for branch in (BRANCH, SECOND):
        merge_meetings(conn, *(meeting(branch, f"2025-{month:02d}", **came(9)) for month in (1, 2, 3)))
        merge_meetings(conn, meeting(branch, "2025-02", kind="thematic", **came(9)))
    merge_meetings(conn, *(meeting(SECOND, f"2025-{month:02d}", **came(9)) for month in (4, 5, 6)))
    merge_meetings(conn, meeting(SECOND, "2025-05", kind="thematic", **came(9)))
    conn.execute("update alert_rule set valid_from = '2025-01-01'")
    conn.execute("delete from alert_rule where name = 'identical_scores'")  # the meetings here all have the same
    conn.commit()
    return conn


def came(present: int) -> dict[str, Any]:
    absent = {"absent_with_reason": 10 - present, "absent_without_reason": 0}
    points = {"self": {"points": 80 + present, "frame": "f"}, "voted": None, "official": None}
    return {"attendance": {"owed": 10, "present": present, **absent}, "scores": points}


def short(told: list[dict[str, Any]]) -> list[tuple[str, UUID, str, str, str | None]]:
    return sorted((one["rule"], UUID(one["unit_id"]), one["state"], one["since"], one["until"]) for one in told)


def test_nothing_is_judged_before_time_has_said_what_is_closed(tree: Connection) -> None:
    publish_scorecards(tree)
    assert look(tree, JUNE) == 0
    assert tree.execute("select count(*) from alert_due").fetchone() != (0,)


def test_an_alert_is_told_once_when_its_month_closes(tree: Connection) -> None:
    assert looked(tree, datetime(2025, 6, 2, 5, tzinfo=UTC)) == []  # May may still be reported in time
    (told,) = looked(tree, JUNE)
    assert short([told]) == [(NO_MEETING, BRANCH, "begun", "2025-05", None)]
    assert [month["period"] for month in told["began"]] == ["2025-04", "2025-05"]
    assert told["source"].startswith("Nền nếp")
    assert looked(tree, JUNE) == []
    tree.execute("insert into alert_due (unit_ids) select array_agg(unit_id) from unit")
    assert looked(tree, JUNE) == []


def test_a_branch_entered_late_is_judged_for_the_months_it_was_there(tree: Connection) -> None:
    looked(tree, JUNE)
    third = uuid4()
    merge_units(tree, unit(third, PROVINCE, kind="grassroots_branch", level="grassroots", valid_from=date(2025, 4, 1)))
    assert (NO_MEETING, third, "begun", "2025-05", None) in short(looked(tree, JUNE))


def test_a_meeting_ends_it_under_the_same_id_and_a_newer_version(tree: Connection) -> None:
    (begun,) = looked(tree, JUNE)
    merge_meetings(tree, meeting(BRANCH, "2025-06", **came(9)))
    (ceased,) = looked(tree, JUNE)
    assert short([ceased]) == [(NO_MEETING, BRANCH, "ceased", "2025-05", "2025-06")]
    assert (ceased["alert_id"], ceased["began"], ceased["cause"]) == (begun["alert_id"], begun["began"], "recovered")
    assert ceased["version"] > begun["version"]
    assert ceased["ended_at"] is not None


def test_late_minutes_withdraw_it_and_their_removal_brings_it_back(tree: Connection) -> None:
    (begun,) = looked(tree, JUNE)
    late = meeting(BRANCH, "2025-05", **came(9))
    merge_meetings(tree, late)
    (withdrawn,) = looked(tree, JUNE)
    assert (withdrawn["alert_id"], withdrawn["state"], withdrawn["cause"]) == (
        begun["alert_id"],
        "withdrawn",
        "figures-changed",
    )
    merge_meetings(tree, {**late, "version": 2, "status": "planned", "revision": 0})
    (again,) = looked(tree, JUNE)
    assert (again["alert_id"], again["state"], again["ended_at"]) == (begun["alert_id"], "begun", None)


def test_a_crash_before_the_commit_leaves_everything_due(tree: Connection, database: str) -> None:
    with db.connect(database, name="dies") as dying:
        publish_scorecards(dying)
        pass_time(dying, JUNE, "2025-05")
        assert look(dying, JUNE) > 0
        dying.rollback()
    assert short(looked(tree, JUNE)) == [(NO_MEETING, BRANCH, "begun", "2025-05", None)]


def test_a_quarter_without_a_theme_is_told_when_it_closes(tree: Connection) -> None:
    looked(tree, JUNE)
    told = looked(tree, JULY)
    assert short(told) == [("no_theme", BRANCH, "begun", "2025-06", None)]
    assert told[0]["began"][0]["facts"] == {"held": 0, "quarter": 2}


def test_attendance_of_a_committee_is_judged_like_a_branchs(tree: Connection) -> None:
    merge_meetings(tree, *(meeting(BRANCH, month, **came(5)) for month in ("2025-04", "2025-05")))
    assert short(looked(tree, JUNE)) == sorted(
        ("attendance_falling", one, "begun", "2025-05", None) for one in (BRANCH, PROVINCE)
    )
    merge_meetings(tree, *(meeting(SECOND, month, kind="thematic", **came(10)) for month in ("2025-04", "2025-05")))
    (told,) = looked(tree, JUNE)  # 24 of 30 are the bar itself
    assert short([told]) == [("attendance_falling", PROVINCE, "withdrawn", "2025-05", None)]


def test_figures_that_cannot_be_are_told_in_the_month_itself(tree: Connection) -> None:
    looked(tree, JUNE)
    twice = meeting(SECOND, "2025-06", **came(9))
    merge_meetings(tree, twice)
    (told,) = looked(tree, JUNE)
    assert short([told]) == [("figures_impossible", SECOND, "begun", "2025-06", None)]
    assert told["began"][0]["facts"]["held_over_due"] is True
    merge_meetings(tree, {**twice, "version": 2, "status": "planned", "revision": 0})
    assert [one["state"] for one in looked(tree, JUNE)] == ["withdrawn"]


def test_another_version_of_a_rule_holds_for_the_months_from_its_day_on(tree: Connection) -> None:
    looked(tree, JUNE)
    tree.execute("update alert_rule set valid_to = '2025-05-31' where name = 'no_meeting'")
    tree.execute(
        "insert into alert_rule (name, valid_from, value, issuer, citation)"
        """ values ('no_meeting', '2025-05-31', '{"begin_after": 3}', 'Tỉnh uỷ', '01-QĐ/TU')"""
    )
    (told,) = looked(tree, JUNE)
    assert (told["state"], told["cause"]) == ("withdrawn", "figures-changed")
    (told,) = [one for one in looked(tree, JULY) if one["rule"] == NO_MEETING]
    assert (told["since"], told["source"], told["rule_from"]) == ("2025-06", "Tỉnh uỷ, 01-QĐ/TU", "2025-05-31")


def test_a_rule_that_cannot_be_read_leaves_its_alerts_as_they_are(tree: Connection) -> None:
    looked(tree, JUNE)
    tree.execute("""update alert_rule set value = '{"begin_after": 0}' where name = 'no_meeting'""")
    tree.execute("insert into alert_rule values ('no_rule', '2025-01-01', null, '{}', 'x', 'y')")
    merge_meetings(tree, meeting(BRANCH, "2025-06", **came(9)))
    assert looked(tree, JUNE) == []
    tree.execute("""update alert_rule set value = '{"begin_after": 2}' where name = 'no_meeting'""")
    assert [one["state"] for one in looked(tree, JUNE)] == ["ceased"]


def test_what_began_long_ago_goes_on_and_ceases_when_it_is_over(tree: Connection) -> None:
    (begun,) = looked(tree, JUNE)
    later = datetime(2027, 6, 4, 5, tzinfo=UTC)
    assert begun["alert_id"] not in {one["alert_id"] for one in looked(tree, later)}
    merge_meetings(tree, meeting(BRANCH, "2027-06", **came(9)))
    (ceased,) = [one for one in looked(tree, later) if one["alert_id"] == begun["alert_id"]]
    assert (ceased["state"], ceased["since"], ceased["until"], ceased["began"]) == (
        "ceased",
        "2025-05",
        "2027-06",
        begun["began"],
    )


def test_a_branch_that_is_closed_has_its_alerts_ended(tree: Connection) -> None:
    looked(tree, JUNE)
    closed = datetime(2025, 6, 1, tzinfo=UTC).date()
    merge_units(tree, unit(BRANCH, PROVINCE, kind="grassroots_branch", version=2, valid_to=closed))
    next_day = datetime(2025, 6, 5, 5, tzinfo=UTC)
    told = looked(tree, next_day)
    assert [(one["state"], one["until"], one["cause"]) for one in told] == [("ceased", "2025-06", "unit-ended")]


def test_an_inspection_not_begun_ceases_when_a_part_of_it_is_reported(tree: Connection) -> None:
    target, part = uuid4(), uuid4()
    for target_id, unit_id_, part_of in ((target, PROVINCE, None), (part, SECOND, target)):
        tree.execute(
            "insert into target values (%s, 1, %s, 2025, 'inspection', 'count', 'at_least', true, 4, '2025-12-31', %s,"
            " '[]')",
            (target_id, unit_id_, part_of),
        )
    tree.execute("delete from alert_rule where name <> 'inspection_not_begun'")
    assert looked(tree, datetime(2025, 6, 30, 5, tzinfo=UTC)) == []
    assert short(looked(tree, datetime(2025, 7, 1, 5, tzinfo=UTC))) == sorted(
        ("inspection_not_begun", one, "begun", "2025-06", None) for one in (PROVINCE, SECOND)
    )
    tree.execute("""update target set progress = '[{"on": "2025-07-08", "value": 1}]' where target_id = %s""", (part,))
    assert short(looked(tree, datetime(2025, 7, 9, 5, tzinfo=UTC))) == sorted(
        ("inspection_not_begun", one, "ceased", "2025-06", "2025-07") for one in (PROVINCE, SECOND)
    )


def test_targets_that_a_rebuild_replaces_are_looked_at(tree: Connection) -> None:
    """An alert of a target begins and ceases with what a rebuild reads, the units above in parts included."""
    whole, part, other = (uuid4() for _ in range(3))

    def target(target_id: UUID, unit_id: UUID, part_of: UUID | None, *progress: Progress) -> Target:
        kind = {"kind": "inspection", "measure": "count", "direction": "at_least"}
        told = {"target_id": target_id, "version": 1, "unit_id": unit_id, "year": 2025, "part_of": part_of}
        figures = {"adds_up": True, "value": 4, "due_on": "2025-12-31", "progress": progress}
        return msgspec.convert(msgspec.to_builtins(told | kind | figures), Target)

    def due() -> set[UUID]:
        rows = tree.execute("select unnest(unit_ids) from alert_due").fetchall()
        return {unit_id for (unit_id,) in msgspec.convert(rows, list[tuple[UUID]])}

    tree.execute("delete from alert_rule where name <> 'inspection_not_begun'")
    july = datetime(2025, 7, 1, 5, tzinfo=UTC)
    assert looked(tree, july) == []
    begun = [target(whole, PROVINCE, None), target(part, SECOND, whole), target(other, BRANCH, None)]
    registry_facts.replace(tree, [], begun)
    assert due() == {PROVINCE, SECOND, BRANCH}
    assert short(looked(tree, july)) == sorted(
        ("inspection_not_begun", one, "begun", "2025-06", None) for one in (PROVINCE, SECOND, BRANCH)
    )
    registry_facts.replace(tree, [], begun)
    assert due() == set()
    reported = target(part, SECOND, whole, Progress(july.date(), 1))
    registry_facts.replace(tree, [], [begun[0], reported, begun[2]])
    assert due() == {PROVINCE, SECOND}
    assert {(UUID(one["unit_id"]), one["state"]) for one in looked(tree, july)} == {
        (PROVINCE, "ceased"),
        (SECOND, "ceased"),
    }
    registry_facts.replace(tree, [], [begun[0], reported])
    assert due() == {BRANCH}
    assert [UUID(one["unit_id"]) for one in looked(tree, july)] == [BRANCH]


class _StandingClock(Clock):
    def now(self) -> datetime:
        return JUNE


def test_only_one_worker_looks_and_none_before_what_was_reported_is_merged(
    live: Live, database: str, servers: Servers
) -> None:
    """What lies in the topics when a month is judged first is merged first."""
    looking = Alerting(live.pool, servers.bootstrap, GROUP, _StandingClock())
    with live.pool.connection() as conn:
        publish_scorecards(conn)
        stands = positions.all_positions(conn, GROUP)
        (behind,) = [at for at, stood in stands.items() if at[0] == "registry.units.v1" and stood.next_offset][:1]
        conn.execute(
            "update stream_position set next_offset = next_offset - 1 where topic = %s and partition = %s", behind
        )
    assert looking.turn() == 0
    with live.pool.connection() as conn:
        conn.execute(
            "update stream_position set next_offset = next_offset + 1 where topic = %s and partition = %s", behind
        )
    with db.connect(database, name="other") as other:
        other.execute("select pg_advisory_xact_lock(%s)", (0x616C7274,))
        assert looking.turn() == 0
        other.rollback()
    assert looking.turn() > 0


def test_a_rebuild_tells_nobody_anew(live: Live) -> None:
    live.send(*(event("meetings.meeting.v1", meeting(live.branch, month)) for month in ("2025-01", "2025-02")))
    with live.pool.connection() as conn:
        before = looked(conn, JUNE)
    assert NO_MEETING in {one["rule"] for one in before}
    live.rebuild()
    with live.pool.connection() as conn:
        conn.execute("insert into alert_due (unit_ids) select array_agg(unit_id) from unit")
        assert looked(conn, JUNE) == []


def test_most_changes_of_the_present_month_need_no_look(tree: Connection) -> None:
    looked(tree, JUNE)
    merge_meetings(tree, meeting(SECOND, "2025-06", kind="committee"))
    publish_scorecards(tree)
    assert store.take_due(tree, 10, "2023-03", "2025-05") == (1, [])
    merge_meetings(tree, meeting(BRANCH, "2025-06", kind="committee"), meeting(SECOND, "2025-04", kind="committee"))
    publish_scorecards(tree)
    entries, due = store.take_due(tree, 10, "2023-03", "2025-05")
    assert (entries, sorted(due)) == (1, sorted([PROVINCE, BRANCH, SECOND]))  # one has an alert, one changed in April
    merge_meetings(tree, meeting(SECOND, "2023-02", kind="committee"))
    publish_scorecards(tree)
    assert store.take_due(tree, 10, "2023-03", "2025-05") == (1, [])


def test_a_target_that_is_reported_on_is_looked_at_with_those_above_it(tree: Connection) -> None:
    looked(tree, JUNE)
    target, part = str(uuid4()), str(uuid4())
    whole = {
        "target_id": target,
        "version": 1,
        "unit_id": str(PROVINCE),
        "year": 2025,
        "kind": "inspection",
        "measure": "count",
        "direction": "at_least",
        "adds_up": True,
        "value": 4,
        "due_on": "2025-12-31",
        "part_of": None,
        "progress": [],
    }
    reported = {"unit_id": str(SECOND), "part_of": target, "progress": [{"on": "2025-05-08", "value": 1}]}
    for one in (whole, {**whole, **reported, "target_id": part}):
        apply_targets(tree, [events.decoded("registry.target.v1", one, registry_events.target)])
    entries, due = store.take_due(tree, 10, "2023-03", "2025-05")
    assert (entries, sorted(due)) == (2, sorted([PROVINCE, SECOND]))
    apply_targets(
        tree,
        [
            events.decoded(
                "registry.target.v1",
                {**whole, **reported, "target_id": part, "version": 2, "unit_id": str(BRANCH), "part_of": None},
                registry_events.target,
            )
        ],
    )
    assert sorted(store.take_due(tree, 10, "2023-03", "2025-05")[1]) == sorted([PROVINCE, BRANCH, SECOND])
    gone: Decoded[Any] = events.decoded(
        "registry.target.v1", whole, lambda _, __: registry_events.Withdrawn(UUID(target))
    )
    apply_targets(tree, [gone])
    assert store.take_due(tree, 10, "2023-03", "2025-05")[1] == [PROVINCE]
