"""The words of a notice, the letter that carries them, and how long it is tried."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.notifications.domain.patience import Patience
from services.notifications.domain.wording import Matter, words
from services.notifications.letter import compose

INCOMPLETE: dict[str, Any] = {"lacks_conclusion": True, "lacks_tasks": True, "tasks": 0}
LOW: dict[str, Any] = {"present": 8996, "owed": 10000, "percent": 90, "comparison": "at_least"}


def matter(rule: Any, facts: dict[str, Any]) -> Matter:
    return Matter(
        rule=rule,
        unit_name="Chi bộ thôn 1",
        period="2026-07",
        day=date(2026, 7, 3),
        facts=facts,
        source="Ban Tổ chức Trung ương, HD 42",
    )


@pytest.mark.parametrize(
    ("rule", "facts", "vietnamese", "english"),
    [
        (
            "minutes_missing",
            {"due_on": "2026-08-02"},
            "hết hạn báo cáo (ngày 02/08/2026)",
            "reporting day (02/08/2026)",
        ),
        (
            "minutes_incomplete",
            INCOMPLETE,
            "chưa có kết luận của chủ trì; chưa giao nhiệm vụ",
            "conclusion is missing; no",
        ),
        ("minutes_incomplete", {**INCOMPLETE, "lacks_conclusion": False}, "thôn 1: chưa giao", "thôn 1: no member"),
        ("minutes_incomplete", {**INCOMPLETE, "tasks": 1}, "mới giao 1 nhiệm vụ", "only 1 task(s)"),
        (
            "meeting_notified",
            {"kind": "thematic", "hour": "19:30"},
            "thông báo sinh hoạt chuyên đề lúc 19:30 ngày 03/07/2026",
            "notice of a thematic meeting at 19:30 on 03/07/2026",
        ),
        ("attendance_low", LOW, "(89,9 %); mức yêu cầu là từ 90 % trở lên", "(89.9 %); at least 90 % is required"),
        ("attendance_low", {**LOW, "comparison": "over"}, "mức yêu cầu là trên 90 %", "more than 90 % is required"),
    ],
)
def test_a_notice_says_what_happened_by_which_rule_and_what_to_do(
    rule: str, facts: dict[str, Any], vietnamese: str, english: str
) -> None:
    said = words(matter(rule, facts))
    assert vietnamese in said.text.vi
    assert english in said.text.en
    assert "Việc cần làm:" in said.text.vi
    assert "What to do:" in said.text.en
    assert said.text.vi.endswith("Căn cứ: Ban Tổ chức Trung ương, HD 42.")
    assert said.title.vi.endswith(": Chi bộ thôn 1")


@pytest.mark.parametrize(("language", "first"), [("vi", "Đã hết hạn"), ("en", "The last reporting day")])
def test_a_letter_begins_in_the_language_of_the_office(language: Any, first: str) -> None:
    said = words(matter("minutes_missing", {"due_on": "2026-08-02"}))
    letter = compose(
        UUID(int=7),
        said,
        sender="nenep@gialai.gov.vn",
        recipient="xa@gialai.gov.vn",
        language=language,
        at=datetime(2026, 8, 3, tzinfo=UTC),
    )
    assert letter.get_content().startswith(first)
    assert said.text.vi in letter.get_content().replace("\r\n", "\n")
    assert said.text.en in letter.get_content().replace("\r\n", "\n")
    assert letter["Message-ID"] == f"<{UUID(int=7)}@gialai.gov.vn>"
    assert letter["Date"].endswith("+0700")
    assert max(map(len, letter.as_bytes().split(b"\r\n"))) <= 998  # RFC 5322, section 2.1.1


def test_waits_double_up_to_the_limit_and_end() -> None:
    patience = Patience(attempts=6, first_seconds=60, limit_seconds=300)
    assert [patience.wait_after(attempt) for attempt in range(1, 7)] == [60, 120, 240, 300, 300, None]


@given(st.integers(1, 10_000), st.integers(1, 10_000))
def test_a_wait_is_never_shorter_than_the_one_before(attempts: int, tried: int) -> None:
    patience = Patience(attempts=attempts, first_seconds=1, limit_seconds=21_600)
    before, after = patience.wait_after(tried), patience.wait_after(tried + 1)
    assert (before is None) == (tried >= attempts)
    assert after is None or (before is not None and after >= before)
