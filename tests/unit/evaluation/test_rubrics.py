"""Rubrics on entry: every fault is named, gaps and overlaps with a value that lies in them."""

from datetime import date
from typing import Any
from uuid import UUID, uuid4

import pytest

from services.evaluation.domain import bands, rubric_checks
from services.evaluation.domain.rubrics import Band, Rubric
from services.evaluation.store.migrations import rubric_seeds
from tests.unit.evaluation.rubrics import Doc, content, faults, item, ward


@pytest.mark.parametrize("document", [rubric_seeds.NATIONAL, rubric_seeds.WARD])
def test_the_seeds_have_no_faults(document: Doc) -> None:
    assert faults(document) == []


def test_the_wards_real_bands_are_refused_with_the_values_that_fit_none_or_two() -> None:
    """As the ward wrote them: above 50 %, and 40 to under 50; up to 15 minutes, and 15 to 30."""
    document = ward()
    item(document, "conduct", "speaking")["evidence"]["score"]["bands"][0] = {"above": 50, "points": 5}
    item(document, "time", "duration")["evidence"]["score"]["bands"][2] = {"at_least": 15, "at_most": 30, "points": 3}
    found = {fault.rule: fault for fault in faults(document)}
    assert set(found) == {"bands-gap", "bands-overlap"}
    assert "50" in found["bands-gap"].message.en
    assert found["bands-gap"].field == "groups[3].items[4].evidence.score.bands"
    assert "The value 15 lies in several bands" in found["bands-overlap"].message.en
    assert "[1] 0 < x ≤ 15; [2] 15 ≤ x ≤ 30" in found["bands-overlap"].message.vi


def test_every_gap_and_overlap_is_named() -> None:
    given = [Band(at_least=10, below=20, points=1), Band(at_least=30, at_most=50, points=2), Band(above=40, points=3)]
    assert [(flaw.example, flaw.bands) for flaw in bands.flaws(given, 0, 100, whole=False)] == [
        (5.0, ()),
        (20.0, ()),
        (50.0, (1, 2)),
    ]


def test_whole_numbers_leave_no_gap_between_neighbours() -> None:
    given = [Band(at_most=15, points=1), Band(at_least=16, points=2)]
    assert bands.flaws(given, 0, None, whole=True) == []
    assert [flaw.example for flaw in bands.flaws(given, 0, None, whole=False)] == [15.5]


@pytest.mark.parametrize(
    ("path", "value", "rule"),
    [
        (("groups", 0, "max"), 6, "groups-make-100"),
        (("groups", 0, "max"), 4, "items-exceed-group"),
        (("groups", 0, "max"), 6, "items-below-group"),
        (("groups", 1, "code"), "time", "code-twice"),
        (("groups", 0, "items", 0, "evidence", "measure"), "zeal", "unknown-measure"),
        (("groups", 0, "items", 0, "evidence", "measure"), "notice_given", "scoring-fits-measure"),
        (("groups", 0, "items", 0, "by"), "people", "evidence-and-by"),
        (("groups", 0, "items", 0, "applies_when"), "raining", "unknown-condition"),
        (("groups", 0, "items", 0, "applies_when"), "month_has_theme", "condition-of-month"),
        (("groups", 0, "items", 0, "evidence", "score", "bands", 0, "points"), 4, "maximum-not-reached"),
        (("groups", 0, "items", 0, "evidence", "score", "bands", 0, "points"), 9, "points-exceed-item"),
        (("groups", 0, "items", 0, "evidence", "score", "bands", 1, "points"), 3.333, "two-decimals"),
        (("groups", 0, "items", 0, "evidence", "overrides", 0, "points"), 0.001, "two-decimals"),
        (("groups", 4, "items", 0, "max"), 2.004, "two-decimals"),
        (("groups", 4, "max"), 9.996, "two-decimals"),
        (("groups", 0, "items", 0, "evidence", "score", "bands", 0, "above"), 9, "empty-band"),
        (("groups", 0, "items", 0, "evidence", "score", "bands", 0, "below"), 9, "two-ends"),
        (("groups", 0, "items", 0, "evidence", "overrides", 0, "measure"), "zeal", "unknown-measure"),
        (("grades", 0, "at_least"), 95, "bands-gap"),
        (("grades", 0, "grade"), "fair", "grades-once"),
        (("gates", 0, "of", 0), "zeal", "unknown-group"),
        (("gates", 0, "of"), [], "gate-names-nothing"),
        (("gates", 0, "grade"), "weak", "gate-of-the-lowest"),
        (("gates", 2, "grade"), "weak", "gate-of-the-lowest"),
        (("groups", 0, "items", 0, "evidence", "overrides", 0, "when"), {}, "override-without-end"),
        (("gates", 2, "count"), 13, "count"),
        (("gates", 2, "reached"), "weak", "gate-order"),
        (("duration", "longer"), 60, "longer-is-longer"),
    ],
)
def test_a_fault_is_named_with_its_field(path: tuple[Any, ...], value: Any, rule: str) -> None:
    document = ward()
    at: Any = document
    for step in path[:-1]:
        at = at[step]
    at[path[-1]] = value
    found = [fault for fault in faults(document) if fault.rule == rule]
    assert found, faults(document)
    assert all(fault.message.vi and fault.message.en for fault in found)


@pytest.mark.parametrize(("none_at", "all_at", "rules"), [(0, 100, set()), (0, 200, {"maximum-not-reached"})])
def test_a_line_reaches_all_points_at_a_value_there_is(none_at: float, all_at: float, rules: set[str]) -> None:
    document = ward()
    line = {"how": "line", "none_at": none_at, "all_at": all_at}
    item(document, "last_resolution", "done")["evidence"]["score"] = line
    assert {fault.rule for fault in faults(document)} == rules


@pytest.mark.parametrize(("below", "above"), [(89.99999, 90.0), (1_234_567.0, 1_234_567.5)])
def test_the_example_of_a_narrow_gap_is_written_out(below: float, above: float) -> None:
    given = [Band(at_most=below, points=1), Band(at_least=above, points=2)]
    (fault,) = rubric_checks.band_faults("bands", given, 0, None, whole=False)
    example = float(fault.message.en.split()[2])
    assert not any(band.holds(example) for band in given), fault.message.en


def test_an_example_has_no_more_decimals_than_it_needs() -> None:
    given = [Band(at_most=0.15, points=1), Band(at_least=0.41, points=2)]
    assert [flaw.example for flaw in bands.flaws(given, 0, 1, whole=False)] == [0.3]


def test_versions_of_an_owner_do_not_overlap_but_an_open_one_is_succeeded() -> None:
    def version(rubric_id: UUID, number: int, begin: date, end: date | None = None) -> Rubric:
        return Rubric(
            rubric_id=rubric_id, version=number, owner_id=None, valid_from=begin, valid_to=end, content=content(ward())
        )

    first, other = uuid4(), uuid4()
    old = version(first, 1, date(2025, 1, 1))
    assert [*rubric_checks.date_faults(version(first, 2, date(2026, 1, 1)), [old])] == []
    (fault,) = rubric_checks.date_faults(version(other, 1, date(2026, 1, 1)), [old])
    assert (fault.field, fault.rule) == ("valid_from", "dates-overlap")
    assert [*rubric_checks.date_faults(version(other, 1, date(2024, 1, 1), date(2025, 1, 1)), [old])] == []
    (fault,) = rubric_checks.date_faults(version(first, 2, date(2024, 1, 1)), [old])
    assert fault.rule == "dates-overlap"
    assert [*rubric_checks.date_faults(version(first, 2, date(2025, 1, 1)), [old])] == []
    (fault,) = rubric_checks.date_faults(version(other, 2, date(2025, 1, 1)), [old])
    assert fault.rule == "dates-overlap"
    (fault,) = rubric_checks.date_faults(version(first, 2, date(2025, 1, 1), date(2026, 1, 1)), [old])
    assert fault.rule == "dates-overlap", "what comes after its end would be without a rubric"
