"""The grade of a branch's year by a rubric's gates. Pure."""

from collections.abc import Sequence

import msgspec

from services.evaluation.domain.rubrics import GRADES, Content, GradeName, MemberDisciplined, YearMeetings, grade_of


class Graded(msgspec.Struct, frozen=True):
    """A regular meeting of the year: its month, points out of 100 and grade; None where nobody and nothing says."""

    month: str
    points: float | None
    grade: GradeName | None


class Opened(msgspec.Struct, frozen=True):
    """A gate of the year: what it is, whether it opens (None: it cannot be said), and the grade it decides on."""

    kind: str
    grade: GradeName
    opens: bool | None
    missing: tuple[str, ...] = ()


class YearGrade(msgspec.Struct, frozen=True):
    """A year: the mean of the meetings' points and what it comes to, the gates, and the grade after them."""

    mean: float | None
    by_mean: GradeName | None
    gates: tuple[Opened, ...]
    grade: GradeName | None


def year_grade(content: Content, meetings: Sequence[Graded], disciplined: int | None) -> YearGrade:
    """The grade of a year from its regular meetings; `disciplined`: members disciplined in it (None: unknown).

    Grades with gates on the year's meetings are had by all of these gates alone, the best first. A year that has none
    of these is graded by the mean of its meetings, below the grades whose gates stayed shut. Discipline comes last, and
    makes no grade better.
    """
    said = [meeting for meeting in meetings if meeting.points is not None and meeting.grade is not None]
    mean = round(sum(meeting.points or 0 for meeting in said) / len(said), 2) if said else None
    by_mean = grade_of(mean, content) if mean is not None else None
    gates = [_opened(gate, meetings) for gate in content.gates if isinstance(gate, YearMeetings)]
    shut = {gate.grade for gate in gates if not gate.opens}
    opened = {gate.grade for gate in gates} - shut
    grade = next((name for name in GRADES if name in opened), None)
    if grade is None and by_mean is not None:
        lowest_shut = max((GRADES.index(name) for name in shut), default=-1)
        grade = GRADES[min(max(GRADES.index(by_mean), lowest_shut + 1), len(GRADES) - 1)]
    for gate in content.gates:
        if isinstance(gate, MemberDisciplined):
            gates.append(Opened("member_disciplined", gate.grade, None if disciplined is None else disciplined > 0))
            if disciplined and (grade is not None or gate.grade == GRADES[-1]):
                grade = max(grade or gate.grade, gate.grade, key=GRADES.index)
    return YearGrade(mean, by_mean, tuple(gates), grade)


def _opened(gate: YearMeetings, meetings: Sequence[Graded]) -> Opened:
    """`missing`: the months of meetings below what each must reach; the number of those still needed is not said."""
    least, of = GRADES.index(gate.every), GRADES.index(gate.reached)
    below = [one.month for one in meetings if one.grade is None or GRADES.index(one.grade) > least]
    enough = sum(one.grade is not None and GRADES.index(one.grade) <= of for one in meetings) >= gate.count
    return Opened("year_meetings", gate.grade, not below and enough, tuple(below))
