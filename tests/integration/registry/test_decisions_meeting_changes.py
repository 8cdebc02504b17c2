"""Decisions for a day to come meet changes of days before it; whose rights reach what is taken back."""

from typing import Any
from uuid import UUID

from tests.integration.registry.conftest import Registry
from tests.integration.registry.decisions import DAY, branch, committee, conflicts, drafted, forced, preview, withdraw
from tests.integration.registry.rows import province
from tests.integration.registry.test_decisions import MERGER, members_of, village

LATER = "2026-09-01"


def one_of(registry: Registry, code: str) -> str:
    """A member who stands in a branch."""
    items = registry.get(f"/v1/units/{registry.ids()[code]}/members?on={DAY}").body["items"]
    return str(items[0]["member_id"])


def path(registry: Registry, member_id: str) -> list[tuple[str, str]]:
    """Where a member stands, from which day on."""
    codes = {unit_id: code for code, unit_id in registry.ids().items()}
    rows = registry.sql(f"select valid_from, unit_id from member_span where member_id = '{member_id}' order by 1")
    return [(valid_from.isoformat(), codes[unit_id]) for valid_from, unit_id in rows]


def test_who_leaves_a_branch_before_it_is_merged_does_not_follow_it(registry: Registry) -> None:
    ids = registry.imported(province())
    member_id = one_of(registry, "GL-A-X-1")
    forced(registry, *MERGER, effective_on=LATER)
    assert path(registry, member_id)[-1] == (LATER, "GL-A-X-9")

    answer = registry.post(f"/v1/members/{member_id}/changes", {"valid_from": "2026-07-01", "unit_id": ids["GL-B-X-1"]})

    assert answer.status == 200, answer.body
    assert path(registry, member_id)[-1] == ("2026-07-01", "GL-B-X-1")
    assert (members_of(registry, "GL-A-X-9", LATER), members_of(registry, "GL-B-X-1", LATER)) == (5, 4)


def test_who_moves_to_another_branch_of_the_merger_follows_that_one(registry: Registry) -> None:
    ids = registry.imported(province())
    member_id = one_of(registry, "GL-A-X-1")
    forced(registry, *MERGER, effective_on=LATER)

    registry.post(f"/v1/members/{member_id}/changes", {"valid_from": "2026-07-01", "unit_id": ids["GL-A-X-2"]})

    assert path(registry, member_id)[-2:] == [("2026-07-01", "GL-A-X-2"), (LATER, "GL-A-X-9")]
    assert members_of(registry, "GL-A-X-9", LATER) == 6


def test_a_unit_that_moves_before_its_superior_is_merged_does_not_follow_it(registry: Registry) -> None:
    ids = registry.imported(province())
    new = committee("GL-B-Y", "GL-B")
    merger = {"op": "merge", "units": ["GL-A-X"], "into": "GL-B-Y"}
    forced(registry, new, merger, effective_on=LATER)

    moved = registry.post(
        f"/v1/units/{ids['GL-A-X-1']}/changes", {"valid_from": "2026-07-01", "parent_id": ids["GL-B-X"]}
    )
    forced(registry, {"op": "move", "unit": "GL-A-X-2", "parent": "GL-B-X"})

    assert moved.status == 200, moved.body
    for code in ("GL-A-X-1", "GL-A-X-2"):
        assert registry.get(f"/v1/units/{ids[code]}?on={LATER}").body["parent_id"] == ids["GL-B-X"]


def test_a_branch_that_is_to_be_merged_is_not_split_before(registry: Registry) -> None:
    registry.imported(province())
    member_id = one_of(registry, "GL-A-X-1")
    forced(registry, *MERGER, effective_on=LATER)
    parts = [{"unit": "GL-A-X-1"}, {"unit": "GL-A-X-7", "members": [member_id]}]

    found = conflicts(
        registry,
        branch("GL-A-X-7", "GL-A-X"),
        {"op": "split", "unit": "GL-A-X-1", "parts": parts, "rest": "GL-A-X-1"},
    )

    assert found == {"operations[1].unit": "later-change"}


def test_nobody_takes_back_what_came_from_outside_their_rights(registry: Registry) -> None:
    ids = registry.imported(province())
    decision = forced(registry, {"op": "move", "unit": "GL-A-X", "parent": "GL-B"})
    officer = registry.issuer.mint("committee_officer", ids["GL-B"])

    answer = registry.post(
        f"/v1/decisions/{decision['decision_id']}/withdrawal", {"reason": "Không nhận"}, token=officer
    )

    assert (answer.status, set(answer.rules)) == (403, {"operations[0].unit"})
    assert withdraw(registry, decision).status == 200


def test_a_code_that_reads_as_the_id_of_a_unit_does_not_stand_for_it(registry: Registry) -> None:
    ids = registry.imported(province())
    made = {name: value for name, value in branch(ids["GL-B-X-1"], "").items() if name not in ("op", "parent")}
    answer = registry.post("/v1/units", made | {"valid_from": "2020-01-01", "parent_id": ids["GL-A-X"]})
    assert answer.status == 201, answer.body

    forced(registry, {"op": "rename", "unit": ids["GL-B-X-1"], "name": "Chi bộ Hoà Bình"})

    assert registry.get(f"/v1/units/{ids['GL-B-X-1']}?on={DAY}").body["name"] == "Chi bộ Hoà Bình"


def test_a_unit_divided_on_its_first_day_keeps_its_lineage(registry: Registry) -> None:
    registry.imported(province())
    forced(registry, *MERGER)
    parts = [{"unit": "GL-A-X-9"}, {"unit": "GL-A-X-8"}]

    forced(
        registry,
        branch("GL-A-X-8", "GL-A-X"),
        {"op": "split", "unit": "GL-A-X-9", "parts": parts, "rest": "GL-A-X-9"},
    )

    lineage = registry.get(f"/v1/units/{registry.ids()['GL-A-X-8']}/lineage").body["came_from"]
    assert {(edge["from_code"], edge["to_code"]) for edge in lineage} == {
        ("GL-A-X-9", "GL-A-X-8"),
        ("GL-A-X-1", "GL-A-X-9"),
        ("GL-A-X-2", "GL-A-X-9"),
    }


def test_villages_follow_the_unit_above_their_branch(registry: Registry) -> None:
    ids = registry.imported(province())
    department: dict[str, Any] = committee("GL-A-X-D", "GL-A-X", kind="department_committee", level="department")
    forced(registry, department, {"op": "move", "unit": "GL-A-X-1", "parent": "GL-A-X-D"}, effective_on="2026-02-01")
    moved = village(registry, "GL-T-1", ids["GL-A-X"], ids["GL-A-X-1"])
    stays = village(registry, "GL-T-2", ids["GL-A-X"], ids["GL-A-X-2"])

    forced(registry, {"op": "move", "unit": "GL-A-X-D", "parent": "GL-B-X"})

    def organisation(village_id: str) -> str:
        return str(registry.get(f"/v1/villages/{village_id}?on={DAY}").body["unit_id"])

    assert (organisation(moved), organisation(stays)) == (ids["GL-B-X"], ids["GL-A-X"])
    forced(
        registry,
        committee("GL-B-Y", "GL-B"),
        {
            "op": "split",
            "unit": "GL-B-X",
            "parts": [{"unit": "GL-B-X"}, {"unit": "GL-B-Y", "children": ["GL-A-X-D"]}],
            "rest": "GL-B-X",
        },
        effective_on="2026-04-01",
    )
    shown = registry.get(f"/v1/villages/{moved}?on=2026-04-01").body
    assert UUID(shown["unit_id"]) == registry.ids()["GL-B-Y"]


def test_a_preview_says_that_a_decision_is_too_large(registry: Registry) -> None:
    registry.imported(province())
    moves = [{"op": "move", "unit": "GL-A-X-1", "parent": "GL-A-X"} for _ in range(10_000)]

    found = preview(registry, drafted(registry, *moves))["conflicts"]

    assert [(conflict["field"], conflict["rule"]) for conflict in found] == [("operations", "decision-too-large")]


def test_a_code_of_another_system_is_free_when_its_unit_has_ended(registry: Registry) -> None:
    ids = registry.imported(province())
    code = {"code": "64.01.0003", "valid_from": "2024-01-01"}
    assert registry.call("PUT", f"/v1/units/{ids['GL-A-X-1']}/codes/csdl-dv", code).status == 200
    forced(registry, *MERGER)
    new = registry.ids()["GL-A-X-9"]

    given = registry.call("PUT", f"/v1/units/{new}/codes/csdl-dv", code | {"valid_from": DAY})

    assert given.status == 200, given.body
    assert registry.get(f"/v1/unit-codes/csdl-dv/64.01.0003?on={DAY}").body["unit_id"] == str(new)
    assert registry.get("/v1/unit-codes/csdl-dv/64.01.0003?on=2026-02-28").body["unit_id"] == ids["GL-A-X-1"]
