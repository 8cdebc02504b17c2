"""The doors of notifications: inboxes in pages, contact points, preferences, and who may use them."""

import re
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

import flask
import msgspec
import pytest
from flask.testing import FlaskClient
from openapi_spec_validator import validate as validate_openapi

from deploy.local.tokens import ISSUER, TokenIssuer
from services.notifications.api.app import build
from services.notifications.domain.rules import RULE_NAMES
from services.notifications.rights import RIGHTS
from services.notifications.settings import NotificationsSettings
from shared import db
from shared.ids import new_id
from tests.integration.notifications.province import (
    BRANCH,
    COMMUNE,
    OTHER_BRANCH,
    PROVINCE,
    RehearsalClock,
    Topics,
    attendance,
    meeting,
)

Headers = dict[str, str]


@pytest.fixture
def issuer(tmp_path: Path) -> TokenIssuer:
    """Who signs the tokens."""
    return TokenIssuer(tmp_path / "issuer")


@pytest.fixture
def bearer(issuer: TokenIssuer) -> Callable[..., Headers]:
    """Headers with a token for a role on a unit."""
    return lambda role, unit_id=None: {"Authorization": f"Bearer {issuer.mint(role, unit_id)}"}


@pytest.fixture
def app(settings: NotificationsSettings, issuer: TokenIssuer, topics: Topics) -> Iterator[flask.Flask]:
    """The application, over the small province."""
    app = build(
        msgspec.structs.replace(
            settings, jwks_file=str(issuer.jwks_file), token_issuer=ISSUER, contact_domains="gialai.gov.vn"
        )
    )
    yield app
    app.extensions["nenep"].pool.close()


@pytest.fixture
def client(app: flask.Flask) -> FlaskClient:
    """A client of the API."""
    return app.test_client()


def inbox(client: FlaskClient, headers: Headers, unit_id: UUID = COMMUNE, **query: Any) -> dict[str, Any]:
    answer = client.get(f"/v1/units/{unit_id}/inbox", headers=headers, query_string=query)
    assert answer.status_code == 200, answer.text
    decoded: dict[str, Any] = answer.get_json()
    return decoded


def test_an_inbox_is_read_in_pages_the_newest_first(
    client: FlaskClient, bearer: Callable[..., Headers], topics: Topics, clock: RehearsalClock
) -> None:
    for day in (3, 4, 5, 6, 7):
        clock.instant = clock.instant.replace(day=day)
        topics.meetings(meeting(date(2026, 7, day), tasks_assigned=0))
    officer = bearer("committee_officer", COMMUNE)
    first = inbox(client, officer, limit=2)
    clock.instant = clock.instant.replace(day=9)
    topics.meetings(meeting(date(2026, 7, 9), tasks_assigned=0))
    second = inbox(client, officer, limit=2, cursor=first["next_cursor"])
    third = inbox(client, officer, limit=2, cursor=second["next_cursor"])
    days = [item["day"] for page in (first, second, third) for item in page["items"]]
    assert days == [f"2026-07-0{day}" for day in (7, 6, 5, 4, 3)]
    assert third["next_cursor"] is None


def test_an_inbox_shows_what_happened_by_which_rule_and_what_to_do(
    client: FlaskClient, bearer: Callable[..., Headers], topics: Topics
) -> None:
    state = meeting(date(2026, 7, 3), attendance=attendance(8))
    topics.meetings(state)
    (item,) = inbox(client, bearer("branch_secretary", BRANCH), BRANCH)["items"]
    assert item["about_unit"] == {"unit_id": str(BRANCH), "code": "GL-04", "name": "Chi bộ thôn 1"}
    assert (item["rule"], item["meeting_id"], item["resolved_at"]) == ("attendance_low", state["meeting_id"], None)
    assert "(80,0 %)" in item["text"]["vi"]
    assert "Việc cần làm" in item["text"]["vi"]
    assert "(80.0 %)" in item["text"]["en"]
    assert item["source"] == "Ban Tổ chức Trung ương, Hướng dẫn 42-HD/BTCTW, 28/10/2025"


def test_the_state_asked_for_is_the_state_shown(
    client: FlaskClient, bearer: Callable[..., Headers], topics: Topics
) -> None:
    state = meeting(date(2026, 7, 3), tasks_assigned=0)
    topics.meetings(state, meeting(date(2026, 7, 4), attendance=attendance(8)))
    topics.meetings({**state, "version": 2, "tasks_assigned": 2})
    officer = bearer("committee_officer", COMMUNE)
    shown = {
        asked: [item["rule"] for item in inbox(client, officer, state=asked)["items"]]
        for asked in ("open", "resolved", "all")
    }
    assert shown["open"] == ["attendance_low"]
    assert shown["resolved"] == ["minutes_incomplete"]
    assert sorted(shown["all"]) == ["attendance_low", "minutes_incomplete"]


def test_a_notice_is_read_once(
    client: FlaskClient, bearer: Callable[..., Headers], topics: Topics, settings: NotificationsSettings
) -> None:
    topics.meetings(meeting(date(2026, 7, 3), tasks_assigned=0))
    officer = bearer("committee_officer", COMMUNE)
    (item,) = inbox(client, officer)["items"]
    assert item["read_at"] is None
    read = [client.post(f"/v1/notices/{item['notice_id']}/read", headers=officer) for _ in range(2)]
    assert [answer.status_code for answer in read] == [200, 200]
    assert read[0].get_json()["read_at"] == read[1].get_json()["read_at"] is not None


def test_a_notice_outside_ones_rights_and_one_that_is_not_there_are_told_alike(
    client: FlaskClient, bearer: Callable[..., Headers], topics: Topics
) -> None:
    topics.meetings(meeting(date(2026, 7, 3), tasks_assigned=0))
    (item,) = inbox(client, bearer("province_admin"), BRANCH)["items"]
    stranger = bearer("branch_secretary", OTHER_BRANCH)
    answers = [
        client.post(f"/v1/notices/{notice_id}/read", headers=stranger) for notice_id in (item["notice_id"], new_id())
    ]
    problems = [{**answer.get_json(), "request_id": None} for answer in answers]
    assert problems[0] == problems[1]
    assert (problems[0]["status"], problems[0]["rule"]) == (404, "no-notice")
    assert inbox(client, bearer("province_admin"), BRANCH)["items"][0]["read_at"] is None


@pytest.mark.parametrize(
    ("role", "unit_id", "asked", "status"),
    [
        ("committee_officer", COMMUNE, BRANCH, 200),
        ("committee_officer", PROVINCE, BRANCH, 200),
        ("branch_secretary", BRANCH, BRANCH, 200),
        ("branch_secretary", BRANCH, OTHER_BRANCH, 403),
        ("branch_secretary", BRANCH, COMMUNE, 403),
        ("province_admin", None, COMMUNE, 200),
        ("member", BRANCH, BRANCH, 403),
        ("portal", PROVINCE, BRANCH, 403),
    ],
)
def test_rights_reach_the_subtree_and_no_further(
    client: FlaskClient, bearer: Callable[..., Headers], role: str, unit_id: UUID | None, asked: UUID, status: int
) -> None:
    headers = bearer(role, unit_id)
    for address in ("inbox", "preferences"):
        assert client.get(f"/v1/units/{asked}/{address}", headers=headers).status_code == status
    answer = client.put(
        f"/v1/units/{asked}/contact-point", headers=headers, json={"email": "vp@gialai.gov.vn", "language": "en"}
    )
    assert answer.status_code == status


def test_without_a_token_nothing_is_shown(client: FlaskClient) -> None:
    assert client.get(f"/v1/units/{BRANCH}/inbox").status_code == 401


def test_a_contact_point_is_set_shown_and_removed(client: FlaskClient, bearer: Callable[..., Headers]) -> None:
    officer, address = bearer("committee_officer", COMMUNE), f"/v1/units/{COMMUNE}/contact-point"
    assert client.get(address, headers=officer).get_json()["rule"] == "no-contact-point"
    point = {"email": "vanphong@gialai.gov.vn", "language": "vi"}
    assert client.put(address, headers=officer, json=point).get_json() == point
    assert client.get(address, headers=officer).get_json() == point
    assert client.delete(address, headers=officer).status_code == 204
    assert client.delete(address, headers=officer).status_code == 404


@pytest.mark.parametrize(
    ("given", "field", "said"),
    [
        ({"email": "bi.thu@example.com"}, "email", "Phải là hộp thư cơ quan"),
        ({"email": "văn.phòng@gialai.gov.vn"}, "email", "thư điện tử"),
        ({"email": "no address"}, "email", "thư điện tử"),
        ({}, "email", "Thiếu mục bắt buộc."),
        ({"email": "vp@gialai.gov.vn", "phone": "1"}, "phone", "Không có mục này."),
    ],
)
def test_a_contact_point_is_an_office_mailbox(
    client: FlaskClient, bearer: Callable[..., Headers], given: dict[str, str], field: str, said: str
) -> None:
    answer = client.put(f"/v1/units/{COMMUNE}/contact-point", headers=bearer("province_admin"), json=given)
    assert answer.status_code == 422
    (fault,) = answer.get_json()["errors"]
    assert fault["field"] == field
    assert said in fault["message"]


def test_preferences_are_replaced_whole(client: FlaskClient, bearer: Callable[..., Headers]) -> None:
    officer, address = bearer("committee_officer", COMMUNE), f"/v1/units/{COMMUNE}/preferences"
    every = {"inbox": True, "email": True}
    untouched = dict.fromkeys(RULE_NAMES, every)
    assert client.get(address, headers=officer).get_json() == {"rules": untouched}
    client.put(address, headers=officer, json={"rules": {"attendance_low": {"email": False}}})
    quiet = {"minutes_missing": {"inbox": False}}
    answer = client.put(address, headers=officer, json={"rules": quiet})
    assert answer.get_json() == {"rules": {**untouched, "minutes_missing": {"inbox": False, "email": True}}}
    answer = client.put(address, headers=officer, json={"rules": {"dinner_late": {"inbox": False}}})
    assert answer.status_code == 422


def test_every_route_is_in_the_authorisation_table(app: flask.Flask) -> None:
    routes = {
        f"{method} {rule.rule}"
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
        if rule.rule.startswith("/v1")
    }
    assert routes == set(RIGHTS)


def test_the_published_description_is_openapi(client: FlaskClient) -> None:
    document = client.get("/openapi.json").get_json()
    validate_openapi(document)
    assert set(document["paths"]) == {re.sub(r"<\w+:(\w+)>", r"{\1}", rule.split()[1]) for rule in RIGHTS}


def test_the_database_holds_no_person(topics: Topics, pool: db.Pool) -> None:
    """The absent members' ids travel in the event, and end there."""
    absent = new_id()
    topics.meetings(
        meeting(
            date(2026, 7, 3),
            attendance={**attendance(8), "absent_member_ids": [str(absent)]},
            theme="Chuyên đề của đồng chí Nguyễn Thị Nhận Ra",
        )
    )
    with pool.connection() as conn:
        tables = conn.execute(
            "select quote_ident(tablename) from pg_tables where schemaname = 'public' order by 1"
        ).fetchall()
        rows = [
            str(conn.execute(f"select coalesce(string_agg(t::text, ' '), '') from {name} t").fetchone())
            for (name,) in tables
        ]
    assert any("attendance_low" in row for row in rows)
    assert not [row for row in rows if str(absent) in row or "Nhận Ra" in row]


def test_a_unit_nobody_knows_is_told_to_who_may_know_of_all(
    client: FlaskClient, bearer: Callable[..., Headers]
) -> None:
    path = f"/v1/units/{new_id()}/contact-point"
    body = {"email": "vanphong@gialai.gov.vn"}
    admin = client.put(path, json=body, headers=bearer("province_admin"))
    officer = client.put(path, json=body, headers=bearer("committee_officer", COMMUNE))
    assert (admin.status_code, admin.get_json()["rule"]) == (404, "no-unit")
    assert (officer.status_code, officer.get_json()["rule"]) == (403, "outside-rights")
