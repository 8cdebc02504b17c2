"""Villages over time, and how far branches and members reach them."""

from typing import Any
from uuid import uuid4

import pytest

from tests.integration.registry.conftest import Registry
from tests.integration.registry.rows import Row, member, province, unit


def village(code: str, unit_id: str, branch_id: str | None, **more: Any) -> Row:
    """A village as its door takes it, headed by somebody who is no member."""
    return {
        "code": code,
        "valid_from": "2016-01-01",
        "name": f"Làng {code}",
        "unit_id": unit_id,
        "branch_id": branch_id,
        "head": "not_member",
    } | more


def member_id(registry: Registry, code: str) -> str:
    """The id of the member with this code."""
    return str(registry.sql(f"select member_id from member where code = '{code}'")[0][0])


def made(registry: Registry, row: Row) -> str:
    """The id of a village, after it was made."""
    answer = registry.post("/v1/villages", row)
    assert answer.status == 201, answer.body
    return str(answer.body["village_id"])


def test_a_village_is_shown_as_it_was_on_each_day(registry: Registry) -> None:
    ids = registry.imported(province())
    village_id = made(registry, village("T1", ids["GL-A-X"], None, name="Làng  Hoà Bình"))
    changed = registry.post(
        f"/v1/villages/{village_id}/changes", {"valid_from": "2024-05-01", "branch_id": ids["GL-A-X-1"]}
    )

    assert changed.body["valid_from"] == "2024-05-01"
    before = registry.get(f"/v1/villages/{village_id}?on=2024-04-30").body
    after = registry.get(f"/v1/villages/{village_id}?on=2024-05-01").body
    assert (before["branch_id"], before["name"]) == (None, "Làng Hoà Bình")
    assert (after["branch_id"], after["name"]) == (ids["GL-A-X-1"], "Làng Hoà Bình")
    assert registry.get(f"/v1/villages/{village_id}?on=2015-12-31").status == 404
    listed = registry.get(f"/v1/villages?under={ids['GL']}&on=2024-04-30&without_branch=true").body["items"]
    assert [one["village_id"] for one in listed] == [village_id]
    assert registry.get(f"/v1/villages?under={ids['GL']}&on=2024-05-01&without_branch=true").body["items"] == []
    actions = registry.get(f"/v1/audit?subject_id={village_id}").body["items"]
    assert [(one["action"], one["unit_id"]) for one in actions] == [
        ("village.changed", ids["GL-A-X"]),
        ("village.created", ids["GL-A-X"]),
    ]


def test_a_change_before_a_later_one_is_carried_on_until_the_same_fact_changes(registry: Registry) -> None:
    ids = registry.imported(province())
    village_id = made(registry, village("T1", ids["GL-A-X"], None))
    address = f"/v1/villages/{village_id}/changes"
    registry.post(address, {"valid_from": "2025-01-01", "name": "Thôn Hoà Bình"})
    registry.post(address, {"valid_from": "2024-01-01", "name": "Thôn 1", "branch_id": ids["GL-A-X-1"]})

    shown = [
        registry.get(f"/v1/villages/{village_id}?on={day}").body for day in ("2023-06-01", "2024-06-01", "2025-06-01")
    ]

    assert [one["name"] for one in shown] == ["Làng T1", "Thôn 1", "Thôn Hoà Bình"]
    assert [one["branch_id"] for one in shown] == [None, ids["GL-A-X-1"], ids["GL-A-X-1"]]


def test_a_named_head_goes_with_the_head(registry: Registry) -> None:
    ids = registry.imported(province())
    village_id = made(registry, village("T1", ids["GL-A-X"], ids["GL-A-X-1"]))
    address = f"/v1/villages/{village_id}/changes"
    head = member_id(registry, "GL-A-X-1-0")

    named = registry.post(address, {"valid_from": "2024-05-01", "head": "member", "head_member_id": head}).body
    vacant = registry.post(address, {"valid_from": "2025-05-01", "head": "vacant"}).body

    assert (named["head"], named["head_member_id"]) == ("member", head)
    assert (vacant["head"], vacant["head_member_id"]) == ("vacant", None)


def test_a_closed_village_is_in_no_list_and_changes_no_more(registry: Registry) -> None:
    ids = registry.imported(province())
    village_id = made(registry, village("T1", ids["GL-A-X"], None))

    closed = registry.post(f"/v1/villages/{village_id}/closure", {"closed_on": "2025-07-01"})

    assert closed.body["valid_to"] == "2025-07-01"
    assert registry.get(f"/v1/villages?under={ids['GL']}&on=2025-07-01").body["items"] == []
    later = registry.post(f"/v1/villages/{village_id}/changes", {"valid_from": "2025-08-01", "head": "vacant"})
    assert (later.status, later.body["rule"]) == (409, "village-not-in-force")
    again = registry.post(f"/v1/villages/{village_id}/closure", {"closed_on": "2025-07-01"})
    assert again.status == 200


BROKEN: list[tuple[Row, str, str]] = [
    ({"code": "T 1"}, "code", "code"),
    ({"head": "king"}, "head", "one-of"),
    ({"head_member_id": "MEMBER"}, "head_member_id", "head-is-no-member"),
    ({"head": "member", "head_member_id": str(uuid4())}, "head_member_id", "head-in-no-roster"),
    ({"head": "member", "head_member_id": "MEMBER", "valid_from": "2015-05-18"}, "head_member_id", "head-in-no-roster"),
    ({"unit_id": "GL-A-X-1"}, "unit_id", "organisation-not-in-force"),
    ({"unit_id": "GL-A-X", "valid_from": "2009-12-31"}, "unit_id", "organisation-not-in-force"),
    ({"unit_id": str(uuid4())}, "unit_id", "unknown-unit"),
    ({"branch_id": str(uuid4())}, "branch_id", "unknown-unit"),
    ({"branch_id": "GL-A"}, "branch_id", "branch-not-in-force"),
    ({"branch_id": "GL-B-X-1"}, "branch_id", "branch-of-another-organisation"),
    ({"branch_id": None, "branch_elsewhere": True}, "branch_elsewhere", "branch-needed"),
    ({"valid_from": "2200-01-01"}, "valid_from", "date-too-late"),
]


@pytest.mark.parametrize(("wrong", "field", "rule"), BROKEN)
def test_what_breaks_a_rule_is_named_and_nothing_is_kept(registry: Registry, wrong: Row, field: str, rule: str) -> None:
    ids = registry.imported(province()) | {"MEMBER": member_id(registry, "GL-A-X-1-0")}
    wrong = {key: ids.get(value, value) if isinstance(value, str) else value for key, value in wrong.items()}

    answer = registry.post("/v1/villages", village("T1", ids["GL-A-X"], ids["GL-A-X-1"]) | wrong)

    assert (answer.status, answer.rules[field]) == (422, rule)
    assert registry.sql("select count(*) from village") == [(0,)]


def test_a_neighbours_branch_is_shared_only_when_said_so(registry: Registry) -> None:
    ids = registry.imported(province())
    row = village("T1", ids["GL-A-X"], ids["GL-B-X-1"], branch_elsewhere=True)

    assert registry.post("/v1/villages", row).status == 201
    taken = registry.post("/v1/villages", village("T1", ids["GL-A-X"], None))
    assert (taken.status, taken.body["rule"]) == (409, "village-exists")


def test_an_officer_keeps_the_villages_of_their_own_subtree_only(registry: Registry) -> None:
    ids = registry.imported(province())
    foreign = made(registry, village("T9", ids["GL-B-X"], None))
    officer = registry.issuer.mint("committee_officer", ids["GL-A"])
    secretary = registry.issuer.mint("branch_secretary", ids["GL-A"])

    own = registry.post("/v1/villages", village("T1", ids["GL-A-X"], None), token=officer)
    assert own.status == 201
    for answer in (
        registry.post("/v1/villages", village("T2", ids["GL-B-X"], None), token=officer),
        registry.post(
            "/v1/villages", village("T2", ids["GL-A-X"], ids["GL-B-X-1"], branch_elsewhere=True), token=officer
        ),
        registry.post(f"/v1/villages/{foreign}/changes", {"valid_from": "2025-01-01", "head": "vacant"}, token=officer),
        registry.post(f"/v1/villages/{foreign}/closure", {"closed_on": "2025-01-01"}, token=officer),
        registry.get(f"/v1/villages/{foreign}", token=officer),
        registry.get(f"/v1/villages/{uuid4()}", token=officer),
        registry.get(f"/v1/villages?under={ids['GL-B']}", token=officer),
        registry.get(f"/v1/units/{ids['GL-B']}/village-coverage", token=officer),
        registry.post("/v1/villages", village("T2", ids["GL-A-X"], None), token=secretary),
    ):
        assert answer.status == 403
    assert registry.get(f"/v1/villages/{uuid4()}").status == 404


def _villages(registry: Registry) -> dict[str, str]:
    rows = province()
    rows["units"].append(unit("GL-A-X-3", "GL-A-X", "branch", "branch"))
    rows["members"] += [member(f"BIG-{n}", "GL-A-X-3") for n in range(9)]
    rows["members"] += [
        member("BIG-9", "GL-A-X-3", valid_to="2026-01-01"),
        member("BIG-9", "GL-A-X-3", valid_from="2026-01-01", post="committee_member"),
    ]
    ids = registry.imported(rows)
    for code, branch, head in (
        ("T1", "GL-A-X-1", "member"),
        ("T2", "GL-A-X-1", "not_member"),
        ("T3", "GL-A-X-3", "member"),
        ("T4", None, "vacant"),
    ):
        made(registry, village(code, ids["GL-A-X"], branch and ids[branch], head=head))
    made(registry, village("T5", ids["GL-B-X"], ids["GL-B-X-1"], head="member"))
    return ids


def test_coverage_counts_branches_committees_and_heads(registry: Registry) -> None:
    ids = _villages(registry)

    shown = registry.get(f"/v1/units/{ids['GL-A']}/village-coverage").body

    listed = shown.pop("villages_without_branch")
    assert [one["code"] for one in listed] == ["T4"]
    assert shown == {
        "unit_id": ids["GL-A"],
        "on": "2026-06-15",
        "villages": 4,
        "own_branch": 1,
        "sharing": 2,
        "without_branch": 1,
        "branch_without_committee": 2,
        "branch_too_small_for_committee": 2,
        "branch_committee_not_elected": 0,
        "heads": {"member": 2, "not_member": 1, "vacant": 1, "percent": 66.67},
        "target": None,
    }
    whole = registry.get(f"/v1/units/{ids['GL']}/village-coverage").body
    assert (whole["villages"], whole["own_branch"], whole["heads"]["member"]) == (5, 2, 3)
    nothing = registry.get(f"/v1/units/{ids['GL-A']}/village-coverage?on=2015-12-31").body
    assert (nothing["villages"], nothing["heads"]["percent"]) == (0, None)


def test_a_branch_of_nine_without_anybody_elected_has_no_committee(registry: Registry) -> None:
    ids = _villages(registry)

    shown = registry.get(f"/v1/units/{ids['GL-A']}/village-coverage?on=2025-12-31").body

    assert (shown["branch_too_small_for_committee"], shown["branch_committee_not_elected"]) == (2, 1)


def test_heads_are_held_against_the_units_own_target(registry: Registry) -> None:
    ids = _villages(registry)
    target = {
        "unit_id": ids["GL-A"],
        "year": 2026,
        "kind": "village_heads",
        "value": 75,
        "due_on": "2026-12-31",
        "set_by": ids["GL"],
        "citation": "Nghị quyết 05-NQ/TU",
    }
    made_target = registry.post("/v1/targets", target)
    assert made_target.status == 201, made_target.body

    shown = registry.get(f"/v1/units/{ids['GL-A']}/village-coverage").body

    assert shown["target"] == {
        "target_id": made_target.body["target_id"],
        "percent": 75.0,
        "due_on": "2026-12-31",
        "citation": "Nghị quyết 05-NQ/TU",
        "difference": -8.33,
    }
