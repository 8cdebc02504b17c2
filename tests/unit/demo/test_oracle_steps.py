"""What the oracle counts of steps, evidence, signals, copies and longer periods, on cases counted by hand."""

from datetime import date, datetime, timedelta
from fractions import Fraction

import msgspec
import pytest

from deploy.local.demo.compare import longer_periods
from deploy.local.demo.frame import AFTER, BEFORE, content
from deploy.local.demo.oracle import Oracle
from deploy.local.demo.oracle_evidence import Seen, evidence_of
from deploy.local.demo.oracle_signals import copied, is_signalled
from deploy.local.demo.oracle_tree import VIET_NAM
from deploy.local.demo.province import Province, Unit
from deploy.local.demo.rows import (
    Attendance,
    Call,
    Completion,
    Meeting,
    Minutes,
    Opinion,
    Resolution,
    Row,
    Submission,
    Task,
    Votes,
)
from services.evaluation.domain import rubric_checks
from services.evaluation.domain.rubrics import Content
from tests.unit.demo.test_oracle import PROVINCE

LONG = "Một câu đủ dài để không ai phải nhìn lại mục này trong biên bản."
FULL = dict.fromkeys(
    (
        "opening",
        "last_month_results",
        "next_month_direction",
        "discussion",
        "self_criticism",
        "ideology",
        "conclusion",
    ),
    LONG,
)
SEEN = Seen(
    owed=10,
    present=10,
    absent_without_reason=0,
    has_committee=True,
    duration_kept=True,
    on_set_day=True,
    pre_meeting_held=True,
    notice_given=True,
    documents_in_time=True,
    speakers=5,
    with_conclusion=True,
    minutes_complete=True,
    tasks=1,
    last_tasks=2,
    last_tasks_done=2,
    on_time=True,
    given=None,
)


def _time(day: int, hour: int, month: int = 7) -> datetime:
    return datetime(2024, month, day, hour, tzinfo=VIET_NAM)


def _meeting(number: str, starts: datetime, **given: object) -> Meeting:
    minutes = Minutes(
        starts,
        starts + timedelta(minutes=90),
        "1",
        "2",
        FULL | given.pop("sections", {}),  # type: ignore[operator]  # written short
        given.pop("opinions", (Opinion("1", "x"),)),  # type: ignore[arg-type]  # written short
        given.pop("resolution", None),  # type: ignore[arg-type]  # written short
        given.pop("tasks", (Task(f"{number}-t", "1", "c", date(2024, 8, 2)),)),  # type: ignore[arg-type]  # the same
    )
    kept: dict[str, object] = {"kind": "regular", "attendance": Attendance((), (), 0), "minutes": minutes} | given
    ended = starts + timedelta(minutes=88)
    return Meeting(number, "unit", starts_at=starts, place="p", adopted_at=ended, reported_at=ended, **kept)  # type: ignore[arg-type]  # written short


def _call(meeting_id: str, starts: datetime, **given: object) -> Call:
    kept: dict[str, object] = {
        "put_off_from": None,
        "notified": True,
        "documents": ("d",),
        "follower_id": "f",
        "follows_from": starts.date() - timedelta(days=2),
    } | given
    return Call(meeting_id, "unit", starts, "p", **kept)  # type: ignore[arg-type]  # written short


def _step(oracle: Oracle, row: Row, at: datetime, branch: int = 0) -> None:
    meeting_id = row.meeting_id if not isinstance(row, Completion) else ""
    oracle.take(Submission(at, "steps", branch, meeting_id, row), at)


def test_steps_before_a_meeting_and_the_last_resolution() -> None:
    oracle = Oracle(PROVINCE)
    oracle.enrol({f"M{number}": str(number) for number in range(1, 8)}, date(2024, 6, 30))
    first = _meeting("a", _time(3, 19), tasks=tuple(Task(f"t{n}", "1", "c", date(2024, 8, 2)) for n in range(3)))
    _step(oracle, first, _time(3, 21))
    _step(oracle, Completion("t0", date(2024, 7, 20)), _time(21, 22))
    starts = _time(5, 19, 8)
    _step(oracle, _call("b", starts), _time(3, 10, 8))
    _step(oracle, _meeting("c", _time(4, 17, 8), kind="committee", regular_id="b", tasks=()), _time(4, 20, 8))
    # Done after the adoption: what the meeting was told stays.
    _step(oracle, _meeting("b", starts, visited=True), _time(5, 21, 8))
    _step(oracle, Completion("t1", date(2024, 8, 4)), _time(6, 22, 8))
    _step(oracle, _meeting("b", starts, visited=True, correction_reason="x"), _time(9, 9, 8))
    july, august = (oracle.figures([month])[month]["P"] for month in ("2024-07", "2024-08"))
    names = ("last_tasks", "last_tasks_done", "pre_meeting_held", "notice_given", "documents_in_time", "on_set_day")
    assert [july[name] for name in names] == [0] * 6
    assert [august[name] for name in names] == [3, 1, 1, 1, 1, 1]
    assert (august["on_set_day_known"], august["preparation_known"], august["other_held"]) == (1, 1, 1)
    assert (july["superior_assigned"], august["superior_assigned"], august["superior_attended"]) == (0, 1, 1)


@pytest.mark.parametrize(
    ("given", "at", "expected"),
    [
        ({}, _time(4, 23), (1, 1, 1)),
        ({}, _time(5, 8), (1, 1, 0)),
        ({"documents": ()}, _time(3, 10), (1, 1, 0)),
        ({"put_off_from": _time(4, 19)}, _time(3, 10), (1, 0, 1)),
        ({"notified": False}, _time(3, 10), (0, 0, 1)),
        ({"notified": False, "put_off_from": _time(4, 19)}, _time(3, 10), (1, 0, 1)),
    ],
)
def test_a_day_is_set_by_notice_and_missed_by_putting_off(
    given: dict[str, object], at: datetime, expected: tuple[int, int, int]
) -> None:
    oracle = Oracle(PROVINCE)
    _step(oracle, _call("a", _time(5, 19), **given), at)
    _step(oracle, _meeting("a", _time(5, 19)), _time(5, 21))
    found = oracle.figures(["2024-07"])["2024-07"]["B1"]
    assert (found["on_set_day_known"], found["on_set_day"], found["documents_in_time"]) == expected


def test_the_frame_is_one_that_evaluation_takes() -> None:
    for bars in (BEFORE, AFTER):
        assert rubric_checks.faults(msgspec.convert(content(bars), Content)) == []


def test_evidence_is_counted_item_by_item() -> None:
    # 5 + 5 + 5 + 25 + 30 + 5 points of as many that evidence decides.
    assert evidence_of(SEEN, BEFORE) == {"evidence_scored": 1, "evidence_points_hundredths": 10_000}
    # Nothing is known of the last resolution; nobody was told: 44 of 45.
    less = SEEN._replace(last_tasks=0, last_tasks_done=0, notice_given=False)
    assert evidence_of(less, BEFORE)["evidence_points_hundredths"] == round(Fraction(10_000 * 44, 45))
    # Without a committee the preparation is scaled from 8 to 10: 3.75 of 3.75, and half of the group is not decided.
    alone = SEEN._replace(has_committee=False, documents_in_time=False)
    assert evidence_of(alone, BEFORE)["evidence_points_hundredths"] == round(
        10_000 * (Fraction(70) + Fraction(5, 4)) / (Fraction(70) + Fraction(15, 4))
    )


@pytest.mark.parametrize(
    ("present", "without", "before", "after"), [(85, 0, 5, 3), (90, 0, 5, 5), (70, 0, 3, 0), (99, 1, 2, 2)]
)
def test_the_two_frames_ask_for_different_attendance(present: int, without: int, before: int, after: int) -> None:
    seen = SEEN._replace(owed=100, present=present, absent_without_reason=without, speakers=present)
    for bars, points in ((BEFORE, before), (AFTER, after)):
        assert evidence_of(seen, bars)["evidence_points_hundredths"] == round(Fraction(10_000 * (70 + points), 75))


def test_a_self_score_is_compared_where_evidence_decides_half() -> None:
    given = {
        "time": 5.0,
        "attendance": 2.5,
        "preparation": 10.0,
        "conduct": 20.0,
        "principles": 0.0,
        "last_resolution": 30.0,
        "closing": 5.0,
    }
    # Theirs: 5 + 2.5 + 5 + 12.5 + 30 + 5 = 60 of 75 that evidence gives whole.
    found = evidence_of(SEEN._replace(given=given), BEFORE)
    assert (found["evidence_compared"], found["evidence_gap_hundredths"]) == (1, 2000)


@pytest.mark.parametrize(
    ("given", "late", "signalled"),
    [
        ({}, 0, False),
        ({}, 17, False),
        ({}, 18, True),
        ({}, -44, True),
        ({"sections": {"opening": "  "}}, 0, True),
        ({"sections": {"ideology": ""}}, 0, False),
        ({"sections": {"discussion": LONG[:39]}}, 0, True),
        ({"sections": {"opening": "ngắn"}}, 0, False),
        ({"sections": {"conclusion": ""}}, 0, True),
        ({"tasks": ()}, 0, True),
        ({"tasks": (), "kind": "thematic"}, 0, False),
        ({"tasks": (), "kind": "thematic", "resolution": Resolution("r", Votes(1, 0, 0))}, 0, True),
        ({"sections": {"last_month_results": ""}, "kind": "thematic"}, 0, False),
        ({"opinions": ()}, 0, True),
    ],
)
def test_signals(given: dict[str, object], late: int, signalled: bool) -> None:
    row = _meeting("a", _time(3, 19), **given)
    assert is_signalled(row, row.adopted_at + timedelta(minutes=late)) is signalled


def test_the_later_of_two_is_the_copy() -> None:
    told = [("x", _time(3, 20), "b"), ("x", _time(3, 21), "a"), ("y", _time(3, 20), "c"), ("x", _time(4, 20), "d")]
    assert copied(told) == {"a", "d"}


def test_copies_are_left_out_where_few_branches_write() -> None:
    assert set(Oracle(PROVINCE, copies=True).left_out) == {"copied", "copied_rate"}
    branches = [Unit(f"B{n}", "P", "branch", "branch", "x", "commune") for n in range(60)]
    root = Unit("P", None, "province_committee", "province", "x", None)
    large = Province("x", [root, *branches], {})
    assert Oracle(large, copies=True).left_out == {}
    assert set(Oracle(large).left_out) == {"copied", "copied_rate"}


def test_a_quarter_adds_up_and_is_covered_by_themes() -> None:
    oracle = Oracle(PROVINCE)
    months = ["2024-07", "2024-08", "2024-09"]
    for number, month in enumerate((7, 8)):
        _step(oracle, _meeting(f"a{number}", _time(3, 19, month)), _time(3, 21, month))
    _step(oracle, _meeting("t", _time(10, 19, 8), kind="thematic"), _time(10, 21, 8))
    now = datetime(2024, 10, 3, 1, tzinfo=VIET_NAM)
    quarter = oracle.of_period(months, now, by_quarters=True)["P"]
    names = (
        "branches",
        "due",
        "due_begun",
        "regular_held",
        "missing",
        "awaited",
        "quarters_due",
        "quarters_with_theme",
    )
    assert [quarter[name] for name in names] == [2, 6, 6, 2, 4, 0, 2, 1]
    assert (quarter["thematic_coverage"], quarter["held_rate"], quarter["evidence_gap"]) == (0.5, 0.3333, None)
    september = oracle.of_period(["2024-09"], now - timedelta(days=1))["P"]
    assert (september["missing"], september["awaited"], september["quarters_due"]) == (0, 2, None)
    to_come = oracle.of_period(["2024-10"], _time(30, 1, 9))["P"]
    assert (to_come["due"], to_come["due_begun"], to_come["held_rate"]) == (2, 0, None)


def test_longer_periods_lie_within_the_months() -> None:
    months = [f"2024-{number:02d}" for number in range(6, 13)]
    assert list(longer_periods(months)) == ["2024-Q3", "2024-H2", "2024-Q4"]
    assert longer_periods(["2025-05", "2025-06"]) == {}
