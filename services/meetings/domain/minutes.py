"""Minutes: sections, opinions by named members, votes, tasks with a person and a day."""

from datetime import date
from uuid import UUID

import msgspec

from services.meetings.domain.values import Count, Instant, Line, in_years
from services.meetings.domain.votes import Question, Result, VoteRule, result
from services.meetings.domain.votes import Votes as Votes


class Sections(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The text of the minutes by section; an empty one was not written."""

    opening: str = ""
    last_month_results: str = ""
    next_month_direction: str = ""
    discussion: str = ""
    self_criticism: str = ""
    ideology: str = ""
    conclusion: str = ""

    def filled(self, names: tuple[str, ...]) -> int:
        """How many of the sections `names` are written."""
        return sum(bool(getattr(self, name).strip()) for name in names)


class Opinion(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What one member said."""

    member_id: UUID
    text: str
    opinion_id: UUID | None = None


class SelfCriticism(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A member's self-criticism; `about` names another when it was criticism of them."""

    member_id: UUID
    text: str
    about: UUID | None = None
    entry_id: UUID | None = None


class Conclusion(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The chair's conclusion on one item of the agenda."""

    item: Line
    text: str
    conclusion_id: UUID | None = None


class Fees(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Party fees of the month: members who paid, who owe, who are exempt from them."""

    paid: Count
    owing: Count
    exempt: Count = 0

    @property
    def total(self) -> int:
        """Members counted."""
        return self.paid + self.owing + self.exempt


class Resolution(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the branch resolved, and how it voted."""

    text: str
    votes: Votes


class Assignment(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A task the meeting gives: to whom, what, by which day."""

    task_id: UUID
    member_id: UUID
    content: Line
    due_on: date


class Carried(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A task of an earlier meeting that was not done and goes on, under the id it has, to another day."""

    task_id: UUID
    due_on: date


class Minutes(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The minutes as the secretary writes them."""

    started_at: Instant
    ended_at: Instant
    chair_id: UUID
    secretary_id: UUID
    sections: Sections
    opinions: tuple[Opinion, ...] = ()
    resolution: Resolution | None = None
    tasks: tuple[Assignment, ...] = ()
    questions: tuple[Question, ...] = ()
    self_criticisms: tuple[SelfCriticism, ...] = ()
    conclusions: tuple[Conclusion, ...] = ()
    carried_over: tuple[Carried, ...] = ()
    fees: Fees | None = None

    def __post_init__(self) -> None:
        in_years(self.started_at, self.ended_at)


class MinutesRecord(msgspec.Struct, frozen=True):
    """Minutes with what the rules of the day say of them: sections required and written, and how many may vote.

    `voters_present` are those of the voters who were there; `vote_rule` says what carries.
    """

    written: Minutes
    sections_required: int
    sections_filled: int
    voters: int
    voters_present: int = 0
    vote_rule: VoteRule = VoteRule(0.5, None, None)

    @property
    def speakers(self) -> int:
        """Members who spoke."""
        return len({opinion.member_id for opinion in self.written.opinions})

    @property
    def has_conclusion(self) -> bool:
        """Whether the chair's conclusion is written, as a section or item by item."""
        return bool(self.written.sections.conclusion.strip()) or bool(self.written.conclusions)

    @property
    def is_complete(self) -> bool:
        """Whether every required section is written."""
        return self.sections_filled == self.sections_required

    def result(self, votes: Votes) -> Result:
        """A count of this meeting beside its denominator."""
        return result(votes, self.voters, self.voters_present, self.vote_rule)

    @property
    def questions_carried(self) -> int:
        """How many of the questions put to the vote carried."""
        return sum(self.result(question.votes).carried for question in self.written.questions)
