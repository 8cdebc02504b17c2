"""Who members are: found, corrected and erased by rights, logged when read, and nowhere in plain."""

import io
from typing import Any
from urllib.parse import quote

import msgspec
import pytest

from services.registry.store import people
from services.registry.store.vault import Vault, WrappedKey
from services.registry.views import search
from shared import db
from tests.integration.registry.conftest import KEYS, Registry
from tests.integration.registry.dump import dump
from tests.integration.registry.rows import member, new_member, province

PERSON = {
    "full_name": "Rơ Châm Zxqvăn",
    "birth_date": "1977-07-07",
    "sex": "female",
    "ethnicity": "Zxqrai",
    "phone": "0987-ZXQ-321",
    "card_number": "ZXQ.000.123",
    "address": "Thôn Zxqmẫu",
}
PARTS = ("Zxqvăn", "zxqvan", "ZXQVAN", "zxqrai", "zxqmau", "Zxqmẫu", "zxq.000")
MARKS = [part.encode() for part in (*(value for name, value in PERSON.items() if name != "sex"), *PARTS)]
"""Long enough not to come up by chance in ciphertext."""


def plain_in(data: bytes) -> list[bytes]:
    """The marks of PERSON that stand in `data`."""
    return [mark for mark in MARKS if mark in data]


def found(registry: Registry, name: str, under: str, **more: Any) -> list[dict[str, Any]]:
    """Who is found by a name."""
    answer = registry.get(f"/v1/members?name={quote(name)}&under={under}&purpose=test", **more)
    assert answer.status == 200, answer.body
    items: list[dict[str, Any]] = answer.body["items"]
    return items


@pytest.fixture
def ids(registry: Registry) -> dict[str, str]:
    """The units of a province whose members have names to tell apart."""
    rows = province()
    names = ["Trần Mẫu Ân", "Trần Mẫu An", "Đặng Mẫu Ẩn", "Dang Mẫu Anh", "Bùi Văn Đức", "Ksor H'Yéo"]
    rows["members"] = [member(f"M{n}", "GL-A-X-1", full_name=name) for n, name in enumerate(names)]
    rows["members"].append(member("B1", "GL-B-X-1", full_name="Đặng Mẫu An"))
    return registry.imported(rows)


def test_names_are_found_by_whole_words_with_marks_or_without(registry: Registry, ids: dict[str, str]) -> None:
    def names(name: str, under: str = "GL-A") -> list[str]:
        return [one["full_name"] for one in found(registry, name, ids[under])]

    assert names("an") == ["Trần Mẫu An", "Trần Mẫu Ân", "Đặng Mẫu Ẩn"]
    assert names("Ân") == ["Trần Mẫu Ân", "Trần Mẫu An", "Đặng Mẫu Ẩn"]
    assert names("dang") == ["Dang Mẫu Anh", "Đặng Mẫu Ẩn"]
    assert names("mẫu ĐẶNG") == ["Đặng Mẫu Ẩn", "Dang Mẫu Anh"]
    assert names("h'yeo") == ["Ksor H'Yéo"]
    assert names("nguyen") == []
    assert names("dang mau an", "GL") == ["Đặng Mẫu An", "Đặng Mẫu Ẩn"]
    marked = {one["full_name"]: one["marks_match"] for one in found(registry, "Ân", ids["GL-A"])}
    assert marked == {"Trần Mẫu Ân": True, "Trần Mẫu An": False, "Đặng Mẫu Ẩn": False}


def test_a_search_stays_within_rights_and_comes_in_pages(registry: Registry, ids: dict[str, str]) -> None:
    officer = registry.issuer.mint("committee_officer", ids["GL-B"])
    path = f"/v1/members?name=mau&under={ids['GL-A']}&purpose=test"

    assert [one["code"] for one in found(registry, "an", ids["GL-B"], token=officer)] == ["B1"]
    assert registry.get(path, token=officer).body["rule"] == "outside-rights"
    assert registry.get(path, token=registry.issuer.mint("member", ids["GL-A"])).status == 403
    first = registry.get(f"{path}&limit=3").body
    second = registry.get(f"{path}&limit=3&cursor={first['next_cursor']}").body
    assert [one["full_name"] for one in first["items"] + second["items"]] == [
        "Trần Mẫu An",
        "Dang Mẫu Anh",
        "Trần Mẫu Ân",
        "Đặng Mẫu Ẩn",
    ]
    assert second["next_cursor"] is None


def test_a_search_that_would_open_too_many_is_refused(
    registry: Registry, ids: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "MOST_CANDIDATES", 3)

    many = registry.get(f"/v1/members?name=mau&under={ids['GL-A']}&purpose=test")

    assert (many.status, many.rules) == (422, {"name": "too-many-found"})
    assert len(found(registry, "mau tran", ids["GL-A"])) == 2


def test_reading_a_person_needs_a_purpose_and_is_logged(registry: Registry, ids: dict[str, str]) -> None:
    (one,) = found(registry, "duc", ids["GL-A"])
    path = f"/v1/members/{one['member_id']}"
    officer = registry.issuer.mint("committee_officer", ids["GL-A"], "officer-of-a")

    for missing in ("", "?purpose=ab", f"?purpose={'x' * 201}", "?purpose=a%0Ab%0Ac"):
        answer = registry.get(f"{path}{missing}", token=officer)
        assert (answer.status, answer.rules) == (422, {"purpose": "purpose-needed"})
        assert "?purpose=" in answer.body["errors"][0]["message"]
    english = registry.call("GET", path, headers={"Accept-Language": "en"})
    assert "Say what personal data are read for" in english.body["errors"][0]["message"]
    assert registry.get(f"{path}?purpose={quote('Xét khen thưởng')}", token=officer).status == 200
    assert registry.get(f"/v1/units/{ids['GL-A-X-1']}/members", token=officer).status == 200
    assert registry.get(f"/v1/units/{ids['GL-A-X-1']}/members?purpose=vote", token=officer).status == 200

    log = registry.get(f"{path}/accesses").body["items"]
    assert [(entry["door"], entry["purpose"]) for entry in log] == [
        ("GET /v1/units/<uuid:unit_id>/members", "vote"),
        ("GET /v1/units/<uuid:unit_id>/members", "branch list"),
        ("GET /v1/members/<uuid:member_id>", "Xét khen thưởng"),
        ("GET /v1/members", "test"),
    ]
    assert {entry["actor"] for entry in log[:3]} == {"officer-of-a"}
    assert log[2]["unit_id"] == ids["GL-A-X-1"]
    page = registry.get(f"{path}/accesses?limit=3").body
    rest = registry.get(f"{path}/accesses?limit=3&cursor={page['next_cursor']}").body
    assert page["items"] + rest["items"] == log
    secretary = registry.issuer.mint("branch_secretary", ids["GL-A-X-1"])
    assert registry.get(f"{path}/accesses", token=secretary).status == 403


def test_names_alone_and_rosters_are_not_logged(registry: Registry, ids: dict[str, str]) -> None:
    token = registry.issuer.mint("member", ids["GL-A-X-1"])

    assert registry.get(f"/v1/units/{ids['GL-A-X-1']}/members", token=token).status == 200
    assert registry.get(f"/v1/rosters?under={ids['GL']}").status == 200

    assert registry.sql("select count(*) from access") == [(0,)]


def test_the_log_of_access_only_grows(registry: Registry, ids: dict[str, str]) -> None:
    found(registry, "an", ids["GL-A"])

    for statement in ("update access set purpose = ''", "delete from access", "truncate access"):
        with pytest.raises(Exception, match="permission denied"):
            registry.sql(statement)


def test_a_person_is_corrected_and_the_trail_keeps_it_sealed(registry: Registry, ids: dict[str, str]) -> None:
    (one,) = found(registry, "duc", ids["GL-A"])
    path = f"/v1/members/{one['member_id']}"

    answer = registry.call("PUT", f"{path}/person", PERSON | {"full_name": "  Rơ  Châm Zxqvăn "})

    assert answer.status == 200
    assert plain_in(msgspec.json.encode(answer.body)) == []
    assert registry.person(one["member_id"]).body["person"] == PERSON
    assert found(registry, "duc", ids["GL-A"]) == []
    assert len(found(registry, "ro zxqvan", ids["GL-A"])) == 1
    roster = registry.events("registry.rosters.v1")[-1]
    bands = {entry["member_id"]: entry["age_band"] for entry in roster["members"]}
    assert bands[one["member_id"]] == "41-50"
    ((action, before, after, personal),) = registry.sql(
        "select action, before, after, personal from audit where personal is not null"
    )
    assert (action, before) == ("member.changed", after)
    vault = Vault(KEYS)
    ((member_id, key_id, data_key),) = registry.sql(
        f"select member_id, key_id, data_key from member where member_id = '{one['member_id']}'"
    )
    key = vault.unwrap(member_id, WrappedKey(key_id, data_key))
    opened = msgspec.json.decode(vault.open(member_id, key, personal, what=b"audit"))
    assert (opened["before"]["full_name"], opened["after"]["full_name"]) == ("Bùi Văn Đức", PERSON["full_name"])
    refused = registry.call("PUT", f"{path}/person", PERSON | {"birth_date": "2020-01-01"})
    assert (refused.status, refused.rules) == (422, {"valid_from": "admission-age"})


def test_nothing_of_an_erased_person_is_left_and_counts_stay(registry: Registry, ids: dict[str, str]) -> None:
    key = {"Idempotency-Key": "again"}
    body = new_member("Z1", ids["GL-A-X-1"], **PERSON)
    member_id = registry.post("/v1/members", body, headers=key).body["member_id"]
    path = f"/v1/members/{member_id}"
    registry.call("PUT", f"{path}/person", PERSON | {"phone": "0987-ZXQ-999"}, headers={"Idempotency-Key": "put"})
    registry.post(f"{path}/transfers", _transfer(ids["GL-A-X-2"], paper_number="17-GT"))
    before = registry.get(f"/v1/rosters?under={ids['GL']}").body["items"]
    spans = registry.person(member_id).body["spans"]
    told = {"ground": "request", "citation": "Luật Bảo vệ dữ liệu cá nhân, Điều 14"}
    officer = registry.issuer.mint("committee_officer", ids["GL-A"])
    assert registry.post(f"{path}/erasure", told, token=officer).body["rule"] == "role"
    foreign = registry.issuer.mint("province_admin", ids["GL-B"])
    assert registry.post(f"{path}/erasure", told, token=foreign).body["rule"] == "outside-rights"

    answer = registry.post(f"{path}/erasure", told, token=registry.issuer.mint("province_admin", ids["GL-A"]))

    assert answer.status == 200, answer.body
    assert answer.body["erased_at"] is not None
    assert plain_in(dump(registry.url)) == []
    shown = registry.person(member_id).body
    assert (shown["person"], shown["spans"]) == (None, spans)
    assert shown["code"].startswith("erased-")
    assert found(registry, "zxqvan", ids["GL"]) == []
    listed = registry.get(f"/v1/units/{ids['GL-A-X-1']}/members").body["items"]
    assert [(one["full_name"], one["birth_date"]) for one in listed if one["member_id"] == member_id] == [(None, None)]
    after = registry.get(f"/v1/rosters?under={ids['GL']}").body["items"]
    assert [one | {"code": "", "age_band": ""} for one in after] == [
        one | {"code": "", "age_band": ""} for one in before
    ]
    entry = next(one for one in registry.events("registry.rosters.v1")[-1]["members"] if one["member_id"] == member_id)
    assert (entry["age_band"], entry["status"]) == (None, "active")
    (audit,) = registry.sql("select after, unit_id::text from audit where action = 'member.erased'")
    assert audit == (told, ids["GL-A-X-1"])
    replayed = registry.post("/v1/members", body, headers=key)
    assert (replayed.headers["Idempotent-Replayed"], plain_in(msgspec.json.encode(replayed.body))) == ("true", [])
    again = registry.post(f"{path}/erasure", told)
    put = registry.call("PUT", f"{path}/person", PERSON)
    assert {(one.status, one.body["rule"]) for one in (again, put)} == {(409, "member-erased")}
    moved = registry.post(f"{path}/changes", {"valid_from": "2026-05-01", "unit_id": ids["GL-B-X-1"]})
    assert moved.status == 200, "where they stand stays correct"


def test_an_import_brings_no_erased_person_back_into_their_record(registry: Registry, ids: dict[str, str]) -> None:
    (one,) = found(registry, "duc", ids["GL-A"])
    told = {"ground": "order", "citation": "Quyết định số 1"}
    code = registry.post(f"/v1/members/{one['member_id']}/erasure", told).body["code"]

    answer = registry.post("/v1/imports", {"members": [member(code, "GL-A-X-1")]})

    assert (answer.status, answer.body["rule"]) == (409, "member-erased")


def test_nothing_personal_leaves_the_registry_and_there_it_stands_nowhere_in_plain(
    registry: Registry, log: io.StringIO
) -> None:
    rows = province()
    rows["members"].append(member("S0", "GL-A-X-1", **PERSON))
    ids = registry.imported(rows)
    person = new_member("S1", ids["GL-A-X-1"], **PERSON)
    created = registry.post("/v1/members", person, headers={"Idempotency-Key": "k"})
    path = f"/v1/members/{created.body['member_id']}"
    registry.post(f"{path}/changes", {"valid_from": "2026-05-01", "post": "secretary"})
    registry.call("PUT", f"{path}/person", PERSON | {"phone": "ZXQ-1"}, headers={"Idempotency-Key": "l"})
    registry.post(f"{path}/transfers", _transfer(ids["GL-B-X-1"], received_on="2026-06-10"))
    disciplined = {"on": "2026-06-11", "form": "reprimand", "decision_number": "ZXQ.000.123"}
    assert registry.post(f"{path}/discipline", disciplined, headers={"Idempotency-Key": "m"}).status == 201
    rows["members"][-1] |= {"phone": "ZXQ-2"}
    rows["members"].append(member("S3", "nowhere", **PERSON))
    answers = [registry.post("/v1/imports", rows)]
    rows["members"].pop()
    assert registry.post("/v1/imports", rows).body["members"]["changed"] == 1
    answers.append(registry.post("/v1/members", person))
    answers.append(
        registry.post("/v1/members", new_member("S4", ids["GL-A-X-1"], **PERSON) | {"valid_from": "1980-01-01"})
    )
    answers.append(registry.post("/v1/members", new_member("S4", ids["GL-A-X-1"], **PERSON) | {"extra": "Zxq"}))
    answers.append(registry.call("PUT", f"{path}/person", PERSON | {"sex": "Zxq", "phone": "Zxq\n"}))
    answers.append(registry.post(f"{path}/erasure", {"ground": "?", "citation": "x"}))
    assert {answer.status for answer in answers} == {409, 422}
    assert [plain_in(msgspec.json.encode(answer.body)) for answer in answers] == [[]] * len(answers)
    assert plain_in(registry.app.test_client().get("/metrics").data) == []

    assert len(registry.sql("select from audit where personal is not null")) == 3
    told = [(row.record.value or b"") + repr(row.record.headers).encode() for row in registry.outbox()]
    assert created.body["member_id"].encode() in b"".join(told)
    assert plain_in(b"".join(told)) == []
    assert '"event": "imported"' in log.getvalue()
    assert plain_in(log.getvalue().encode()) == []
    held = dump(registry.url)
    assert b"secretary" in held, "the dump holds what is not personal"
    assert plain_in(held) == []


def test_a_sealed_value_put_into_another_members_row_does_not_open(registry: Registry, ids: dict[str, str]) -> None:
    (one,), (other,) = found(registry, "duc", ids["GL-A"]), found(registry, "h'yeo", ids["GL-A"])
    with db.connect(registry.url, name="test") as conn:
        conn.execute(
            """
            update member m set sealed = o.sealed, data_key = o.data_key from member o
            where m.member_id = %s and o.member_id = %s
            """,
            (one["member_id"], other["member_id"]),
        )

    assert registry.person(one["member_id"]).status == 500
    assert registry.person(other["member_id"]).body["person"]["full_name"] == "Ksor H'Yéo"
    with db.connect(registry.url, name="test") as conn:
        assert people.births(conn, Vault(KEYS), []) == {}


def _transfer(to: str, **more: Any) -> dict[str, Any]:
    return {"kind": "official", "to_unit_id": to, "paper_issued_on": "2026-06-01"} | more
