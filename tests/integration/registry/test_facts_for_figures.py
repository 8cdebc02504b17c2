"""Villages, targets and discipline as other services are told of them: with the change, in figures, of nobody."""

from typing import Any

import msgspec
import pytest
from click.testing import CliRunner

from services.registry import __main__ as cli
from shared.contracts import catalogue
from tests.integration.registry.conftest import KEYS, Registry
from tests.integration.registry.decisions import forced
from tests.integration.registry.dump import dump
from tests.integration.registry.rows import member, new_member, province
from tests.integration.registry.test_decisions import MERGER
from tests.integration.registry.test_villages import made, member_id, village

VILLAGES, TARGETS, ROSTERS = "registry.villages.v1", "registry.targets.v1", "registry.rosters.v1"
KEY = {VILLAGES: "village_id", TARGETS: "target_id"}
NUMBER = "987-QĐ/UBKT-ZXQ"


def told(registry: Registry, topic: str) -> list[dict[str, Any] | None]:
    """What the outbox tells of `topic`, in order; None of what was taken back. Each keeps its contract."""
    found = []
    for row in registry.outbox():
        if row.record.topic == topic:
            data = msgspec.json.decode(row.record.value) if row.record.value is not None else None
            if data is not None:
                catalogue.validate(dict(row.record.headers)["ce_type"].decode(), data)
                assert row.record.key == data[KEY.get(topic, "unit_id")].encode()
            found.append(data)
    return found


def last(registry: Registry, topic: str) -> dict[str, Any]:
    data = told(registry, topic)[-1]
    assert data is not None
    return data


def test_a_village_is_told_with_each_change_and_without_its_name_or_its_heads(registry: Registry) -> None:
    ids = registry.imported(province())
    village_id = made(registry, village("T1", ids["GL-A-X"], None, name="Làng Zxqhoà"))
    address = f"/v1/villages/{village_id}/changes"
    head = member_id(registry, "GL-A-X-1-0")
    registry.post(address, {"valid_from": "2024-05-01", "branch_id": ids["GL-A-X-1"], "head": "member"})
    registry.post(address, {"valid_from": "2025-05-01", "head_member_id": head})
    registry.post(address, {"valid_from": "2025-06-01", "name": "Thôn Zxqbình"})

    data = last(registry, VILLAGES)
    assert [one and one["version"] for one in told(registry, VILLAGES)] == [1, 2, 3, 4]
    assert data["spans"] == [
        {
            "valid_from": "2016-01-01",
            "valid_to": "2024-05-01",
            "unit_id": ids["GL-A-X"],
            "branch_id": None,
            "branch_elsewhere": False,
            "head": "not_member",
        },
        {
            "valid_from": "2024-05-01",
            "valid_to": None,
            "unit_id": ids["GL-A-X"],
            "branch_id": ids["GL-A-X-1"],
            "branch_elsewhere": False,
            "head": "member",
        },
    ]
    sent = msgspec.json.encode(told(registry, VILLAGES))
    assert head.encode() not in sent
    assert b"Zxq" not in sent


def test_a_refused_change_tells_nothing(registry: Registry) -> None:
    ids = registry.imported(province())
    village_id = made(registry, village("T1", ids["GL-A-X"], None))
    refused = registry.post(f"/v1/villages/{village_id}/changes", {"valid_from": "2024-05-01", "branch_id": ids["GL"]})
    assert refused.status == 422
    assert len(told(registry, VILLAGES)) == 1


def test_villages_of_an_import_and_of_a_decision_are_told(registry: Registry) -> None:
    rows: dict[str, Any] = province()
    rows["villages"] = [
        {"code": "T1", "valid_from": "2016-01-01", "name": "Làng T1", "unit_code": "GL-A-X", "branch_code": "GL-A-X-1"}
        | {"head": "vacant"}
    ]
    ids = registry.imported(rows)
    assert last(registry, VILLAGES)["spans"][0]["branch_id"] == ids["GL-A-X-1"]
    forced(registry, *MERGER)
    assert last(registry, VILLAGES)["spans"][-1]["branch_id"] == str(registry.ids()["GL-A-X-9"])


def target(registry: Registry, ids: dict[str, str], **more: Any) -> str:
    given = {
        "unit_id": ids["GL-A"],
        "year": 2026,
        "kind": "new_members",
        "value": 10,
        "due_on": "2026-12-15",
        "set_by": ids["GL"],
        "citation": "NQ 5-NQ/TU Zxq",
    } | more
    answer = registry.post("/v1/targets", given)
    assert answer.status == 201, answer.body
    return str(answer.body["target_id"])


def test_a_target_is_told_with_its_newest_reports_and_its_parts_until_they_are_taken_back(registry: Registry) -> None:
    ids = registry.imported(province())
    target_id = target(registry, ids)
    report = {"on": "2026-03-31", "value": 2, "evidence": "Zxq kết nạp"}
    first = registry.post(f"/v1/targets/{target_id}/progress", report)
    assert first.status == 201, first.body
    report_id = first.body["progress"]["report_id"]
    registry.post(f"/v1/targets/{target_id}/progress", report | {"value": 3, "corrects": report_id})
    registry.post(f"/v1/targets/{target_id}/progress", report | {"on": "2026-05-31", "value": 4})

    data = last(registry, TARGETS)
    assert (data["version"], data["value"], data["measure"], data["adds_up"]) == (4, 10, "members", True)
    assert data["progress"] == [{"on": "2026-03-31", "value": 3}, {"on": "2026-05-31", "value": 4}]
    parts = {"parts": [{"unit_id": ids["GL-A-X"], "value": 10}], "citation": "KH 1"}
    assert registry.post(f"/v1/targets/{target_id}/breakdown", parts).status == 200
    part = last(registry, TARGETS)
    assert (part["part_of"], part["unit_id"], part["version"]) == (target_id, ids["GL-A-X"], 1)
    assert registry.post(f"/v1/targets/{target_id}/breakdown", parts).status == 200
    assert last(registry, TARGETS) == part, "what did not change is not told again"
    assert registry.post(f"/v1/targets/{target_id}/breakdown", {"parts": [], "citation": "KH 2"}).status == 200
    assert told(registry, TARGETS)[-1] is None
    assert registry.outbox()[-1].record.key == part["target_id"].encode()
    assert b"Zxq" not in msgspec.json.encode(told(registry, TARGETS))


def test_inspections_carried_out_are_progress_until_the_unit_reports_itself(registry: Registry) -> None:
    ids = registry.imported(province())
    target_id = target(registry, ids, kind="inspection", value=4)
    done = {
        "unit_id": ids["GL-A"],
        "on": "2026-02-10",
        "kind": "supervision",
        "subject_unit_id": ids["GL-A-X"],
        "conclusion": "TB Zxq",
    }
    one = registry.post("/v1/inspections", done)
    assert one.status == 201, one.body
    registry.post("/v1/inspections", done | {"on": "2026-04-01"})
    assert last(registry, TARGETS)["progress"] == [{"on": "2026-02-10", "value": 1}, {"on": "2026-04-01", "value": 2}]
    registry.post("/v1/inspections", done | {"on": "2025-12-30", "corrects": one.body["inspection_id"]})
    data = last(registry, TARGETS)
    assert data["progress"] == [{"on": "2026-04-01", "value": 1}]
    registry.post(f"/v1/targets/{target_id}/progress", {"on": "2026-05-01", "value": 3, "evidence": "sổ"})
    assert last(registry, TARGETS)["progress"] == [{"on": "2026-05-01", "value": 3}]
    assert b"Zxq" not in msgspec.json.encode(told(registry, TARGETS))


def disciplined(registry: Registry, who: str, **more: Any) -> Any:
    given = {"on": "2026-03-04", "form": "reprimand", "decision_number": NUMBER} | more
    return registry.post(f"/v1/members/{who}/discipline", given)


def test_of_discipline_only_the_count_of_a_day_leaves(registry: Registry) -> None:
    ids = registry.imported(province())
    who, other = member_id(registry, "GL-A-X-1-0"), member_id(registry, "GL-A-X-1-1")
    one = disciplined(registry, who)
    assert one.status == 201, one.body
    disciplined(registry, other, form="warning")
    roster = last(registry, ROSTERS)
    assert (roster["unit_id"], roster["discipline"]) == (ids["GL-A-X-1"], [{"on": "2026-03-04", "members": 2}])
    assert NUMBER.encode() not in dump(registry.url)
    assert NUMBER.encode() not in b"".join(row.record.value or b"" for row in registry.outbox())

    path = f"/v1/members/{who}/discipline"
    listed = registry.get(f"{path}?purpose=test").body["items"]
    assert [(item["form"], item["decision_number"]) for item in listed] == [("reprimand", NUMBER)]
    assert registry.get(path).rules == {"purpose": "purpose-needed"}
    log = registry.get(f"/v1/members/{who}/accesses").body["items"]
    assert [(entry["door"], entry["purpose"]) for entry in log] == [
        ("GET /v1/members/<uuid:member_id>/discipline", "test")
    ]

    back = registry.call("DELETE", f"{path}/{one.body['discipline_id']}")
    assert back.status == 200
    assert back.body["withdrawn_at"] is not None
    assert last(registry, ROSTERS)["discipline"] == [{"on": "2026-03-04", "members": 1}]
    assert registry.call("DELETE", f"{path}/{ids['GL']}").status == 404
    trail = registry.sql("select action, before, after, personal is not null from audit where action like '%iscipl%'")
    assert [(action, sealed) for action, _, _, sealed in trail] == [
        ("member.disciplined", True),
        ("member.disciplined", True),
        ("member.discipline_withdrawn", True),
    ]
    assert all(set(shown) == {"discipline_id", "on"} for _, b, a, _ in trail for shown in (b, a) if shown)


def test_a_member_disciplined_twice_on_a_day_is_one_member(registry: Registry) -> None:
    """Warned and dismissed by one decision; or the same request sent again."""
    registry.imported(province())
    who = member_id(registry, "GL-A-X-1-0")
    assert [disciplined(registry, who, form=form).status for form in ("warning", "dismissal")] == [201, 201]
    assert last(registry, ROSTERS)["discipline"] == [{"on": "2026-03-04", "members": 1}]


def test_who_was_removed_on_the_day_is_disciplined_and_who_left_before_is_not(registry: Registry) -> None:
    registry.imported(province())
    who = member_id(registry, "GL-A-X-1-0")
    gone = registry.post(f"/v1/members/{who}/changes", {"valid_from": "2026-03-04", "status": "removed"})
    assert gone.status == 200, gone.body
    assert disciplined(registry, who, form="expulsion").status == 201
    assert disciplined(registry, who, on="2026-03-05").rules == {"on": "member-not-in-force"}


@pytest.mark.parametrize(
    ("given", "field", "rule"),
    [
        ({"form": "frown"}, "form", "discipline-form"),
        ({"on": "2026-06-16"}, "on", "day-to-come"),
        ({"on": "2015-05-18"}, "on", "member-not-in-force"),
        ({"form": "expulsion"}, "form", "form-not-for-kind"),
    ],
)
def test_discipline_that_cannot_be_is_refused(registry: Registry, given: dict[str, Any], field: str, rule: str) -> None:
    rows = province()
    rows["members"].append(member("P", "GL-A-X-1", kind="probationary"))
    registry.imported(rows)
    answer = disciplined(registry, member_id(registry, "P"), **given)
    assert (answer.status, answer.rules) == (422, {field: rule})


def test_discipline_follows_the_rights_over_members(registry: Registry) -> None:
    ids = registry.imported(province())
    who = member_id(registry, "GL-A-X-1-0")
    path = f"/v1/members/{who}/discipline"
    given = {"on": "2026-03-04", "form": "reprimand", "decision_number": "1"}
    for role, unit, status in (
        ("branch_secretary", "GL-A-X-1", 403),
        ("committee_officer", "GL-B", 403),
        ("portal", "GL", 403),
        ("committee_officer", "GL-A", 201),
    ):
        token = registry.issuer.mint(role, ids[unit])
        assert registry.post(path, given, token=token).status == status, role
    assert registry.get(f"{path}?purpose=test", token=registry.issuer.mint("member", ids["GL-A-X-1"])).status == 403
    secretary = registry.issuer.mint("branch_secretary", ids["GL-A-X-1"])
    assert len(registry.get(f"{path}?purpose=test", token=secretary).body["items"]) == 1


def test_an_erased_members_discipline_stays_a_count(registry: Registry) -> None:
    registry.imported(province())
    who = member_id(registry, "GL-A-X-1-0")
    disciplined(registry, who)
    registry.post(f"/v1/members/{who}/erasure", {"ground": "order", "citation": "QĐ 1"})
    (kept,) = registry.get(f"/v1/members/{who}/discipline?purpose=test").body["items"]
    assert (kept["on"], kept["form"], kept["decision_number"]) == ("2026-03-04", None, None)
    assert last(registry, ROSTERS)["discipline"] == [{"on": "2026-03-04", "members": 1}]
    assert disciplined(registry, who).body["rule"] == "member-erased"


def test_ethnicity_is_told_in_counts_that_are_large_enough(registry: Registry) -> None:
    rows = province()
    rows["members"] += [member(f"E{n}", "GL-A-X-1", ethnicity="Gia Rai") for n in range(3)]
    rows["members"] += [member(f"K{n}", "GL-A-X-1", ethnicity="Kinh") for n in range(4)]
    rows["members"] += [member(f"F{n}", "GL-A-X-2", ethnicity="Ba Na") for n in range(2)]
    ids = registry.imported(rows)
    rosters = {data["unit_id"]: data for data in told(registry, ROSTERS) if data}
    first = {"valid_from": "2015-07-01", "valid_to": None}
    assert rosters[ids["GL-A-X-1"]]["ethnicity"] == [
        first | {"group": "majority", "members": 4},
        first | {"group": "minority", "members": 3},
    ]
    assert rosters[ids["GL-A-X-2"]]["ethnicity"] == []
    sent = b"".join(row.record.value or b"" for row in registry.outbox())
    assert b"Gia Rai" not in sent
    added = registry.post("/v1/members", new_member("E9", ids["GL-A-X-1"], ethnicity="Ê Đê", valid_from="2026-02-01"))
    assert added.status == 201
    assert last(registry, ROSTERS)["ethnicity"][-1] == {
        "valid_from": "2026-07-01",
        "valid_to": None,
        "group": "minority",
        "members": 4,
    }


def test_what_is_kept_is_published_again_in_new_versions(registry: Registry, monkeypatch: pytest.MonkeyPatch) -> None:
    ids = registry.imported(province())
    made(registry, village("T1", ids["GL-A-X"], None))
    target(registry, ids)
    before = {topic: last(registry, topic) for topic in (VILLAGES, TARGETS)}
    told_before = len(registry.outbox())
    for name, value in {
        "NENEP_DATABASE_URL": registry.url,
        "NENEP_KAFKA_BOOTSTRAP": "unused:9092",
        "NENEP_REGISTRY_KEYS": KEYS,
        "NENEP_SERVICE_NAME": "registry",
    }.items():
        monkeypatch.setenv(name, value)

    some = CliRunner().invoke(cli.main, ["republish", "--topic", VILLAGES])
    assert some.exit_code == 0, some.output
    assert len(registry.outbox()) == told_before + 1
    assert last(registry, VILLAGES) == before[VILLAGES] | {"version": 2}
    everything = CliRunner().invoke(cli.main, ["republish"])
    assert everything.exit_code == 0, everything.output
    assert last(registry, VILLAGES)["version"] == 3
    assert last(registry, TARGETS) == before[TARGETS] | {"version": 2}
    assert {data["version"] for data in told(registry, ROSTERS) if data} == {1, 2}
    units = [data for data in registry.events("registry.units.v1") if data["unit_id"] == ids["GL"]]
    assert [unit["version"] for unit in units] == [1, 2]
    assert registry.sql("select count(*) from untold") == [(0,)]
