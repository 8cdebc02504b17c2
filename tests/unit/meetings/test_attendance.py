"""Who owes attendance, and what a roll call comes to."""

from services.meetings.domain import attendance
from services.meetings.domain.rules import MeetingKind
from tests.unit.meetings.papers import DAY, book, branch, entry, member, roll_call


def _take(call: attendance.RollCall, *entries: object, kind: MeetingKind = "regular") -> attendance.Attendance:
    of = branch(*entries)  # type: ignore[arg-type]  # the tests below pass entries
    rules = book().on(DAY)
    taken, faults = attendance.take(call, of.roster_on(DAY), rules.attendance_denominator[kind], None)
    assert faults == []
    return taken


def test_exempt_members_and_those_elsewhere_owe_nothing() -> None:
    """61 official members, 27 of them exempt, and 34 present stand at 100 %."""
    members = [entry(number, status="exempt" if number <= 27 else "active") for number in range(1, 62)]
    taken = _take(roll_call(), *members, entry(70, status="temporary_elsewhere"))
    assert (taken.owed, len(taken.present)) == (34, 34)


def test_probationary_and_temporarily_received_members_owe_attendance() -> None:
    taken = _take(roll_call(), entry(1), entry(2, "probationary"), entry(3, status="received_temporarily"))
    assert taken.owed == 3


def test_only_members_with_a_post_owe_attendance_at_the_committee() -> None:
    members = (entry(1, post="secretary"), entry(2, post="committee_member"), entry(3))
    assert _take(roll_call(), *members, kind="committee").present == (member(1), member(2))


def test_a_blank_reason_is_no_reason() -> None:
    taken = _take(roll_call(2, reason="Ốm"))
    assert (taken.absent_with_reason, taken.absent_without_reason) == (1, 0)
    taken = _take(roll_call(2, reason="  "))
    assert (taken.absent_with_reason, taken.absent_without_reason) == (0, 1)


def test_every_member_who_owes_gets_one_mark() -> None:
    taken = _take(roll_call(2, reason="Ốm", late=(member(3),), exempt_present=(member(9),)), entry(1), entry(2),
                  entry(3), entry(9, status="exempt"))  # fmt: skip
    assert list(taken.marks()) == [
        (member(1), "present", None),
        (member(3), "late", None),
        (member(2), "absent_with_reason", "Ốm"),
        (member(9), "exempt_present", None),
    ]
