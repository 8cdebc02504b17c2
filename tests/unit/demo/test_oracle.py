"""The oracle on a case small enough to count by hand."""

from datetime import date, datetime, timedelta

from deploy.local.demo.members import Member, Status
from deploy.local.demo.oracle import Oracle
from deploy.local.demo.oracle_derived import DERIVED
from deploy.local.demo.oracle_parts import PARTS
from deploy.local.demo.oracle_tree import VIET_NAM
from deploy.local.demo.province import Province, Unit
from deploy.local.demo.rows import (
    Absence,
    Attendance,
    Completion,
    Meeting,
    Minutes,
    NotHeld,
    Opinion,
    Row,
    Score,
    Submission,
    Task,
)
from services.evaluation import figures

FULL = {
    "opening": "a",
    "last_month_results": "b",
    "next_month_direction": "c",
    "discussion": "d",
    "self_criticism": "e",
    "ideology": "",
    "conclusion": "g",
}


def test_every_figure_of_evaluation_is_counted() -> None:
    assert set(PARTS) == {part.name for part in figures.PARTS}
    assert set(DERIVED) == {figure.name for figure in figures.DERIVED}


def _member(number: int, unit: str, status: Status = "active", joined: date = date(2015, 1, 1)) -> Member:
    return Member(
        f"M{number}",
        unit,
        "Lê Mẫu An",
        date(1980, 1, 1),
        "male",
        "official",
        status,
        joined,
        None,
    )


PROVINCE = Province(
    "Nhỏ",
    [
        Unit("P", None, "province_committee", "province", "Tỉnh uỷ", None),
        Unit("D", "P", "direct_committee", "district", "Huyện uỷ", None),
        Unit("C", "D", "grassroots_committee", "commune", "Đảng bộ xã", None),
        Unit("B1", "C", "branch", "branch", "Chi bộ 1", "commune"),
        Unit("B2", "D", "grassroots_branch", "grassroots", "Chi bộ 2", "administration"),
    ],
    {
        "B1": [_member(1, "B1"), _member(2, "B1"), _member(3, "B1"), _member(4, "B1", "exempt")],
        "B2": [_member(5, "B2"), _member(6, "B2"), _member(7, "B2", joined=date(2024, 8, 1))],
    },
)


TOLD = [name for name in PARTS if name not in Oracle(PROVINCE).left_out]


def _time(day: int, hour: int, month: int = 7) -> datetime:
    return datetime(2024, month, day, hour, tzinfo=VIET_NAM)


def _meeting(number: str, starts: datetime, reported: datetime, **given: object) -> Meeting:
    minutes = Minutes(
        starts,
        starts + timedelta(minutes=90),
        "1",
        "2",
        given.pop("sections", FULL),  # type: ignore[arg-type]  # written short
        (Opinion("1", "x"), Opinion("2", "y"), Opinion("1", "z")),
        None,
        given.pop("tasks", ()),  # type: ignore[arg-type]  # written short
    )
    kept: dict[str, object] = {"kind": "regular", "attendance": Attendance((), (), 0), "minutes": minutes} | given
    return Meeting(number, "unit", starts_at=starts, place="p", adopted_at=starts, reported_at=reported, **kept)  # type: ignore[arg-type]  # written short


def _sent(oracle: Oracle, branch: int, row: Row, *, repeated: bool = False) -> None:
    meeting_id = row.meeting_id if not isinstance(row, Completion) else ""
    oracle.take(Submission(_time(1, 1), "batch", branch, meeting_id, row, repeated))


def test_a_month_counted_by_hand() -> None:
    oracle = Oracle(PROVINCE)
    oracle.enrol({f"M{number}": str(number) for number in range(1, 8)}, date(2024, 6, 30))
    tasks = (
        Task("t1", "1", "c", date(2024, 7, 31)),
        Task("t2", "1", "c", date(2024, 7, 20)),
        Task("t3", "1", "c", date(2024, 8, 2)),
    )
    absent = Attendance((Absence("1", "Ốm"), Absence("2", None)), (), 0)
    points = {"time": 5.0, "conduct": 40.0, "last_resolution": 24.75}
    # In time to the second; all seven sections but the one that may be empty.
    first = _meeting(
        "m1", _time(3, 19), datetime(2024, 7, 5, 23, 59, 59, tzinfo=VIET_NAM), tasks=tasks, attendance=absent
    )
    _sent(oracle, 0, first)
    _sent(oracle, 0, first, repeated=True)
    _sent(oracle, 0, Completion("t1", date(2024, 7, 31)))
    _sent(oracle, 0, Completion("t2", date(2024, 7, 21)))
    # 6:30 on the 1st is still June in UTC; late by a second; no conclusion; 69.75 points.
    early = datetime(2024, 7, 1, 6, 30, tzinfo=VIET_NAM)
    bare = _meeting(
        "m2",
        early,
        _time(4, 0),
        sections=FULL | {"conclusion": "  "},
        score=Score(points),
        attendance=Attendance((), (), 1),
    )
    _sent(oracle, 1, bare)
    _sent(oracle, 1, _meeting("m3", _time(20, 19), _time(20, 22), kind="thematic", theme="x"))

    july = oracle.figures(["2024-07"])["2024-07"]
    expected_b1 = dict.fromkeys(TOLD, 0) | {
        "branches": 1,
        "regular_held": 1,
        "regular_on_time": 1,
        "owed": 3,
        "present": 1,
        "absent_with_reason": 1,
        "absent_without_reason": 1,
        "minutes_complete": 1,
        "with_conclusion": 1,
        "with_tasks": 1,
        "speakers": 2,
        "tasks_assigned": 3,
        "tasks_due": 2,
        "tasks_done": 2,
        "tasks_done_late": 1,
        **dict.fromkeys(("examined", "signalled", "preparation_known", "task_members_known", "members_with_task"), 1),
        **dict.fromkeys(("duration_known", "duration_kept", "present_age_41_50", "present_without_post"), 1),
        **dict.fromkeys(("owed_age_41_50", "owed_without_post"), 3),
        "members_active": 3,
        "members_official": 4,
        "members_exempt": 1,
    }
    expected_b2 = dict.fromkeys(TOLD, 0) | {
        "branches": 1,
        "regular_held": 1,
        "regular_late": 1,
        "thematic_held": 1,
        "owed": 4,
        "present": 4,
        "speakers": 4,
        "self_scored": 1,
        "self_points_hundredths": 6975,
        "grade_average": 1,
        **dict.fromkeys(("preparation_known", "task_members_known", "duration_known", "duration_kept"), 1),
        "examined": 2,
        "signalled": 2,
        **{f"{what}_{group}": 4 for what in ("owed", "present") for group in ("age_41_50", "without_post")},
        "members_active": 2,
        "members_official": 2,
    }
    assert july["B1"] == july["C"] == expected_b1
    assert july["B2"] == expected_b2
    assert july["D"] == july["P"] == {name: expected_b1[name] + expected_b2[name] for name in TOLD}


def test_a_correction_replaces_and_counts_once() -> None:
    oracle = Oracle(PROVINCE)
    first = _meeting("m1", _time(3, 19), _time(3, 22))
    _sent(oracle, 0, first)
    _sent(oracle, 0, _meeting("m1", _time(3, 19), _time(3, 22), attendance=Attendance((Absence("1", None),), (), 0)))
    july = oracle.figures(["2024-07"])["2024-07"]["P"]
    assert (july["regular_held"], july["corrected"], july["present"]) == (1, 1, 2)


def test_members_owe_from_the_day_they_joined() -> None:
    oracle = Oracle(PROVINCE)
    _sent(oracle, 1, _meeting("m1", _time(31, 19), _time(31, 22)))
    _sent(oracle, 1, _meeting("m2", _time(1, 19, 8), _time(1, 22, 8)))
    figures = oracle.figures(["2024-07", "2024-08"])
    assert (figures["2024-07"]["B2"]["owed"], figures["2024-08"]["B2"]["owed"]) == (2, 3)


def test_not_held_is_neither_held_nor_silent() -> None:
    oracle = Oracle(PROVINCE)
    _sent(oracle, 0, NotHeld("m1", "unit", "regular", _time(3, 19), "p", "Mưa lũ"))
    july = oracle.figures(["2024-07"])["2024-07"]
    assert (july["B1"]["not_held"], july["B1"]["regular_held"], july["P"]["not_held"]) == (1, 0, 1)
    assert oracle.silent("2024-07") == ["B2"]
