"""Units over time, through the doors."""

from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

from tests.integration.registry.conftest import Answer, Registry
from tests.integration.registry.rows import province, unit

UNITS = "registry.units.v1"


def branch(parent_id: str, **more: object) -> dict[str, object]:
    """A new branch."""
    return {
        "code": "GL-A-X-3",
        "valid_from": "2026-01-01",
        "kind": "branch",
        "level": "branch",
        "parent_id": parent_id,
        "name": "Chi bộ thôn 3",
        "branch_type": "commune",
    } | more


def test_a_new_unit_is_shown_and_published(registry: Registry) -> None:
    ids = registry.imported(province())

    answer = registry.post("/v1/units", branch(ids["GL-A-X"], unit_id=str(uuid4())))

    assert answer.status == 201
    shown = registry.get(f"/v1/units/{answer.body['unit_id']}")
    assert shown.body == answer.body
    event = registry.events(UNITS)[-1]
    assert (event["unit_id"], event["version"], event["spans"][0]["name"]) == (
        shown.body["unit_id"],
        1,
        "Chi bộ thôn 3",
    )


def test_a_name_is_kept_as_an_import_keeps_it(registry: Registry) -> None:
    ids = registry.imported(province())
    made = registry.post("/v1/units", branch(ids["GL-A-X"], name="  Chi  bộ thôn 3 ")).body
    renamed = registry.post(f"/v1/units/{made['unit_id']}/changes", {"valid_from": "2026-01-01", "name": " Chi bộ  3"})

    again = registry.post(
        "/v1/imports",
        {"units": [unit("GL-A-X-3", "GL-A-X", "branch", "branch", name="  Chi bộ 3 ", valid_from="2026-01-01")]},
    )

    assert (made["name"], renamed.body["name"]) == ("Chi bộ thôn 3", "Chi bộ 3")
    assert again.body["units"] == {"created": 0, "changed": 0, "unchanged": 1}


def test_a_taken_code_is_refused(registry: Registry) -> None:
    ids = registry.imported(province())

    answer = registry.post("/v1/units", branch(ids["GL-A-X"], code="GL-A-X-1"))

    assert (answer.status, answer.body["rule"]) == (409, "unit-exists")


def test_rules_name_their_field_and_their_source(registry: Registry) -> None:
    ids = registry.imported(province())

    answer = registry.post("/v1/units", branch(ids["GL"]))

    assert (answer.status, answer.rules) == (422, {"parent_id": "parent-kind"})
    assert "Điều lệ Đảng" in answer.body["errors"][0]["source"]


def test_a_rename_is_seen_from_its_day_on(registry: Registry) -> None:
    ids = registry.imported(province())
    path = f"/v1/units/{ids['GL-A-X-1']}"

    answer = registry.post(f"{path}/changes", {"valid_from": "2026-03-01", "name": "Chi bộ thôn Hoà Bình"})

    assert answer.status == 200
    assert registry.get(f"{path}?on=2026-02-28").body["name"] == "Đơn vị GL-A-X-1"
    assert registry.get(f"{path}?on=2026-02-28").body["valid_to"] == "2026-03-01"
    assert registry.get(f"{path}?on=2026-03-01").body["name"] == "Chi bộ thôn Hoà Bình"
    assert registry.get(f"{path}?on=2009-12-31").status == 404
    assert registry.events(UNITS)[-1]["version"] == 2
    assert len(registry.events(UNITS)[-1]["spans"]) == 2


def test_a_change_that_changes_nothing_publishes_nothing(registry: Registry) -> None:
    ids = registry.imported(province())
    before = len(registry.outbox())

    answer = registry.post(
        f"/v1/units/{ids['GL-A-X-1']}/changes", {"valid_from": "2026-03-01", "name": "Đơn vị GL-A-X-1"}
    )

    assert (answer.status, answer.body["valid_from"]) == (200, "2010-01-01")
    assert len(registry.outbox()) == before


def test_a_move_changes_path_children_and_subtree_from_its_day_on(registry: Registry) -> None:
    ids = registry.imported(province())

    registry.post(f"/v1/units/{ids['GL-A-X-1']}/changes", {"valid_from": "2026-03-01", "parent_id": ids["GL-B-X"]})

    def codes(answer: Answer) -> list[str]:
        return [item["code"] for item in answer.body["items"]]

    moved = f"/v1/units/{ids['GL-A-X-1']}/path"
    assert codes(registry.get(f"{moved}?on=2026-02-28")) == ["GL", "GL-A", "GL-A-X", "GL-A-X-1"]
    assert codes(registry.get(f"{moved}?on=2026-03-01")) == ["GL", "GL-B", "GL-B-X", "GL-A-X-1"]
    assert codes(registry.get(f"/v1/units/{ids['GL-A-X']}/children")) == ["GL-A-X-2"]
    assert codes(registry.get(f"/v1/units/{ids['GL-B-X']}/children?on=2026-02-28")) == ["GL-B-X-1", "GL-B-X-2"]
    assert codes(registry.get(f"/v1/units?under={ids['GL-A']}")) == ["GL-A", "GL-A-X", "GL-A-X-2"]


def test_a_subtree_comes_in_pages_without_loss(registry: Registry) -> None:
    ids = registry.imported(province())
    codes: list[str] = []
    cursor = ""
    while True:
        page = registry.get(f"/v1/units?under={ids['GL']}&limit=4{cursor}").body
        codes += [item["code"] for item in page["items"]]
        if page["next_cursor"] is None:
            break
        cursor = f"&cursor={page['next_cursor']}"

    assert codes == sorted(ids)
    assert registry.get(f"/v1/units?under={ids['GL']}&cursor=!").status == 400


def test_a_unit_with_units_or_members_is_not_closed(registry: Registry) -> None:
    ids = registry.imported(province())

    commune = registry.post(f"/v1/units/{ids['GL-A-X']}/closure", {"closed_on": "2026-07-01"})
    assert (commune.status, commune.rules) == (422, {"closed_on": "child-not-in-force"})
    one = registry.post(f"/v1/units/{ids['GL-A-X-1']}/closure", {"closed_on": "2026-07-01"})
    assert (one.status, one.rules) == (422, {"closed_on": "members-left"})


def test_an_empty_branch_is_closed_once(registry: Registry) -> None:
    ids = registry.imported(province())
    unit_id = registry.post("/v1/units", branch(ids["GL-A-X"])).body["unit_id"]

    closed = registry.post(f"/v1/units/{unit_id}/closure", {"closed_on": "2026-05-01"})
    again = registry.post(f"/v1/units/{unit_id}/closure", {"closed_on": "2026-05-01"})

    assert (closed.status, closed.body["valid_to"]) == (200, "2026-05-01")
    assert again.body == closed.body
    assert registry.get(f"/v1/units/{unit_id}").status == 404
    assert registry.get(f"/v1/units/{unit_id}?on=2026-04-30").status == 200
    later = registry.post(f"/v1/units/{unit_id}/changes", {"valid_from": "2026-06-01", "name": "Chi bộ khác"})
    assert (later.status, later.body["rule"]) == (409, "unit-closed")
    versions = [event["version"] for event in registry.events(UNITS) if event["unit_id"] == unit_id]
    assert versions == [1, 2]


def test_two_moves_at_once_do_not_make_a_cycle(registry: Registry) -> None:
    rows = [unit("GL", None, "province_committee", "province")]
    rows += [unit(code, "GL", "direct_committee", "commune", valid_from="2025-07-01") for code in "AB"]
    ids = registry.imported({"units": rows})

    def move(what: str, under: str) -> int:
        change = {"valid_from": "2026-01-01", "parent_id": ids[under]}
        return registry.post(f"/v1/units/{ids[what]}/changes", change).status

    with ThreadPoolExecutor(2) as threads:
        statuses = list(threads.map(move, "AB", "BA"))

    assert sorted(statuses) == [200, 422]
