"""The register of weak organisations: from a proposal of the system to the day none is left."""

from typing import Any
from uuid import uuid4

import pytest

from tests.integration.evaluation.committees import Answer, Evaluation, attended, unit_id

QUARTER = ("2025-07", "2025-08", "2025-09")
PROVINCE = f"/v1/units/{unit_id('province')}"
OPENING = {"citation": "Kế hoạch 21-KH/ĐU"}
PLAN = {
    "steps": [
        {"what": "Kiện toàn chi uỷ", "due_on": "2026-02-01"},
        {"what": "Dự sinh hoạt ba kỳ", "due_on": "2026-03-01"},
    ],
    "team": [str(uuid4())],
    "citation": "Kế hoạch 22-KH/ĐU",
}


@pytest.fixture
def b1(evaluation: Evaluation) -> str:
    """B1 met with half of its members in a quarter, B2 and B3 with all; the system has proposed B1."""
    evaluation.held("b1", *QUARTER, **attended(5))
    for other in ("b2", "b3"):
        evaluation.held(other, *QUARTER, **attended(10))
    answer = evaluation.post(f"{PROVINCE}/weak-proposals", {"period": "2025-Q3"})
    (proposed,) = answer.body["items"]
    assert proposed["unit_id"] == str(unit_id("b1"))
    return f"/v1/weak-organisations/{proposed['weak_id']}"


@pytest.fixture
def opened(evaluation: Evaluation, b1: str) -> str:
    """The same, opened."""
    assert evaluation.post(f"{b1}/opening", OPENING, evaluation.officer("d1")).status == 200
    return b1


def register(evaluation: Evaluation, query: str = "", unit: str = "province") -> Any:
    answer = evaluation.get(f"/v1/units/{unit_id(unit)}/weak-organisations{query}")
    assert answer.status == 200, answer.body
    return answer.body


def test_the_system_proposes_with_the_cause_once(evaluation: Evaluation, b1: str) -> None:
    shown = evaluation.get(b1).body["weak"]
    (cause,) = shown["causes"]
    assert (shown["state"], shown["origin"]) == ("proposed", "system")
    assert (cause["code"], cause["value"], cause["threshold"], cause["period"]) == ("attendance", 0.5, 0.75, "2025-Q3")
    assert "quy định" in cause["source"]
    assert evaluation.post(f"{PROVINCE}/weak-proposals", {"period": "2025-Q3"}).body["items"] == []
    (candidate,) = evaluation.get(f"{PROVINCE}/weak-candidates?period=2025-Q3").body["items"]
    assert candidate["is_registered"] is True


def test_a_branch_that_does_not_meet_is_proposed(evaluation: Evaluation) -> None:
    for other in ("b2", "b3"):
        evaluation.held(other, *QUARTER)
    (proposed,) = evaluation.post(f"{PROVINCE}/weak-proposals", {"period": "2025-Q3"}).body["items"]
    (cause,) = proposed["causes"]
    assert (proposed["unit_id"], cause["code"], cause["value"]) == (str(unit_id("b1")), "few-meetings", 0)


def test_a_period_that_is_still_reported_is_not_judged(evaluation: Evaluation, opened: str) -> None:
    """On 15 January nobody is late for January: what is not there yet is neither a cause nor a recovery."""
    closing = {"reason": "Đạt", "citation": "09-KL/ĐU"}
    for period in ("2026-01", "2026-Q1", "2199"):
        proposing = evaluation.post(f"{PROVINCE}/weak-proposals", {"period": period})
        assert proposing.rules == {"period": "period-not-over"}
        assert evaluation.post(f"{opened}/closure", closing | {"period": period}).rules == {"period": "period-not-over"}


def test_it_is_not_closed_where_its_figures_say_nothing(evaluation: Evaluation, opened: str) -> None:
    """In one month without a meeting there is no attendance to be low, and too little to call meetings few."""
    closing = {"period": "2025-10", "reason": "Đạt", "citation": "09-KL/ĐU"}
    refused = evaluation.post(f"{opened}/closure", closing)
    assert refused.rules == {"period": "nothing-to-judge-by"}
    assert "Tỷ lệ dự họp thấp" in refused.said


def test_from_opening_to_closing(evaluation: Evaluation, opened: str) -> None:
    planned = evaluation.call("PUT", f"{opened}/plan", PLAN, If_Match='"2"')
    assert planned.status == 200, planned.body
    step = planned.body["steps"][0]["step_id"]
    done = evaluation.post(
        f"{opened}/steps/{step}/done",
        {"done_on": "2026-01-15", "evidence": "Quyết định 45-QĐ/ĐU"},
        evaluation.secretary("b1"),
    )
    assert done.body["steps"][0]["done_on"] == "2026-01-15"
    entry = {"on": "2026-01-15", "text": "Dự sinh hoạt tháng 1: đủ mục"}
    assert evaluation.post(f"{opened}/entries", entry, evaluation.secretary("b1")).status == 201
    evaluation.held("b1", "2025-10", "2025-11", "2025-12", **attended(9))

    closed = evaluation.post(
        f"{opened}/closure", {"period": "2025-Q4", "reason": "Đạt", "citation": "09-KL/ĐU"}, evaluation.officer("d1")
    )

    assert closed.status == 200, closed.body
    assert (closed.body["weak"]["state"], closed.body["weak"]["reason"]) == ("closed", "Đạt")
    assert [past["action"] for past in closed.body["history"]] == [
        "proposed",
        "opened",
        "planned",
        "step-done",
        "followed-up",
        "closed",
    ]
    assert register(evaluation)["counts"] == {"proposed": 0, "open": 0, "dismissed": 0, "closed": 1, "overdue": 0}


def test_it_is_not_closed_while_a_cause_holds(evaluation: Evaluation, opened: str) -> None:
    evaluation.held("b1", "2025-10", "2025-11", "2025-12", **attended(7))
    closing = {"reason": "Đạt", "citation": "09-KL/ĐU"}

    refused = evaluation.post(f"{opened}/closure", closing | {"period": "2025-Q4"})

    assert refused.rules == {"period": "still-weak"}
    assert "Tỷ lệ dự họp thấp (70 %, dưới mức 75 %; kỳ 2025-Q4)" in refused.said
    assert evaluation.post(f"{opened}/closure", closing | {"period": "2025-Q3"}).rules == {"period": "period-before"}


def test_steps_whose_day_has_passed_are_listed(evaluation: Evaluation, opened: str) -> None:
    evaluation.call("PUT", f"{opened}/plan", PLAN)
    evaluation.sql("update weak_step set due_on = '2026-01-14' where what = 'Kiện toàn chi uỷ' returning 1")
    (line,) = register(evaluation, "?overdue=true")["items"]
    assert (line["code"], line["steps"], line["overdue"], line["next_due_on"]) == ("B1", 2, 1, "2026-01-14")
    assert len(evaluation.get(opened).body["overdue"]) == 1
    assert register(evaluation, "?overdue=false")["items"] == []


def test_only_open_ones_are_asked_for_their_steps(evaluation: Evaluation, b1: str) -> None:
    assert register(evaluation, "?overdue=false")["items"] == []
    evaluation.post(f"{b1}/opening", OPENING)
    assert len(register(evaluation, "?overdue=false")["items"]) == 1


def test_a_step_left_out_of_the_plan_is_withdrawn_and_kept(evaluation: Evaluation, opened: str) -> None:
    steps = evaluation.call("PUT", f"{opened}/plan", PLAN).body["steps"]
    second = {name: steps[1][name] for name in ("step_id", "what", "due_on")}
    again = evaluation.call("PUT", f"{opened}/plan", PLAN | {"steps": [second]})
    assert {step["what"]: step["withdrawn_on"] for step in again.body["steps"]} == {
        "Dự sinh hoạt ba kỳ": None,
        "Kiện toàn chi uỷ": "2026-01-15",
    }


@pytest.mark.parametrize(
    ("text", "status"), [("Nghị quyết\xa005-NQ/CB,\nđủ mục", 201), ("Đủ\x07 mục", 422), ("\xa0 ", 422)]
)
def test_spaces_that_word_processors_make_are_no_control_characters(
    evaluation: Evaluation, opened: str, text: str, status: int
) -> None:
    assert evaluation.post(f"{opened}/entries", {"on": "2026-01-15", "text": text}).status == status


def test_filters_and_counts(evaluation: Evaluation, opened: str) -> None:
    assert register(evaluation, unit="d2")["items"] == []
    assert register(evaluation, "?state=closed")["items"] == []
    assert register(evaluation, "?state=closed")["counts"]["open"] == 1
    assert len(register(evaluation, "?cause=attendance", unit="b1")["items"]) == 1
    assert register(evaluation, "?cause=few-meetings")["items"] == []
    nul = evaluation.get(f"{PROVINCE}/weak-organisations?cause=%00")
    assert nul.rules == {"cause": "text"}


def test_a_dismissed_proposal_stays_with_its_reason(evaluation: Evaluation, b1: str) -> None:
    answer = evaluation.post(f"{b1}/dismissal", {"reason": "Mới chia tách"}, evaluation.officer("province"))
    assert (answer.body["weak"]["state"], answer.body["weak"]["reason"]) == ("dismissed", "Mới chia tách")
    assert evaluation.post(f"{b1}/opening", OPENING).status == 409


def test_what_was_dismissed_or_closed_is_not_proposed_again_for_its_time(evaluation: Evaluation, b1: str) -> None:
    def proposed(period: str) -> list[str]:
        items = evaluation.post(f"{PROVINCE}/weak-proposals", {"period": period}).body["items"]
        return [f"/v1/weak-organisations/{one['weak_id']}" for one in items]

    evaluation.post(f"{b1}/dismissal", {"reason": "Mới chia tách"})
    for code, present in (("b1", 5), ("b2", 9), ("b3", 9)):
        evaluation.held(code, "2025-10", "2025-11", **attended(present))
    assert proposed("2025-Q3") == []
    (later,) = proposed("2025-11..2025-11")
    evaluation.post(f"{later}/opening", OPENING)
    for code in ("b1", "b2", "b3"):
        evaluation.held(code, "2025-12", **attended(10))
    closing = {"period": "2025-12", "reason": "Đạt", "citation": "09-KL/ĐU"}
    assert evaluation.post(f"{later}/closure", closing).status == 200
    assert proposed("2025-10") == []


def test_an_officer_opens_one_with_what_was_seen(evaluation: Evaluation) -> None:
    evaluation.held("b2", *QUARTER)
    new = {"unit_id": str(unit_id("b2")), "period": "2025-Q3", "citation": "21-KH/ĐU"}
    none = evaluation.post("/v1/weak-organisations", new)
    assert none.rules == {"seen": "no-cause"}
    made = evaluation.post("/v1/weak-organisations", new | {"seen": ["Mất đoàn kết"]}, evaluation.officer("d1"))
    assert [cause["vi"] for cause in made.body["weak"]["causes"]] == ["Mất đoàn kết"]
    again = evaluation.post("/v1/weak-organisations", new | {"seen": ["Mất đoàn kết"]})
    assert (again.status, again.body["rule"]) == (409, "already-registered")


def test_last_years_grade_is_a_cause(evaluation: Evaluation) -> None:
    for code in ("b1", "b2", "b3"):
        evaluation.held(code, *QUARTER)
    evaluation.sql(
        """insert into classification (classification_id, unit_id, period, version, grade)
        values (gen_random_uuid(), %s, '2024', 1, 'completed') returning 1""",
        unit_id("b3"),
    )
    (candidate,) = evaluation.get(f"{PROVINCE}/weak-candidates?period=2025-Q3").body["items"]
    assert (candidate["code"], candidate["causes"][0]["code"]) == ("B3", "graded-low")


def test_a_stale_change_is_refused_and_a_repeated_one_done_once(evaluation: Evaluation, opened: str) -> None:
    stale = evaluation.call("PUT", f"{opened}/plan", PLAN, If_Match='"1"')
    assert (stale.status, stale.body["rule"]) == (409, "stale")
    entry = {"on": "2026-01-15", "text": "Đã dự"}
    answers = [evaluation.post(f"{opened}/entries", entry, Idempotency_Key="k") for _ in range(2)]
    assert [answer.status for answer in answers] == [201, 201]
    assert evaluation.sql("select count(*) from weak_entry") == [(1,)]


def test_only_an_office_above_decides_and_others_see_nothing(evaluation: Evaluation, b1: str) -> None:
    def status(answer: Answer) -> tuple[int, str]:
        return answer.status, answer.body["rule"]

    own = evaluation.post(f"{b1}/opening", OPENING, evaluation.officer("b1"))
    assert status(own) == (403, "not-superior")
    assert status(evaluation.post(f"{b1}/opening", OPENING, evaluation.officer("d2"))) == (403, "outside-rights")
    assert status(evaluation.post(f"{b1}/opening", OPENING, evaluation.secretary("b1"))) == (403, "role")
    assert status(evaluation.get(b1, evaluation.officer("d2"))) == (403, "outside-rights")
    assert status(evaluation.get(f"{b1[:-4]}ffff", evaluation.officer("d2"))) == (403, "outside-rights")
    assert evaluation.get(b1, evaluation.secretary("b1")).status == 200
