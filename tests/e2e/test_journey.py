"""One evening of a branch, from its secretary's phone to the province's figure and the office's inbox.

In order: each test continues the story of the ones before it, over HTTP, through the running processes.
"""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import psycopg
import pytest
from kafka import KafkaConsumer, TopicPartition
from psycopg import sql

from deploy.local.suite import Suite
from shared.kafka.admin import declared_topics
from tests.e2e.conftest import Clock
from tests.support.waiting import until

MARK = "Zyxwvu Qkjhgf"
"""A name and a sentence that occur nowhere else."""
CARD = "84.17.MNBVCX"
SECRET = "câu-nói-riêng-trong-biên-bản-8417"
TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
MONTH = "2025-06"
SHEET = {
    "time": 5,
    "attendance": 4,
    "preparation": 9,
    "conduct": 32.5,
    "principles": 5,
    "last_resolution": 24,
    "closing": 5,
}
BRANCH_CODES = ("E2E-B1", "E2E-B2", "E2E-B3")


class Story:
    """What the tests tell one another."""

    units: dict[str, str]
    members: dict[str, list[str]]
    meeting_id = str(uuid4())


story = Story()


class Asker:
    """One bearer of a token, asking one service."""

    def __init__(self, suite: Suite, http: httpx.Client, role: str, unit_id: str | None) -> None:
        self._suite = suite
        self._http = http
        self._token = suite.mint_token(role, unit_id)

    def __call__(self, method: str, service: str, path: str, body: Any = None, **headers: str) -> httpx.Response:
        return self._http.request(
            method,
            self._suite.url(service) + path,
            json=body,
            headers={"Authorization": f"Bearer {self._token}", **headers},
        )


@pytest.fixture
def root(suite: Suite, http: httpx.Client) -> Asker:
    return Asker(suite, http, "province_admin", None)


def secretary(suite: Suite, http: httpx.Client, code: str) -> Asker:
    return Asker(suite, http, "branch_secretary", story.units[code])


def card(root: Asker, code: str, month: str = MONTH) -> dict[str, Any]:
    answer = root("GET", "evaluation", f"/v1/units/{story.units[code]}/scorecard?period={month}")
    found: dict[str, Any] = answer.json() if answer.status_code == 200 else {}
    return found


def test_the_province_is_registered(root: Asker) -> None:
    def row(code: str, parent: str | None, kind: str, level: str) -> dict[str, Any]:
        return {
            "code": code,
            "parent_code": parent,
            "kind": kind,
            "level": level,
            "name": f"Đơn vị {code}",
            "branch_type": "commune" if kind == "grassroots_branch" else None,
            "valid_from": "2020-01-01",
        }

    units = [
        row("E2E", None, "province_committee", "province"),
        row("E2E-D", "E2E", "direct_committee", "district"),
        *(row(code, "E2E-D", "grassroots_branch", "grassroots") for code in BRANCH_CODES),
    ]
    members = [
        {
            "code": f"{branch}-{number}",
            "unit_code": branch,
            "full_name": f"{MARK} {number}",
            "birth_date": f"198{number % 10}-04-17",
            "phone": f"09876543{number:02d}",
            "kind": "official",
            "status": "active",
            "valid_from": "2021-05-19",
            "post": "secretary" if number == 0 else None,
        }
        for branch in BRANCH_CODES
        for number in range(6)
    ]
    answer = root("POST", "registry", "/v1/imports", {"units": units, "members": members})
    assert answer.status_code == 200, answer.text
    assert answer.json()["members"]["created"] == 18
    [province] = [
        unit for unit in root("GET", "evaluation", "/v1/me").json()["units"] if unit["name"] == "Đơn vị E2E"
    ] or [until(lambda: _root_unit(root), what="the province to reach evaluation")]
    listed = root("GET", "registry", f"/v1/units?under={province['unit_id']}").json()["items"]
    story.units = {unit["code"]: unit["unit_id"] for unit in listed}
    assert set(story.units) == {"E2E", "E2E-D", *BRANCH_CODES}
    roster = root("GET", "registry", f"/v1/rosters?under={province['unit_id']}&on=2025-06-03").json()["items"]
    story.members = {
        code: [one["member_id"] for one in roster if one["unit_id"] == story.units[code]] for code in BRANCH_CODES
    }
    assert all(len(ids) == 6 for ids in story.members.values())


def _root_unit(root: Asker) -> dict[str, Any] | None:
    found = root("GET", "evaluation", "/v1/me").json()["units"]
    return next((unit for unit in found if unit["name"] == "Đơn vị E2E"), None)


def test_a_bad_row_changes_nothing_and_is_named(root: Asker) -> None:
    bad = {"code": "E2E-X", "unit_code": "nowhere", "full_name": MARK, "birth_date": "1980-01-01"}
    good = {"code": "E2E-Y", "unit_code": "E2E-B1", "full_name": MARK, "birth_date": "1980-01-01"}
    rest = {"kind": "official", "status": "active", "valid_from": "2022-01-01"}
    answer = root("POST", "registry", "/v1/imports", {"units": [], "members": [good | rest, bad | rest]})
    assert answer.status_code == 422
    assert [error["field"] for error in answer.json()["errors"]] == ["members[1].unit_code"]
    roster = root("GET", "registry", f"/v1/rosters?under={story.units['E2E-B1']}&on=2025-06-03").json()["items"]
    assert len(roster) == 6


def test_members_a_village_and_a_target_reach_the_figures(root: Asker) -> None:
    district = story.units["E2E-D"]
    place = {"code": "E2E-T1", "name": "Thôn 1", "unit_code": "E2E-D", "valid_from": "2022-01-01"}
    row = place | {"branch_code": "E2E-B1", "head": "member", "head_code": "E2E-B1-0"}
    assert root("POST", "registry", "/v1/imports", {"villages": [row]}).status_code == 200
    target = {
        "unit_id": district,
        "year": 2025,
        "kind": "new_members",
        "value": 5,
        "due_on": "2025-12-15",
        "set_by": story.units["E2E"],
        "citation": "NQ 1-NQ/TU",
    }
    made = root("POST", "registry", "/v1/targets", target)
    assert made.status_code == 201, made.text
    told = {"on": "2025-05-31", "value": 2, "evidence": "Quyết định kết nạp"}
    path = f"/v1/targets/{made.json()['target_id']}/progress"
    assert root("POST", "registry", path, told).status_code == 201

    def villages() -> dict[str, Any]:
        found: dict[str, Any] = root("GET", "evaluation", f"/v1/units/{district}/villages?on=2025-06-30").json()
        return found

    def targets() -> list[tuple[object, ...]]:
        answer = root("GET", "evaluation", f"/v1/units/{district}/targets?year=2025&on=2025-06-30").json()
        return [(one["kind"], one["value"], one["reached"], one["standing"]) for one in answer["items"]]

    until(lambda: villages()["own_branch"] == 1, what="the village to reach evaluation")
    assert villages()["heads"] == {"member": 1, "not_member": 0, "vacant": 0, "share": 1.0}
    until(lambda: targets() == [("new_members", 5.0, 2.0, "behind")], what="the target and its report")
    until(lambda: card(root, "E2E", "2025-05")["parts"]["members_active"] == 18, what="the members")


def _plan(ask: Asker, code: str, meeting_id: str, **headers: str) -> httpx.Response:
    body = {
        "unit_id": story.units[code],
        "kind": "regular",
        "starts_at": "2025-06-03T19:30:00+07:00",
        "place": "Nhà văn hoá",
    }
    return ask("PUT", "meetings", f"/v1/meetings/{meeting_id}", body, **headers)


def _minutes(code: str, *, conclusion: str) -> dict[str, Any]:
    first, second, *_ = story.members[code]
    sections = dict.fromkeys(
        ("opening", "last_month_results", "next_month_direction", "discussion", "self_criticism", "ideology"), SECRET
    )
    return {
        "started_at": "2025-06-03T19:30:00+07:00",
        "ended_at": "2025-06-03T21:00:00+07:00",
        "chair_id": first,
        "secretary_id": second,
        "sections": {**sections, "conclusion": conclusion},
        "opinions": [{"member_id": second, "text": SECRET}],
        "resolution": {"text": SECRET, "votes": {"for": 5, "against": 0, "abstaining": 0}},
        "tasks": [{"task_id": str(uuid4()), "member_id": first, "content": SECRET, "due_on": "2025-06-30"}],
    }


def test_a_secretary_adopts_minutes_and_every_level_moves(suite: Suite, http: httpx.Client, root: Asker) -> None:
    ask = secretary(suite, http, "E2E-B1")
    meeting = f"/v1/meetings/{story.meeting_id}"
    until(lambda: _plan(ask, "E2E-B1", story.meeting_id).status_code in (200, 201), what="the branch to reach meetings")
    absent = [{"member_id": story.members["E2E-B1"][5], "reason": "Ốm"}]
    for path, body in (
        ("attendance", {"absent": absent, "late": [], "guests": 0}),
        ("minutes", _minutes("E2E-B1", conclusion=SECRET)),
        ("score", {"points": SHEET}),
    ):
        answer = ask("PUT", "meetings", f"{meeting}/{path}", body)
        assert answer.status_code == 200, answer.text
    key = str(uuid4())
    traceparent = f"00-{TRACE}-00f067aa0ba902b7-01"
    once = ask("POST", "meetings", f"{meeting}/adoption", {}, traceparent=traceparent, **{"Idempotency-Key": key})
    again = ask("POST", "meetings", f"{meeting}/adoption", {}, **{"Idempotency-Key": key})
    assert once.status_code == 200, once.text
    assert (again.status_code, again.json()) == (200, once.json())
    for code in ("E2E-B1", "E2E-D", "E2E"):
        until(lambda code=code: card(root, code)["parts"]["regular_held"] == 1, what=f"the figure of {code}")  # type: ignore[misc]  # mypy cannot infer a lambda with a default
    parts = card(root, "E2E")["parts"]
    assert (parts["branches"], parts["owed"], parts["present"], parts["absent_with_reason"]) == (3, 6, 5, 1)
    assert (parts["self_points_hundredths"], parts["grade_fair"], parts["regular_on_time"]) == (8450, 1, 1)
    until(lambda: card(root, "E2E")["parts"]["tasks_due"] == 1, what="the task")


def test_another_branchs_secretary_is_refused(suite: Suite, http: httpx.Client) -> None:
    stranger = secretary(suite, http, "E2E-B2")
    answer = stranger("GET", "meetings", f"/v1/meetings/{story.meeting_id}")
    assert answer.status_code == 403
    assert answer.headers["content-type"] == "application/problem+json"
    scorecard = f"/v1/units/{story.units['E2E-B1']}/scorecard?period={MONTH}"
    assert stranger("GET", "evaluation", scorecard).status_code == 403
    assert stranger("GET", "registry", f"/v1/units/{story.units['E2E-B1']}/members").status_code == 403


def test_a_malformed_request_names_the_field(suite: Suite, http: httpx.Client) -> None:
    ask = secretary(suite, http, "E2E-B2")
    answer = ask("PUT", "meetings", f"/v1/meetings/{uuid4()}", {"unit_id": "x", "kind": "weekly", "extra": 1})
    assert answer.status_code == 422
    assert {"unit_id", "kind", "extra"} <= {error["field"] for error in answer.json()["errors"]}


def test_a_correction_moves_the_figures_and_warns(suite: Suite, http: httpx.Client, root: Asker) -> None:
    ask = secretary(suite, http, "E2E-B1")
    members = story.members["E2E-B1"]
    absent = [{"member_id": member, "reason": None} for member in members[3:]]
    body = {"reason": "Điểm danh nhầm", "attendance": {"absent": absent, "late": [], "guests": 0}}
    minutes = _minutes("E2E-B1", conclusion=SECRET)
    minutes["resolution"]["votes"]["for"] = 3
    answer = ask("POST", "meetings", f"/v1/meetings/{story.meeting_id}/corrections", body | {"minutes": minutes})
    assert answer.status_code == 200, answer.text
    until(lambda: card(root, "E2E")["parts"]["present"] == 3, what="the corrected figure")
    assert card(root, "E2E")["parts"]["corrected"] == 1
    revisions = ask("GET", "meetings", f"/v1/meetings/{story.meeting_id}/revisions").json()
    assert [(one["revision"], one["attendance"]["present"]) for one in revisions["items"]] == [(2, 3), (1, 5)]
    until(lambda: "attendance_low" in _rules(root, "E2E-D"), what="the district to be told")


def _rules(root: Asker, code: str, state: str = "open") -> list[str]:
    answer = root("GET", "notifications", f"/v1/units/{story.units[code]}/inbox?state={state}")
    return [notice["rule"] for notice in answer.json().get("items", [])]


def test_minutes_without_a_conclusion_reach_the_offices_mailbox(suite: Suite, http: httpx.Client, root: Asker) -> None:
    contact = {"email": "vanphong@quan.example", "language": "vi"}
    path = f"/v1/units/{story.units['E2E-D']}/contact-point"
    assert root("PUT", "notifications", path, contact).status_code in (200, 201, 204)
    ask, meeting_id = secretary(suite, http, "E2E-B2"), str(uuid4())
    assert _plan(ask, "E2E-B2", meeting_id).status_code in (200, 201)
    for path, body in (
        ("attendance", {"absent": [], "late": [], "guests": 0}),
        ("minutes", _minutes("E2E-B2", conclusion="")),
    ):
        assert ask("PUT", "meetings", f"/v1/meetings/{meeting_id}/{path}", body).status_code == 200
    assert ask("POST", "meetings", f"/v1/meetings/{meeting_id}/adoption", {}).status_code == 200
    until(lambda: "minutes_incomplete" in _rules(root, "E2E-B2"), what="the branch to be told")
    until(lambda: any(path.is_file() for path in suite.mail_dir.rglob("*")), what="the letter")
    letters = [path.read_text(errors="replace") for path in suite.mail_dir.rglob("*") if path.is_file()]
    assert any("vanphong@quan.example" in letter for letter in letters)


def test_who_sent_nothing_is_told_once_the_month_is_over(clock: Clock, root: Asker) -> None:
    before = card(root, "E2E")["derived"]
    assert (before["awaited"], before["missing"]) == (1, 0)
    clock.set(datetime(2025, 7, 3, 3, 0, tzinfo=UTC))
    until(lambda: card(root, "E2E")["derived"]["missing"] == 1, what="the month to be closed")
    until(lambda: "minutes_missing" in _rules(root, "E2E-B3"), what="the branch to be told")
    until(lambda: "minutes_missing" in _rules(root, "E2E-D"), what="the district to be told")
    assert "minutes_missing" not in _rules(root, "E2E-B1", "all")


def test_the_request_can_be_traced_into_the_topic(suite: Suite) -> None:
    headers = [dict(record.headers) for record in _all_records(suite) if record.topic == "meetings.meetings.v1"]
    assert any(TRACE in given.get("ce_traceparent", b"").decode() for given in headers)


def test_no_name_leaves_the_registry_and_no_text_leaves_meetings(suite: Suite, root: Asker) -> None:
    member = f"/v1/members/{story.members['E2E-B3'][1]}"
    person = {"full_name": MARK, "birth_date": "1981-04-17", "card_number": CARD, "phone": "0987654301"}
    assert root("PUT", "registry", f"{member}/person", person).status_code == 200
    shown = root("GET", "registry", f"{member}?purpose=e2e").json()
    assert (shown["person"]["full_name"], shown["person"]["card_number"]) == (MARK, CARD)
    move = {"kind": "official", "to_unit_id": story.units["E2E-B2"], "paper_issued_on": "2025-07-01"}
    begun = root("POST", "registry", f"{member}/transfers", move | {"received_on": "2025-07-02"})
    assert begun.status_code == 201, begun.text
    received = story.members["E2E-B3"][1].encode()
    until(
        lambda: any(
            received in (record.value or b"") and record.key == story.units["E2E-B2"].encode()
            for record in _all_records(suite)
            if record.topic == "registry.rosters.v1"
        ),
        what="the roster with the member",
    )
    # Nobody's database holds a name: the registry's own is under keys.
    for mark, owners in ((MARK, set()), (CARD, set()), (SECRET, {"meetings"})):
        holding = {
            name for name in ("registry", "meetings", "evaluation", "notifications") if _in_database(suite, name, mark)
        }
        assert holding == owners, mark
        in_topics = [record.topic for record in _all_records(suite) if mark.encode() in (record.value or b"")]
        assert in_topics == []
        folder: Path = suite.folder / "logs"
        in_logs = [log.name for log in folder.iterdir() if mark in log.read_text(errors="replace")]
        assert in_logs == []
    for mark in ("0987654301", "1981-04-17"):
        services = ("registry", "meetings", "evaluation", "notifications")
        assert [name for name in services if _in_database(suite, name, mark)] == []


def _in_database(suite: Suite, name: str, mark: str) -> bool:
    with psycopg.connect(suite.database_url(name)) as conn:
        tables = conn.execute(
            "select table_name from information_schema.tables where table_schema = 'public'"
        ).fetchall()
        for (table,) in tables:
            query = sql.SQL("select 1 from {0} t where position(%(mark)s in t::text) > 0 limit 1")
            if conn.execute(query.format(sql.Identifier(table)), {"mark": mark}).fetchone():
                return True
            columns = conn.execute(
                "select column_name from information_schema.columns where table_name = %s and data_type = 'bytea'",
                (table,),
            ).fetchall()
            for (column,) in columns:
                query = sql.SQL("select 1 from {} where position(%(mark)s in {}) > 0 limit 1")
                found = query.format(sql.Identifier(table), sql.Identifier(column))
                if conn.execute(found, {"mark": mark.encode()}).fetchone():
                    return True
    return False


def _all_records(suite: Suite) -> list[Any]:
    consumer: Any = KafkaConsumer(bootstrap_servers=suite.bootstrap, enable_auto_commit=False)
    try:
        partitions = [
            TopicPartition(topic, number) for topic, (count, _) in declared_topics().items() for number in range(count)
        ]
        consumer.assign(partitions)
        consumer.seek_to_beginning(*partitions)
        ends = consumer.end_offsets(partitions)
        found: list[Any] = []
        while any(consumer.position(partition) < ends[partition] for partition in partitions):
            for records in consumer.poll(timeout_ms=500).values():
                found += records
        return found
    finally:
        consumer.close(autocommit=False)
