"""Members of superior committees who follow branches."""

import threading
from typing import Any
from uuid import uuid4

import pytest

from tests.integration.registry.conftest import Answer, Registry
from tests.integration.registry.rows import Row, province


def assignment(registry: Registry, ids: dict[str, str], **more: Any) -> Row:
    """A member of the first commune's second branch follows its first one, for the district."""
    return {
        "member_id": member(registry, "GL-A-X-2-0"),
        "committee_id": ids["GL-A"],
        "branch_id": ids["GL-A-X-1"],
        "valid_from": "2026-01-15",
    } | more


def member(registry: Registry, code: str) -> str:
    """The id of a member."""
    return str(registry.sql(f"select member_id from member where code = '{code}'")[0][0])


def listed(registry: Registry, path: str) -> list[str]:
    """The ids of the assignments at `path`."""
    return [one["assignment_id"] for one in registry.get(path).body["items"]]


def test_an_assignment_is_listed_by_branch_member_and_subtree_on_a_day(registry: Registry) -> None:
    ids = registry.imported(province())
    row = assignment(registry, ids)
    made = registry.post("/v1/assignments", row)
    assert made.status == 201, made.body
    assignment_id = made.body["assignment_id"]

    ended = registry.post(f"/v1/assignments/{assignment_id}/end", {"ended_on": "2026-05-01"})

    assert ended.body["valid_to"] == "2026-05-01"
    for path in (
        f"/v1/units/{ids['GL-A-X-1']}/assignments?",
        f"/v1/members/{row['member_id']}/assignments?",
        f"/v1/assignments?under={ids['GL']}&",
    ):
        assert listed(registry, f"{path}on=2026-01-14") == []
        assert listed(registry, f"{path}on=2026-01-15") == [assignment_id]
        assert listed(registry, f"{path}on=2026-05-01") == []
    actions = registry.get(f"/v1/audit?subject_id={assignment_id}").body["items"]
    assert [(one["action"], one["unit_id"]) for one in actions] == [
        ("assignment.ended", ids["GL-A-X-1"]),
        ("assignment.made", ids["GL-A-X-1"]),
    ]


def test_one_pair_never_overlaps_but_others_may(registry: Registry) -> None:
    ids = registry.imported(province())
    first = assignment(registry, ids, valid_to="2026-03-01")
    assert registry.post("/v1/assignments", first).status == 201

    again = registry.post("/v1/assignments", assignment(registry, ids, valid_from="2026-02-28"))
    after = registry.post("/v1/assignments", assignment(registry, ids, valid_from="2026-03-01"))
    other = registry.post("/v1/assignments", assignment(registry, ids, member_id=member(registry, "GL-A-X-2-1")))

    assert again.rules == {"valid_from": "assignment-overlap"}
    assert (after.status, other.status) == (201, 201)


def test_two_requests_at_once_make_one_assignment(registry: Registry) -> None:
    ids = registry.imported(province())
    row = assignment(registry, ids)
    answers: list[Answer] = []
    requests = [
        threading.Thread(target=lambda: answers.append(registry.post("/v1/assignments", row))) for _ in range(4)
    ]
    for request in requests:
        request.start()
    for request in requests:
        request.join()

    assert sorted(answer.status for answer in answers) == [201, 422, 422, 422]


WRONG: list[tuple[Row, str, str]] = [
    ({"valid_to": "2026-01-15"}, "valid_to", "span-empty"),
    ({"valid_from": "1900-01-01"}, "valid_from", "date-too-early"),
    ({"branch_id": "GL-A-X"}, "branch_id", "branch-not-in-force"),
    ({"branch_id": "GL-B-X-1"}, "committee_id", "not-above"),
    ({"committee_id": "GL-A-X-1"}, "committee_id", "not-above"),
    ({"committee_id": str(uuid4())}, "committee_id", "unknown-unit"),
    ({"branch_id": str(uuid4())}, "branch_id", "unknown-unit"),
    ({"member_id": "FOREIGN"}, "member_id", "member-not-below"),
    ({"member_id": str(uuid4())}, "member_id", "member-not-below"),
    ({"valid_from": "2015-05-18"}, "member_id", "member-not-below"),
]


@pytest.mark.parametrize(("wrong", "field", "rule"), WRONG)
def test_an_assignment_that_breaks_a_rule_is_named(registry: Registry, wrong: Row, field: str, rule: str) -> None:
    ids = registry.imported(province())
    known = ids | {"FOREIGN": member(registry, "GL-B-X-1-0")}
    wrong = {key: known.get(value, value) for key, value in wrong.items()}

    answer = registry.post("/v1/assignments", assignment(registry, ids) | wrong)

    assert (answer.status, answer.rules[field]) == (422, rule)
    assert registry.sql("select count(*) from assignment") == [(0,)]


def test_an_end_lies_within_the_assignment(registry: Registry) -> None:
    ids = registry.imported(province())
    made = registry.post("/v1/assignments", assignment(registry, ids, valid_to="2026-03-01")).body
    address = f"/v1/assignments/{made['assignment_id']}/end"

    for day in ("2026-01-15", "2026-03-02"):
        refused = registry.post(address, {"ended_on": day})
        assert (refused.status, refused.body["rule"]) == (409, "assignment-not-in-force")
    assert registry.post(address, {"ended_on": "2026-03-01"}).status == 200


def test_a_committee_assigns_within_its_own_subtree(registry: Registry) -> None:
    ids = registry.imported(province())
    made = registry.post("/v1/assignments", assignment(registry, ids)).body
    other = registry.issuer.mint("committee_officer", ids["GL-B"])
    commune = registry.issuer.mint("committee_officer", ids["GL-A-X"])
    secretary = registry.issuer.mint("branch_secretary", ids["GL-A-X-1"])

    for answer in (
        registry.post("/v1/assignments", assignment(registry, ids), token=commune),
        registry.post(f"/v1/assignments/{made['assignment_id']}/end", {"ended_on": "2026-05-01"}, token=commune),
        registry.post(f"/v1/assignments/{uuid4()}/end", {"ended_on": "2026-05-01"}, token=commune),
        registry.get(f"/v1/units/{ids['GL-A-X-1']}/assignments", token=other),
        registry.get(f"/v1/members/{made['member_id']}/assignments", token=other),
        registry.get(f"/v1/members/{uuid4()}/assignments", token=other),
        registry.get(f"/v1/assignments?under={ids['GL-A']}", token=other),
    ):
        assert answer.status == 403
    own = registry.get(f"/v1/units/{ids['GL-A-X-1']}/assignments", token=secretary)
    assert [one["member_id"] for one in own.body["items"]] == [made["member_id"]]
    assert registry.get(f"/v1/members/{uuid4()}/assignments").status == 404
    assert registry.post(f"/v1/assignments/{uuid4()}/end", {"ended_on": "2026-05-01"}).status == 404
