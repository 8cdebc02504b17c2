"""Model branches: chosen for a time with a reason, ended, and shown where units are ranked."""

from typing import Any

from tests.integration.evaluation.committees import Answer, Evaluation, attended, unit_id


def choose(evaluation: Evaluation, token: str | None = None, **change: Any) -> Answer:
    return evaluation.post(
        "/v1/model-branches",
        {
            "unit_id": str(unit_id("b1")),
            "chosen_by": str(unit_id("d1")),
            "valid_from": "2025-01-01",
            "valid_to": "2026-01-01",
            "reason": "Chỉ đạo điểm",
            "citation": "07-KH/HU",
        }
        | change,
        token,
    )


def test_it_is_shown_in_rankings_of_its_time(evaluation: Evaluation) -> None:
    evaluation.held("b1", "2025-05", **attended(9))
    assert choose(evaluation, evaluation.officer("d1")).status == 201
    path = f"/v1/units/{unit_id('province')}/rankings?by=type&period="
    for period, models in (("2025-Q2", ["B1"]), ("2024-Q4", []), ("2026-01", [])):
        found = evaluation.get(path + period).body["items"]
        assert [one["code"] for one in found if one["is_model"]] == models


def test_a_branch_is_chosen_once_at_a_time_and_ended_with_a_reason(evaluation: Evaluation) -> None:
    made = choose(evaluation).body
    assert choose(evaluation, valid_from="2025-06-01", valid_to=None).rules == {"valid_from": "already-model"}
    path = f"/v1/model-branches/{made['model_id']}/end"
    early = {"ended_on": "2025-01-01", "reason": "Đã tổng kết"}
    assert evaluation.post(path, early).rules == {"ended_on": "end-day"}
    ended = evaluation.post(path, early | {"ended_on": "2025-06-01"}, If_Match='"1"')
    assert (ended.status, ended.body["valid_to"], ended.body["end_reason"]) == (200, "2025-06-01", "Đã tổng kết")
    assert ended.headers["ETag"] == '"2"'
    assert evaluation.post(path, early).status == 409
    assert choose(evaluation, valid_from="2025-06-01", valid_to=None).status == 201
    listed = evaluation.get(f"/v1/units/{unit_id('d1')}/model-branches").body["items"]
    assert [one["valid_from"] for one in listed] == ["2025-06-01", "2025-01-01"]
    assert len(evaluation.get(f"/v1/units/{unit_id('d1')}/model-branches?on=2025-03-01").body["items"]) == 1
    assert evaluation.get(f"/v1/units/{unit_id('d2')}/model-branches").body["items"] == []


def test_only_a_committee_above_chooses_and_only_branches(evaluation: Evaluation) -> None:
    assert choose(evaluation, evaluation.officer("b1")).body["rule"] == "outside-rights"
    assert choose(evaluation, chosen_by=str(unit_id("d2"))).rules == {"chosen_by": "not-above"}
    district = choose(evaluation, unit_id=str(unit_id("d1")), chosen_by=str(unit_id("province")))
    assert district.rules == {"unit_id": "not-a-branch"}
    assert choose(evaluation, valid_to="2024-01-01").rules == {"valid_to": "ends-before-it-begins"}


def test_an_office_below_does_not_end_what_one_above_chose(evaluation: Evaluation) -> None:
    made = choose(evaluation, chosen_by=str(unit_id("province"))).body
    path, ending = f"/v1/model-branches/{made['model_id']}/end", {"ended_on": "2025-06-01", "reason": "Đã tổng kết"}
    assert evaluation.post(path, ending, evaluation.officer("d1")).body["rule"] == "outside-rights"
    assert evaluation.post(path, ending, evaluation.officer("province")).status == 200
