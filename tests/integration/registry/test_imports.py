"""A province comes in by one request: whole, once, or not at all."""

import pytest

from tests.integration.registry.conftest import Registry
from tests.integration.registry.rows import Row, member, province, unit

UNITS = "registry.units.v1"
ROSTERS = "registry.rosters.v1"


def counts(created: int = 0, changed: int = 0, unchanged: int = 0) -> dict[str, int]:
    """The counts of an answer."""
    return {"created": created, "changed": changed, "unchanged": unchanged}


def test_a_province_is_kept_and_published(registry: Registry) -> None:
    answer = registry.post("/v1/imports", province())

    done = {"units": counts(created=9), "members": counts(created=12), "villages": counts()}
    assert (answer.status, answer.body) == (200, done)
    ids = {code: str(unit_id) for code, unit_id in registry.ids().items()}
    units = {event["code"]: event for event in registry.events(UNITS)}
    assert len(units) == 9
    assert {event["version"] for event in units.values()} == {1}
    assert units["GL-A-X-1"]["spans"] == [
        {
            "valid_from": "2010-01-01",
            "valid_to": None,
            "kind": "branch",
            "level": "branch",
            "parent_id": ids["GL-A-X"],
            "name": "Đơn vị GL-A-X-1",
            "branch_type": "commune",
        }
    ]
    rosters = {event["unit_id"]: event for event in registry.events(ROSTERS)}
    assert set(rosters) == {ids[code] for code in ("GL-A-X-1", "GL-A-X-2", "GL-B-X-1", "GL-B-X-2")}
    roster = rosters[ids["GL-B-X-2"]]
    assert roster["version"] == 1
    assert [entry | {"member_id": ""} for entry in roster["members"]] == 3 * [
        {
            "member_id": "",
            "valid_from": "2015-05-19",
            "valid_to": None,
            "kind": "official",
            "status": "active",
            "age_band": "41-50",
            "post": None,
            "agency": None,
        }
    ]


def test_the_same_rows_again_change_nothing_and_publish_nothing(registry: Registry) -> None:
    registry.post("/v1/imports", province())
    before = len(registry.outbox())

    answer = registry.post("/v1/imports", province())

    assert answer.body == {"units": counts(unchanged=9), "members": counts(unchanged=12), "villages": counts()}
    assert len(registry.outbox()) == before


def test_only_what_differs_is_published_in_the_next_version(registry: Registry) -> None:
    rows = province()
    registry.post("/v1/imports", rows)
    before = len(registry.outbox())
    rows["members"][0] |= {"unit_code": "GL-A-X-2", "post": "secretary"}
    rows["members"][1] |= {"full_name": "Nguyễn Mẫu Bình"}
    rows["units"][0] |= {"name": "Chi bộ thôn Hoà Bình"}

    answer = registry.post("/v1/imports", rows)

    assert answer.body == {
        "units": counts(changed=1, unchanged=8),
        "members": counts(changed=2, unchanged=10),
        "villages": counts(),
    }
    ids = {code: str(unit_id) for code, unit_id in registry.ids().items()}
    assert len(registry.outbox()) == before + 3
    assert [(event["code"], event["version"]) for event in registry.events(UNITS)[9:]] == [("GL-A-X-1", 2)]
    sizes = {event["unit_id"]: (event["version"], len(event["members"])) for event in registry.events(ROSTERS)[4:]}
    assert sizes == {ids["GL-A-X-1"]: (2, 2), ids["GL-A-X-2"]: (2, 4)}


def test_rows_of_one_code_are_its_history(registry: Registry) -> None:
    rows = province()
    rows["units"] = [row for row in rows["units"] if row["code"] != "GL-A-X-1"] + [
        unit("GL-A-X-1", "GL-A-X", "branch", "branch", valid_from="2024-07-01", name="Chi bộ thôn Hoà Bình"),
        unit("GL-A-X-1", "GL-A-X", "branch", "branch", name="Chi bộ thôn 1"),
    ]
    rows["members"] = [
        member("M1", "GL-A-X-1", kind="probationary", valid_from="2024-02-03", valid_to="2025-02-03"),
        member("M1", "GL-A-X-1", valid_from="2025-02-03"),
        member("M1", "GL-A-X-1", valid_from="2026-01-01", status="left"),
    ]

    answer = registry.post("/v1/imports", rows)

    assert answer.body == {"units": counts(created=9), "members": counts(created=1), "villages": counts()}
    branch = next(event for event in registry.events(UNITS) if event["code"] == "GL-A-X-1")
    assert [(span["valid_from"], span["valid_to"], span["name"]) for span in branch["spans"]] == [
        ("2010-01-01", "2024-07-01", "Chi bộ thôn 1"),
        ("2024-07-01", None, "Chi bộ thôn Hoà Bình"),
    ]
    rosters = registry.events(ROSTERS)
    assert len(rosters) == 4, "a branch that nobody has joined yet is told of with an empty roster"
    (roster,) = [one for one in rosters if one["members"]]
    assert [(entry["valid_from"], entry["valid_to"], entry["kind"]) for entry in roster["members"]] == [
        ("2024-02-03", "2025-02-03", "probationary"),
        ("2025-02-03", "2026-01-01", "official"),
    ]


BROKEN: list[tuple[str, int, Row, str, str]] = [
    ("members", 7, {"birth_date": "2025-13-01"}, "members[7].birth_date", "field"),
    ("members", 7, {"birth_date": "1899-12-31"}, "members[7].birth_date", "birth-date"),
    ("members", 7, {"birth_date": "2027-01-01"}, "members[7].birth_date", "birth-date"),
    ("members", 7, {"birth_date": "1997-05-20"}, "members[7].valid_from", "admission-age"),
    ("members", 7, {"kind": "guest"}, "members[7].kind", "one-of"),
    ("members", 7, {"full_name": "Nguyễn\nMẫu"}, "members[7].full_name", "text"),
    ("members", 7, {"unit_code": "GL-Z"}, "members[7].unit_code", "unknown-unit"),
    ("members", 7, {"unit_code": "GL-A-X"}, "members[7].unit_code", "branch-not-in-force"),
    ("members", 7, {"valid_from": "2009-01-01"}, "members[7].unit_code", "branch-not-in-force"),
    ("members", 7, {"valid_to": "2015-05-19"}, "members[7].valid_to", "span-empty"),
    ("members", 7, {"nickname": "?"}, "members[7].nickname", "field"),
    ("units", 0, {"parent_code": "GL-Z"}, "units[0].parent_code", "unknown-unit"),
    ("units", 0, {"parent_code": None}, "units[0].parent_code", "parent-needed"),
    ("units", 0, {"parent_code": "GL"}, "units[0].parent_code", "parent-kind"),
    ("units", 0, {"branch_type": None}, "units[0].branch_type", "branch-type-needed"),
    ("units", 8, {"branch_type": "ward"}, "units[8].branch_type", "branch-type-not-for-this-kind"),
    ("units", 0, {"valid_from": "2009-12-31"}, "units[0].parent_code", "parent-not-in-force"),
    ("units", 2, {"valid_to": "2026-01-01"}, "units[0].parent_code", "parent-not-in-force"),
    ("units", 0, {"code": "GL A"}, "units[0].code", "code"),
]


@pytest.mark.parametrize(("group", "number", "wrong", "field", "rule"), BROKEN)
def test_one_bad_row_is_named_and_nothing_is_kept(
    registry: Registry, group: str, number: int, wrong: Row, field: str, rule: str
) -> None:
    rows = province()
    rows[group][number] |= wrong

    answer = registry.post("/v1/imports", rows)

    assert answer.status == 422
    assert answer.rules[field] == rule
    assert registry.sql("select count(*) from unit") == [(0,)]
    assert registry.sql("select count(*) from member") == [(0,)]
    assert registry.outbox() == []


def test_overlaps_and_gaps_between_rows_of_one_code_are_refused(registry: Registry) -> None:
    rows = province()
    rows["members"] = [
        member("M1", "GL-A-X-1", valid_to="2020-01-01"),
        member("M1", "GL-A-X-1", valid_from="2019-01-01"),
        member("M2", "GL-A-X-1", valid_to="2020-01-01"),
        member("M2", "GL-A-X-1", valid_from="2021-01-01"),
        member("M3", "GL-A-X-1"),
        member("M3", "GL-A-X-1", valid_from="2021-01-01", full_name="Trần Mẫu Bình"),
    ]

    answer = registry.post("/v1/imports", rows)

    assert answer.status == 422
    assert answer.rules == {
        "members[1].valid_from": "span-overlap",
        "members[3].valid_from": "span-gap",
        "members[5].code": "person-differs",
    }


def test_units_below_one_another_are_refused(registry: Registry) -> None:
    rows = [
        unit("GL", None, "province_committee", "province"),
        unit("A", "B", "direct_committee", "commune", valid_from="2025-07-01"),
        unit("B", "A", "direct_committee", "commune", valid_from="2025-07-01"),
    ]

    answer = registry.post("/v1/imports", {"units": rows})

    assert answer.status == 422
    assert answer.rules == {"units[1].parent_code": "cycle", "units[2].parent_code": "cycle"}


def test_a_change_that_leaves_kept_units_or_members_behind_is_refused_at_its_row(registry: Registry) -> None:
    rows = province()
    registry.post("/v1/imports", rows)
    before = len(registry.outbox())
    commune = unit("GL-A-X", "GL-A", "grassroots_committee", "commune", valid_to="2026-01-01")
    branch = unit("GL-B-X-1", "GL-B-X", "branch", "branch", valid_to="2026-01-01")

    answer = registry.post("/v1/imports", {"units": [commune, branch]})

    assert answer.status == 422
    assert [(error["field"], error["rule"]) for error in answer.body["errors"]] == [
        ("units[0].valid_to", "child-not-in-force"),
        ("units[0].valid_to", "child-not-in-force"),
        ("units[1].valid_to", "members-left"),
    ]
    assert "GL-A-X-1" in answer.body["errors"][0]["message"]
    assert len(registry.outbox()) == before


def test_faults_are_named_up_to_a_thousand(registry: Registry) -> None:
    rows = province()
    rows["members"] = [member(f"M{number}", "GL-Z") for number in range(1200)]

    answer = registry.post("/v1/imports", rows)

    assert answer.status == 422
    assert len(answer.body["errors"]) == 1000
    assert "1200" in answer.body["detail"]


def test_more_rows_than_the_setting_allows_are_refused(registry: Registry) -> None:
    answer = registry.post("/v1/imports", {"members": [member(f"M{number}", "GL") for number in range(5001)]})

    assert (answer.status, answer.body["rule"]) == (413, "too-many-rows")


def test_an_officer_imports_below_their_own_unit_only(registry: Registry) -> None:
    rows = province()
    registry.post("/v1/imports", rows)
    officer = registry.issuer.mint("committee_officer", registry.ids()["GL-A"])
    below = [
        unit("GL-A-Y", "GL-A", "grassroots_committee", "commune"),
        unit("GL-A-Y-1", "GL-A-Y", "branch", "branch"),
    ]
    inside = {"units": below, "members": [member("NEW", "GL-A-Y-1")]}

    assert registry.post("/v1/imports", rows, token=officer).body["units"] == counts(unchanged=9)
    assert registry.post("/v1/imports", inside, token=officer).body["units"] == counts(created=2)
    before = len(registry.outbox())
    outside = {
        "units": [
            unit("GL-B-Y", "GL-B", "grassroots_committee", "commune"),
            unit("XX", None, "province_committee", "province"),
            unit("GL-A-Z", "NOWHERE", "grassroots_committee", "commune"),
            unit("GL-B-X-1", "GL-A-X", "branch", "branch"),
        ],
        "members": [member("GL-B-X-1-0", "GL-A-X-1"), member("N2", "GL-B-X-1")],
    }
    answer = registry.post("/v1/imports", outside, token=officer)

    assert (answer.status, answer.body["rule"]) == (403, "outside-rights")
    assert set(answer.rules) == {
        "units[0].parent_code",
        "units[1].parent_code",
        "units[2].parent_code",
        "units[3].code",
        "members[0].code",
        "members[1].unit_code",
    }
    assert len(registry.outbox()) == before
