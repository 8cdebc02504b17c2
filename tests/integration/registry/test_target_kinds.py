"""Targets whose kind is no longer in the dated rules: they stand, and are told by what is known of the kind."""

from tests.integration.registry.conftest import Registry
from tests.integration.registry.rows import province
from tests.integration.registry.test_facts_for_figures import TARGETS, told
from tests.integration.registry.test_targets import parts, progress, target, was_set


def test_a_kind_that_is_edited_away_is_told_by_its_code(registry: Registry) -> None:
    """Those that stand are shown, reported on, broken down, changed and published; new ones of it are refused."""
    ids = registry.imported(province())
    target_id = was_set(registry, target(ids, "GL-A", "GL"))
    registry.sql("update rule set value = value - 'new_members' where name = 'target_kinds' returning 1")

    reported = registry.post(f"/v1/targets/{target_id}/progress", progress("2026-05-31", 9))
    assert reported.status == 201, reported.body
    broken = registry.post(
        f"/v1/targets/{target_id}/breakdown", {"parts": parts(ids, A_X=12), "citation": "Kế hoạch 11-KH/HU"}
    )
    assert broken.status == 200, broken.body

    changed = registry.post(
        f"/v1/targets/{target_id}/changes", {"citation": "Kế hoạch 12-KH/TU", "due_on": "2026-11-30"}
    )
    assert (changed.status, changed.body.get("due_on")) == (200, "2026-11-30"), changed.body

    (shown,) = registry.get(f"/v1/units/{ids['GL-A']}/targets").body["items"]
    assert (shown["kind"], shown["words"]) == ("new_members", {"vi": "new_members", "en": "new_members"})
    assert (shown["progress"]["value"], shown["percent_of_plan"], shown["measure"]) == (9, 75.0, "new_members")
    listed = registry.get(f"/v1/targets?under={ids['GL']}&year=2026").body["items"]
    assert {one["words"]["vi"] for one in listed} == {"new_members"}
    newest = [one for one in told(registry, TARGETS) if one and one["target_id"] == target_id][-1]
    assert (newest["kind"], newest["measure"], newest["progress"]) == (
        "new_members",
        "new_members",
        [{"on": "2026-05-31", "value": 9}],
    )
    refused = registry.post("/v1/targets", target(ids, "GL-B", "GL"))
    assert (refused.status, refused.body["errors"][0]["rule"]) == (422, "target-kind")
    assert "new_members" in refused.body["errors"][0]["message"]


def test_a_kind_that_another_version_has_keeps_its_words(registry: Registry) -> None:
    """The rule of the day lacks it; what it was last known as says how it counts."""
    ids = registry.imported(province())
    target_id = was_set(registry, target(ids, "GL-A", "GL"))
    registry.sql("update rule set valid_to = '2026-07-01' where name = 'target_kinds' returning 1")
    registry.sql(
        "insert into rule (name, valid_from, value, issuer, citation) select name, '2026-07-01', value - 'new_members',"
        " issuer, citation from rule where name = 'target_kinds' returning 1"
    )
    assert registry.post(f"/v1/targets/{target_id}/progress", progress("2026-05-31", 9)).status == 201
    (shown,) = registry.get(f"/v1/units/{ids['GL-A']}/targets").body["items"]
    assert (shown["words"]["vi"], shown["measure"]) == ("Kết nạp đảng viên mới", "members")
