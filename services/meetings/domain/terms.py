"""Terms of a unit's committee, as dated data: papers number continuously within one."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final

import msgspec

from services.meetings.domain.refusals import HOUSE
from shared.errors import Conflict, Fault, Text, Unprocessable


class CommitteeTerm(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A term (nhiệm kỳ) of a unit's committee, from its first to its last day (None: still)."""

    name: str
    first_day: date
    last_day: date | None = None

    def holds_on(self, day: date) -> bool:
        """Whether the term runs on `day`."""
        return self.first_day <= day and (self.last_day is None or day <= self.last_day)


def term_on(terms: Sequence[CommitteeTerm], day: date) -> CommitteeTerm:
    """The term that runs on `day`. Raises Conflict when none is known."""
    for term in terms:
        if term.holds_on(day):
            return term
    raise Conflict(
        "no-term",
        Text(
            f"Chưa khai nhiệm kỳ của chi bộ cho ngày {day:%d/%m/%Y} nên chưa đánh số văn bản được. Khai nhiệm kỳ trước "
            "(PUT /v1/units/{id}/terms).",
            f"No term of the branch is known for {day.isoformat()}, so the paper cannot be numbered. Set the terms "
            "first (PUT /v1/units/{id}/terms).",
        ),
        source=HOUSE,
    )


def examine_terms(terms: Sequence[CommitteeTerm], used: Mapping[date, tuple[date, date]]) -> None:
    """Raises Unprocessable unless the terms follow one another and still hold the papers numbered in them.

    `used` gives, by the first day of a term, the first and last day of its papers.
    """
    faults = []
    for index, term in enumerate(terms):
        if term.last_day is not None and term.last_day < term.first_day:
            faults.append(Fault(f"terms[{index}].last_day", "term-ends-first", _ENDS_FIRST, HOUSE))
        before = terms[index - 1] if index else None
        if before is not None and (before.last_day is None or before.last_day >= term.first_day):
            faults.append(Fault(f"terms[{index}].first_day", "terms-overlap", _OVERLAP, HOUSE))
    by_first = {term.first_day: term for term in terms}
    for first_day, days in used.items():
        kept = by_first.get(first_day)
        if kept is None or not all(kept.holds_on(day) for day in days):
            faults.append(Fault("terms", "term-has-papers", _has_papers(first_day), HOUSE))
    if faults:
        raise Unprocessable.of(faults)


_ENDS_FIRST: Final = Text(
    "Ngày cuối nhiệm kỳ không thể trước ngày đầu. Sửa một trong hai ngày.",
    "A term cannot end before it begins. Correct one of the two days.",
)
_OVERLAP: Final = Text(
    "Nhiệm kỳ này bắt đầu khi nhiệm kỳ trước chưa kết thúc, hoặc danh sách không theo thứ tự thời gian. Sửa ngày.",
    "This term begins before the one above it has ended, or the list is not in the order of time. Correct the days.",
)


def _has_papers(first_day: date) -> Text:
    return Text(
        f"Nhiệm kỳ bắt đầu ngày {first_day:%d/%m/%Y} đã có văn bản được đánh số: giữ nguyên ngày bắt đầu, và ngày kết "
        "thúc không được trước văn bản cuối. Số đã cấp không cấp lại.",
        f"Papers are numbered in the term that begins on {first_day.isoformat()}: its first day stays, and it cannot "
        "end before its last paper. A number once given is never given again.",
    )
