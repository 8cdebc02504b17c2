"""The doors of the rules of alerts: a version from a day on, its faults, who may, and what the worker makes of it."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from shared import db
from tests.integration.evaluation.alert_looks import JUNE, looked
from tests.integration.evaluation.committees import Answer, Evaluation, unit_id
from tests.support.waiting import until

RULES = "/v1/alert-rules"
FALLING: dict[str, Any] = {
    "months_before": 3,
    "least_owed": 5,
    "fall_points": 10,
    "begin_percent": 85,
    "cease_percent": 90,
    "begin_after": 2,
    "cease_after": 2,
}


def enter(evaluation: Evaluation, name: str, value: dict[str, Any], token: str | None = None, **change: Any) -> Answer:
    """A version of a rule from July 2026 on; the doors' clock stands at 15 January 2026."""
    given = {"name": name, "valid_from": "2026-07-01", "value": value, "issuer": "Tỉnh uỷ", "citation": "01-QĐ/TU"}
    return evaluation.post(RULES, given | change, token, Accept_Language="vi")


def dates(versions: list[dict[str, Any]]) -> list[tuple[str, str | None, str]]:
    return [(one["valid_from"], one["valid_to"], one["citation"]) for one in versions]


def of(evaluation: Evaluation, name: str) -> list[tuple[str, str | None, str]]:
    return dates([one for one in evaluation.get(RULES).body if one["name"] == name])


def test_a_version_from_a_day_on_ends_the_one_before(evaluation: Evaluation) -> None:
    seed = "mức mặc định khi chưa nhập quy định của tỉnh"
    entered = enter(evaluation, "attendance_falling", FALLING)
    assert entered.status == 201, entered.body
    assert dates(entered.body) == [("2000-01-01", "2026-07-01", seed), ("2026-07-01", None, "01-QĐ/TU")]
    assert entered.body[1]["value"] == FALLING
    # A mistake of the same first day is replaced, and both stay on record.
    again = enter(evaluation, "attendance_falling", FALLING | {"begin_percent": 80}, citation="02-QĐ/TU")
    assert dates(again.body) == [("2000-01-01", "2026-07-01", seed), ("2026-07-01", None, "02-QĐ/TU")]
    kept = evaluation.sql(
        "select version, action, detail -> 'version' ->> 'citation', detail -> 'replaced' -> 0 ->> 'citation'"
        " from committee_change where subject = 'alert_rule' order by position"
    )
    assert kept == [(1, "alert-rule.entered", "01-QĐ/TU", None), (2, "alert-rule.entered", "02-QĐ/TU", "01-QĐ/TU")]
    # One between the two ends where the next begins.
    between = enter(evaluation, "attendance_falling", FALLING, valid_from="2026-04-01")
    assert between.rules == {"valid_to": "dates-overlap"}
    assert "01/07/2026" in between.said
    assert (
        enter(
            evaluation,
            "attendance_falling",
            FALLING,
            valid_from="2026-04-01",
            valid_to="2026-07-01",
            citation="03-QĐ/TU",
        ).status
        == 201
    )
    assert of(evaluation, "attendance_falling") == [
        ("2000-01-01", "2026-04-01", seed),
        ("2026-04-01", "2026-07-01", "03-QĐ/TU"),
        ("2026-07-01", None, "02-QĐ/TU"),
    ]


def test_what_is_sent_again_is_entered_once(evaluation: Evaluation) -> None:
    given = {"name": "no_meeting", "valid_from": "2026-07-01", "value": {}, "issuer": "Tỉnh uỷ", "citation": "x"}
    first, again = (evaluation.post(RULES, given, Idempotency_Key="no-meeting-of-july") for _ in range(2))
    assert (first.status, again.status, again.body) == (201, 201, first.body)
    assert evaluation.sql("select count(*) from committee_change") == [(1,)]


@pytest.mark.parametrize(
    ("name", "value", "rules"),
    [
        ("attendance_falling", FALLING | {"cease_percent": 85}, {"value.cease_percent": "hysteresis"}),
        (
            "self_far_from_evidence",
            {"months": 3, "least_scored": 2, "begin_points": 10, "cease_points": 10},
            {"value.cease_points": "hysteresis"},
        ),
        (
            "good_despite_attendance",
            {
                "months": 3,
                "least_scored": 3,
                "begin_good_percent": 80,
                "cease_good_percent": 90,
                "begin_percent": 75,
                "cease_percent": 70,
            },
            {"value.cease_percent": "hysteresis", "value.cease_good_percent": "hysteresis"},
        ),
        (
            "inspection_not_begun",
            {"target_kind": "inspection", "by_month": 13, "begin_value": 2, "cease_value": 1},
            {"value.by_month": "member", "value.cease_value": "hysteresis"},
        ),
        (
            "no_meeting",
            {"begin_after": 0, "bar": 3, "kinds": ["brach"], "levels": ["branch", "moon"]},
            {
                "value.bar": "unknown-member",
                "value.begin_after": "member",
                "value.kinds": "unknown-units",
                "value.levels": "unknown-units",
            },
        ),
        ("self_far_from_official", {"months": 3, "begin_points": 101}, {
            "value.least_scored": "required",
            "value.begin_points": "member",
            "value.cease_points": "required",
        }),
    ],
)  # fmt: skip
def test_every_fault_of_its_bars_is_named(
    evaluation: Evaluation, name: str, value: dict[str, Any], rules: dict[str, str]
) -> None:
    before = evaluation.get(RULES).body
    refused = enter(evaluation, name, value)
    assert (refused.status, refused.rules) == (422, rules)
    assert evaluation.get(RULES).body == before


def test_the_bar_for_ceasing_is_said_to_be_on_the_wrong_side(evaluation: Evaluation) -> None:
    refused = enter(evaluation, "attendance_falling", FALLING | {"cease_percent": 80})
    assert "Mức chấm dứt (80) phải ở trên mức bắt đầu (begin_percent: 85)" in refused.said
    points = {"months": 3, "least_scored": 2, "begin_points": 10, "cease_points": 12}
    assert "phải ở dưới mức bắt đầu" in enter(evaluation, "self_far_from_official", points).said


def test_months_that_are_over_are_judged_anew_only_when_asked(evaluation: Evaluation) -> None:
    assert enter(evaluation, "no_meeting", {"begin_after": 3}, valid_from="2025-12-31").rules == {
        "rejudge": "in-the-past"
    }
    assert enter(evaluation, "no_meeting", {"begin_after": 3}, valid_from="2026-01-01").status == 201
    assert enter(
        evaluation, "no_meeting", {"begin_after": 3}, valid_from="2025-12-31", valid_to="2025-12-31"
    ).rules == {
        "rejudge": "in-the-past",
        "valid_to": "dates",
    }


def test_only_who_administers_every_unit_changes_a_rule(evaluation: Evaluation) -> None:
    others = [
        evaluation.officer("province"),
        evaluation.secretary("b1"),
        evaluation.issuer.mint("portal", unit_id("province")),
        evaluation.issuer.mint("province_admin", unit_id("d1")),
    ]
    for token in others:
        assert enter(evaluation, "no_meeting", {}, token).status == 403
        assert evaluation.post(f"{RULES}/no_meeting/end", {"valid_to": "2026-07-01"}, token).status == 403
    province = evaluation.issuer.mint("province_admin", unit_id("province"))
    assert enter(evaluation, "no_meeting", {}, province).status == 201
    with db.connect(evaluation.url, name="test") as conn:  # a second province on the same installation
        conn.execute("insert into unit (unit_id, code, version) values (%s, 'P2', 1)", (unit_id("other"),))
        conn.execute(
            "insert into unit_span (unit_id, valid_from, kind, level, name)"
            " values (%s, '2020-01-01', 'province_committee', 'province', 'Tỉnh uỷ khác')",
            (unit_id("other"),),
        )
    refused = enter(evaluation, "no_meeting", {}, province, valid_from="2026-09-01")
    assert (refused.status, refused.body["rule"]) == (403, "every-unit")
    assert enter(evaluation, "no_meeting", {}, valid_from="2026-09-01").status == 201


def test_a_rule_ends_without_a_successor(evaluation: Evaluation) -> None:
    path = f"{RULES}/no_theme/end"
    assert evaluation.post(path, {"valid_to": "2025-12-01"}).rules == {"rejudge": "in-the-past"}
    ended = evaluation.post(path, {"valid_to": "2026-07-01"})
    assert (ended.status, [one["valid_to"] for one in ended.body]) == (200, ["2026-07-01"])
    again = evaluation.post(path, {"valid_to": "2026-07-01"})
    assert (again.status, again.body["rule"]) == (409, "not-in-force")
    unknown = evaluation.post(f"{RULES}/no_rule/end", {"valid_to": "2026-07-01"})
    assert (unknown.status, "no_meeting" in unknown.body["detail"]) == (404, True)


def test_a_day_on_which_nothing_can_end_is_refused_with_what_there_is(evaluation: Evaluation) -> None:
    """A version holds for a day at least: one entered by mistake is replaced, not ended on its first day."""
    assert enter(evaluation, "no_theme", {}).status == 201
    refused = evaluation.post(f"{RULES}/no_theme/end", {"valid_to": "2026-07-01"}, Accept_Language="vi")
    assert (refused.status, refused.body["rule"], refused.rules) == (409, "not-in-force", {"valid_to": "not-in-force"})
    for told in ("01/01/2000 – 01/07/2026", "01/07/2026 – …", "cùng ngày đầu"):
        assert told in refused.said, told


def test_the_worker_judges_by_what_was_entered(evaluation: Evaluation, tmp_path: Path) -> None:
    """Two months without a meeting are an alert; where three are asked for it is withdrawn, where none, it ends."""
    evaluation.held("b1", "2025-01", "2025-02", "2025-03")
    with db.connect(evaluation.url, name="test") as conn:
        conn.execute("delete from alert_rule where name <> 'no_meeting'")
        conn.execute("update alert_rule set valid_from = '2025-01-01'")
        begun = [one for one in looked(conn, JUNE) if one["unit_id"] == str(unit_id("b1"))]
        assert [one["state"] for one in begun] == ["begun"]
    (tmp_path / "clock").write_text("2025-06-04T12:00:00+07:00")
    until(lambda: str(evaluation.app.extensions["nenep"].clock.today()) == "2025-06-04", what="the clock")
    value = {"begin_after": 3, "kinds": ["branch"]}
    assert enter(evaluation, "no_meeting", value, valid_from="2025-05-01", rejudge=True).status == 201
    with db.connect(evaluation.url, name="test") as conn:
        told = [one for one in looked(conn, JUNE) if one["unit_id"] == str(unit_id("b1"))]
        assert [(one["state"], one["alert_id"]) for one in told] == [("withdrawn", begun[0]["alert_id"])]
        july = datetime(2025, 7, 4, 5, tzinfo=UTC)
        told = [one for one in looked(conn, july) if one["unit_id"] == str(unit_id("b1"))]
        assert [(one["state"], one["source"]) for one in told] == [("begun", "Tỉnh uỷ, 01-QĐ/TU")]
    assert evaluation.post(f"{RULES}/no_meeting/end", {"valid_to": "2025-07-01"}).status == 200
    with db.connect(evaluation.url, name="test") as conn:
        august = datetime(2025, 8, 4, 5, tzinfo=UTC)
        told = [one for one in looked(conn, august) if one["unit_id"] == str(unit_id("b1"))]
        assert [(one["state"], one["cause"]) for one in told] == [("ceased", "rule-ended")]
