"""Inspection and supervision: planned by a superior, recorded by the unit, and who has not begun."""

from typing import Any
from uuid import uuid4

import pytest

from tests.integration.registry.conftest import Registry
from tests.integration.registry.decisions import forced
from tests.integration.registry.rows import Row, province


def plan(ids: dict[str, str], unit: str, superior: str, **more: Any) -> Row:
    """A plan of 4 inspections and 2 supervisions in 2026."""
    return {
        "unit_id": ids[unit],
        "year": 2026,
        "due_on": "2026-11-30",
        "set_by": ids[superior],
        "citation": "Chương trình 03-CTr/HU",
        "planned": {"inspection": 4, "supervision": 2},
    } | more


def carried_out(ids: dict[str, str], unit: str, subject: str, **more: Any) -> Row:
    """An inspection of a unit on 20 April 2026."""
    return {
        "unit_id": ids[unit],
        "on": "2026-04-20",
        "kind": "inspection",
        "subject_unit_id": ids[subject],
        "conclusion": "Thông báo kết luận 08-TB/UBKT",
    } | more


def test_completion_counts_the_unit_and_its_subtree_by_kind(registry: Registry) -> None:
    ids = registry.imported(province())
    for unit, superior in (("GL-A", "GL"), ("GL-A-X", "GL-A")):
        assert registry.post("/v1/inspection-plans", plan(ids, unit, superior)).status == 201
    (member,) = registry.sql("select member_id from member where code = 'GL-A-X-1-0'")[0]
    for row in (
        carried_out(ids, "GL-A", "GL-A-X"),
        carried_out(ids, "GL-A", "GL-A", kind="supervision", on="2026-05-02"),
        carried_out(ids, "GL-A", "GL-A-X-1", subject_unit_id=None, subject_member_id=str(member), on="2026-06-01"),
        carried_out(ids, "GL-A", "GL-A-X", on="2025-12-31"),
    ):
        answer = registry.post("/v1/inspections", row)
        assert answer.status == 201, answer.body

    shown = registry.get(f"/v1/units/{ids['GL-A']}/inspection-completion").body

    assert shown["kinds"] == [
        {"kind": "inspection", "planned": 4, "done": 2, "percent": 50.0},
        {"kind": "supervision", "planned": 2, "done": 1, "percent": 50.0},
    ]
    assert shown["subtree"] == [
        {"kind": "inspection", "planned": 8, "done": 2, "percent": 25.0},
        {"kind": "supervision", "planned": 4, "done": 1, "percent": 25.0},
    ]
    assert (shown["plans"], shown["begun"], shown["percent_of_time"]) == (2, 1, 49.7)
    earlier = registry.get(f"/v1/units/{ids['GL-A']}/inspection-completion?on=2026-04-19").body
    assert [one["done"] for one in earlier["kinds"]] == [0, 0]
    whole = registry.get(f"/v1/units/{ids['GL']}/inspection-completion").body
    assert (whole["plan_id"], whole["kinds"], whole["plans"]) == (None, [], 2)
    listed = registry.get(f"/v1/units/{ids['GL-A']}/inspections?year=2026").body["items"]
    assert [one["on"] for one in listed] == ["2026-06-01", "2026-05-02", "2026-04-20"]


def test_what_a_district_did_before_it_ended_stays_in_the_years_figures(registry: Registry) -> None:
    ids = registry.imported(province())
    for unit, superior in (("GL-A", "GL"), ("GL-A-X", "GL-A")):
        assert registry.post("/v1/inspection-plans", plan(ids, unit, superior)).status == 201
    for row in (carried_out(ids, "GL-A", "GL-A-X"), carried_out(ids, "GL-A-X", "GL-A-X-1")):
        assert registry.post("/v1/inspections", row).status == 201
    forced(registry, {"op": "merge", "units": ["GL-A"], "into": "GL-B"}, effective_on="2026-06-01")

    def completed(unit: str, day: str) -> tuple[int, int]:
        shown = registry.get(f"/v1/units/{ids[unit]}/inspection-completion?on={day}").body
        return shown["plans"], sum(one["done"] for one in shown["subtree"])

    assert {unit: completed(unit, "2026-05-31") for unit in ("GL", "GL-A", "GL-B")} == {
        "GL": (2, 2),
        "GL-A": (2, 2),
        "GL-B": (0, 0),
    }
    assert {unit: completed(unit, "2026-06-15") for unit in ("GL", "GL-A", "GL-B")} == {
        "GL": (2, 2),
        "GL-A": (1, 1),
        "GL-B": (1, 1),
    }


def test_units_that_have_not_begun_are_listed_as_of_a_day(registry: Registry) -> None:
    ids = registry.imported(province())
    for unit, superior in (("GL-A", "GL"), ("GL-B", "GL"), ("GL-A-X", "GL-A")):
        registry.post("/v1/inspection-plans", plan(ids, unit, superior))
    registry.post("/v1/inspections", carried_out(ids, "GL-A", "GL-A-X"))
    address = f"/v1/inspection-plans/none-begun?under={ids['GL']}&year=2026"

    assert [one["code"] for one in registry.get(address).body["items"]] == ["GL-A-X", "GL-B"]
    before = registry.get(f"{address}&on=2026-04-19").body["items"]
    assert [one["code"] for one in before] == ["GL-A", "GL-A-X", "GL-B"]
    assert before[0]["planned"] == 6
    page = registry.get(f"{address}&limit=1").body
    rest = registry.get(f"{address}&limit=1&cursor={page['next_cursor']}").body
    assert [one["code"] for one in page["items"] + rest["items"]] == ["GL-A-X", "GL-B"]


def test_a_corrected_record_stays_and_counts_no_more(registry: Registry) -> None:
    ids = registry.imported(province())
    wrong = str(uuid4())
    registry.post("/v1/inspections", carried_out(ids, "GL-A", "GL-A-X", inspection_id=wrong))

    right = registry.post("/v1/inspections", carried_out(ids, "GL-A", "GL-A-X", kind="supervision", corrects=wrong))

    assert right.status == 201
    kinds = registry.get(f"/v1/units/{ids['GL-A']}/inspection-completion").body["kinds"]
    assert [(one["kind"], one["done"]) for one in kinds] == [("supervision", 1)]
    listed = registry.get(f"/v1/units/{ids['GL-A']}/inspections").body["items"]
    assert {one["inspection_id"]: one["corrected_by"] for one in listed}[wrong] == right.body["inspection_id"]
    again = registry.post("/v1/inspections", carried_out(ids, "GL-A", "GL-A-X", corrects=wrong))
    assert (again.status, again.body["rule"]) == (409, "inspection-exists")


WRONG_PLANS: list[tuple[Row, str, str]] = [
    ({"planned": {"tea": 1}}, "planned.tea", "inspection-kind"),
    ({"planned": {"inspection": -1}}, "planned.inspection", "number-range"),
    ({"planned": {}}, "planned", "nothing-planned"),
    ({"year": 2300}, "year", "year"),
    ({"due_on": "2025-11-30"}, "due_on", "due-day"),
    ({"set_by": "GL-B"}, "set_by", "not-above"),
]


@pytest.mark.parametrize(("wrong", "field", "rule"), WRONG_PLANS)
def test_a_plan_that_breaks_a_rule_is_named(registry: Registry, wrong: Row, field: str, rule: str) -> None:
    ids = registry.imported(province())
    wrong = {key: ids.get(value, value) if isinstance(value, str) else value for key, value in wrong.items()}

    answer = registry.post("/v1/inspection-plans", plan(ids, "GL-A", "GL") | wrong)

    assert (answer.status, answer.rules[field]) == (422, rule)
    assert registry.sql("select count(*) from inspection_plan") == [(0,)]


WRONG_RECORDS: list[tuple[Row, str, str]] = [
    ({"on": "2026-06-16"}, "on", "day-to-come"),
    ({"kind": "tea"}, "kind", "inspection-kind"),
    ({"subject_unit_id": None}, "subject_unit_id", "one-subject"),
    ({"subject_unit_id": "GL-B"}, "subject_unit_id", "subject-not-below"),
    ({"subject_unit_id": str(uuid4())}, "subject_unit_id", "unknown-unit"),
    ({"subject_unit_id": None, "subject_member_id": str(uuid4())}, "subject_member_id", "subject-not-below"),
    ({"corrects": str(uuid4())}, "corrects", "unknown-inspection"),
]


@pytest.mark.parametrize(("wrong", "field", "rule"), WRONG_RECORDS)
def test_a_record_that_breaks_a_rule_is_named(registry: Registry, wrong: Row, field: str, rule: str) -> None:
    ids = registry.imported(province())
    wrong = {key: ids.get(value, value) if isinstance(value, str) else value for key, value in wrong.items()}

    answer = registry.post("/v1/inspections", carried_out(ids, "GL-A", "GL-A-X") | wrong)

    assert (answer.status, answer.rules[field]) == (422, rule)
    assert registry.sql("select count(*) from inspection") == [(0,)]


def test_a_plan_is_changed_by_who_set_it(registry: Registry) -> None:
    ids = registry.imported(province())
    made = registry.post("/v1/inspection-plans", plan(ids, "GL-A-X", "GL-A")).body
    commune = registry.issuer.mint("committee_officer", ids["GL-A-X"])
    district = registry.issuer.mint("committee_officer", ids["GL-A"])
    address = f"/v1/inspection-plans/{made['plan_id']}/changes"

    assert registry.post(address, {"planned": {"inspection": 1}}, token=commune).status == 403
    changed = registry.post(address, {"planned": {"inspection": 1}}, token=district)
    assert changed.body["planned"] == {"inspection": 1}
    again = registry.post("/v1/inspection-plans", plan(ids, "GL-A-X", "GL-A"))
    assert (again.status, again.body["rule"]) == (409, "plan-exists")
    assert registry.post("/v1/inspections", carried_out(ids, "GL-A-X", "GL-A-X-1"), token=commune).status == 201
    assert registry.post("/v1/inspections", carried_out(ids, "GL-A", "GL-A-X"), token=commune).status == 403
    assert registry.post(f"/v1/inspection-plans/{uuid4()}/changes", {}, token=district).status == 403
    assert registry.post(f"/v1/inspection-plans/{uuid4()}/changes", {}).status == 404
    recorded = registry.get(f"/v1/audit?subject_id={made['plan_id']}").body["items"]
    assert [one["action"] for one in recorded] == ["inspection.plan_changed", "inspection.planned"]
