"""Training classes: who is called, who attended, and how many secretaries they reach."""

from typing import Any
from uuid import uuid4

import pytest

from tests.integration.registry.conftest import Registry
from tests.integration.registry.rows import Row, province


def a_class(ids: dict[str, str], organiser: str, **more: Any) -> Row:
    """A class of three days in April 2026."""
    return {
        "title": "Bồi dưỡng bí thư chi bộ năm 2026",
        "from": "2026-04-13",
        "to": "2026-04-15",
        "place": "Trung tâm Chính trị",
        "organiser": ids[organiser],
    } | more


def members(registry: Registry) -> dict[str, str]:
    """The ids of members by code."""
    return {code: str(member_id) for code, member_id in registry.sql("select code, member_id from member")}


def with_secretaries(registry: Registry) -> dict[str, str]:
    """A province in which the first member of each branch is its secretary since May 2025."""
    rows = province()
    rows["members"] += [
        row | {"valid_from": "2025-05-01", "post": "secretary"} for row in rows["members"] if row["code"].endswith("-0")
    ]
    return registry.imported(rows)


def test_a_class_counts_who_was_called_and_who_attended(registry: Registry) -> None:
    ids = with_secretaries(registry)
    people = members(registry)
    first, second, third = (people[f"GL-A-X-1-{n}"] for n in range(3))
    made = registry.post("/v1/training-classes", a_class(ids, "GL-A", called=[first])).body
    address = f"/v1/training-classes/{made['class_id']}"

    called = registry.post(f"{address}/called", {"called": [first, second, third]}).body
    stated = registry.post(f"{address}/attendance", {"attended": [first, third]}).body

    assert (made["called"], called["called"], called["attended"]) == (1, 3, 0)
    assert (stated["called"], stated["attended"], stated["from"]) == (3, 2, "2026-04-13")
    shown = registry.get(address).body
    assert {one["member_id"]: one["attended"] for one in shown["people"]} == {first: True, second: False, third: True}
    corrected = registry.post(f"{address}/attendance", {"attended": []}).body
    assert corrected["attended"] == 0
    actions = registry.get(f"/v1/audit?subject_id={made['class_id']}").body["items"]
    assert [one["action"] for one in actions] == [
        "training.attended",
        "training.attended",
        "training.called",
        "training.held",
    ]


def test_secretaries_in_office_are_held_against_the_classes_since_a_day(registry: Registry) -> None:
    ids = with_secretaries(registry)
    people = members(registry)
    secretary, other = people["GL-A-X-1-0"], people["GL-A-X-2-0"]
    made = registry.post("/v1/training-classes", a_class(ids, "GL", called=[secretary, other])).body
    registry.post(f"/v1/training-classes/{made['class_id']}/attendance", {"attended": [secretary]})
    address = f"/v1/units/{ids['GL-A']}/training-coverage"

    shown = registry.get(f"{address}?since=2026-01-01").body

    assert (shown["secretaries"], shown["trained"], shown["percent"]) == (2, 1, 50.0)
    assert shown["untrained"] == [{"unit_id": ids["GL-A-X-2"], "member_id": other}]
    assert registry.get(f"{address}?since=2026-04-16").body["trained"] == 0
    assert registry.get(f"{address}?since=2026-01-01&on=2026-04-12").body["trained"] == 0
    assert registry.get(f"{address}?since=2020-01-01&on=2025-04-30").body["secretaries"] == 0


def test_classes_are_listed_by_first_day_in_pages(registry: Registry) -> None:
    ids = registry.imported(province())
    for organiser, day in (("GL-A", "2026-05-04"), ("GL-A-X", "2026-03-02"), ("GL-B", "2026-02-02")):
        assert registry.post("/v1/training-classes", a_class(ids, organiser, **{"from": day, "to": day})).status == 201
    address = f"/v1/training-classes?under={ids['GL']}&from=2026-02-03"

    first = registry.get(f"{address}&limit=1").body
    rest = registry.get(f"{address}&limit=1&cursor={first['next_cursor']}").body

    assert [one["from"] for one in first["items"] + rest["items"]] == ["2026-03-02", "2026-05-04"]
    assert rest["next_cursor"] is None
    assert len(registry.get(f"/v1/training-classes?under={ids['GL-B']}").body["items"]) == 1


WRONG: list[tuple[Row, str, str]] = [
    ({"to": "2026-04-12"}, "to", "class-day"),
    ({"from": "1900-01-01"}, "from", "class-day"),
    ({"organiser": str(uuid4())}, "organiser", "unknown-unit"),
    ({"called": ["FOREIGN"]}, "called[0]", "member-not-below"),
    ({"called": [str(uuid4())]}, "called[0]", "member-not-below"),
    ({"called": ["OWN", "OWN"]}, "called[1]", "member-twice"),
    ({"title": ""}, "title", "text"),
]


@pytest.mark.parametrize(("wrong", "field", "rule"), WRONG)
def test_a_class_that_breaks_a_rule_is_named(registry: Registry, wrong: Row, field: str, rule: str) -> None:
    ids = registry.imported(province())
    people = members(registry)
    known = {"FOREIGN": people["GL-B-X-1-0"], "OWN": people["GL-A-X-1-0"]}
    wrong = {
        key: [known.get(one, one) for one in value] if isinstance(value, list) else value
        for key, value in wrong.items()
    }

    answer = registry.post("/v1/training-classes", a_class(ids, "GL-A") | wrong)

    assert (answer.status, answer.rules[field]) == (422, rule)
    assert registry.sql("select count(*) from training_class") == [(0,)]


def test_only_who_was_called_can_have_attended_and_only_what_has_begun(registry: Registry) -> None:
    ids = registry.imported(province())
    people = members(registry)
    made = registry.post("/v1/training-classes", a_class(ids, "GL-A", called=[people["GL-A-X-1-0"]])).body
    later = registry.post(
        "/v1/training-classes", a_class(ids, "GL-A", **{"from": "2026-07-01", "to": "2026-07-02"})
    ).body

    stranger = registry.post(
        f"/v1/training-classes/{made['class_id']}/attendance", {"attended": [people["GL-A-X-1-1"]]}
    )
    early = registry.post(f"/v1/training-classes/{later['class_id']}/attendance", {"attended": []})

    assert stranger.rules == {"attended[0]": "not-called"}
    assert early.rules == {"attended": "day-to-come"}


def test_classes_are_kept_within_the_own_subtree(registry: Registry) -> None:
    ids = registry.imported(province())
    made = registry.post("/v1/training-classes", a_class(ids, "GL-B")).body
    officer = registry.issuer.mint("committee_officer", ids["GL-A"])
    address = f"/v1/training-classes/{made['class_id']}"

    for answer in (
        registry.post("/v1/training-classes", a_class(ids, "GL-B"), token=officer),
        registry.post(f"{address}/called", {"called": [str(uuid4())]}, token=officer),
        registry.post(f"{address}/attendance", {"attended": []}, token=officer),
        registry.get(address, token=officer),
        registry.get(f"/v1/training-classes/{uuid4()}", token=officer),
        registry.get(f"/v1/training-classes?under={ids['GL-B']}", token=officer),
        registry.get(f"/v1/units/{ids['GL-B']}/training-coverage?since=2026-01-01", token=officer),
    ):
        assert answer.status == 403
    assert registry.get(f"/v1/training-classes/{uuid4()}").status == 404
    assert registry.post("/v1/training-classes", a_class(ids, "GL-A"), token=officer).status == 201
