"""Roll-call codes: signed, for minutes, of one meeting; and what a roll call by code comes to."""

import base64
from datetime import timedelta

import pytest

from services.meetings.domain import notices, rollcall
from services.meetings.domain.attendance import Absence
from services.meetings.domain.notices import Document
from services.meetings.domain.rollcall import Closing
from shared.errors import Conflict, Unprocessable
from tests.unit.meetings.papers import DAY, MEETING, NOW, adopted, book, member, roll_call, rule

KEY = "khoá"


def test_a_code_is_good_for_its_meeting_and_minutes() -> None:
    code = rollcall.sign(MEETING, KEY, NOW, 5)
    assert rollcall.meeting_of(code.text, KEY, NOW + timedelta(minutes=5)) == MEETING
    with pytest.raises(Conflict, match="code-expired"):
        rollcall.meeting_of(code.text, KEY, NOW + timedelta(minutes=5, seconds=1))
    assert rollcall.sign(MEETING, KEY, NOW, 5).text != code.text


def test_a_code_that_was_changed_or_signed_elsewhere_is_none_of_ours() -> None:
    code = rollcall.sign(MEETING, KEY, NOW, 5).text
    raw = bytearray(base64.urlsafe_b64decode(code + "=="))
    raw[20] ^= 1
    longer = base64.urlsafe_b64encode(bytes(raw)).decode().rstrip("=")
    for text, key in ((longer, KEY), (code, "other"), ("", KEY), ("#", KEY), (code[:-4], KEY), (code + "AAAA", KEY)):
        with pytest.raises(Unprocessable):
            rollcall.meeting_of(text, key, NOW)


def test_without_a_key_no_code_is_made() -> None:
    with pytest.raises(Conflict, match="roll-call-not-set-up"):
        rollcall.sign(MEETING, "", NOW, 5)


def test_who_neither_came_by_code_nor_by_hand_is_absent() -> None:
    closing = Closing(by_hand=(member(2),), late=(member(3),), reasons=(Absence(member(4), "Ốm"),), guests=1)
    taken = rollcall.closed(closing, [member(n) for n in range(1, 6)], [member(8), member(9)], {member(1), member(8)})
    assert taken.absent == (Absence(member(4), "Ốm"), Absence(member(5)))
    assert (taken.late, taken.guests, taken.exempt_present) == ((member(3),), 1, (member(8),))


def test_who_comes_after_the_roll_was_taken_is_late() -> None:
    taken = rollcall.arrived_after(roll_call(4, 5), member(4), exempt=False)
    assert (taken.absent, taken.late) == ((Absence(member(5)),), (member(4),))
    assert rollcall.arrived_after(taken, member(4), exempt=False) is taken
    assert rollcall.arrived_after(taken, member(8), exempt=True).exempt_present == (member(8),)


@pytest.mark.parametrize("word", ["secret", "mật", " Tối mật ", "TUYỆT MẬT", "hạn chế", "restricted", "top_secret"])
def test_nothing_secret_or_restricted_is_distributed(word: str) -> None:
    rules = book(rule("distributed_classes", ["open", "internal"])).on(DAY)
    with pytest.raises(Unprocessable) as refused:
        notices.must_be_open(Document("other", "Tài liệu", word), rules)
    (fault,) = refused.value.faults
    assert (fault.field, fault.rule, fault.source) == (
        "classification",
        "classified-not-distributed",
        "Ban Tổ chức, HD 1",
    )


def test_open_documents_are_distributed_and_unknown_classes_are_not() -> None:
    rules = book().on(DAY)
    assert notices.must_be_open(Document("other", "Tài liệu", "Thường"), rules).classification == "open"
    with pytest.raises(Unprocessable) as refused:
        notices.must_be_open(Document("other", "Tài liệu", "công khai?"), rules)
    assert refused.value.faults[0].rule == "unknown-classification"


def test_documents_are_in_time_until_the_end_of_the_day_before() -> None:
    rules = book(rule("documents_days_before", 1)).on(DAY)
    starts = adopted().plan.starts_at
    assert notices.in_time(adopted(), rules, starts - timedelta(hours=20))
    assert not notices.in_time(adopted(), rules, starts - timedelta(hours=19))
