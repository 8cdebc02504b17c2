"""Whose personal data, and whose place, an officer reaches: those of today's own members, and to read, of guests."""

import base64
from typing import Any

import msgspec
import pytest

from tests.integration.registry.conftest import Registry
from tests.integration.registry.rows import member, new_member, province
from tests.integration.registry.sheets import download

TOLD = {"ground": "request", "citation": "Luật Bảo vệ dữ liệu cá nhân, Điều 14"}
PERSON = {"full_name": "Trần Mẫu Khách", "birth_date": "1980-05-19", "phone": "0269 555 555"}


@pytest.fixture
def ids(registry: Registry) -> dict[str, str]:
    """A province, and the member M in the branch GL-A-X-1 as `member`."""
    ids = registry.imported(province())
    created = registry.post("/v1/members", new_member("M", ids["GL-A-X-1"], **PERSON))
    return ids | {"member": created.body["member_id"]}


def guest(registry: Registry, ids: dict[str, str]) -> None:
    """M is a guest of GL-B-X-1 today."""
    body = {
        "kind": "temporary",
        "to_unit_id": ids["GL-B-X-1"],
        "paper_issued_on": "2026-06-01",
        "planned_return_on": "2026-09-01",
    }
    assert registry.post(f"/v1/members/{ids['member']}/transfers", body).status == 201


def test_the_hosts_officers_read_a_guest_and_change_nothing(registry: Registry, ids: dict[str, str]) -> None:
    guest(registry, ids)
    host = registry.issuer.mint("province_admin", ids["GL-B"])
    path = f"/v1/members/{ids['member']}"

    assert registry.person(ids["member"], token=host).status == 200
    tried = [
        registry.post(f"{path}/changes", {"valid_from": "2026-06-10", "unit_id": ids["GL-B-X-1"]}, token=host),
        registry.post(f"{path}/changes", {"valid_from": "2026-06-10", "status": "removed"}, token=host),
        registry.call("PUT", f"{path}/person", PERSON | {"phone": "0269 1"}, token=host),
        registry.post(f"{path}/probation-review", {"outcome": "official", "on": "2026-06-10"}, token=host),
        registry.post(f"{path}/erasure", TOLD, token=host),
    ]

    assert [(one.status, one.body["rule"]) for one in tried] == [(403, "outside-rights")] * len(tried)
    assert registry.person(ids["member"]).body["person"]["phone"] == PERSON["phone"]


def test_a_past_days_list_shows_particulars_of_todays_members_only(registry: Registry, ids: dict[str, str]) -> None:
    path = f"/v1/members/{ids['member']}"
    registry.post(f"{path}/changes", {"valid_from": "2026-03-01", "unit_id": ids["GL-B-X-1"]})
    officer = registry.issuer.mint("committee_officer", ids["GL-A"])
    assert registry.person(ids["member"], token=officer).status == 403

    def phones(**who: Any) -> dict[str, tuple[str, str | None]]:
        listed = registry.get(f"/v1/units/{ids['GL-A-X-1']}/members?on=2026-02-01", **who).body["items"]
        return {one["code"]: (one["full_name"], one["phone"] or one["birth_date"]) for one in listed}

    assert phones(token=officer)["M"] == ("Trần Mẫu Khách", None)
    assert phones(token=officer)["GL-A-X-1-0"] == ("Nguyễn Mẫu An", "1980-05-19")
    assert phones()["M"] == ("Trần Mẫu Khách", "0269 555 555")
    assert registry.sql(f"select count(*) from access where member_ids @> array['{ids['member']}'::uuid]") == [(1,)]
    query = f"?under={ids['GL-A']}&on=2026-02-01&format=csv&purpose=thu"
    assert b"0269 555 555" not in download(registry, f"/v1/members/export{query}", token=officer)
    assert b"0269 555 555" in download(registry, f"/v1/members/export{query}")


def test_a_cursor_does_not_tell_where_a_strangers_name_stands(registry: Registry, ids: dict[str, str]) -> None:
    stranger = registry.post("/v1/members", new_member("Z", ids["GL-B-X-1"], full_name="Trần Mẫu Zung")).body
    cursor = base64.urlsafe_b64encode(msgspec.json.encode([stranger["member_id"]])).decode().rstrip("=")
    token = registry.issuer.mint("member", ids["GL-A-X-1"])

    answer = registry.get(f"/v1/units/{ids['GL-A-X-1']}/members?cursor={cursor}", token=token)

    assert len(answer.body["items"]) in (0, 4)
    other = registry.post("/v1/members", new_member("Y", ids["GL-B-X-1"], full_name="An")).body
    cursor = base64.urlsafe_b64encode(msgspec.json.encode([other["member_id"]])).decode().rstrip("=")
    again = registry.get(f"/v1/units/{ids['GL-A-X-1']}/members?cursor={cursor}", token=token)
    assert again.body["items"] == answer.body["items"]


def test_who_will_come_is_not_rewritten_by_an_import_before(registry: Registry, ids: dict[str, str]) -> None:
    path = f"/v1/members/{ids['member']}"
    registry.post(f"{path}/changes", {"valid_from": "2026-09-01", "unit_id": ids["GL-B-X-1"]})
    officer = registry.issuer.mint("committee_officer", ids["GL-B"])

    answer = registry.post("/v1/imports", {"members": [member("M", "GL-B-X-1")]}, token=officer)

    assert (answer.status, answer.rules) == (403, {"members[0].code": "outside-rights"})


@pytest.mark.parametrize("day", ["9999-12-31", "9999-12-01", "0001-01-01", "1850-01-01"])
def test_a_day_far_away_is_refused_or_answered_never_a_defect(
    registry: Registry, ids: dict[str, str], day: str
) -> None:
    path, unit_id = f"/v1/members/{ids['member']}", ids["GL-A-X-1"]
    body = {"kind": "official", "to_unit_id": ids["GL-B-X-1"], "paper_issued_on": "2026-06-01"}
    away = {"kind": "temporary", "from_day": "2026-06-01", "planned_return_on": "2026-09-01"}
    answers = {
        "paper": registry.post(f"{path}/transfers", body | {"paper_issued_on": day, "from_day": "2026-06-01"}),
        "both": registry.post(f"{path}/transfers", body | {"paper_issued_on": day}),
        "from": registry.post(f"{path}/transfers", body | {"from_day": day}),
        "out": registry.post(
            f"{path}/transfers", body | {"to_unit_id": None, "to_outside": True, "paper_issued_on": day}
        ),
        "received": registry.post(f"{path}/transfers", body | {"received_on": day}),
        "planned": registry.post(f"{path}/transfers", body | away | {"planned_return_on": day}),
        "change": registry.post(f"{path}/changes", {"valid_from": day, "unit_id": ids["GL-B-X-1"]}),
        "admitted": registry.post(
            "/v1/members", new_member("P", unit_id, kind="probationary", valid_from="2026-01-01", admitted_on=day)
        ),
        "first day": registry.post("/v1/members", new_member("Q", unit_id, kind="probationary", valid_from=day)),
        "born": registry.post("/v1/members", new_member("R", unit_id, birth_date=day)),
        "reminders": registry.get(f"/v1/units/{unit_id}/reminders?on={day}&within=366"),
        "members": registry.get(f"/v1/units/{unit_id}/members?on={day}"),
        "rosters": registry.get(f"/v1/rosters?under={unit_id}&on={day}"),
        "month": registry.get(f"/v1/units/{unit_id}/roster?month={day[:7]}"),
        "audit": registry.get(f"/v1/audit?from={day}&to={day}"),
    }
    probationer = registry.post(
        "/v1/members", new_member("S", unit_id, kind="probationary", valid_from="2025-01-01")
    ).body["member_id"]
    review = f"/v1/members/{probationer}/probation-review"
    answers["review"] = registry.post(review, {"outcome": "extended", "on": "2026-01-01", "next_review_on": day})
    answers["reviewed"] = registry.post(review, {"outcome": "official", "on": day})
    answers["later"] = registry.get(f"/v1/units/{unit_id}/reminders")
    answers["open"] = registry.get(f"/v1/units/{unit_id}/transfers")

    assert {name: one.status for name, one in answers.items() if one.status >= 500} == {}
