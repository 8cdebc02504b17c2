"""What portals may ask: figures by name, as JSON or CSV, tagged, compared, by any period; and what is refused, how."""

import csv
import io
from typing import Any

import pytest

from shared import db
from tests.integration.evaluation.api import BRANCHES, EAST, MEETINGS, MONTH, PROVINCE, WEST, Api, api
from tests.integration.evaluation.figures import merge_meetings
from tests.support import events

__all__ = ["api"]
CARD = f"units/{PROVINCE}/scorecard?period={MONTH}"
EVIDENCE = f"units/{PROVINCE}/figures"


def _rows(text: str) -> list[dict[str, str]]:
    assert text.startswith("\ufeff")
    return list(csv.DictReader(io.StringIO(text[1:])))


def test_only_the_figures_asked_for_are_told(api: Api) -> None:
    card = api.json(f"{CARD}&fields=attendance_rate,regular_held")
    assert (card["parts"], card["derived"]) == ({"regular_held": 3}, {"attendance_rate": 0.8})


@pytest.mark.parametrize(
    "path",
    [
        f"{CARD}&fields=attendance_rat,held",
        f"units/{PROVINCE}/children?period={MONTH}&order_by=attendance_rat",
        f"{EVIDENCE}/attendance_rat/evidence?period={MONTH}",
    ],
)
def test_an_unknown_figure_is_refused_with_those_there_are_the_closest_first(api: Api, path: str) -> None:
    refusal = api.get(path).get_json(force=True)
    fault = refusal.get("errors", [{"rule": refusal["rule"], "message": refusal["detail"]}])[0]
    assert fault["rule"] == "unknown-figure"
    assert "Closest: attendance_rate," in fault["message"]
    assert "regular_held" in fault["message"]


def test_a_period_that_ends_before_it_begins_is_refused_with_the_right_way_round(api: Api) -> None:
    answer = api.get(f"units/{PROVINCE}/scorecard?period=2025-08..2025-03", language="vi")
    (fault,) = answer.get_json(force=True)["errors"]
    assert (answer.status_code, fault["rule"]) == (422, "period-ends-before-it-begins")
    assert "2025-03..2025-08" in fault["message"]


def test_a_unit_outside_ones_rights_is_refused_alone_and_in_a_comparison(api: Api) -> None:
    for path in (f"units/{WEST}/scorecard?period={MONTH}", f"units/{EAST}/comparison?period={MONTH}&units={WEST}"):
        answer = api.get(path, unit=EAST)
        assert (answer.status_code, answer.get_json(force=True)["rule"]) == (403, "outside-rights")


@pytest.mark.parametrize("wanted", [{"query": "&format=csv"}, {"accept": "text/csv"}])
def test_csv_has_steady_headers_and_carries_out_nothing(api: Api, wanted: dict[str, str]) -> None:
    path = f"units/{PROVINCE}/children?period={MONTH}&fields=regular_held,attendance_rate{wanted.get('query', '')}"
    answer = api.get(path, Accept=wanted.get("accept", "*/*"))
    assert answer.content_type == "text/csv; charset=utf-8"
    rows = _rows(answer.get_data(as_text=True))
    assert list(rows[0]) == [
        *("rank", "unit_id", "code", "name", "kind", "level", "period", "version", "computed_at"),
        *("regular_held", "attendance_rate"),
    ]
    assert {row["name"]: row["regular_held"] for row in rows} == {"'=Huyện uỷ Đông": "2", "Huyện uỷ Tây": "1"}


def test_csv_names_its_next_page(api: Api) -> None:
    first = api.get(f"units/{PROVINCE}/figures?period={MONTH}&format=csv&limit=4&fields=present")
    link, _, relation = first.headers["Link"].partition("; ")
    assert relation == 'rel="next"'
    second = api.get(link.strip("<>").removeprefix("/v1/"))
    assert "Link" not in second.headers
    found = [row["unit_id"] for page in (first, second) for row in _rows(page.get_data(as_text=True))]
    assert found == [str(one) for one in (PROVINCE, EAST, WEST, *BRANCHES)]


@pytest.mark.parametrize(
    "path",
    [
        CARD,
        f"units/{PROVINCE}/children?period={MONTH}",
        f"units/{PROVINCE}/trend?from=2025-01&to={MONTH}",
        f"units/{PROVINCE}/figures?period={MONTH}",
        f"units/{PROVINCE}/comparison?period={MONTH}",
        f"{EVIDENCE}/present/evidence?period={MONTH}",
    ],
)
def test_an_answer_is_tagged_and_sent_again_only_when_it_is_another(api: Api, path: str) -> None:
    first = api.get(path)
    assert first.headers["Cache-Control"].startswith("private, ")
    again = api.get(path, If_None_Match=first.headers["ETag"])
    assert (again.status_code, again.get_data()) == (304, b"")
    assert api.get(f"{path}&format=csv", If_None_Match=first.headers["ETag"]).status_code == 200
    with db.connect(api.database, name="test") as conn:
        merge_meetings(conn, events.meeting(BRANCHES[3], MONTH))
    other = api.get(path, If_None_Match=first.headers["ETag"])
    assert other.status_code == 200
    assert other.get_data() != first.get_data()


def test_a_closed_month_may_be_kept_longer_than_an_open_one(api: Api) -> None:
    ages = [
        api.get(f"units/{PROVINCE}/scorecard?period={month}").cache_control.max_age for month in ("2025-05", "2025-07")
    ]
    assert ages == [300, 1]
    paths = [f"units/{PROVINCE}/children?period={month}" for month in (MONTH, "2025-07")]
    assert [api.get(path).cache_control.max_age for path in paths] == [300, 1]


def test_a_unit_is_compared_with_itself_and_with_others(api: Api) -> None:
    path = (
        f"units/{EAST}/comparison?period={MONTH}&with=previous,year_before&units={WEST}&fields=regular_held,held_rate"
    )
    found = api.json(path)
    assert found["base"]["parts"] == {"regular_held": 2}
    told = [(one["relation"], one["scorecard"]["period"], one["difference"]) for one in found["others"]]
    assert told == [
        ("previous", "2025-05", {"regular_held": 2, "held_rate": 1.0}),
        ("year_before", "2024-06", {"regular_held": 2, "held_rate": 1.0}),
        ("unit", MONTH, {"regular_held": 1, "held_rate": 0.5}),
    ]


def test_a_trend_goes_by_quarters(api: Api) -> None:
    cards = api.json(f"units/{PROVINCE}/trend?from=2025-01&to={MONTH}&by=quarter&fields=regular_held,due")
    assert [(card["period"], card["parts"]["regular_held"], card["derived"]["due"]) for card in cards] == [
        ("2025-Q1", 0, 12),
        ("2025-Q2", 3, 12),
    ]


def test_a_figure_opens_down_to_its_minutes(api: Api) -> None:
    page = api.json(f"{EVIDENCE}/on_time_rate/evidence?period={MONTH}&limit=2")
    assert (page["value"], page["terms"]) == (0.6667, ["regular_on_time", "regular_held"])
    rest = api.json(f"{EVIDENCE}/on_time_rate/evidence?period={MONTH}&limit=2&cursor={page['next_cursor']}")
    rows = [*page["items"], *rest["items"]]
    assert [(row["id"], row["contributed"]) for row in rows] == [
        (str(MEETINGS[0]), {"regular_on_time": 1, "regular_held": 1}),
        (str(MEETINGS[1]), {"regular_on_time": 1, "regular_held": 1}),
        (str(MEETINGS[2]), {"regular_held": 1}),
    ]
    assert rows[2]["why"] == {
        "vi": "Báo cáo chậm 2 ngày: hạn 5/6/2025, báo cáo 7/6/2025.",
        "en": "Reported 2 days late: due 5/6/2025, reported 7/6/2025.",
    }
    assert (rows[2]["rule"]["rule"], rows[2]["rule"]["citation"]) == (
        "report_within_days",
        "HD 12-HD/BTCTW; HD 42-HD/BTCTW",
    )
    assert rest["next_cursor"] is None


def test_what_is_missing_opens_to_the_branches(api: Api) -> None:
    (row,) = api.json(f"{EVIDENCE}/missing/evidence?period={MONTH}")["items"]
    assert (row["kind"], row["id"], row["branch_name"]) == ("branch", str(BRANCHES[3]), "Chi bộ 4")
    assert "2/7/2025" in row["why"]["vi"]


def test_evidence_is_a_sheet_too(api: Api) -> None:
    answer = api.get(f"{EVIDENCE}/tasks_due/evidence?period={MONTH}&format=csv")
    (row,) = _rows(answer.get_data(as_text=True))
    assert (row["kind"], row["branch_name"], row["tasks_due"]) == ("task", "Chi bộ 1", "1")


@pytest.mark.parametrize(
    "path",
    [
        f"units/{PROVINCE}/children?period={MONTH}",
        f"units/{PROVINCE}/trend?from=2025-01&to={MONTH}",
        f"units/{PROVINCE}/figures?period={MONTH}",
        f"units/{PROVINCE}/comparison?period={MONTH}",
        f"{EVIDENCE}/evidence_gap/evidence?period={MONTH}",
    ],
)
def test_a_past_moment_is_refused_where_it_is_not_kept(api: Api, path: str) -> None:
    answer = api.get(f"{path}&known_at=2025-06-30T00:00:00Z")
    (fault,) = answer.get_json(force=True)["errors"]
    assert (answer.status_code, fault["field"], fault["rule"]) == (422, "known_at", "known-at-not-here")


def test_a_moment_to_come_is_refused(api: Api) -> None:
    fault: Any = api.get(f"{CARD}&known_at=2026-01-01T00:00:00Z").get_json(force=True)["errors"][0]
    assert fault["rule"] == "known-at-to-come"
