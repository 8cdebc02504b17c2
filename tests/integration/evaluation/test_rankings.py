"""Rankings at the door."""

from datetime import date

from shared import db
from tests.integration.evaluation.committees import Evaluation, attended, unit_id
from tests.integration.evaluation.figures import merge_units
from tests.support import events

PATH = f"/v1/units/{unit_id('province')}/rankings?period=2025-Q2&figure=attendance_rate"


def year(evaluation: Evaluation) -> None:
    """B1 and B2 attend alike (27 of 30), B3 less (8 of 10, too few to be ranked once the rule asks for more)."""
    evaluation.held("b1", "2025-04", "2025-05", "2025-06", **attended(9))
    evaluation.held("b2", "2025-04", "2025-05", "2025-06", **attended(9))
    evaluation.held("b3", "2025-05", **attended(8))


def test_branches_of_a_province_are_ranked_over_a_quarter(evaluation: Evaluation) -> None:
    year(evaluation)

    answer = evaluation.get(f"{PATH}&by=type")

    assert answer.status == 200, answer.body
    assert [(one["code"], one["rank"], one["of"], one["value"]) for one in answer.body["items"]] == [
        ("B1", 1, 3, 0.9),
        ("B2", 1, 3, 0.9),
        ("B3", 3, 3, 0.8),
    ]
    assert answer.body["least"] == {"of": "owed", "least": 10}


def test_the_minimum_is_a_dated_rule(evaluation: Evaluation) -> None:
    year(evaluation)
    evaluation.sql(
        """update rule set value = jsonb_set(value, '{attendance_rate,least}', '11')
        where name = 'ranking_minimums' returning 1"""
    )
    last = evaluation.get(f"{PATH}&by=type").body["items"][-1]
    assert (last["code"], last["rank"], last["unranked"], last["behind"]) == ("B3", None, "below-minimum", 10)
    assert "tối thiểu" in last["because"]["vi"]


def test_the_same_parent_makes_a_group(evaluation: Evaluation) -> None:
    year(evaluation)
    found = evaluation.get(f"{PATH}&by=parent").body["items"]
    assert {one["code"]: (one["rank"], one["group"]["parent"]) for one in found} == {
        "B1": (1, "Đơn vị d1"),
        "B2": (1, "Đơn vị d1"),
        "B3": (1, "Đơn vị d2"),
    }


def test_branches_of_like_size_make_a_group_and_one_of_unknown_size_has_no_rank(evaluation: Evaluation) -> None:
    year(evaluation)
    for code, members in (("b1", 12), ("b2", 40)):
        evaluation.sql(
            "insert into unit_members (unit_id, month, members_active) values (%s, '2025-01', %s) returning 1",
            unit_id(code),
            members,
        )
    found = evaluation.get(f"{PATH}&by=size").body["items"]
    assert {one["code"]: (one["group"]["size"], one["rank"], one["unranked"]) for one in found} == {
        "B1": ("10-29", 1, None),
        "B2": ("30-49", 1, None),
        "B3": (None, None, "no-size"),
    }


def test_committees_are_ranked_by_the_number_of_their_branches(evaluation: Evaluation) -> None:
    year(evaluation)
    found = evaluation.get(f"{PATH}&of=committees").body["items"]
    assert [(one["code"], one["rank"], one["group"]["size"]) for one in found] == [
        ("D1", 1, "0-9"),
        ("D2", 2, "0-9"),
    ]


def test_pages_follow_one_another(evaluation: Evaluation) -> None:
    year(evaluation)
    first = evaluation.get(f"{PATH}&by=type&limit=2").body
    rest = evaluation.get(f"{PATH}&by=type&limit=2&cursor={first['next_cursor']}").body
    assert [one["code"] for one in [*first["items"], *rest["items"]]] == ["B1", "B2", "B3"]
    assert rest["next_cursor"] is None


def test_a_branch_is_told_its_own_place_and_nobody_elses(evaluation: Evaluation) -> None:
    year(evaluation)
    own = evaluation.get(
        PATH.replace(str(unit_id("province")), str(unit_id("b2"))) + "&by=type", evaluation.secretary("b2")
    )
    assert [(one["code"], one["rank"], one["of"]) for one in own.body["items"]] == [("B2", 1, 2)]
    assert evaluation.get(f"{PATH}&by=type", evaluation.secretary("b2")).status == 403


def test_a_branch_that_moved_is_compared_where_it_stood_then(evaluation: Evaluation) -> None:
    year(evaluation)
    moved = events.unit(unit_id("b1"), unit_id("d1"), valid_to=date(2025, 7, 1), version=2)
    later = events.unit(unit_id("b1"), unit_id("d2"), valid_from=date(2025, 7, 1))
    with db.connect(evaluation.url, name="test") as conn:
        merge_units(conn, moved | {"code": "B1", "spans": moved["spans"] + later["spans"]})
    path = f"/v1/units/{unit_id('b1')}/rankings?figure=attendance_rate&by=parent&period="
    (second,) = evaluation.get(f"{path}2025-Q2", evaluation.secretary("b1")).body["items"]
    (third,) = evaluation.get(f"{path}2025-Q3", evaluation.secretary("b1")).body["items"]
    assert (second["group"]["parent"], second["of"]) == ("Đơn vị d1", 2)
    assert third["group"]["parent"] == "Đơn vị d2"
    before = evaluation.get(f"{path}2019", evaluation.secretary("b1"))
    assert (before.status, before.body["rule"]) == (404, "unit-not-in-force")


def test_what_is_not_known_is_refused_with_what_is(evaluation: Evaluation) -> None:
    unknown = evaluation.get(PATH.replace("attendance_rate", "nonsense"))
    assert (unknown.status, unknown.rules) == (422, {"figure": "unknown-figure"})
    assert "attendance_rate" in unknown.said
    backwards = evaluation.get(PATH.replace("2025-Q2", "2025-06..2025-03"))
    assert backwards.rules == {"period": "period-ends-before-it-begins"}
    assert evaluation.get(f"{PATH}&by=colour").rules == {"by": "comparable-by"}
