"""Classification: proposed by the unit, decided by its direct superior within the limit, versions kept."""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from typing import Any

import pytest

from services.evaluation.commands import classifications as commands
from services.evaluation.commands.classifications import Decided
from services.evaluation.commands.committees import Work
from shared import db
from shared.db import Connection
from shared.errors import Unprocessable
from tests.integration.evaluation.committees import Answer, Evaluation, unit_id
from tests.support.waiting import until

GROUP = f"/v1/units/{unit_id('d3')}/classification-groups?period=2025"


def group(evaluation: Evaluation) -> list[str]:
    """Five branches of one type below one district."""
    codes = [f"c{number}" for number in range(1, 6)]
    evaluation.units(**{"d3": "province"}, **dict.fromkeys(codes, "d3"))
    return codes


def decide(evaluation: Evaluation, grades: Mapping[str, str | None], token: str | None = None, **change: Any) -> Answer:
    return evaluation.post(
        "/v1/classifications/decisions",
        {
            "superior_id": str(unit_id("d3")),
            "period": "2025",
            "citation": "118-QĐ/HU",
            "decided_on": "2026-01-10",
            "decisions": [{"unit_id": str(unit_id(code)), "grade": grade} for code, grade in grades.items()],
        }
        | change,
        token,
    )


def propose(evaluation: Evaluation, grade: str, token: str | None = None, **change: Any) -> Answer:
    """The branch C1 proposes its grade, by its secretary unless `token` says otherwise."""
    proposal = {"unit_id": str(unit_id("c1")), "period": "2025", "grade": grade, "reason": "Đạt mọi chỉ tiêu"}
    return evaluation.post("/v1/classifications/proposals", proposal | change, token or evaluation.secretary("c1"))


def test_nobody_above_writes_over_what_a_unit_proposed(evaluation: Evaluation) -> None:
    group(evaluation)
    assert propose(evaluation, "excellent").status == 200
    for token in (evaluation.officer("d3"), evaluation.officer("province"), evaluation.admin):
        refused = propose(evaluation, "completed", token)
        assert (refused.status, refused.body["rule"]) == (403, "not-itself")
    decided = decide(evaluation, {"c1": "good"}, evaluation.officer("d3"))
    (shown,) = decided.body["items"]
    assert (shown["proposed"], shown["proposal_reason"], shown["grade"]) == ("excellent", "Đạt mọi chỉ tiêu", "good")


def test_a_proposal_is_returned_with_a_reason_and_made_again(evaluation: Evaluation) -> None:
    """What was proposed, by whom, and why it was given back stays on record."""
    group(evaluation)
    given = {"unit_id": str(unit_id("c1")), "period": "2025", "reason": "Chưa có số liệu kiểm tra quý IV"}
    path, listed = "/v1/classifications/returns", f"/v1/units/{unit_id('d3')}/classifications?period=2025"
    officer, secretary = evaluation.officer("d3"), evaluation.secretary("c1")
    assert evaluation.post(path, given, officer).body["rule"] == "state"
    propose(evaluation, "excellent", secretary)
    assert evaluation.post(path, given, evaluation.officer("d1")).body["rule"] == "outside-rights"
    assert evaluation.post(path, given, evaluation.officer("c1")).body["rule"] == "not-superior"
    assert evaluation.post(path, given, secretary).body["rule"] == "role"
    assert evaluation.post(path, given, officer, If_Match='"9"').body["rule"] == "stale"

    returned = evaluation.post(path, given, officer, If_Match='"1"')

    assert (returned.status, returned.headers["ETag"]) == (200, '"2"')
    shown = {name: returned.body[name] for name in ("proposed", "returned_on", "return_reason", "grade")}
    assert shown == {
        "proposed": "excellent",
        "returned_on": "2026-01-15",
        "return_reason": "Chưa có số liệu kiểm tra quý IV",
        "grade": None,
    }
    assert evaluation.post(path, given, officer).body["rule"] == "state"
    counts = evaluation.get(listed).body["counts"]
    assert (counts["returned"], counts["proposed"]) == (1, 0)
    assert [one["code"] for one in evaluation.get(f"{listed}&state=returned").body["items"]] == ["C1"]
    assert evaluation.get(f"{listed}&state=proposed").body["items"] == []
    of_group = evaluation.get(f"/v1/units/{unit_id('d3')}/classification-groups?period=2025", officer)
    assert [one["proposed"]["excellent"] for one in of_group.body["items"]] == [0]

    assert propose(evaluation, "good", secretary).body["returned_on"] is None
    assert [one["code"] for one in evaluation.get(f"{listed}&state=proposed").body["items"]] == ["C1"]
    past = evaluation.get(f"/v1/units/{unit_id('c1')}/classification?period=2025").body["history"]
    assert [one["action"] for one in past] == ["proposed", "returned", "proposed"]
    assert [one["detail"].get("proposed", one["detail"].get("grade")) for one in past] == [
        "excellent",
        "excellent",
        "good",
    ]
    assert past[0]["actor"] == past[2]["actor"] != past[1]["actor"]


def test_a_unit_proposes_and_its_superior_decides(evaluation: Evaluation) -> None:
    codes = group(evaluation)
    proposal = {"unit_id": str(unit_id("c1")), "period": "2025", "grade": "excellent", "reason": "Đạt mọi chỉ tiêu"}
    proposed = evaluation.post("/v1/classifications/proposals", proposal, evaluation.secretary("c1"))
    assert (proposed.status, proposed.body["proposed"], proposed.body["grade"]) == (200, "excellent", None)

    decided = decide(evaluation, dict.fromkeys(codes, "good") | {"c1": "excellent"}, evaluation.officer("d3"))

    assert decided.status == 200, decided.body
    (shown,) = evaluation.get(GROUP).body["items"]
    assert (shown["key"], shown["units"], shown["allowed"], shown["best"]) == ("branch/commune", 5, 1, 1)
    history = evaluation.get(f"/v1/units/{unit_id('c1')}/classification?period=2025", evaluation.secretary("c1")).body
    assert [(past["version"], past["action"]) for past in history["history"]] == [(1, "proposed"), (2, "decided")]
    assert history["classification"]["citation"] == "118-QĐ/HU"


def test_one_too_many_is_refused_with_how_many_and_who(evaluation: Evaluation) -> None:
    codes = group(evaluation)
    refused = decide(evaluation, dict.fromkeys(codes, "good") | {"c1": "excellent", "c2": "excellent"})
    assert refused.rules == {"decisions": "over-the-limit"}
    assert "nhiều nhất 1 đơn vị" in refused.said
    assert all(code.upper() in refused.said for code in codes)
    assert refused.body["errors"][0]["source"].startswith("Bộ Chính trị")
    assert evaluation.sql("select count(*) from classification") == [(0,)]


def test_the_limit_counts_what_was_decided_before(evaluation: Evaluation) -> None:
    codes = group(evaluation)
    assert decide(evaluation, dict.fromkeys(codes, "good") | {"c1": "excellent"}).status == 200
    assert decide(evaluation, {"c2": "excellent"}).rules == {"decisions": "over-the-limit"}
    assert decide(evaluation, {"c3": "completed"}).rules == {"decisions": "over-the-limit"}
    assert decide(evaluation, {"c1": "good", "c2": "excellent"}).status == 200


def test_a_unit_that_a_late_decision_moved_leaves_its_group(evaluation: Evaluation) -> None:
    """The limit is checked over those that stand below the superior at the period's end, as the groups are shown."""
    codes = [*group(evaluation), "c6"]
    evaluation.units(c6="d3")
    assert decide(evaluation, dict.fromkeys(codes, "good") | {"c1": "excellent"}).status == 200
    evaluation.moved("c1", "d3", "d2", date(2025, 7, 1))

    (shown,) = evaluation.get(GROUP).body["items"]
    assert (shown["units"], shown["allowed"], shown["best"]) == (5, 1, 0)
    assert decide(evaluation, {"c2": "excellent"}).status == 200
    assert decide(evaluation, {"c3": "excellent"}).rules == {"decisions": "over-the-limit"}


def test_a_period_that_has_not_begun_is_not_classified(evaluation: Evaluation) -> None:
    group(evaluation)
    assert decide(evaluation, {"c1": "good"}, period="2027").rules == {"decided_on": "decision-day"}
    assert decide(evaluation, {"c1": "good"}, decided_on="2024-12-31").rules == {"decided_on": "decision-day"}
    assert decide(evaluation, {"c1": "good"}, decided_on="2026-01-16").rules == {"decided_on": "decision-day"}
    assert propose(evaluation, "good", period="2026-Q2").rules == {"period": "period-to-come"}


def test_two_decisions_at_once_do_not_pass_the_limit_together(evaluation: Evaluation) -> None:
    """The second waits for the first to be kept, and counts it."""
    codes = group(evaluation)
    assert decide(evaluation, dict.fromkeys(codes, "good")).status == 200
    given = {code: [Decided(unit_id(code), "excellent")] for code in ("c1", "c2")}

    def decided(conn: Connection, code: str) -> None:
        now = datetime(2026, 1, 15, tzinfo=UTC)
        work = Work(conn, "officer", "request", now.date(), now)
        commands.decide(work, unit_id("d3"), "2025", given[code], "118-QĐ/HU", date(2026, 1, 10))

    with (
        db.connect(evaluation.url, name="first") as first,
        db.connect(evaluation.url, name="second") as second,
        ThreadPoolExecutor(1) as pool,
    ):
        decided(first, "c1")
        later = pool.submit(decided, second, "c2")
        waiting = "select 1 from pg_locks where pid = %s and not granted"
        until(lambda: later.done() or evaluation.sql(waiting, second.info.backend_pid), what="the second to wait")
        first.commit()
        with pytest.raises(Unprocessable):
            later.result(timeout=60)
    assert evaluation.sql("select count(*) from classification where grade = 'excellent'") == [(1,)]


def test_the_limit_is_a_dated_rule(evaluation: Evaluation) -> None:
    codes = group(evaluation)
    evaluation.sql(
        "update rule set value = jsonb_set(value, '{percent}', '40') where name = 'classification' returning 1"
    )
    assert decide(evaluation, dict.fromkeys(codes, "good") | {"c1": "excellent", "c2": "excellent"}).status == 200


def test_other_superiors_are_other_groups(evaluation: Evaluation) -> None:
    group(evaluation)
    other = decide(evaluation, {"b1": "good"}, superior_id=str(unit_id("d3")))
    assert other.rules == {"decisions[0].unit_id": "not-directly-below"}
    grandparent = decide(evaluation, {"c1": "good"}, superior_id=str(unit_id("province")))
    assert grandparent.rules == {"decisions[0].unit_id": "not-directly-below"}


def test_only_the_superior_decides(evaluation: Evaluation) -> None:
    group(evaluation)
    assert decide(evaluation, {"c1": "good"}, evaluation.officer("c1")).body["rule"] == "outside-rights"
    assert decide(evaluation, {"c1": "good"}, evaluation.officer("d1")).body["rule"] == "outside-rights"
    assert decide(evaluation, {"c1": "good"}, evaluation.secretary("d3")).body["rule"] == "role"
    proposal = {"unit_id": str(unit_id("c1")), "period": "2025", "grade": "good", "reason": "x"}
    elsewhere = evaluation.post("/v1/classifications/proposals", proposal, evaluation.secretary("c2"))
    assert elsewhere.body["rule"] == "outside-rights"


def test_a_grade_is_withdrawn_by_a_new_decision_and_the_versions_stay(evaluation: Evaluation) -> None:
    group(evaluation)
    decide(evaluation, {"c1": "good"})
    withdrawn = decide(evaluation, {"c1": None}, citation="130-QĐ/HU")
    assert withdrawn.body["items"][0]["grade"] is None
    again = decide(evaluation, {"c1": None})
    assert again.rules == {"decisions[0].grade": "nothing-to-withdraw"}
    history = evaluation.get(f"/v1/units/{unit_id('c1')}/classification?period=2025").body["history"]
    assert [(past["action"], past["detail"]["grade"], past["detail"]["citation"]) for past in history] == [
        ("decided", "good", "118-QĐ/HU"),
        ("withdrawn", None, "130-QĐ/HU"),
    ]


def test_a_decision_on_an_older_version_is_refused(evaluation: Evaluation) -> None:
    group(evaluation)
    decide(evaluation, {"c1": "good"})
    stale = decide(evaluation, {}, decisions=[{"unit_id": str(unit_id("c1")), "grade": "completed", "based_on": 0}])
    assert (stale.status, stale.body["rule"]) == (409, "stale")


def test_the_list_of_a_subtree_with_counts(evaluation: Evaluation) -> None:
    group(evaluation)
    decide(evaluation, {"c1": "good", "c2": "completed"})
    path = f"/v1/units/{unit_id('d3')}/classifications?period=2025"
    listed = evaluation.get(path, evaluation.officer("d3")).body
    assert {one["code"]: (one["classification"] or {}).get("grade") for one in listed["items"]} == {
        "C1": "good",
        "C2": "completed",
        "C3": None,
        "C4": None,
        "C5": None,
        "D3": None,
    }
    assert listed["counts"] == {
        "excellent": 0,
        "good": 1,
        "completed": 1,
        "not_completed": 0,
        "proposed": 0,
        "returned": 0,
        "none": 4,
    }
    assert [one["code"] for one in evaluation.get(f"{path}&state=decided&limit=1").body["items"]] == ["C1"]
    assert [one["code"] for one in evaluation.get(f"{path}&grade=completed").body["items"]] == ["C2"]
    wrong = evaluation.get(path.replace("2025", "2025-06"))
    assert wrong.rules == {"period": "quarter-or-year"}


def test_what_a_branchs_meetings_come_to_stands_beside(evaluation: Evaluation) -> None:
    evaluation.held("b1", *(f"2025-{month:02}" for month in range(1, 13)))
    path = f"/v1/units/{unit_id('b1')}/classification?period="
    beside = evaluation.get(f"{path}2025").body
    assert (beside["classification"], beside["by_rubric"]["mean"]) == (None, 91.5)
    assert evaluation.get(f"{path}2025-Q4").body["by_rubric"] is None
