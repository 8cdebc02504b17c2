"""What a branch owes and by when: reports, tasks, its regular and thematic meetings, the plan of its year."""

from datetime import date, timedelta
from typing import Final, Literal
from uuid import UUID

import msgspec

from services.meetings.domain.calendar import KIND_NAMES
from services.meetings.domain.rules import ExpectedRule
from shared.errors import Text
from shared.months import add, first_day

What = Literal["report", "task", "regular-meeting", "thematic-meeting", "plan", "plan-to-approve"]
RULES: Final = {
    "report": "report_within_days",
    "thematic-meeting": "expected",
    "plan": "expected",
    "plan-to-approve": "expected",
}
"""The dated rule each kind of thing due comes from; the others stand in the minutes or need no number."""


class Due(msgspec.Struct, frozen=True):
    """One thing due; `id` is the meeting or task it is about, else the branch. `detail` is for the words only."""

    what: What
    unit_id: UUID
    id: UUID
    detail: str | None
    due_on: date


def words(due: Due) -> Text:
    """What is to be done, as a person reads it."""
    if due.what == "report":
        kind = KIND_NAMES[due.detail or "regular"]
        return Text(f"Thông qua và báo cáo biên bản: {kind.vi}", f"Adopt and report the minutes: {kind.en}")
    if due.what == "task":
        return Text(due.detail or "", due.detail or "")
    return _WORDS[due.what]


def quarter_of(month: str, rule: ExpectedRule | None) -> tuple[str, str, date | None]:
    """The months within which a thematic meeting is due, first and last, and its last day; None without a rule."""
    if rule is None:
        return month, month, None
    into = (int(month[5:]) - 1) % rule.thematic_months
    last = add(month, rule.thematic_months - 1 - into)
    return add(month, -into), last, end_of(last)


def end_of(month: str) -> date:
    """The last day of a month."""
    return first_day(add(month, 1)) - timedelta(days=1)


_WORDS: Final = {
    "regular-meeting": Text("Tổ chức sinh hoạt chi bộ thường kỳ của tháng", "Hold this month's regular meeting"),
    "thematic-meeting": Text("Tổ chức sinh hoạt chuyên đề của quý", "Hold this quarter's thematic meeting"),
    "plan": Text("Gửi kế hoạch sinh hoạt của năm để duyệt", "Send the plan of the year for approval"),
    "plan-to-approve": Text("Duyệt kế hoạch sinh hoạt của năm", "Approve the plan of the year"),
}
