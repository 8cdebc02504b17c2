"""What rubrics make of evidence and of people's points."""

import copy

import msgspec
import pytest

from services.evaluation.domain import bands, grading, scoring
from services.evaluation.domain.rubrics import Interval
from services.evaluation.domain.year_grades import Graded, year_grade
from services.evaluation.store.migrations import rubric_seeds
from tests.unit.evaluation.rubrics import Doc, content, facts, faults, groups_of, item, points, ward


@pytest.mark.parametrize(
    ("key", "given", "expected"),
    [
        ("time.duration", {"duration_minutes": 90}, 5),
        ("time.duration", {"duration_minutes": 75}, 4),
        ("time.duration", {"duration_minutes": 60}, 3),
        ("time.duration", {"duration_minutes": 45}, 2),
        ("time.duration", {"duration_minutes": 44}, 1),
        ("time.duration", {"duration_minutes": 90, "theme_tag": "x"}, 3),
        ("time.duration", {"duration_minutes": 90, "owed": 30}, 3),
        ("time.duration", {}, None),
        ("attendance.present", {"present": 9, "absent_without_reason": 0}, 4),
        ("attendance.present", {"present": 9, "absent_without_reason": 1}, 1),
        ("attendance.present", {"present": 8, "absent_without_reason": 0}, 3),
        ("attendance.present", {"present": 27, "owed": 30, "absent_without_reason": 0}, 4),
        ("attendance.present", {"present": 9}, None),
        ("conduct.speaking", {"present": 10, "speakers": 5}, 5),
        ("conduct.speaking", {"present": 10, "speakers": 4}, 4),
        ("last_resolution.done", {"last_tasks": 0, "last_tasks_done": 0}, None),
        ("last_resolution.done", {"last_tasks": 10, "last_tasks_done": 9}, 30),
        ("closing.minutes", {"complete": True, "tasks_assigned": 0}, 0),
        ("closing.minutes", {"complete": True, "tasks_assigned": 2}, 2),
        ("conduct.steps", {}, None),
    ],
)
def test_an_item_is_scored_by_its_band_or_left_to_people(key: str, given: Doc, expected: float | None) -> None:
    assert points(ward(), key, **given) == expected


def test_a_line_gives_points_in_proportion() -> None:
    assert points(rubric_seeds.NATIONAL, "last_resolution.done", last_tasks=3, last_tasks_done=2) == 20


def test_an_item_that_does_not_apply_is_given_in_full_or_taken_out() -> None:
    """A branch without a chi uỷ: its pre-meeting is given; told to take it out, the rest of the group is scaled."""
    document = ward()
    told = {"owed_committee": 0, "pre_meeting_held": False, "notice_given": True, "documents_in_time": False}
    half = {"self_points": 5000, "self_groups": groups_of(document, 0.5)}
    given = grading.graded(content(document), facts(**told, **half))
    item(document, "preparation", "pre_meeting")["otherwise"] = "scale"
    taken = grading.graded(content(document), facts(**told, **half))
    # Half of every group is 50; two points given in full and half of the other eight are 6 of preparation's 10.
    assert (given["points"].item(), taken["points"].item()) == (5100, 5000)
    scored = scoring.sheets(content(document), facts(**told, **half))
    assert (scored["evidence_points"].item(), scored["evidence_max"].item()) == (125, 375)


def test_the_thematic_item_counts_only_in_a_month_that_has_one() -> None:
    document = ward()
    group = next(one for one in document["groups"] if one["code"] == "conduct")
    for one in group["items"]:
        one["by"] = "people"
        one.pop("evidence", None)
    for has in (True, False):
        row = scoring.items(content(document), facts(month_has_theme=has))
        assert row["applies:conduct.thematic_content"].item() is has


def test_evidence_decides_where_the_rubric_says_so() -> None:
    document = ward()
    full = {"self_points": 10_000, "self_groups": groups_of(document, 1.0)}
    late = facts(last_tasks=10, last_tasks_done=5, **full)
    assert grading.graded(content(document), late)["points"].item() == 10_000
    item(document, "last_resolution", "done")["by"] = "evidence"
    assert grading.graded(content(document), late)["points"].item() == 8500


def test_good_needs_full_marks_in_what_the_gate_names() -> None:
    document = ward()
    groups = groups_of(document, 1.0)
    told = {"present": 10, "speakers": 4, "self_points": 10_000, "self_groups": groups}
    assert grading.graded(content(document), facts(**told))["grade"].item() == "fair"
    assert grading.graded(content(document), facts(**told | {"speakers": 6}))["grade"].item() == "good"
    less = msgspec.json.encode(msgspec.json.decode(groups) | {"attendance": 4}).decode()
    told |= {"speakers": 6, "self_groups": less, "self_points": 9900}
    graded = grading.graded(content(document), facts(**told))
    assert (graded["points"].item(), graded["grade"].item()) == (9900, "fair")


def test_the_superiors_score_comes_before_the_branchs_own() -> None:
    given = facts(self_points=9500, voted_points=8000, official_points=6000)
    graded = grading.graded(content(rubric_seeds.NATIONAL), given)
    assert graded.row(0) == (6000, "official", "average")
    assert grading.graded(content(rubric_seeds.NATIONAL), facts()).row(0) == (None, None, None)


def test_an_item_given_in_full_is_no_score_where_nothing_else_is_known() -> None:
    """A branch without a chi uỷ: two points are given, but nobody and nothing says anything of the meeting."""
    document = copy.deepcopy(rubric_seeds.NATIONAL)
    assert grading.graded(content(document), facts(owed_committee=0)).row(0) == (None, None, None)
    for group in document["groups"]:
        for one in group["items"]:
            one["applies_when"] = "has_committee"
    graded = grading.graded(content(document), facts(owed_committee=0, self_points=4000))
    assert graded.row(0) == (None, None, None), "all that was scored is taken out"


def test_more_speakers_than_present_are_all_of_them() -> None:
    """A rubric whose best band ends at 100 % leaves no value without points."""
    document = ward()
    item(document, "conduct", "speaking")["evidence"]["score"]["bands"][0] |= {"at_most": 100}
    assert faults(document) == []
    assert points(document, "conduct.speaking", present=10, speakers=12) == 5


def test_the_difference_is_of_the_groups_evidence_covers() -> None:
    told = {"present": 9, "absent_without_reason": 0, "last_tasks": 10, "last_tasks_done": 6}
    groups = '{"attendance": 5, "last_resolution": 30, "conduct": 40}'
    scored = scoring.sheets(content(rubric_seeds.NATIONAL), facts(**told, self_groups=groups))
    # 35 claimed of 35, evidence gives 5 + 18: 12 of 35.
    assert (scored["evidence_scaled"].item(), scored["gap"].item()) == (6571, 3429)
    other = '{"attendance": 7}'
    assert scoring.sheets(content(rubric_seeds.NATIONAL), facts(**told, self_groups=other))["gap"].item() is None


def test_an_older_frame_of_another_shape_can_be_entered() -> None:
    """HD 12: points set by each province; attendance above 85 %, and no evidence for the rest."""
    interval = {"vi": "Dự họp trên 85 %", "en": "Attendance above 85 %", "max": 20, "code": "present", "by": "evidence"}
    score = {"how": "bands", "bands": [{"above": 85, "points": 20}, {"at_most": 85, "points": 5}]}
    people = {"code": "rest", "vi": "Nội dung", "en": "Content", "max": 80, "by": "people"}
    document = ward() | {
        "citation": "Hướng dẫn 12-HD/BTCTW ngày 06/7/2018",
        "gates": [],
        "groups": [
            {"code": "attendance", "vi": "Dự họp", "en": "Attendance", "max": 20, "items": [
                interval | {"evidence": {"measure": "attendance_share", "score": score}}]},
            {"code": "content", "vi": "Nội dung", "en": "Content", "max": 80, "items": [people]},
        ],
    }  # fmt: skip
    assert faults(document) == []
    assert points(document, "attendance.present", present=17, owed=20) == 5
    assert points(document, "attendance.present", present=18, owed=20) == 20


@pytest.mark.parametrize(
    ("grades", "disciplined", "expected"),
    [
        (["good"] * 7 + ["fair"] * 5, 0, "good"),
        (["good"] * 6 + ["fair"] * 6, 0, "fair"),
        (["good"] * 11 + ["average"], 0, "fair"),
        (["good"] * 12, 1, "weak"),
        (["good"] * 12, None, "good"),
        (["weak"] * 12, 0, "weak"),
        ([], 0, None),
    ],
)
def test_the_year_goes_through_its_gates(grades: list[str], disciplined: int | None, expected: str | None) -> None:
    means = {"good": 95.0, "fair": 80.0, "average": 60.0, "weak": 40.0}
    meetings = [
        msgspec.convert({"month": f"2026-{number:02d}", "points": means[grade], "grade": grade}, Graded)
        for number, grade in enumerate(grades, start=1)
    ]
    year = year_grade(content(ward()), meetings, disciplined)
    assert year.grade == expected
    assert [gate.kind for gate in year.gates] == ["year_meetings", "member_disciplined"]


def _year(gates: list[Doc], grade: str | None, disciplined: int | None) -> str | None:
    means = {"good": 95.0, "fair": 80.0, "average": 60.0, "weak": 40.0}
    mean = means[grade] if grade else None
    months = [{"month": f"2026-{number:02d}", "points": mean, "grade": grade} for number in range(1, 8)]
    return year_grade(content(ward() | {"gates": gates}), msgspec.convert(months, list[Graded]), disciplined).grade


@pytest.mark.parametrize(
    ("gate", "grade", "expected"),
    [("average", "weak", "weak"), ("average", "good", "average"), ("weak", None, "weak"), ("average", None, None)],
)
def test_discipline_never_makes_a_year_better(gate: str, grade: str | None, expected: str | None) -> None:
    assert _year([{"kind": "member_disciplined", "grade": gate}], grade, 1) == expected


def test_a_grade_with_two_gates_needs_both() -> None:
    gate = {"kind": "year_meetings", "grade": "good", "every": "fair", "count": 7, "reached": "good"}
    assert _year([gate], "good", 0) == "good"
    assert _year([gate, gate | {"count": 12}], "good", 0) == "fair"
    assert _year([gate | {"count": 12}, gate], "good", 0) == "fair"


def test_an_interval_says_itself_as_people_write_it() -> None:
    assert bands.said(Interval(at_least=75, below=90)) == "75 ≤ x < 90"
