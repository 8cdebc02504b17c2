"""Targets: set by a superior, broken down, reported on, and what the subtree has reached."""

from typing import Any
from uuid import uuid4

import pytest

from tests.integration.registry.conftest import Registry
from tests.integration.registry.rows import Row, province


def target(ids: dict[str, str], unit: str, superior: str, **more: Any) -> Row:
    """A target of 12 new members in 2026."""
    return {
        "unit_id": ids[unit],
        "year": 2026,
        "kind": "new_members",
        "value": 12,
        "due_on": "2026-12-31",
        "set_by": ids[superior],
        "citation": "Nghị quyết 05-NQ/TU",
    } | more


def was_set(registry: Registry, row: Row) -> str:
    """The id of a target, after it was set."""
    answer = registry.post("/v1/targets", row)
    assert answer.status == 201, answer.body
    return str(answer.body["target_id"])


def parts(ids: dict[str, str], **values: float) -> list[Row]:
    """Parts of a breakdown; `A_X` stands for GL-A-X."""
    return [{"unit_id": ids[f"GL-{code.replace('_', '-')}"], "value": value} for code, value in values.items()]


def progress(on: str, value: float, **more: Any) -> Row:
    """A report."""
    return {"on": on, "value": value, "evidence": "Quyết định kết nạp"} | more


def test_a_target_is_shown_with_its_words_progress_and_time(registry: Registry) -> None:
    ids = registry.imported(province())
    target_id = was_set(registry, target(ids, "GL-A", "GL"))
    registry.post(f"/v1/targets/{target_id}/progress", progress("2026-03-31", 3))
    registry.post(f"/v1/targets/{target_id}/progress", progress("2026-05-31", 9))

    (shown,) = registry.get(f"/v1/units/{ids['GL-A']}/targets").body["items"]

    assert shown["words"] == {"vi": "Kết nạp đảng viên mới", "en": "New members"}
    assert (shown["progress"]["on"], shown["progress"]["value"]) == ("2026-05-31", 9)
    assert (shown["percent_of_plan"], shown["percent_of_time"], shown["met"]) == (75.0, 45.48, False)
    assert shown["below"] is None
    (earlier,) = registry.get(f"/v1/units/{ids['GL-A']}/targets?on=2026-04-30").body["items"]
    assert (earlier["progress"]["value"], earlier["percent_of_plan"]) == (3, 25.0)
    (none,) = registry.get(f"/v1/units/{ids['GL-A']}/targets?on=2026-01-31").body["items"]
    assert (none["progress"], none["percent_of_plan"], none["met"]) == (None, None, None)
    assert registry.get(f"/v1/units/{ids['GL-A']}/targets?year=2025").body["items"] == []


def test_a_mistaken_report_stays_and_is_corrected_by_another(registry: Registry) -> None:
    ids = registry.imported(province())
    target_id = was_set(registry, target(ids, "GL-A", "GL"))
    wrong = str(uuid4())
    address = f"/v1/targets/{target_id}/progress"
    registry.post(address, progress("2026-03-31", 30, report_id=wrong))

    corrected = registry.post(address, progress("2026-03-31", 3, corrects=wrong))

    assert corrected.body["progress"]["value"] == 3
    read = registry.get(address).body["items"]
    assert {one["report_id"]: one["value"] for one in read}[wrong] == 30
    assert next(one for one in read if one["report_id"] == wrong)["corrected_by"]
    again = registry.post(address, progress("2026-03-31", 4, corrects=wrong))
    assert (again.status, again.body["rule"]) == (409, "report-exists")
    other = was_set(registry, target(ids, "GL-B", "GL"))
    foreign = registry.post(f"/v1/targets/{other}/progress", progress("2026-03-31", 4, corrects=wrong))
    assert foreign.rules == {"corrects": "unknown-report"}


def test_a_breakdown_makes_up_the_target_or_names_the_difference(registry: Registry) -> None:
    ids = registry.imported(province())
    target_id = was_set(registry, target(ids, "GL-A-X", "GL-A"))
    address = f"/v1/targets/{target_id}/breakdown"
    given = {"parts": parts(ids, A_X_1=7.25, A_X_2=3), "citation": "Kế hoạch 12-KH/ĐU"}

    short = registry.post(address, given)

    assert (short.status, short.rules) == (422, {"difference": "sum-differs"})
    assert "-1.75" in short.body["errors"][0]["message"]
    assert registry.sql("select count(*) from target") == [(1,)]
    named = registry.post(address, given | {"difference": -1.75})
    assert (named.status, named.body["total"], named.body["difference"]) == (200, 10.25, -1.75)
    whole = registry.post(address, given | {"parts": parts(ids, A_X_1=8, A_X_2=4)})
    assert [one["value"] for one in whole.body["parts"]] == [8, 4]
    assert [one["target_id"] for one in whole.body["parts"]] == [one["target_id"] for one in named.body["parts"]]


BROKEN: list[tuple[str, list[Row], dict[str, str]]] = [
    (
        "not below",
        [{"unit": "GL-B-X-1", "value": 6}, {"unit": "GL-A-X-1", "value": 6}],
        {"parts[0].unit_id": "not-directly-below"},
    ),
    ("itself", [{"unit": "GL-A-X", "value": 12}], {"parts[0].unit_id": "not-directly-below"}),
    (
        "twice",
        [{"unit": "GL-A-X-1", "value": 6}, {"unit": "GL-A-X-1", "value": 6}],
        {"parts[1].unit_id": "unit-twice"},
    ),
    ("less than nothing", [{"unit": "GL-A-X-1", "value": -1}], {"parts[0].value": "value-range"}),
    ("three decimals", [{"unit": "GL-A-X-1", "value": 1.125}], {"parts[0].value": "two-decimals"}),
    (
        "after the whole",
        [{"unit": "GL-A-X-1", "value": 12, "due_on": "2026-12-31"}],
        {"parts[0].due_on": "due-after-the-whole"},
    ),
    ("a day too early", [{"unit": "GL-A-X-1", "value": 12, "due_on": "2025-12-31"}], {"parts[0].due_on": "due-day"}),
]


@pytest.mark.parametrize(("what", "rows", "rules"), BROKEN)
def test_a_bad_part_is_named_and_no_part_is_kept(
    registry: Registry, what: str, rows: list[Row], rules: dict[str, str]
) -> None:
    ids = registry.imported(province())
    target_id = was_set(registry, target(ids, "GL-A-X", "GL-A", due_on="2026-12-30"))
    given = [
        {key: value for key, value in row.items() if key != "unit"} | {"unit_id": ids[row["unit"]]} for row in rows
    ]

    answer = registry.post(f"/v1/targets/{target_id}/breakdown", {"parts": given, "citation": "Kế hoạch 12"})

    assert answer.status == 422
    assert answer.rules.items() >= rules.items(), what
    assert registry.sql("select count(*) from target") == [(1,)]


def test_a_unit_with_a_target_from_elsewhere_is_no_part(registry: Registry) -> None:
    ids = registry.imported(province())
    was_set(registry, target(ids, "GL-A-X-1", "GL"))
    target_id = was_set(registry, target(ids, "GL-A-X", "GL-A"))

    answer = registry.post(
        f"/v1/targets/{target_id}/breakdown", {"parts": parts(ids, A_X_1=12), "citation": "Kế hoạch 12"}
    )

    assert answer.rules == {"parts[0].unit_id": "target-exists"}


def test_a_part_reported_on_is_not_left_out_of_the_next_breakdown(registry: Registry) -> None:
    ids = registry.imported(province())
    target_id = was_set(registry, target(ids, "GL-A-X", "GL-A"))
    address = f"/v1/targets/{target_id}/breakdown"
    first = registry.post(address, {"parts": parts(ids, A_X_1=6, A_X_2=6), "citation": "Kế hoạch 12"}).body["parts"]
    registry.post(f"/v1/targets/{first[0]['target_id']}/progress", progress("2026-03-31", 1))

    left = registry.post(address, {"parts": parts(ids, A_X_2=12), "citation": "Kế hoạch 13"})
    kept = registry.post(address, {"parts": parts(ids, A_X_1=12), "citation": "Kế hoạch 13"})

    assert left.rules == {"parts": "part-begun"}
    assert kept.status == 200
    assert registry.sql("select count(*) from target where part_of is not null") == [(1,)]
    changed = registry.post(f"/v1/targets/{first[0]['target_id']}/changes", {"value": 5})
    assert (changed.status, changed.body["rule"]) == (409, "part-of-breakdown")


def test_the_subtrees_sum_is_that_of_the_lowest_parts(registry: Registry) -> None:
    ids = registry.imported(province())
    top = was_set(registry, target(ids, "GL-A", "GL"))
    (commune,) = registry.post(
        f"/v1/targets/{top}/breakdown", {"parts": parts(ids, A_X=12), "citation": "Kế hoạch 1"}
    ).body["parts"]
    branches = registry.post(
        f"/v1/targets/{commune['target_id']}/breakdown",
        {"parts": parts(ids, A_X_1=7, A_X_2=6), "citation": "Kế hoạch 2", "difference": 1},
    ).body["parts"]
    registry.post(f"/v1/targets/{branches[0]['target_id']}/progress", progress("2026-03-31", 4))

    shown = {one["unit_code"]: one for one in registry.get(f"/v1/targets?under={ids['GL']}&year=2026").body["items"]}

    assert shown["GL-A"]["below"] == {"parts": 1, "difference": 0, "targets": 2, "reported": 1, "value": 4}
    assert shown["GL-A-X"]["below"] == {"parts": 2, "difference": 1, "targets": 2, "reported": 1, "value": 4}
    assert shown["GL-A-X-1"]["part_of"] == commune["target_id"]
    only = registry.get(f"/v1/targets?under={ids['GL']}&year=2026&kind=village_heads").body["items"]
    assert only == []
    first = registry.get(f"/v1/targets?under={ids['GL']}&year=2026&limit=3").body
    rest = registry.get(f"/v1/targets?under={ids['GL']}&year=2026&limit=3&cursor={first['next_cursor']}").body
    assert [one["unit_code"] for one in first["items"] + rest["items"]] == sorted(shown)


def test_shares_do_not_add_up_and_need_no_sum(registry: Registry) -> None:
    ids = registry.imported(province())
    target_id = was_set(registry, target(ids, "GL-A-X", "GL-A", kind="tasks", value=90))

    done = registry.post(
        f"/v1/targets/{target_id}/breakdown", {"parts": parts(ids, A_X_1=95, A_X_2=85), "citation": "Kế hoạch 2"}
    )

    assert done.status == 200
    (shown,) = registry.get(f"/v1/units/{ids['GL-A-X']}/targets").body["items"]
    assert (shown["below"]["difference"], shown["below"]["value"]) == (None, None)
    too_much = registry.post("/v1/targets", target(ids, "GL-B", "GL", kind="tasks", value=101))
    assert too_much.rules == {"value": "value-range"}


WRONG: list[tuple[Row, str, str]] = [
    ({"kind": "tea"}, "kind", "target-kind"),
    ({"year": 1900}, "year", "year"),
    ({"due_on": "2025-12-31"}, "due_on", "due-day"),
    ({"value": -1}, "value", "value-range"),
    ({"set_by": "GL-B"}, "set_by", "not-above"),
    ({"set_by": "GL-A"}, "set_by", "not-above"),
    ({"set_by": "GL-A-X"}, "set_by", "not-above"),
    ({"set_by": str(uuid4())}, "set_by", "unknown-unit"),
    ({"unit_id": str(uuid4())}, "unit_id", "unknown-unit"),
    ({"citation": " "}, "citation", "text"),
]


@pytest.mark.parametrize(("wrong", "field", "rule"), WRONG)
def test_a_target_that_breaks_a_rule_is_named(registry: Registry, wrong: Row, field: str, rule: str) -> None:
    ids = registry.imported(province())
    wrong = {key: ids.get(value, value) if isinstance(value, str) else value for key, value in wrong.items()}

    answer = registry.post("/v1/targets", target(ids, "GL-A", "GL") | wrong)

    assert (answer.status, answer.rules[field]) == (422, rule)
    assert registry.sql("select count(*) from target") == [(0,)]


@pytest.mark.parametrize(
    ("wrong", "field", "rule"),
    [({"on": "2026-06-16"}, "on", "day-to-come"), ({"on": "2025-12-31"}, "on", "before-the-year")],
)
def test_a_report_is_of_days_of_the_year_that_are_over(registry: Registry, wrong: Row, field: str, rule: str) -> None:
    ids = registry.imported(province())
    target_id = was_set(registry, target(ids, "GL-A", "GL"))

    answer = registry.post(f"/v1/targets/{target_id}/progress", progress("2026-03-31", 1) | wrong)

    assert answer.rules == {field: rule}


def test_a_province_sets_its_own_and_nobody_a_second_one(registry: Registry) -> None:
    ids = registry.imported(province())

    assert registry.post("/v1/targets", target(ids, "GL", "GL")).status == 201
    again = registry.post("/v1/targets", target(ids, "GL", "GL"))
    assert (again.status, again.body["rule"]) == (409, "target-exists")


def test_a_changed_target_still_fits_its_parts_or_names_the_difference(registry: Registry) -> None:
    ids = registry.imported(province())
    target_id = was_set(registry, target(ids, "GL-A-X", "GL-A"))
    registry.post(f"/v1/targets/{target_id}/breakdown", {"parts": parts(ids, A_X_1=12), "citation": "Kế hoạch 2"})
    address = f"/v1/targets/{target_id}/changes"

    assert registry.post(address, {"value": 13}).rules == {"difference": "sum-differs"}
    assert registry.post(address, {"value": 13, "difference": -1}).body["below"]["difference"] == -1
    assert registry.post(address, {"due_on": "2026-11-30"}).body["due_on"] == "2026-11-30"


def test_a_superior_sets_and_the_unit_reports(registry: Registry) -> None:
    ids = registry.imported(province())
    commune = registry.issuer.mint("committee_officer", ids["GL-A-X"])
    secretary = registry.issuer.mint("branch_secretary", ids["GL-A-X-1"])
    row = target(ids, "GL-A-X", "GL-A")

    assert registry.post("/v1/targets", row, token=commune).status == 403
    target_id = was_set(registry, row)
    assert registry.post(f"/v1/targets/{target_id}/changes", {"value": 1}, token=commune).status == 403
    (part,) = registry.post(
        f"/v1/targets/{target_id}/breakdown", {"parts": parts(ids, A_X_1=12), "citation": "Kế hoạch 2"}, token=commune
    ).body["parts"]
    report = progress("2026-03-31", 1)
    assert registry.post(f"/v1/targets/{part['target_id']}/progress", report, token=secretary).status == 201
    assert registry.post(f"/v1/targets/{target_id}/progress", report, token=secretary).status == 403
    assert registry.get(f"/v1/targets/{target_id}/progress", token=secretary).status == 403
    assert registry.get(f"/v1/units/{ids['GL-B']}/targets", token=commune).status == 403
    assert registry.get(f"/v1/targets/{uuid4()}/progress", token=commune).status == 403
    assert registry.get(f"/v1/targets/{uuid4()}/progress").status == 404
    recorded = registry.get(f"/v1/audit?subject_id={part['target_id']}").body["items"]
    assert [one["action"] for one in recorded] == ["target.reported", "target.broken_down"]


def test_the_kinds_of_target_are_data_with_a_source(registry: Registry) -> None:
    shown = registry.get("/v1/target-kinds").body

    assert {"new_members", "inspection", "village_heads", "tasks"} <= {one["kind"] for one in shown["items"]}
    assert shown["source"]
