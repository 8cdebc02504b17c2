"""What registry tells, in the figures: members that stand, villages, targets, discipline."""

from datetime import date
from typing import Any
from uuid import UUID, uuid4

import pytest

from services.evaluation import registry_events
from services.evaluation.registry_merge import apply_rosters, apply_targets, apply_villages
from services.evaluation.views import registry_facts as views
from shared.db import Connection
from shared.envelope import Event, Received, attributes, to_record
from shared.kafka.batch import Decoded
from tests.integration.evaluation.figures import merge_meetings, merge_units, parts
from tests.support import events
from tests.support.events import meeting, unit

PROVINCE, DISTRICT, OTHER, BRANCH, SECOND = (uuid4() for _ in range(5))
TARGET = "registry.targets.v1"


def stay(begin: str = "2020-01-01", end: str | None = None, **more: Any) -> dict[str, Any]:
    given = {"member_id": str(uuid4()), "valid_from": begin, "valid_to": end, "kind": "official", "status": "active"}
    return given | more


def roster(branch: UUID, *members: dict[str, Any], version: int = 1, **more: Any) -> dict[str, Any]:
    return {"unit_id": str(branch), "version": version, "members": list(members)} | more


def merge_rosters(conn: Connection, *rosters: dict[str, Any]) -> int:
    return apply_rosters(conn, [events.decoded("registry.roster.v1", one, registry_events.roster) for one in rosters])


def village(
    unit_id: UUID, branch: UUID | None, head: str, *, version: int = 1, key: UUID | None = None
) -> dict[str, Any]:
    span: dict[str, Any] = {"valid_from": "2020-01-01", "valid_to": None, "unit_id": str(unit_id), "head": head}
    span |= {"branch_id": str(branch) if branch else None, "branch_elsewhere": False}
    return {"village_id": str(key or uuid4()), "version": version, "spans": [span]}


def merge_villages(conn: Connection, *villages: dict[str, Any]) -> int:
    return apply_villages(
        conn, [events.decoded("registry.village.v1", one, registry_events.village) for one in villages]
    )


def target(unit_id: UUID, *, key: UUID | None = None, part_of: UUID | None = None, **more: Any) -> dict[str, Any]:
    given = {
        "target_id": str(key or uuid4()),
        "version": 1,
        "unit_id": str(unit_id),
        "year": 2025,
        "kind": "new_members",
        "measure": "members",
        "direction": "at_least",
        "adds_up": True,
        "value": 10,
        "due_on": "2025-12-31",
        "part_of": str(part_of) if part_of else None,
        "progress": [],
    }
    return given | more


def merge_targets(conn: Connection, *targets: dict[str, Any]) -> int:
    return apply_targets(conn, [events.decoded("registry.target.v1", one, registry_events.target) for one in targets])


def take_back(conn: Connection, target_id: str) -> int:
    record = to_record(Event(topic=TARGET, type="registry.target.v1", source="/test", key=target_id, data=None))
    received = Received(TARGET, 0, 0, record.key, record.value, record.headers)
    about = attributes(received)
    return apply_targets(conn, [Decoded(received, about, registry_events.target(received, about))])


@pytest.fixture
def tree(conn: Connection) -> Connection:
    merge_units(
        conn,
        unit(PROVINCE, None, kind="province_committee", level="province"),
        unit(DISTRICT, PROVINCE, kind="direct_committee", level="district"),
        unit(OTHER, PROVINCE, kind="direct_committee", level="district"),
        unit(BRANCH, DISTRICT, kind="grassroots_branch", level="grassroots"),
        unit(SECOND, OTHER, kind="grassroots_branch", level="grassroots"),
    )
    return conn


def members(conn: Connection, unit_id: UUID, month: str) -> dict[str, int]:
    return {name: count for name, count in parts(conn, unit_id, month).items() if name.startswith("members_")}


def test_members_stand_at_every_level_from_the_months_last_day(tree: Connection) -> None:
    merge_rosters(
        tree,
        roster(
            BRANCH,
            stay(),
            stay("2025-06-30", kind="probationary"),
            stay("2025-06-02", "2025-06-30"),
            stay(status="exempt"),
            stay(status="temporary_elsewhere"),
            stay(status="received_temporarily"),
        ),
        roster(SECOND, stay()),
    )
    assert members(tree, DISTRICT, "2025-05") == {"members_active": 1, "members_official": 3, "members_exempt": 1}
    june = {"members_active": 2, "members_official": 3, "members_probationary": 1, "members_exempt": 1}
    assert members(tree, BRANCH, "2025-06") == members(tree, DISTRICT, "2025-06") == june
    assert members(tree, PROVINCE, "2025-06") == june | {"members_active": 3, "members_official": 4}


def test_a_roster_changed_in_the_past_moves_every_month_since(tree: Connection) -> None:
    merge_meetings(tree, meeting(BRANCH, "2025-03"), meeting(BRANCH, "2025-06"))
    assert merge_rosters(tree, roster(BRANCH, stay(), stay())) == 1
    tree.execute("delete from scorecard_due")
    (version,) = tree.execute(
        "select version from unit_month where unit_id = %s and month = '2025-06'", (DISTRICT,)
    ).fetchall()[0]
    assert merge_rosters(tree, roster(BRANCH, stay(), stay("2020-01-01", "2025-05-20"), version=2)) == 1
    assert merge_rosters(tree, roster(BRANCH, stay(), version=1)) == 0
    assert [members(tree, PROVINCE, month)["members_active"] for month in ("2025-04", "2025-05")] == [2, 1]
    due = tree.execute(
        "select distinct month from scorecard_due, unnest(unit_ids, months) as due (unit_id, month) where unit_id = %s",
        (DISTRICT,),
    ).fetchall()
    assert due == [("2025-06",)], "March stands as it was"
    (after,) = tree.execute(
        "select version from unit_month where unit_id = %s and month = '2025-06'", (DISTRICT,)
    ).fetchall()[0]
    assert after != version


def test_a_branch_that_moves_or_ends_takes_its_members_along(tree: Connection) -> None:
    merge_rosters(tree, roster(BRANCH, stay()), roster(SECOND, stay()))
    moved = unit(BRANCH, DISTRICT, kind="grassroots_branch", level="grassroots", version=2, valid_to=date(2025, 7, 1))
    there = unit(BRANCH, OTHER, kind="grassroots_branch", level="grassroots", valid_from=date(2025, 7, 1))
    moved["spans"] += there["spans"]
    merge_units(tree, moved)
    assert [members(tree, OTHER, month)["members_active"] for month in ("2025-06", "2025-07")] == [1, 2]
    assert members(tree, DISTRICT, "2025-07") == {}
    closed = unit(BRANCH, DISTRICT, kind="grassroots_branch", level="grassroots", version=3, valid_to=date(2025, 6, 15))
    merge_units(tree, closed)
    merge_rosters(tree, roster(BRANCH, stay("2020-01-01", "2025-06-15"), version=2))
    assert members(tree, DISTRICT, "2025-06") == {}
    assert members(tree, PROVINCE, "2025-07") == {"members_active": 1, "members_official": 1}


def test_a_branch_that_never_was_leaves_no_members(tree: Connection) -> None:
    merge_rosters(tree, roster(BRANCH, stay()))
    never = unit(BRANCH, DISTRICT, kind="grassroots_branch", level="grassroots", version=2, valid_to=date(2020, 1, 1))
    merge_units(tree, never)
    assert members(tree, DISTRICT, "2025-06") == members(tree, PROVINCE, "2025-06") == {}


def test_a_roster_that_comes_before_its_unit_waits_for_it(conn: Connection) -> None:
    merge_rosters(conn, roster(BRANCH, stay()))
    merge_units(conn, unit(PROVINCE, None, kind="province_committee", level="province"))
    merge_units(conn, unit(BRANCH, PROVINCE, kind="grassroots_branch", level="grassroots"))
    assert members(conn, PROVINCE, "2025-06") == {"members_active": 1, "members_official": 1}


def test_ethnicity_comes_as_it_is_told(tree: Connection) -> None:
    groups = [
        {"valid_from": "2025-01-01", "valid_to": None, "group": "majority", "members": 8},
        {"valid_from": "2025-01-01", "valid_to": "2025-07-01", "group": "minority", "members": 3},
        {"valid_from": "2025-07-01", "valid_to": None, "group": "minority", "members": 4},
    ]
    merge_rosters(tree, roster(BRANCH, ethnicity=groups))
    assert members(tree, PROVINCE, "2024-12") == {}
    assert members(tree, PROVINCE, "2025-06") == {"members_minority": 3, "members_ethnicity_known": 11}
    assert members(tree, PROVINCE, "2025-07") == {"members_minority": 4, "members_ethnicity_known": 12}


def test_the_disciplined_count_above_their_branch_as_it_was(tree: Connection) -> None:
    told = [{"on": "2025-03-04", "members": 2}, {"on": "2025-08-01", "members": 1}]
    merge_rosters(tree, roster(BRANCH, discipline=told), roster(SECOND, stay()))
    first, last = date(2025, 1, 1), date(2025, 6, 30)
    assert [views.disciplined(tree, one, first, last).members for one in (BRANCH, DISTRICT, PROVINCE, OTHER)] == [
        2,
        2,
        2,
        0,
    ]
    assert views.disciplined(tree, PROVINCE, first, date(2025, 12, 31)).members == 3
    merge_rosters(tree, roster(BRANCH, discipline=told[1:], version=2))
    assert views.disciplined(tree, PROVINCE, first, last).members == 0


def test_villages_are_counted_in_the_subtree(tree: Connection) -> None:
    moving = uuid4()
    merge_villages(
        tree,
        village(DISTRICT, BRANCH, "member"),
        village(DISTRICT, SECOND, "not_member"),
        village(OTHER, SECOND, "vacant"),
        village(OTHER, None, "member", key=moving),
    )
    found = views.villages(tree, PROVINCE, date(2025, 6, 30))
    assert (found.villages, found.own_branch, found.sharing, found.without_branch) == (4, 1, 2, 1)
    assert (found.share_covered, found.heads.share) == (0.75, 0.6667)
    here = views.villages(tree, DISTRICT, date(2025, 6, 30))
    assert (here.own_branch, here.sharing, here.without_branch) == (1, 1, 0)
    assert merge_villages(tree, village(OTHER, BRANCH, "member", version=2, key=moving)) == 1
    assert merge_villages(tree, village(OTHER, None, "member", version=1, key=moving)) == 0
    assert views.villages(tree, PROVINCE, date(2025, 6, 30)).without_branch == 0
    assert views.villages(tree, PROVINCE, date(2019, 6, 30)).villages == 0


def test_targets_stand_against_plan_and_time(tree: Connection) -> None:
    whole = target(PROVINCE, value=20)
    key = UUID(whole["target_id"])
    east = target(DISTRICT, part_of=key, progress=[{"on": "2025-03-31", "value": 4}, {"on": "2025-07-31", "value": 9}])
    assert merge_targets(tree, whole, east, target(OTHER, part_of=key)) == 3
    (found,) = views.targets(tree, PROVINCE, 2025, date(2025, 6, 30))
    assert (found.reached, found.own_report, found.parts, found.parts_reporting) == (4, False, 2, 1)
    assert (found.share_of_plan, found.standing) == (0.2, "behind")
    (later,) = views.targets(tree, PROVINCE, 2025, date(2025, 7, 31))
    assert later.reached == 9
    assert views.targets(tree, PROVINCE, 2024, date(2025, 6, 30)) == []


def test_a_target_taken_back_is_none_until_it_comes_anew(tree: Connection) -> None:
    one = target(DISTRICT, version=3)
    merge_targets(tree, one)
    assert merge_targets(tree, one | {"version": 2, "value": 99}) == 0
    assert take_back(tree, one["target_id"]) == 1
    assert take_back(tree, one["target_id"]) == 0
    assert views.targets(tree, DISTRICT, 2025, date(2025, 6, 30)) == []
    merge_targets(tree, one | {"version": 4})
    assert len(views.targets(tree, DISTRICT, 2025, date(2025, 6, 30))) == 1
