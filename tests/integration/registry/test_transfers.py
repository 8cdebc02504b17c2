"""Members over time: transfers, probation, what is due, and the rosters of a month."""

from typing import Any

import pytest

from services.registry.domain.rules import Rules
from services.registry.store import rules as rule_rows
from shared import db
from tests.integration.registry.conftest import Registry
from tests.integration.registry.decisions import branch, forced
from tests.integration.registry.rows import new_member, province

ROSTERS = "registry.rosters.v1"


@pytest.fixture
def ids(registry: Registry) -> dict[str, str]:
    """A province, and the member M in the branch GL-A-X-1 as `member`."""
    ids = registry.imported(province())
    created = registry.post("/v1/members", new_member("M", ids["GL-A-X-1"], post="secretary"))
    return ids | {"member": created.body["member_id"]}


def transfer(to: str | None, **more: Any) -> dict[str, Any]:
    """An official transfer, its paper of 1 June 2026."""
    where = {"to_outside": True} if to is None else {"to_unit_id": to}
    return {"kind": "official", "paper_issued_on": "2026-06-01", "paper_number": "17-GT/ĐU"} | where | more


def temporary(to: str | None, **more: Any) -> dict[str, Any]:
    """A temporary transfer from June to the end of August 2026."""
    away = {"from_day": "2026-06-01", "planned_return_on": "2026-09-01"}
    return transfer(to, kind="temporary") | away | more


def places(registry: Registry, ids: dict[str, str], day: str) -> dict[str, str]:
    """The status of the member in each branch that has them on a day, as the rosters last published say."""
    codes = {unit_id: code for code, unit_id in ids.items()}
    last = {event["unit_id"]: event for event in registry.events(ROSTERS)}
    return {
        codes[unit_id]: entry["status"]
        for unit_id, event in last.items()
        for entry in event["members"]
        if entry["member_id"] == ids["member"]
        and entry["valid_from"] <= day
        and (entry["valid_to"] is None or day < entry["valid_to"])
    }


def test_an_official_transfer_waits_for_its_receipt(registry: Registry, ids: dict[str, str]) -> None:
    path = f"/v1/members/{ids['member']}/transfers"
    sender = registry.issuer.mint("committee_officer", ids["GL-A"])
    receiver = registry.issuer.mint("branch_secretary", ids["GL-B-X-1"])

    begun = registry.post(path, transfer(ids["GL-B-X-1"]), token=sender)

    assert (begun.status, begun.body["state"], begun.body["due_on"]) == (201, "pending", "2026-07-01")
    assert (begun.body["rule"], "Quy định" in begun.body["source"]) == ("transfer_days", True)
    assert places(registry, ids, "2026-06-20") == {"GL-A-X-1": "active"}
    again = registry.post(path, transfer(ids["GL-B-X-2"]), token=sender)
    assert (again.status, again.body["rule"]) == (409, "transfer-open")
    waiting = registry.get(f"/v1/units/{ids['GL-B-X-1']}/transfers", token=receiver).body["items"]
    assert [one["transfer_id"] for one in waiting] == [begun.body["transfer_id"]]
    receipt = f"/v1/transfers/{begun.body['transfer_id']}/receipt"
    assert registry.post(receipt, {"received_on": "2026-06-10"}, token=sender).body["rule"] == "outside-rights"
    early = registry.post(receipt, {"received_on": "2026-05-31"}, token=receiver)
    assert (early.status, early.rules) == (422, {"received_on": "received-before-paper"})

    received = registry.post(receipt, {"received_on": "2026-06-10"}, token=receiver)

    assert (received.status, received.body["state"], received.body["due_on"]) == (200, "received", None)
    assert places(registry, ids, "2026-06-09") == {"GL-A-X-1": "active"}
    assert places(registry, ids, "2026-06-10") == {"GL-B-X-1": "active"}
    assert registry.person(ids["member"]).body["spans"][-1]["post"] is None
    assert registry.person(ids["member"], token=sender).status == 403
    late = registry.post(receipt, {"received_on": "2026-06-11"}, token=receiver)
    assert (late.status, late.body["rule"]) == (409, "transfer-state")
    assert registry.get(f"/v1/units/{ids['GL']}/transfers").body["items"] == []


def test_a_transfer_can_be_received_at_once_or_leave_the_suite(registry: Registry, ids: dict[str, str]) -> None:
    path = f"/v1/members/{ids['member']}/transfers"
    officer = registry.issuer.mint("committee_officer", ids["GL-A"])
    at_once = transfer(ids["GL-B-X-1"], received_on="2026-06-03")
    assert registry.post(path, at_once, token=officer).body["rule"] == "outside-rights"
    assert registry.post(path, at_once).body["state"] == "received"
    assert places(registry, ids, "2026-06-03") == {"GL-B-X-1": "active"}

    out = registry.post(path, transfer(None, from_day="2026-06-05", paper_issued_on="2026-06-04")).body
    assert (out["to_unit_id"], out["from_unit_id"]) == (None, ids["GL-B-X-1"])
    registry.post(f"/v1/transfers/{out['transfer_id']}/receipt", {"received_on": "2026-06-12"})

    assert registry.person(ids["member"]).body["spans"][-1]["status"] == "left"
    assert places(registry, ids, "2026-06-12") == {}


def test_a_temporary_transfer_makes_a_guest_until_the_planned_return(registry: Registry, ids: dict[str, str]) -> None:
    begun = registry.post(f"/v1/members/{ids['member']}/transfers", temporary(ids["GL-B-X-1"]))

    assert (begun.status, begun.body["state"], begun.body["due_on"]) == (201, "away", "2026-09-01")
    assert places(registry, ids, "2026-05-31") == {"GL-A-X-1": "active"}
    assert places(registry, ids, "2026-06-01") == {
        "GL-A-X-1": "temporary_elsewhere",
        "GL-B-X-1": "received_temporarily",
    }
    assert places(registry, ids, "2026-09-01") == {"GL-A-X-1": "active"}
    host = registry.issuer.mint("branch_secretary", ids["GL-B-X-1"])
    listed = registry.get(f"/v1/units/{ids['GL-B-X-1']}/members", token=host).body["items"]
    assert [one["status"] for one in listed if one["member_id"] == ids["member"]] == ["received_temporarily"]
    assert registry.person(ids["member"], token=host).status == 200
    spans = registry.person(ids["member"]).body["spans"]
    assert [span["post"] for span in spans] == ["secretary"] * 3

    closed = registry.post(f"/v1/units/{ids['GL-B-X-1']}/closure", {"closed_on": "2026-07-01"})
    assert (closed.status, closed.rules) == (422, {"closed_on": "members-left"})


@pytest.mark.parametrize(("day", "guest", "home"), [("2026-07-15", "2026-07-14", "2026-07-15"),
                                                    ("2026-10-01", "2026-09-30", "2026-10-01")])  # fmt: skip
def test_the_return_may_be_earlier_or_later_than_planned(
    registry: Registry, ids: dict[str, str], day: str, guest: str, home: str
) -> None:
    begun = registry.post(f"/v1/members/{ids['member']}/transfers", temporary(ids["GL-B-X-1"])).body

    answer = registry.post(f"/v1/transfers/{begun['transfer_id']}/return", {"returned_on": day})

    assert (answer.status, answer.body["state"]) == (200, "returned")
    both = {"GL-A-X-1": "temporary_elsewhere", "GL-B-X-1": "received_temporarily"}
    assert places(registry, ids, guest) == both
    assert places(registry, ids, home) == {"GL-A-X-1": "active"}


def test_a_cancelled_transfer_was_not(registry: Registry, ids: dict[str, str]) -> None:
    spans = registry.person(ids["member"]).body["spans"]
    begun = registry.post(f"/v1/members/{ids['member']}/transfers", temporary(ids["GL-B-X-1"])).body

    answer = registry.post(f"/v1/transfers/{begun['transfer_id']}/cancellation", None)

    assert (answer.status, answer.body["state"]) == (200, "cancelled")
    assert registry.person(ids["member"]).body["spans"] == spans
    assert registry.person(ids["member"]).body["guest_stays"] == []
    assert registry.post(f"/v1/members/{ids['member']}/transfers", transfer(ids["GL-B-X-1"])).status == 201


@pytest.mark.parametrize(
    ("change", "fields"),
    [
        ({"to_unit_id": None}, {"to_unit_id": "one-destination"}),
        ({"to_outside": True}, {"to_unit_id": "one-destination"}),
        ({"to_unit_id": "GL-A-X-1"}, {"to_unit_id": "same-branch"}),
        ({"to_unit_id": "GL-B-X"}, {"to_unit_id": "branch-not-in-force"}),
        ({"to_unit_id": "member"}, {"to_unit_id": "unknown-unit"}),
        ({"planned_return_on": None}, {"planned_return_on": "return-day"}),
        ({"planned_return_on": "2026-06-01"}, {"planned_return_on": "return-day"}),
        ({"from_day": "2026-05-01"}, {"paper_issued_on": "paper-after-transfer"}),
        ({"from_day": "2014-01-01", "paper_issued_on": "2014-01-01"}, {"from_day": "not-in-branch"}),
        ({"received_on": "2026-06-02"}, {"received_on": "no-receipt"}),
        ({"kind": "official"}, {"planned_return_on": "return-day"}),
    ],
)
def test_a_transfer_that_cannot_be_is_refused_with_what_is_wrong(
    registry: Registry, ids: dict[str, str], change: dict[str, Any], fields: dict[str, str]
) -> None:
    if change.get("to_unit_id") in ids:
        change = change | {"to_unit_id": ids[change["to_unit_id"]]}
    body = temporary(ids["GL-B-X-1"]) | change

    vietnamese = registry.post(f"/v1/members/{ids['member']}/transfers", body)
    english = registry.post(f"/v1/members/{ids['member']}/transfers", body, headers={"Accept-Language": "en"})

    assert (vietnamese.status, vietnamese.rules) == (422, fields)
    assert english.rules == fields
    assert vietnamese.body["errors"][0]["message"] != english.body["errors"][0]["message"]


def test_probation_is_reviewed_when_its_months_are_over(registry: Registry, ids: dict[str, str]) -> None:
    body = new_member("P", ids["GL-A-X-1"], kind="probationary", valid_from="2025-07-01", admitted_on="2025-06-20")
    created = registry.post("/v1/members", body).body
    assert created["probation"] == {
        "admitted_on": "2025-06-20",
        "review_on": "2026-06-20",
        "outcome": None,
        "reviewed_on": None,
    }
    path = f"/v1/members/{created['member_id']}/probation-review"

    early = registry.post(path, {"outcome": "official", "on": "2026-06-19"})
    assert (early.status, early.rules) == (422, {"on": "probation-too-short"})
    assert "Điều 5" in early.body["errors"][0]["source"]
    unsaid = registry.post(path, {"outcome": "extended", "on": "2026-06-20"})
    assert unsaid.rules == {"next_review_on": "next-review-needed"}
    longer = registry.post(path, {"outcome": "extended", "on": "2026-06-20", "next_review_on": "2026-12-20"})
    assert (longer.body["probation"]["review_on"], longer.body["probation"]["outcome"]) == ("2026-12-20", "extended")
    done = registry.post(path, {"outcome": "official", "on": "2026-12-20"})
    assert [(span["valid_from"], span["kind"]) for span in done.body["spans"]] == [
        ("2025-07-01", "probationary"),
        ("2026-12-20", "official"),
    ]
    again = registry.post(path, {"outcome": "struck_off", "on": "2026-12-21"})
    assert (again.status, again.body["rule"]) == (409, "not-on-probation")


def test_who_is_not_fit_is_struck_off(registry: Registry, ids: dict[str, str]) -> None:
    body = new_member("P", ids["GL-A-X-1"], kind="probationary", valid_from="2025-07-01")
    member_id = registry.post("/v1/members", body).body["member_id"]

    answer = registry.post(f"/v1/members/{member_id}/probation-review", {"outcome": "struck_off", "on": "2026-03-01"})

    assert [(span["valid_from"], span["status"]) for span in answer.body["spans"]] == [
        ("2025-07-01", "active"),
        ("2026-03-01", "removed"),
    ]


def test_what_is_due_is_named_with_its_rule(registry: Registry, ids: dict[str, str]) -> None:
    registry.post(f"/v1/members/{ids['member']}/transfers", transfer(ids["GL-B-X-1"], paper_issued_on="2026-05-01"))
    others = [
        registry.post("/v1/members", new_member(code, ids[branch], **more)).body["member_id"]
        for code, branch, more in (
            ("P", "GL-A-X-2", {"kind": "probationary", "valid_from": "2025-07-01"}),
            ("Q", "GL-B-X-2", {"kind": "probationary", "valid_from": "2025-06-01"}),
            ("T", "GL-A-X-1", {}),
        )
    ]
    registry.post(f"/v1/members/{others[2]}/transfers", temporary(None, planned_return_on="2028-06-01"))

    def due(code: str, query: str = "") -> list[tuple[str, str, int]]:
        found = registry.get(f"/v1/units/{ids[code]}/reminders?on=2026-06-15{query}").body["items"]
        return [(one["member_id"], one["rule"], one["days_left"]) for one in found]

    late, soon = (ids["member"], "transfer_days", -15), (others[0], "probation_months", 16)
    assert due("GL-A") == [late, soon]
    assert due("GL-A", "&within=0") == [late]
    assert due("GL-A", "&within=366") == [late, soon, (others[2], "temporary_days", 351)]
    assert due("GL-B") == [late, (others[1], "probation_months", -14)], "what comes in is seen by both sides"
    first = registry.get(f"/v1/units/{ids['GL']}/reminders?on=2026-06-15&limit=2").body
    rest = registry.get(f"/v1/units/{ids['GL']}/reminders?on=2026-06-15&limit=2&cursor={first['next_cursor']}").body
    assert [one["days_left"] for one in first["items"] + rest["items"]] == [-15, -14, 16]
    assert rest["next_cursor"] is None
    (one,) = registry.get(f"/v1/units/{ids['GL-A-X-2']}/reminders?on=2026-06-15").body["items"]
    assert (one["due_on"], one["unit_id"], "Điều 5" in one["source"]) == ("2026-07-01", ids["GL-A-X-2"], True)


def test_a_months_roster_says_who_owes_attendance_and_who_votes(registry: Registry, ids: dict[str, str]) -> None:
    branch = ids["GL-A-X-2"]
    made = {
        code: registry.post("/v1/members", new_member(code, branch, **more)).body["member_id"]
        for code, more in (
            ("E", {"status": "exempt"}),
            ("P", {"kind": "probationary", "agency": "TYT"}),
            ("L", {"status": "temporary_elsewhere"}),
        )
    }
    registry.post(f"/v1/members/{ids['member']}/transfers", temporary(branch, from_day="2026-06-10"))
    registry.post(f"/v1/members/{made['P']}/changes", {"valid_from": "2026-06-21", "kind": "official"})

    page = registry.get(f"/v1/units/{branch}/roster?month=2026-06&limit=3").body
    items = page["items"]
    while page["next_cursor"]:
        page = registry.get(f"/v1/units/{branch}/roster?month=2026-06&limit=3&cursor={page['next_cursor']}").body
        items += page["items"]

    def said(member_id: str) -> list[tuple[Any, ...]]:
        return [
            (one["valid_from"], one["valid_to"], one["owes_attendance"], one["votes"], one["votes_if_present"])
            for one in items
            if one["member_id"] == member_id
        ]

    assert len(items) == 3 + 5
    assert said(made["E"]) == [("2026-06-01", "2026-07-01", False, False, True)]
    assert said(made["P"]) == [
        ("2026-06-01", "2026-06-21", True, False, False),
        ("2026-06-21", "2026-07-01", True, True, True),
    ]
    assert said(made["L"]) == [("2026-06-01", "2026-07-01", False, False, False)]
    assert said(ids["member"]) == [("2026-06-10", "2026-07-01", True, True, True)]
    assert {one["agency"] for one in items if one["member_id"] == made["P"]} == {"TYT"}
    assert "full_name" not in items[0]
    wrong = registry.get(f"/v1/units/{branch}/roster?month=2026-13")
    assert (wrong.status, wrong.rules) == (422, {"month": "month"})


def test_a_change_in_the_past_republishes_the_rosters_it_touches(registry: Registry, ids: dict[str, str]) -> None:
    path = f"/v1/members/{ids['member']}/changes"
    registry.post(path, {"valid_from": "2026-05-01", "unit_id": ids["GL-A-X-2"]})
    before = len(registry.events(ROSTERS))

    answer = registry.post(path, {"valid_from": "2024-01-01", "status": "exempt"})

    assert [(span["valid_from"], span["status"], span["unit_id"]) for span in answer.body["spans"]] == [
        ("2015-05-19", "active", ids["GL-A-X-1"]),
        ("2024-01-01", "exempt", ids["GL-A-X-1"]),
        ("2026-05-01", "exempt", ids["GL-A-X-2"]),
    ]
    assert {event["unit_id"] for event in registry.events(ROSTERS)[before:]} == {ids["GL-A-X-1"], ids["GL-A-X-2"]}
    early = registry.post(path, {"valid_from": "2015-05-18", "status": "active"})
    assert (early.status, early.body["rule"]) == (409, "member-not-yet")


def test_who_joins_a_branch_whose_merger_is_decided_goes_on_into_its_heir(registry: Registry) -> None:
    ids = registry.imported(province())
    merger = {"op": "merge", "units": ["GL-A-X-1", "GL-A-X-2"], "into": "GL-A-X-9"}
    forced(registry, branch("GL-A-X-9", "GL-A-X"), merger, effective_on="2026-09-01")

    created = registry.post("/v1/members", new_member("H", ids["GL-A-X-2"], post="secretary"))

    assert created.status == 201, created.body
    assert [(span["valid_from"], span["unit_id"], span["post"]) for span in created.body["spans"]] == [
        ("2015-05-19", ids["GL-A-X-2"], "secretary"),
        ("2026-09-01", str(registry.ids()["GL-A-X-9"]), None),
    ]


def test_who_joins_a_branch_whose_division_is_decided_is_refused(registry: Registry) -> None:
    ids = registry.imported(province())
    decision = forced(
        registry,
        branch("GL-A-X-3", "GL-A-X"),
        branch("GL-A-X-4", "GL-A-X"),
        {
            "op": "split",
            "unit": "GL-A-X-2",
            "parts": [{"unit": "GL-A-X-3"}, {"unit": "GL-A-X-4"}],
            "rest": "GL-A-X-3",
        },
        effective_on="2026-09-01",
    )

    answer = registry.post("/v1/members", new_member("H", ids["GL-A-X-2"]), headers={"Accept-Language": "en"})

    assert (answer.status, answer.body["rule"]) == (409, "branch-divides")
    assert decision["number"] in answer.body["detail"]
    assert "2026-09-01" in answer.body["detail"]


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ({"unit_id": "GL-A-X-2"}, "transfer-elsewhere"),
        ({"status": "removed"}, "transfer-elsewhere"),
        ({"status": "left"}, "transfer-elsewhere"),
        ({"unit_id": "GL-B-X-1"}, None),
    ],
)
def test_who_does_not_stand_in_the_old_branch_any_more_is_not_received(
    registry: Registry, ids: dict[str, str], change: dict[str, str], rule: str | None
) -> None:
    begun = registry.post(f"/v1/members/{ids['member']}/transfers", transfer(ids["GL-B-X-1"])).body
    where = {"unit_id": ids[change["unit_id"]]} if "unit_id" in change else change
    changed = registry.post(f"/v1/members/{ids['member']}/changes", {"valid_from": "2026-06-05"} | where).body
    receiver = registry.issuer.mint("branch_secretary", ids["GL-B-X-1"])
    receipt = f"/v1/transfers/{begun['transfer_id']}/receipt"

    answer = registry.post(receipt, {"received_on": "2026-06-10"}, token=receiver)

    assert (answer.status, answer.body.get("rule")) == (200 if rule is None else 409, rule)
    assert registry.person(ids["member"]).body["spans"] == changed["spans"]


def test_transfers_follow_branches_that_are_merged_meanwhile(registry: Registry, ids: dict[str, str]) -> None:
    official = registry.post("/v1/members", new_member("O", ids["GL-A-X-1"])).body["member_id"]
    away = registry.post(f"/v1/members/{ids['member']}/transfers", temporary(ids["GL-B-X-1"])).body["transfer_id"]
    sent = registry.post(f"/v1/members/{official}/transfers", transfer(ids["GL-B-X-2"])).body["transfer_id"]
    homes = {"op": "merge", "units": ["GL-A-X-1", "GL-A-X-2"], "into": "GL-A-X-9"}
    hosts = {"op": "merge", "units": ["GL-B-X-1"], "into": "GL-B-X-9"}
    forced(
        registry, branch("GL-A-X-9", "GL-A-X"), branch("GL-B-X-9", "GL-B-X"), homes, hosts, effective_on="2026-06-10"
    )
    ids |= {code: str(unit_id) for code, unit_id in registry.ids().items()}
    home = registry.issuer.mint("branch_secretary", ids["GL-A-X-9"])

    due = registry.get(f"/v1/units/{ids['GL-A-X-9']}/reminders?within=100", token=home).body["items"]
    open_ones = registry.get(f"/v1/units/{ids['GL-A-X-9']}/transfers", token=home).body["items"]
    back = registry.post(f"/v1/transfers/{away}/return", {"returned_on": "2026-10-01"}, token=home)
    received = registry.post(f"/v1/transfers/{sent}/receipt", {"received_on": "2026-06-12"})

    assert {(one["transfer_id"], one["unit_id"]) for one in due} == {
        (sent, ids["GL-A-X-9"]),
        (away, ids["GL-A-X-9"]),
    }
    assert {one["transfer_id"] for one in open_ones} == {sent, away}
    assert (back.status, received.status) == (200, 200), (back.body, received.body)
    assert places(registry, ids, "2026-09-30") == {
        "GL-A-X-9": "temporary_elsewhere",
        "GL-B-X-9": "received_temporarily",
    }
    assert places(registry, ids, "2026-10-01") == {"GL-A-X-9": "active"}
    assert registry.person(official).body["spans"][-1]["unit_id"] == ids["GL-B-X-2"]


def test_a_page_of_transfers_asks_the_rules_once(
    registry: Registry, ids: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(5):
        one = registry.post("/v1/members", new_member(f"Q{number}", ids["GL-A-X-1"])).body["member_id"]
        registry.post(f"/v1/members/{one}/transfers", transfer(ids["GL-B-X-1"]))
    asked: list[db.Connection] = []
    load = rule_rows.load

    def counted(conn: db.Connection) -> Rules:
        asked.append(conn)
        return load(conn)

    monkeypatch.setattr(rule_rows, "load", counted)

    found = registry.get(f"/v1/units/{ids['GL']}/transfers").body["items"]

    assert (len(found), len(asked)) == (5, 1)
