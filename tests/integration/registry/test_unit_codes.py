"""Codes that other systems have for units."""

from tests.integration.registry.conftest import Answer, Registry
from tests.integration.registry.rows import province

SYSTEM = "csdl-dv"


def give(registry: Registry, unit_id: str, code: str, valid_from: str, valid_to: str | None = None) -> Answer:
    """A unit's code from a day on."""
    body = {"code": code, "valid_from": valid_from, "valid_to": valid_to}
    return registry.call("PUT", f"/v1/units/{unit_id}/codes/{SYSTEM}", body)


def found(registry: Registry, code: str, on: str) -> str | None:
    """The unit behind a code on a day."""
    answer = registry.get(f"/v1/unit-codes/{SYSTEM}/{code}?on={on}")
    return str(answer.body["unit_id"]) if answer.status == 200 else None


def test_a_unit_is_found_by_the_code_it_has_on_a_day(registry: Registry) -> None:
    ids = registry.imported(province())
    one, other = ids["GL-A-X-1"], ids["GL-A-X-2"]

    assert give(registry, one, "64.01", "2020-01-01").status == 200
    assert give(registry, one, "64.02", "2025-07-01").status == 200
    assert give(registry, other, "64.01", "2025-07-01").status == 200

    assert [found(registry, "64.01", on) for on in ("2019-12-31", "2020-01-01", "2025-06-30", "2025-07-01")] == [
        None,
        one,
        one,
        other,
    ]
    shown = registry.get(f"/v1/units/{one}/codes?on=2025-06-30").body["items"]
    assert [(code["code"], code["valid_to"]) for code in shown] == [("64.01", "2025-07-01")]


def test_a_code_that_another_unit_has_is_refused(registry: Registry) -> None:
    ids = registry.imported(province())
    give(registry, ids["GL-A-X-1"], "64.01", "2020-01-01")

    taken = give(registry, ids["GL-A-X-2"], "64.01", "2019-01-01")
    before = give(registry, ids["GL-A-X-2"], "64.01", "2019-01-01", "2020-01-01")

    assert (taken.status, taken.body["rule"]) == (409, "code-taken")
    assert before.status == 200


def test_codes_of_one_system_do_not_overlap_and_lie_in_the_units_days(registry: Registry) -> None:
    unit_id = registry.imported(province())["GL-A-X-1"]
    give(registry, unit_id, "64.02", "2025-07-01")

    assert give(registry, unit_id, "64.01", "2020-01-01").body["rule"] == "later-change"
    assert give(registry, unit_id, "64.01", "2020-01-01", "2025-07-01").status == 200
    assert give(registry, unit_id, "64.00", "2009-01-01", "2009-06-01").rules == {"valid_from": "unit-not-in-force"}
    recorded = registry.sql("select count(*) from audit where action = 'unit.code_given'")
    assert recorded == [(2,)]
    assert give(registry, unit_id, "64.02", "2025-07-01").status == 200
    assert registry.sql("select count(*) from audit where action = 'unit.code_given'") == recorded


def test_a_code_outside_the_rights_is_not_found(registry: Registry) -> None:
    ids = registry.imported(province())
    give(registry, ids["GL-B-X-1"], "64.01", "2020-01-01")
    officer = registry.issuer.mint("committee_officer", ids["GL-A"])

    assert registry.get(f"/v1/unit-codes/{SYSTEM}/64.01", token=officer).status == 404
    assert registry.get(f"/v1/units/{ids['GL-B-X-1']}/codes", token=officer).status == 403
