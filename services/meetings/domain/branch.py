"""What the service knows of a branch when it judges a meeting: the unit over time, its roster, its templates."""

from collections.abc import Mapping
from datetime import date
from typing import Final
from uuid import UUID

import msgspec
from msgspec.structs import replace

from services.meetings.domain import refusals
from services.meetings.domain.frames import NO_RUBRICS, Frame, Rubrics
from services.meetings.domain.refusals import HOUSE
from services.meetings.domain.roster import Entry, Roster
from services.meetings.domain.rules import RuleBook, Rules
from services.meetings.domain.templates import Templates
from shared.errors import Fault, Text, Unprocessable

MEETING_KINDS: Final = frozenset({"branch", "grassroots_branch"})
"""Kinds of unit that hold branch meetings: chi bộ and chi bộ cơ sở."""


class Term(msgspec.Struct, frozen=True):
    """The kind and branch type of a unit from `valid_from` to the day before `valid_to` (None: still)."""

    valid_from: date
    valid_to: date | None
    kind: str
    branch_type: str | None = None

    def holds_on(self, day: date) -> bool:
        """Whether the term is in force on `day`."""
        return self.valid_from <= day and (self.valid_to is None or day < self.valid_to)


class Branch(msgspec.Struct, frozen=True):
    """A unit, its roster (None until its event has arrived), the templates its minutes follow (None: not asked), and
    the rubrics its meetings may be scored by."""

    unit_id: UUID
    terms: tuple[Term, ...]
    roster: Roster | None
    templates: Templates | None = None
    rubrics: Rubrics = NO_RUBRICS

    def must_meet_on(self, day: date) -> None:
        """Raises Unprocessable unless the unit is in force on `day` and of a kind that holds branch meetings."""
        for term in self.terms:
            if term.holds_on(day):
                if term.kind not in MEETING_KINDS:
                    raise Unprocessable.of([Fault("unit_id", "not-a-branch", _NOT_A_BRANCH, HOUSE)])
                return
        raise Unprocessable.of([Fault("unit_id", "unit-not-in-force", _not_in_force(day), HOUSE)])

    def roster_on(self, day: date) -> Mapping[UUID, Entry]:
        """Who belongs to the branch on `day`. Raises Conflict while its roster has not arrived."""
        if self.roster is None:
            raise refusals.not_here_yet()
        return self.roster.on(day)

    def type_on(self, day: date) -> str | None:
        """The type of the branch on `day`; None when it has none then."""
        return next((term.branch_type for term in self.terms if term.holds_on(day)), None)

    def frame_on(self, kind: str, day: date, book: RuleBook) -> Frame | None:
        """The frame meetings of a kind are scored by on `day`: a rubric's, else that of the dated rule; None: none."""
        return self.rubrics.on(kind, day) or book.frame_on(day)

    def frame_named(self, name: str, book: RuleBook) -> Frame | None:
        """The frame of this name, in force or not; None when it is not known here."""
        return self.rubrics.named(name) or book.frame_named(name)

    def rules_on(self, day: date, book: RuleBook) -> Rules:
        """The rules of `day` for this branch: the sections required are those of its templates of that day.

        Raises Unprocessable when a rule or a template that every meeting needs is missing.
        """
        rules = book.on(day)
        if self.templates is None:
            return rules
        return replace(rules, required_sections=self.templates.required_on(self.type_on(day), day))


_NOT_A_BRANCH: Final = Text(
    "Đơn vị này không phải chi bộ nên không có sinh hoạt chi bộ. Chọn đúng chi bộ.",
    "This unit is not a branch, so it holds no branch meetings. Choose the branch.",
)


def _not_in_force(day: date) -> Text:
    return Text(
        f"Chi bộ này không hoạt động vào ngày {day:%d/%m/%Y} (chưa thành lập, đã giải thể hoặc sáp nhập). Kiểm tra chi "
        "bộ và ngày họp.",
        f"This branch is not in force on {day.isoformat()} (not yet founded, closed or merged). Check branch and day.",
    )
