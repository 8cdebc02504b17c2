"""Members and rosters, through the doors."""

import base64
from concurrent.futures import ThreadPoolExecutor

from tests.integration.registry.conftest import Registry
from tests.integration.registry.rows import member, new_member, province

ROSTERS = "registry.rosters.v1"


def test_a_new_member_joins_the_roster(registry: Registry) -> None:
    ids = registry.imported(province())

    answer = registry.post(
        "/v1/members", new_member("N1", ids["GL-A-X-1"], birth_date="2000-06-15", post="deputy_secretary")
    )

    assert answer.status == 422, "15 years old on the first day"
    answer = registry.post(
        "/v1/members",
        new_member(
            "N1", ids["GL-A-X-1"], birth_date="1985-06-15", post="deputy_secretary", full_name="  Ksor   Mẫu Đức "
        ),
    )
    assert answer.status == 201
    shown = registry.person(answer.body["member_id"]).body
    assert shown.pop("person")["full_name"] == "Ksor Mẫu Đức"
    assert shown == answer.body
    roster = registry.events(ROSTERS)[-1]
    assert (roster["unit_id"], roster["version"], len(roster["members"])) == (ids["GL-A-X-1"], 2, 4)
    entry = next(entry for entry in roster["members"] if entry["member_id"] == answer.body["member_id"])
    assert (entry["age_band"], entry["post"]) == ("41-50", "deputy_secretary")
    again = registry.post("/v1/members", new_member("N1", ids["GL-A-X-1"]))
    assert (again.status, again.body["rule"]) == (409, "member-exists")


def test_a_move_changes_both_rosters_and_ends_the_post(registry: Registry) -> None:
    ids = registry.imported(province())
    member_id = registry.post("/v1/members", new_member("N1", ids["GL-A-X-1"], post="secretary")).body["member_id"]
    before = len(registry.outbox())

    answer = registry.post(f"/v1/members/{member_id}/changes", {"valid_from": "2026-05-01", "unit_id": ids["GL-B-X-1"]})

    assert (answer.status, answer.body["spans"][-1]["post"]) == (200, None)
    assert len(registry.outbox()) == before + 2
    rosters = {event["unit_id"]: event for event in registry.events(ROSTERS)[-2:]}
    left = next(entry for entry in rosters[ids["GL-A-X-1"]]["members"] if entry["member_id"] == member_id)
    assert (left["valid_to"], left["post"]) == ("2026-05-01", "secretary")
    joined = next(entry for entry in rosters[ids["GL-B-X-1"]]["members"] if entry["member_id"] == member_id)
    assert (joined["valid_from"], joined["valid_to"]) == ("2026-05-01", None)


def test_who_left_stands_in_no_roster_any_more(registry: Registry) -> None:
    ids = registry.imported(province())
    member_id = registry.post("/v1/members", new_member("N1", ids["GL-A-X-1"])).body["member_id"]
    path = f"/v1/members/{member_id}/changes"

    assert registry.post(path, {"valid_from": "2026-05-01", "status": "deceased"}).status == 200

    (entry,) = [entry for entry in registry.events(ROSTERS)[-1]["members"] if entry["member_id"] == member_id]
    assert (entry["status"], entry["valid_to"]) == ("active", "2026-05-01")
    april = registry.get(f"/v1/rosters?under={ids['GL-A-X-1']}&on=2026-04-30").body["items"]
    may = registry.get(f"/v1/rosters?under={ids['GL-A-X-1']}&on=2026-05-01").body["items"]
    assert (len(april), len(may)) == (4, 3)
    after = registry.post(path, {"valid_from": "2026-06-01", "status": "active"})
    assert (after.status, after.body["rule"]) == (409, "member-deceased")


def test_only_a_branch_in_force_takes_members(registry: Registry) -> None:
    ids = registry.imported(province())

    answer = registry.post("/v1/members", new_member("N1", ids["GL-A-X"]))

    assert (answer.status, answer.rules) == (422, {"unit_id": "branch-not-in-force"})


def test_names_stand_in_vietnamese_order_across_pages(registry: Registry) -> None:
    rows = province()
    people = ["Trần Mẫu Ý", "Bùi Mẫu Đức", "Đặng Mẫu An", "Bùi Mẫu An", "Lê Mẫu Ánh", "Lê Mẫu Dũng", "Võ Mẫu Anh"]
    rows["members"] = [member(f"M{n}", "GL-A-X-1", full_name=name) for n, name in enumerate(people)]
    ids = registry.imported(rows)
    path = f"/v1/units/{ids['GL-A-X-1']}/members?limit=3"

    shown: list[str] = []
    cursor = ""
    while True:
        page = registry.get(f"{path}{cursor}").body
        shown += [item["full_name"] for item in page["items"]]
        if page["next_cursor"] is None:
            break
        cursor = f"&cursor={page['next_cursor']}"
        # An address may be logged on its way: a cursor names nobody.
        assert base64.urlsafe_b64decode(f"{page['next_cursor']}==") == f'["{page["items"][-1]["member_id"]}"]'.encode()

    assert shown == [
        "Bùi Mẫu An",
        "Đặng Mẫu An",
        "Võ Mẫu Anh",
        "Lê Mẫu Ánh",
        "Lê Mẫu Dũng",
        "Bùi Mẫu Đức",
        "Trần Mẫu Ý",
    ]


def test_rosters_of_a_subtree_have_no_names(registry: Registry) -> None:
    ids = registry.imported(province())

    first = registry.get(f"/v1/rosters?under={ids['GL-A']}&limit=4").body
    second = registry.get(f"/v1/rosters?under={ids['GL-A']}&limit=4&cursor={first['next_cursor']}").body

    items = first["items"] + second["items"]
    assert second["next_cursor"] is None
    assert len({item["member_id"] for item in items}) == 6
    assert {item["unit_id"] for item in items} == {ids["GL-A-X-1"], ids["GL-A-X-2"]}
    assert set(items[0]) == {"member_id", "code", "unit_id", "kind", "status", "age_band", "post", "agency"}


def test_members_who_join_at_once_are_all_in_the_last_roster(registry: Registry) -> None:
    ids = registry.imported(province())

    with ThreadPoolExecutor(4) as threads:
        statuses = list(
            threads.map(lambda n: registry.post("/v1/members", new_member(f"N{n}", ids["GL-A-X-1"])).status, range(12))
        )

    assert statuses == [201] * 12
    rosters = [event for event in registry.events(ROSTERS) if event["unit_id"] == ids["GL-A-X-1"]]
    sizes = {event["version"]: len(event["members"]) for event in rosters}
    assert sizes == {version: version + 2 for version in range(1, 14)}
