"""Campaigns from the draft to the awards."""

from datetime import date
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from tests.integration.evaluation.committees import Evaluation, attended, unit_id
from tests.support.waiting import until

MEMBER = str(uuid4())
MONTHS = ("2025-04", "2025-05", "2025-06")
DRAFT: dict[str, Any] = {
    "unit_id": str(unit_id("province")),
    "title": "Thi đua quý II",
    "period": "2025-Q2",
    "citation": "30-KH/TU",
    "criteria": [
        {"figure": "attendance_rate", "of": "collectives", "direction": "highest", "weight": 60},
        {"figure": "held_rate", "of": "collectives", "direction": "highest", "threshold": 1},
        {"figure": "on_time_rate", "of": "individuals", "direction": "highest", "weight": 100},
    ],
}
PEOPLE = [{"member_id": MEMBER, "unit_id": str(unit_id("b1")), "assigned": 4, "done": 4, "late": 1}]
PARTICIPANTS: dict[str, Any] = {
    "collectives": [str(unit_id(code)) for code in ("b1", "b2", "b3")],
    "individuals": PEOPLE,
}


@pytest.fixture
def running(evaluation: Evaluation) -> str:
    """A campaign that runs; B1 attends best, B2 worse, B3 has missed a month."""
    evaluation.held("b1", *MONTHS, **attended(10))
    evaluation.held("b2", *MONTHS, **attended(8))
    evaluation.held("b3", *MONTHS[:2], **attended(10))
    made = evaluation.post("/v1/campaigns", DRAFT)
    assert made.status == 201, made.body
    path = f"/v1/campaigns/{made.body['campaign']['campaign_id']}"
    assert evaluation.post(f"{path}/start", None).body["rule"] == "nobody"
    assert evaluation.call("PUT", f"{path}/participants", PARTICIPANTS).status == 200
    assert evaluation.post(f"{path}/start", None, If_Match='"2"').status == 200
    return path


def standings(evaluation: Evaluation, path: str) -> dict[str, list[tuple[str, float, int | None]]]:
    answer = evaluation.get(f"{path}/standings")
    assert answer.status == 200, answer.body
    return {
        one["kind"]: [(line["name"], line["points"], line["rank"]) for line in one["standing"]["collectives"]]
        for one in answer.body["items"]
    }


def test_from_interim_to_awards_with_the_figures_frozen(evaluation: Evaluation, running: str) -> None:
    before = [("Đơn vị b1", 60.0, 1), ("Đơn vị b2", 0.0, 2), ("Đơn vị b3", 60.0, None)]
    assert evaluation.post(f"{running}/interim", None).status == 200
    assert standings(evaluation, running) == {"interim": before, "now": before}

    assert evaluation.post(f"{running}/closure", None).body["campaign"]["state"] == "closed"
    evaluation.held("b3", MONTHS[2], **attended(10))

    assert standings(evaluation, running) == {"interim": before, "final": before}
    (line,) = evaluation.get(f"{running}/standings").body["items"][-1]["standing"]["individuals"]
    assert (line["subject_id"], line["values"], line["rank"]) == (MEMBER, {"on_time_rate": 0.75}, 1)
    award = {"subject": "collective", "award": "Cờ thi đua", "citation": "210-QĐ/TU"}
    low = evaluation.post(f"{running}/awards", {"awards": [award | {"subject_id": str(unit_id("b3"))}]})
    assert low.rules == {"awards[0].subject_id": "threshold-unmet"}
    strange = evaluation.post(f"{running}/awards", {"awards": [award | {"subject_id": str(uuid4())}]})
    assert strange.rules == {"awards[0].subject_id": "not-a-participant"}
    given = [award | {"subject_id": str(unit_id("b1"))}, award | {"subject": "individual", "subject_id": MEMBER}]
    awarded = evaluation.post(f"{running}/awards", {"awards": given})
    assert (awarded.status, awarded.body["campaign"]["state"], len(awarded.body["awards"])) == (200, "awarded", 2)
    assert [past["action"] for past in awarded.body["history"]] == [
        "drawn-up",
        "participants",
        "started",
        "interim",
        "closed",
        "awarded",
    ]


@pytest.mark.parametrize(("period", "last"), [("2026-Q1", "31/3/2026"), ("2026-01", "31/1/2026")])
def test_it_is_not_closed_before_its_period_is_over(evaluation: Evaluation, period: str, last: str) -> None:
    """A final standing of half a period would be awarded by; an interim one may be held meanwhile."""
    made = evaluation.post("/v1/campaigns", DRAFT | {"period": period})
    path = f"/v1/campaigns/{made.body['campaign']['campaign_id']}"
    assert evaluation.call("PUT", f"{path}/participants", PARTICIPANTS).status == 200
    assert evaluation.post(f"{path}/start", None).status == 200
    assert evaluation.post(f"{path}/interim", None).status == 200

    refused = evaluation.post(f"{path}/closure", None, Accept_Language="vi")

    assert (refused.status, refused.body["rule"]) == (409, "period-not-over")
    assert last in refused.body["detail"]
    english = evaluation.post(f"{path}/closure", None, Accept_Language="en")
    assert "cannot be closed yet" in english.body["detail"]
    assert evaluation.get(path).body["campaign"]["state"] == "interim"
    assert [one["kind"] for one in evaluation.get(f"{path}/standings").body["items"]] == ["interim", "now"]


@pytest.mark.parametrize(("today", "closed"), [("2025-06-30", 409), ("2025-07-01", 200)])
def test_it_is_closed_from_the_day_after_its_last(
    evaluation: Evaluation, running: str, tmp_path: Path, today: str, closed: int
) -> None:
    (tmp_path / "clock").write_text(f"{today}T08:00:00+07:00")
    until(lambda: str(evaluation.app.extensions["nenep"].clock.today()) == today, what="the clock")
    assert evaluation.post(f"{running}/closure", None).status == closed


def test_once_it_runs_only_results_change(evaluation: Evaluation, running: str) -> None:
    change = {name: DRAFT[name] for name in ("title", "period", "citation", "criteria")}
    assert evaluation.call("PUT", running, change).body["rule"] == "state"
    fewer = PARTICIPANTS | {"collectives": PARTICIPANTS["collectives"][:2]}
    fixed = evaluation.call("PUT", f"{running}/participants", fewer)
    assert fixed.rules == {"collectives": "participants-fixed"}
    results = PARTICIPANTS | {"individuals": [PEOPLE[0] | {"late": 0}]}
    assert evaluation.call("PUT", f"{running}/participants", results).body["individuals"][0]["late"] == 0


def test_a_participant_that_is_moved_stays_one(evaluation: Evaluation, running: str) -> None:
    """A reorganisation takes nobody out of a campaign in silence, and does not keep results from being entered."""
    evaluation.moved("b2", "d1", None, date(2025, 5, 1))
    elsewhere = [PEOPLE[0] | {"unit_id": str(unit_id("b2"))}]

    kept = evaluation.call("PUT", f"{running}/participants", PARTICIPANTS | {"individuals": [PEOPLE[0] | {"late": 0}]})
    assert kept.status == 200, kept.body
    moved = evaluation.call("PUT", f"{running}/participants", PARTICIPANTS | {"individuals": elsewhere})
    assert moved.status == 200, moved.body

    assert standings(evaluation, running)["now"] == [
        ("Đơn vị b1", 60.0, 1),
        ("Đơn vị b3", 60.0, None),
        ("Đơn vị b2", 0.0, None),
    ]


def test_who_is_compared_by_nothing_does_not_start(evaluation: Evaluation) -> None:
    """Members without a criterion of theirs would be in no standing, and nobody would be told why."""
    path = f"/v1/campaigns/{_drawn_up(evaluation, DRAFT['criteria'][:2])}"
    evaluation.call("PUT", f"{path}/participants", PARTICIPANTS)
    refused = evaluation.post(f"{path}/start", None)
    assert (refused.status, refused.body["rule"]) == (409, "no-criterion")
    assert evaluation.call("PUT", f"{path}/participants", PARTICIPANTS | {"individuals": []}).status == 200
    assert evaluation.post(f"{path}/start", None).status == 200


def test_a_draft_is_its_holders_own(evaluation: Evaluation) -> None:
    """Who takes part is told when it runs: a draft may still be changed, or thrown away."""
    path = f"/v1/campaigns/{_drawn_up(evaluation, DRAFT['criteria'])}"
    assert evaluation.call("PUT", f"{path}/participants", PARTICIPANTS).status == 200
    for code, count in (("b1", 0), ("d1", 0), ("province", 1)):
        listed = evaluation.get(f"/v1/units/{unit_id(code)}/campaigns", evaluation.officer(code))
        assert len(listed.body["items"]) == count


def _drawn_up(evaluation: Evaluation, criteria: object) -> str:
    made = evaluation.post("/v1/campaigns", DRAFT | {"criteria": criteria})
    assert made.status == 201, made.body
    return str(made.body["campaign"]["campaign_id"])


def test_counts_that_cannot_be_stored_are_refused(evaluation: Evaluation, running: str) -> None:
    many = [PEOPLE[0] | {"assigned": 2**31}]
    refused = evaluation.call("PUT", f"{running}/participants", PARTICIPANTS | {"individuals": many})
    assert (refused.status, list(refused.rules)) == (422, ["individuals[0].assigned"])


@pytest.mark.parametrize("step", ["start", "awards"])
def test_steps_out_of_order_are_refused(evaluation: Evaluation, running: str, step: str) -> None:
    awards = [{"subject_id": MEMBER, "subject": "individual", "award": "x", "citation": "x"}]
    body = {"awards": awards} if step == "awards" else None
    answer = evaluation.post(f"{running}/{step}", body)
    assert (answer.status, answer.body["rule"]) == (409, "state")


def test_a_draft_is_checked_and_changed(evaluation: Evaluation) -> None:
    wrong = DRAFT | {"criteria": [DRAFT["criteria"][0] | {"figure": "nonsense"}]}
    assert evaluation.post("/v1/campaigns", wrong).rules == {"criteria[0].figure": "unknown-figure"}
    path = f"/v1/campaigns/{evaluation.post('/v1/campaigns', DRAFT).body['campaign']['campaign_id']}"
    change = {name: DRAFT[name] for name in ("title", "period", "citation", "criteria")} | {"title": "Khác"}
    assert evaluation.call("PUT", path, change).body["campaign"]["title"] == "Khác"
    outside = PARTICIPANTS | {"collectives": [str(uuid4())]}
    assert evaluation.call("PUT", f"{path}/participants", outside).rules == {"collectives[0]": "outside"}


def test_only_the_holders_reach_it_and_participants_see_it_listed(evaluation: Evaluation, running: str) -> None:
    assert evaluation.get(running, evaluation.officer("d1")).status == 403
    assert evaluation.post(f"{running}/closure", None, evaluation.officer("d1")).status == 403
    evaluation.units(d4="province")
    for code, titles in (("b1", ["Thi đua quý II"]), ("d4", [])):
        listed = evaluation.get(f"/v1/units/{unit_id(code)}/campaigns?state=running", evaluation.officer(code))
        assert [one["title"] for one in listed.body["items"]] == titles
