"""Decisions through the doors: drafted, previewed, put in force whole, withdrawn."""

from typing import Any
from uuid import uuid4

from tests.integration.registry.conftest import Registry
from tests.integration.registry.decisions import (
    DAY,
    body,
    books,
    branch,
    committee,
    conflicts,
    drafted,
    events,
    force,
    forced,
    preview,
    withdraw,
)
from tests.integration.registry.rows import new_member, province

MERGER = (branch("GL-A-X-9", "GL-A-X"), {"op": "merge", "units": ["GL-A-X-1", "GL-A-X-2"], "into": "GL-A-X-9"})


def village(registry: Registry, code: str, unit_id: str, branch_id: str) -> str:
    """A village with a branch."""
    answer = registry.post(
        "/v1/villages",
        {
            "code": code,
            "valid_from": "2015-01-01",
            "name": "Thôn Hoà Bình",
            "unit_id": unit_id,
            "branch_id": branch_id,
            "head": "not_member",
        },
    )
    assert answer.status == 201, answer.body
    return str(answer.body["village_id"])


def in_force(registry: Registry, on: str) -> set[str]:
    """The codes of all units in force on a day."""
    root = registry.ids()["GL"]
    return {unit["code"] for unit in registry.get(f"/v1/units?under={root}&on={on}&limit=1000").body["items"]}


def members_of(registry: Registry, code: str, on: str) -> int:
    """How many members stand in a branch on a day."""
    return len(registry.get(f"/v1/units/{registry.ids()[code]}/members?on={on}").body["items"])


def test_a_draft_changes_nothing_and_shows_what_it_would_do(registry: Registry) -> None:
    registry.imported(province())
    before = books(registry)

    shown = preview(registry, drafted(registry, *MERGER))

    assert books(registry) == before
    assert events(registry) == []
    assert shown["conflicts"] == []
    assert {name: count for name, count in shown["counts"].items() if count} == {
        "created": 1,
        "merged": 2,
        "units_changed": 3,
        "members_moved": 6,
    }
    assert (shown["before"]["branches"], shown["after"]["branches"]) == (2, 1)
    assert shown["before"]["members"] == shown["after"]["members"] == {"official": 6}


def test_a_merger_takes_members_and_villages_along(registry: Registry) -> None:
    ids = registry.imported(province())
    village_id = village(registry, "GL-T-1", ids["GL-A-X"], ids["GL-A-X-1"])

    decision = forced(registry, *MERGER)

    assert (decision["state"], decision["version"]) == ("in_force", 2)
    assert in_force(registry, "2026-02-28") - in_force(registry, DAY) == {"GL-A-X-1", "GL-A-X-2"}
    assert in_force(registry, DAY) - in_force(registry, "2026-02-28") == {"GL-A-X-9"}
    assert (members_of(registry, "GL-A-X-1", "2026-02-28"), members_of(registry, "GL-A-X-9", DAY)) == (3, 6)
    new = str(registry.ids()["GL-A-X-9"])
    assert registry.get(f"/v1/villages/{village_id}?on={DAY}").body["branch_id"] == new
    assert registry.get(f"/v1/villages/{village_id}?on=2026-02-28").body["branch_id"] == ids["GL-A-X-1"]
    lineage = registry.get(f"/v1/units/{new}/lineage").body
    assert [(edge["from_code"], edge["how"], edge["number"]) for edge in lineage["came_from"]] == [
        ("GL-A-X-1", "merged", decision["number"]),
        ("GL-A-X-2", "merged", decision["number"]),
    ]
    rosters = {event["unit_id"]: event for event in registry.events("registry.rosters.v1")}
    assert {len(rosters[new]["members"]), len(rosters[ids["GL-A-X-1"]]["members"])} == {6, 3}
    assert {member["valid_to"] for member in rosters[ids["GL-A-X-1"]]["members"]} == {DAY}


def test_what_came_in_force_is_published_and_recorded(registry: Registry) -> None:
    ids = registry.imported(province())

    decision = forced(registry, *MERGER)

    (event,) = events(registry)
    new = str(registry.ids()["GL-A-X-9"])
    assert (event["state"], event["version"], event["number"]) == ("in_force", 2, decision["number"])
    assert event["operations"] == [
        {"op": "create", "unit_ids": [new, ids["GL-A-X"]]},
        {"op": "merge", "unit_ids": [ids["GL-A-X-1"], ids["GL-A-X-2"], new]},
    ]
    assert {(edge["from_unit"], edge["to_unit"]) for edge in event["lineage"]} == {
        (ids["GL-A-X-1"], new),
        (ids["GL-A-X-2"], new),
    }
    recorded = registry.sql(
        f"select subject, count(*) from audit where decision_id = '{event['decision_id']}' group by 1"
    )
    assert dict(recorded) == {"decision": 1, "unit": 3, "member": 6}


def test_a_split_shares_out_members_villages_and_units_below(registry: Registry) -> None:
    ids = registry.imported(province())
    village(registry, "GL-T-1", ids["GL-A-X"], ids["GL-A-X-1"])
    village(registry, "GL-T-2", ids["GL-A-X"], ids["GL-A-X-2"])
    members = registry.get(f"/v1/units/{ids['GL-A-X-1']}/members").body["items"]

    forced(
        registry,
        committee("GL-A-Y", "GL-A"),
        {
            "op": "split",
            "unit": "GL-A-X",
            "parts": [{"unit": "GL-A-X"}, {"unit": "GL-A-Y", "children": ["GL-A-X-1"]}],
            "rest": "GL-A-X",
        },
        branch("GL-A-X-3", "GL-A-Y"),
        {
            "op": "split",
            "unit": "GL-A-X-1",
            "parts": [{"unit": "GL-A-X-1"}, {"unit": "GL-A-X-3", "members": [members[0]["member_id"]]}],
            "rest": "GL-A-X-1",
        },
    )

    def below(code: str, on: str) -> set[str]:
        found = registry.get(f"/v1/units/{registry.ids()[code]}/children?on={on}").body["items"]
        return {unit["code"] for unit in found}

    assert (below("GL-A-X", DAY), below("GL-A-Y", DAY)) == ({"GL-A-X-2"}, {"GL-A-X-1", "GL-A-X-3"})
    assert below("GL-A-X", "2026-02-28") == {"GL-A-X-1", "GL-A-X-2"}
    assert (members_of(registry, "GL-A-X-1", DAY), members_of(registry, "GL-A-X-3", DAY)) == (2, 1)
    rows = registry.get(f"/v1/villages?under={ids['GL-A']}&on={DAY}").body["items"]
    assert {row["code"]: row["unit_id"] for row in rows} == {
        "GL-T-1": str(registry.ids()["GL-A-Y"]),
        "GL-T-2": ids["GL-A-X"],
    }


def test_what_a_split_gives_to_nobody_is_named(registry: Registry) -> None:
    registry.imported(province())
    parts = [{"unit": "GL-A-X-3", "members": ["GL-A-X-1-0", "GL-B-X-1-0"]}, {"unit": "GL-A-X-4"}]

    found = conflicts(
        registry,
        branch("GL-A-X-3", "GL-A-X"),
        branch("GL-A-X-4", "GL-A-X"),
        {"op": "split", "unit": "GL-A-X-1", "parts": parts},
    )

    assert found == {
        "operations[2].parts[0].members[1]": "not-of-this-unit",
        "operations[2].parts": "not-assigned",
        "operations[2].unit": "members-left",
    }


def test_every_conflict_is_named_and_nothing_is_kept(registry: Registry) -> None:
    registry.imported(province())
    decision = drafted(
        registry,
        {"op": "rename", "unit": "GL-A-X-1", "name": "Chi bộ thôn Hoà Bình"},
        {"op": "close", "unit": "GL-A-X-2"},
        {"op": "move", "unit": "GL-B-X-1", "parent": "GL-A"},
        {"op": "merge", "units": ["GL-NOWHERE"], "into": "GL-A-X"},
        branch("GL-A-X-2", "GL-A-X"),
        {"op": "move", "unit": "GL-A", "parent": "GL-A-X"},
        {"op": "close", "unit": "GL-B"},
        {"op": "change_kind", "unit": "GL-B-X-2", "kind": "department_committee", "branch_type": None},
    )
    before = books(registry)

    answer = force(registry, decision)

    assert answer.status == 422
    assert books(registry) == before
    assert events(registry) == []
    named = {(error["field"], error["rule"]) for error in answer.body["errors"]}
    assert named == {
        ("operations[1].unit", "members-left"),
        ("operations[2].parent", "parent-kind"),
        ("operations[3].units[0]", "unknown-unit"),
        ("operations[4].code", "unit-exists"),
        ("operations[5].parent", "parent-kind"),
        ("operations[5].parent", "cycle"),
        ("operations[5].level", "level-of-kind"),
        ("operations[6].unit", "child-not-in-force"),
        ("operations[7].level", "level-of-kind"),
        ("operations[7].kind", "members-left"),
    }
    assert preview(registry, decision)["conflicts"] == answer.body["errors"]
    assert all(error["message"] for error in answer.body["errors"])


def test_what_one_operation_moved_another_may_merge(registry: Registry) -> None:
    registry.imported(province())

    decision = forced(
        registry,
        {"op": "merge", "units": ["GL-B-X"], "into": "GL-A-X"},
        {"op": "rename", "unit": "GL-B-X-1", "name": "Chi bộ ghép"},
        {"op": "merge", "units": ["GL-B-X-1", "GL-B-X-2"], "into": "GL-A-X-1"},
    )

    assert decision["counts"]["merged"] == 3
    assert members_of(registry, "GL-A-X-1", DAY) == 9
    assert "GL-B-X-1" not in in_force(registry, DAY)
    assert conflicts(registry, branch("GL-A-X-7", "GL-A-X"), {"op": "close", "unit": "GL-A-X-7"}) == {
        "operations[1].unit": "later-change"
    }


def test_a_decision_for_a_day_to_come_takes_effect_by_itself(registry: Registry) -> None:
    registry.imported(province())

    forced(registry, *MERGER, effective_on="2026-09-01")

    assert "GL-A-X-9" not in in_force(registry, "2026-08-31")
    assert members_of(registry, "GL-A-X-1", "2026-08-31") == 3
    assert "GL-A-X-9" in in_force(registry, "2026-09-01")
    assert members_of(registry, "GL-A-X-9", "2026-09-01") == 6


def test_a_change_before_a_decided_one_is_carried_on_into_it(registry: Registry) -> None:
    ids = registry.imported(province())
    forced(registry, {"op": "move", "unit": "GL-A-X", "parent": "GL-B"}, effective_on="2026-09-01")

    answer = registry.post(f"/v1/units/{ids['GL-A-X']}/changes", {"valid_from": "2026-07-01", "name": "Đảng bộ mới"})

    assert (answer.status, answer.body["name"], answer.body["valid_to"]) == (200, "Đảng bộ mới", "2026-09-01")
    later = registry.get(f"/v1/units/{ids['GL-A-X']}?on=2026-09-01").body
    assert (later["name"], later["parent_id"]) == ("Đảng bộ mới", ids["GL-B"])


def test_a_unit_that_is_to_change_later_is_not_merged_before(registry: Registry) -> None:
    registry.imported(province())
    forced(registry, {"op": "rename", "unit": "GL-A-X-1", "name": "Chi bộ mới"}, effective_on="2026-09-01")

    assert conflicts(registry, *MERGER) == {
        "operations[1].units[0]": "later-change",
    }


def test_a_withdrawal_restores_everything(registry: Registry) -> None:
    ids = registry.imported(province())
    village(registry, "GL-T-1", ids["GL-A-X"], ids["GL-A-X-1"])
    before = books(registry)
    decision = forced(registry, *MERGER)
    new = str(registry.ids()["GL-A-X-9"])

    answer = withdraw(registry, decision)

    assert (answer.status, answer.body["state"], answer.body["reason"]) == (200, "withdrawn", "Ban hành nhầm")
    assert books(registry) == before
    assert registry.get(f"/v1/units/{new}").status == 404
    assert events(registry)[-1]["state"] == "withdrawn"
    told = {event["unit_id"]: event for event in registry.events("registry.units.v1")}
    assert [(span["valid_from"], span["valid_to"]) for span in told[new]["spans"]] == [(DAY, DAY)]
    assert {event["unit_id"]: event for event in registry.events("registry.rosters.v1")}[new]["members"] == []
    again = forced(registry, branch("GL-A-X-9", "GL-A-X", unit_id=new))
    assert again["state"] == "in_force"
    assert registry.events("registry.units.v1")[-1]["version"] == 3


def test_a_decision_that_is_built_upon_is_not_withdrawn(registry: Registry) -> None:
    ids = registry.imported(province())
    first = forced(registry, *MERGER)
    second = forced(registry, {"op": "rename", "unit": "GL-A-X-9", "name": "Khác"}, effective_on="2026-04-01")
    joined = registry.post("/v1/members", new_member("GL-NEW", str(registry.ids()["GL-A-X-9"]), valid_from=DAY))
    assert joined.status == 201
    registry.post(f"/v1/units/{ids['GL-A-X']}/changes", {"valid_from": "2026-05-01", "name": "Không liên quan"})
    before = books(registry)

    answer = withdraw(registry, first)

    assert (answer.status, answer.body["rule"]) == (409, "decision-built-upon")
    by_rule = {error["rule"]: error["message"] for error in answer.body["errors"]}
    assert by_rule.keys() == {"unit-changed-since", "member-changed-since"}
    assert second["number"] in by_rule["unit-changed-since"]
    assert "GL-NEW" in by_rule["member-changed-since"]
    assert books(registry) == before


def test_decisions_are_withdrawn_in_the_opposite_order(registry: Registry) -> None:
    registry.imported(province())
    before = books(registry)
    first = forced(registry, *MERGER)
    second = forced(registry, {"op": "rename", "unit": "GL-A-X-9", "name": "Khác"}, effective_on="2026-04-01")

    assert withdraw(registry, first).status == 409
    assert withdraw(registry, second).status == 200
    assert withdraw(registry, first).status == 200
    assert books(registry) == before


def test_a_draft_is_changed_only_by_who_saw_its_last_version(registry: Registry) -> None:
    registry.imported(province())
    decision = drafted(registry, *MERGER)
    path = f"/v1/decisions/{decision['decision_id']}"
    again = body(*MERGER, title="Lần hai") | {"expected_version": 1}

    first = registry.call("PUT", path, again)
    second = registry.call("PUT", path, again | {"title": "Lần ba"})
    late = force(registry, decision)

    assert (first.status, first.body["version"], first.body["title"]) == (200, 2, "Lần hai")
    assert (second.status, second.body["rule"]) == (409, "stale-version")
    assert (late.status, late.body["rule"]) == (409, "stale-version")
    assert force(registry, first.body).status == 200
    assert registry.call("PUT", path, again | {"expected_version": 3}).body["rule"] == "decision-state"
    assert registry.post(f"{path}/discard", None).body["rule"] == "decision-state"


def test_a_discarded_draft_frees_its_number(registry: Registry) -> None:
    registry.imported(province())
    decision = drafted(registry, *MERGER, number="05-QĐ/TU")
    taken = registry.post("/v1/decisions", body(*MERGER, number="05-QĐ/TU"))

    discarded = registry.post(f"/v1/decisions/{decision['decision_id']}/discard", None)

    assert (taken.status, taken.body["rule"]) == (409, "decision-exists")
    assert (discarded.status, discarded.body["state"]) == (200, "discarded")
    assert drafted(registry, *MERGER, number="05-QĐ/TU")["state"] == "draft"


def test_the_same_request_again_is_carried_out_once(registry: Registry) -> None:
    registry.imported(province())
    decision = drafted(registry, *MERGER)
    path, key = f"/v1/decisions/{decision['decision_id']}/force", {"Idempotency-Key": str(uuid4())}

    once = registry.post(path, {"expected_version": 1}, headers=key)
    again = registry.post(path, {"expected_version": 1}, headers=key)

    assert (once.status, again.status, again.body) == (200, 200, once.body)
    assert len(events(registry)) == 1


def test_rights_reach_the_unit_its_place_and_its_new_place(registry: Registry) -> None:
    ids = registry.imported(province())
    officer = registry.issuer.mint("committee_officer", ids["GL-A"])

    def answers(*operations: dict[str, Any]) -> tuple[int, set[str]]:
        answer = registry.post("/v1/decisions", body(*operations), token=officer)
        return answer.status, set(answer.rules) if answer.status == 403 else set()

    assert answers(*MERGER) == (201, set())
    assert answers({"op": "move", "unit": "GL-A-X", "parent": "GL-B"}) == (403, {"operations[0].parent"})
    assert answers({"op": "move", "unit": "GL-B-X", "parent": "GL-A"}) == (403, {"operations[0].unit"})
    assert answers({"op": "close", "unit": "GL-A"}) == (403, {"operations[0].unit"})
    assert answers({"op": "rename", "unit": "GL-A", "name": "Huyện uỷ A"}) == (201, set())
    assert answers({"op": "rename", "unit": "NOWHERE", "name": "Không có"}) == (403, {"operations[0].unit"})
    root: dict[str, Any] = {
        "op": "create",
        "code": "BD",
        "kind": "province_committee",
        "level": "province",
        "parent": None,
    }
    assert answers(root | {"name": "Tỉnh uỷ Bình Định"}) == (403, {"operations[0].parent"})
    assert answers(branch("GL-B-X-9", "GL-B-X"), {"op": "rename", "unit": "GL-B-X-9", "name": "A"}) == (
        403,
        {"operations[0].parent", "operations[1].unit"},
    )


def test_decisions_are_read_within_rights(registry: Registry) -> None:
    ids = registry.imported(province())
    own = forced(registry, {"op": "rename", "unit": "GL-A-X", "name": "Đảng bộ xã A"})
    drafted(registry, {"op": "rename", "unit": "GL-B-X", "name": "Đảng bộ xã B"})
    both = drafted(registry, {"op": "merge", "units": ["GL-A-X-1"], "into": "GL-B-X-1"})
    officer = registry.issuer.mint("committee_officer", ids["GL-A"])

    def listed(query: str = "", token: str | None = officer) -> list[str]:
        return [one["decision_id"] for one in registry.get(f"/v1/decisions{query}", token=token).body["items"]]

    assert listed() == [own["decision_id"]]
    assert registry.get(f"/v1/decisions/{own['decision_id']}", token=officer).status == 200
    assert registry.get(f"/v1/decisions/{both['decision_id']}", token=officer).status == 404
    assert force(registry, both, token=officer).status == 404
    assert len(listed(token=None)) == 3
    first = registry.get("/v1/decisions?limit=2")
    rest = registry.get(f"/v1/decisions?limit=2&cursor={first.body['next_cursor']}")
    assert len(first.body["items"] + rest.body["items"]) == 3
    assert both["decision_id"] in listed("?state=draft", token=None)
    assert listed("?state=in_force", token=None) == [own["decision_id"]]


def test_operations_say_what_they_lack_and_what_they_do_not_take(registry: Registry) -> None:
    registry.imported(province())

    answer = registry.post(
        "/v1/decisions",
        body(
            {"op": "rename", "unit": "GL-A"},
            {"op": "close", "unit": "GL-A", "into": "GL-B"},
            {"op": "dissolve", "unit": "GL-A"},
            {"op": "change_kind", "unit": "GL-A"},
        ),
    )

    assert (answer.status, answer.rules) == (
        422,
        {
            "operations[0].name": "missing",
            "operations[1].into": "not-taken",
            "operations[2].op": "one-of",
            "operations[3]": "missing",
        },
    )


def test_a_district_ends_with_its_level(registry: Registry) -> None:
    """As on 1/7/2025: communes go up to the province, districts close; the day before still shows them."""
    registry.imported(province())

    decision = forced(
        registry,
        {"op": "move", "unit": "GL-A-X", "parent": "GL"},
        {"op": "move", "unit": "GL-B-X", "parent": "GL"},
        {"op": "close", "unit": "GL-A"},
        {"op": "close", "unit": "GL-B"},
        effective_on="2025-07-01",
    )

    assert decision["counts"]["closed"] == 2
    assert in_force(registry, "2025-06-30") - in_force(registry, "2025-07-01") == {"GL-A", "GL-B"}
    refused = conflicts(
        registry,
        {
            "op": "create",
            "code": "GL-C",
            "kind": "direct_committee",
            "level": "district",
            "parent": "GL",
            "name": "Huyện uỷ C",
        },
        effective_on="2025-07-02",
    )
    assert refused == {"operations[0].level": "level-of-kind"}


def test_rules_are_read_as_of_a_day(registry: Registry) -> None:
    def levels(on: str) -> list[str]:
        found = {rule["name"]: rule for rule in registry.get(f"/v1/rules?on={on}").body["items"]}
        assert found["unit_kinds"]["issuer"]
        listed: list[str] = found["unit_kinds"]["value"]["direct_committee"]["levels"]
        return listed

    assert "district" in levels("2025-06-30")
    assert "district" not in levels("2025-07-01")
