"""What every request may count on: its language, being sent twice, and that personal data stays here."""

import io

import pytest

from services.registry.rights import RIGHTS
from tests.integration.registry.conftest import Registry
from tests.integration.registry.rows import member, new_member, province

SECRETS = {"full_name": "Rơ Châm Zxqvăn", "phone": "0987-ZXQ-321", "birth_date": "1977-07-07", "ethnicity": "Zxqrai"}


def test_errors_are_said_in_vietnamese_first_and_in_english_when_asked(registry: Registry) -> None:
    ids = registry.imported(province())
    body = new_member("N1", ids["GL-A-X"])

    vietnamese = registry.post("/v1/members", body)
    english = registry.post("/v1/members", body, headers={"Accept-Language": "en-GB,en;q=0.9"})

    assert vietnamese.headers["Content-Type"] == "application/problem+json"
    assert vietnamese.headers["Content-Language"] == "vi"
    assert "không phải là chi bộ" in vietnamese.body["errors"][0]["message"]
    assert english.headers["Content-Language"] == "en"
    assert "not a branch in force" in english.body["errors"][0]["message"]


@pytest.mark.parametrize("body", [b'{"code": "\\ud800"}', b'{"code": NaN}', b'{"code": "\xff"}', b'{"code": '])
def test_a_body_that_is_no_json_is_refused_with_what_to_do(registry: Registry, body: bytes) -> None:
    answer = registry.app.test_client().post(
        "/v1/units", data=body, content_type="application/json", headers={"Authorization": f"Bearer {registry.admin}"}
    )

    assert answer.status_code == 422
    assert answer.get_json()["errors"][0]["message"].startswith("Nội dung gửi lên không phải JSON hợp lệ")


def test_a_request_sent_again_is_carried_out_once(registry: Registry) -> None:
    ids = registry.imported(province())
    key = {"Idempotency-Key": "k-1"}
    first = registry.post("/v1/members", new_member("N1", ids["GL-A-X-1"]), headers=key)
    before = len(registry.outbox())

    again = registry.post("/v1/members", new_member("N1", ids["GL-A-X-1"]), headers=key)
    other = registry.post("/v1/members", new_member("N2", ids["GL-A-X-1"]), headers=key)

    assert (again.status, again.body, again.headers["Idempotent-Replayed"]) == (201, first.body, "true")
    assert (other.status, other.body["rule"]) == (409, "idempotency-key-reused")
    assert len(registry.outbox()) == before


def test_personal_data_reach_neither_events_nor_logs(registry: Registry, log: io.StringIO) -> None:
    rows = province()
    rows["members"].append(member("S0", "GL-A-X-1") | SECRETS)
    ids = registry.imported(rows)
    created = registry.post("/v1/members", new_member("S1", ids["GL-A-X-1"]) | SECRETS)
    registry.post(
        f"/v1/members/{created.body['member_id']}/changes", {"valid_from": "2026-05-01", "unit_id": ids["GL-B-X-1"]}
    )
    for refused in (
        new_member("S1", ids["GL-A-X-1"]) | SECRETS,
        new_member("S2", ids["GL-A-X"]) | SECRETS,
        new_member("S3", ids["GL-A-X-1"], valid_from="1980-01-01") | SECRETS,
        new_member("S4", ids["GL-A-X-1"], kind="?") | SECRETS,
    ):
        assert registry.post("/v1/members", refused).status in (409, 422)

    assert registry.sql("select count(*) from member where sealed is not null") == [(14,)]
    told = b"".join((row.record.value or b"") + repr(row.record.headers).encode() for row in registry.outbox())
    logged = log.getvalue()
    assert '"event": "imported"' in logged
    for secret in SECRETS.values():
        assert secret.encode() not in told
        assert secret not in logged
    assert b"Zxq" not in told
    assert "Zxq" not in logged


def test_the_published_documentation_lists_every_door(registry: Registry) -> None:
    document = registry.get("/openapi.json", token="").body

    assert document["openapi"] == "3.1.0"
    doors = {route.split(" ")[1].replace("<uuid:", "{").replace("<", "{").replace(">", "}") for route in RIGHTS}
    assert set(document["paths"]) == doors
