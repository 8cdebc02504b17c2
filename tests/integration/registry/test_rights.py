"""Who may do what: deny by default, and the subtree as it is today."""

from uuid import uuid4

import pytest

from tests.integration.registry.conftest import Registry
from tests.integration.registry.rows import new_member, province, unit


def test_without_a_token_nothing_is_told(registry: Registry) -> None:
    for path in ("/v1/units?under=x", "/v1/rosters", f"/v1/members/{uuid4()}"):
        answer = registry.get(path, token="")
        assert (answer.status, answer.body["rule"]) == (401, "token")
        assert answer.headers["WWW-Authenticate"] == "Bearer"


@pytest.mark.parametrize("role", ["member", "portal", "branch_secretary"])
def test_only_offices_import(registry: Registry, role: str) -> None:
    ids = registry.imported(province())

    answer = registry.post("/v1/imports", province(), token=registry.issuer.mint(role, ids["GL"]))

    assert (answer.status, answer.body["rule"]) == (403, "role")


def test_outside_the_own_subtree_everything_is_forbidden_alike(registry: Registry) -> None:
    ids = registry.imported(province())
    foreign = registry.post("/v1/members", new_member("N1", ids["GL-B-X-1"])).body["member_id"]
    before = len(registry.outbox())
    token = registry.issuer.mint("committee_officer", ids["GL-A"])
    other, absent = ids["GL-B-X"], str(uuid4())
    change = {"valid_from": "2026-05-01"}

    for unit_id in (other, absent):
        for path in ("", "/children", "/path", "/members"):
            assert registry.get(f"/v1/units/{unit_id}{path}", token=token).body["rule"] == "outside-rights"
        for path in ("units", "rosters"):
            assert registry.get(f"/v1/{path}?under={unit_id}", token=token).status == 403
        renamed = registry.post(f"/v1/units/{unit_id}/changes", change | {"name": "Khác"}, token=token)
        closed = registry.post(f"/v1/units/{unit_id}/closure", {"closed_on": "2026-05-01"}, token=token)
        joined = registry.post("/v1/members", new_member("N2", unit_id), token=token)
        moved = registry.post(f"/v1/units/{ids['GL-A-X']}/changes", change | {"parent_id": unit_id}, token=token)
        assert {answer.status for answer in (renamed, closed, joined, moved)} == {403}
    for member_id in (foreign, absent):
        shown = registry.person(member_id, token=token)
        taken = registry.post(f"/v1/members/{member_id}/changes", change | {"unit_id": ids["GL-A-X-1"]}, token=token)
        assert {shown.body["rule"], taken.body["rule"]} == {"outside-rights"}
    assert registry.get(f"/v1/units/{absent}").status == 404
    assert registry.person(absent).status == 404
    assert len(registry.outbox()) == before


def test_a_root_needs_rights_over_everything(registry: Registry) -> None:
    ids = registry.imported(province())
    root = {
        "code": "BD",
        "valid_from": "2010-01-01",
        "kind": "province_committee",
        "level": "province",
        "parent_id": None,
        "name": "Tỉnh uỷ",
    }

    bound = registry.post("/v1/units", root, token=registry.issuer.mint("province_admin", ids["GL"]))

    assert (bound.status, bound.body["rule"]) == (403, "outside-rights")
    assert registry.post("/v1/units", root).status == 201


def test_rights_follow_the_tree_of_today(registry: Registry) -> None:
    ids = registry.imported(province())
    token = registry.issuer.mint("committee_officer", ids["GL-A"])
    path = f"/v1/units/{ids['GL-A-X-1']}"
    assert registry.get(path, token=token).status == 200

    registry.post(f"{path}/changes", {"valid_from": "2026-06-15", "parent_id": ids["GL-B-X"]})
    registry.post(f"/v1/units/{ids['GL-A-X-2']}/changes", {"valid_from": "2026-06-16", "parent_id": ids["GL-B-X"]})

    assert registry.get(f"{path}?on=2026-06-14", token=token).status == 403
    assert registry.get(f"/v1/units/{ids['GL-A-X-2']}", token=token).status == 200


def test_a_closed_unit_stays_in_view_of_those_it_belonged_to(registry: Registry) -> None:
    rows = province()
    rows["units"].append(unit("GL-A-X-9", "GL-A-X", "branch", "branch", valid_to="2026-01-01"))
    ids = registry.imported(rows)
    path = f"/v1/units/{ids['GL-A-X-9']}?on=2025-12-31"

    assert registry.get(path, token=registry.issuer.mint("portal", ids["GL-A"])).status == 200
    assert registry.get(path, token=registry.issuer.mint("portal", ids["GL-B"])).status == 403


def test_a_member_sees_names_but_no_particulars(registry: Registry) -> None:
    ids = registry.imported(province())
    path = f"/v1/units/{ids['GL-A-X-1']}/members"

    seen = registry.get(path, token=registry.issuer.mint("member", ids["GL-A-X-1"])).body["items"][0]
    full = registry.get(path, token=registry.issuer.mint("branch_secretary", ids["GL-A-X-1"])).body["items"][0]

    assert (seen["full_name"], seen["birth_date"]) == ("Nguyễn Mẫu An", None)
    assert full["birth_date"] == "1980-05-19"
    assert registry.get(path, token=registry.issuer.mint("portal", ids["GL"])).status == 403
