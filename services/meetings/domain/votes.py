"""Votes: a show of hands counted, or each member's choice by name, over a denominator that a dated rule gives.

A vote is over all official members summoned, less those elsewhere and exempt ones who did not come; absent official
members stay in: 17 present of 20 is over 20, and more than half of 20 carries.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Final, Literal
from uuid import UUID

import msgspec

from services.meetings.domain.refusals import HOUSE
from services.meetings.domain.roster import Entry
from services.meetings.domain.values import Count, Line
from shared.errors import Fault, Text

Choice = Literal["for", "against", "abstaining"]


class Votes(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename={"for_": "for"}):
    """A show of hands."""

    for_: Count
    against: Count
    abstaining: Count

    @property
    def total(self) -> int:
        """Hands shown."""
        return self.for_ + self.against + self.abstaining


class Named(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How one member voted."""

    member_id: UUID
    choice: Choice


class Question(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A question put to the vote: by a show of hands (`hands`) or by name (`by_name`), one of the two."""

    vote_id: UUID
    title: Line
    hands: Votes | None = None
    by_name: tuple[Named, ...] = ()

    @property
    def votes(self) -> Votes:
        """The count, however it was taken."""
        if self.hands is not None:
            return self.hands
        counted = Counter(vote.choice for vote in self.by_name)
        return Votes(counted["for"], counted["against"], counted["abstaining"])


class VoteRule(msgspec.Struct, frozen=True):
    """What carries (`more_than`, a share of the denominator), and where both rules stand."""

    more_than: float
    source: str | None
    denominator_source: str | None


class Result(msgspec.Struct, frozen=True):
    """A vote beside its denominator: how many might vote, how many of them were there, whether it carried."""

    votes: Votes
    of: int
    present: int
    carried: bool
    rule: VoteRule


class Voters(msgspec.Struct, frozen=True):
    """Who may vote at a meeting, who of them was there, and the rule of the denominator."""

    voting: frozenset[UUID]
    present: frozenset[UUID]
    roster: Mapping[UUID, Entry]
    absent: frozenset[UUID]
    source: str


def result(votes: Votes, of: int, present: int, rule: VoteRule) -> Result:
    """What a vote comes to: it carries when `for` is more than the rule's share of all who might vote."""
    return Result(votes, of, present, votes.for_ > rule.more_than * of, rule)


def count_faults(field: str, votes: Votes, voters: Voters) -> Iterator[Fault]:
    """What is wrong with a count of hands."""
    if votes.total > len(voters.voting):
        yield _more_than_may_vote(field, votes.total, len(voters.voting), voters.source)
    elif votes.total > len(voters.present):
        yield _more_than_were_there(field, votes.total, len(voters.present), voters.source)


def question_faults(field: str, question: Question, voters: Voters) -> Iterator[Fault]:
    """What is wrong with a question; `field` is its path, "(body)" when it is a body of its own."""
    if (question.hands is None) == (not question.by_name):
        yield Fault(field, "hands-or-by-name", _ONE_WAY, HOUSE)
    if question.hands is not None:
        yield from count_faults(_under(field, "hands"), question.hands, voters)
    seen: set[UUID] = set()
    for index, vote in enumerate(question.by_name):
        where = _under(field, f"by_name[{index}].member_id")
        if vote.member_id not in voters.roster:
            yield Fault(where, "not-a-member", NOT_A_MEMBER, voters.source)
        elif vote.member_id not in voters.voting:
            yield Fault(where, "may-not-vote", _MAY_NOT, voters.source)
        elif vote.member_id in voters.absent:
            yield Fault(where, "was-absent", WAS_ABSENT, HOUSE)
        elif vote.member_id in seen:
            yield Fault(where, "named-twice", NAMED_TWICE, HOUSE)
        seen.add(vote.member_id)


def _under(field: str, member: str) -> str:
    return member if field == "(body)" else f"{field}.{member}"


def questions_faults(questions: Sequence[Question], voters: Voters) -> Iterator[Fault]:
    """What is wrong with all questions of a meeting."""
    seen: set[UUID] = set()
    for index, question in enumerate(questions):
        yield from question_faults(f"questions[{index}]", question, voters)
        if question.vote_id in seen:
            yield Fault(f"questions[{index}].vote_id", "named-twice", NAMED_TWICE, HOUSE)
        seen.add(question.vote_id)


NOT_A_MEMBER: Final = Text(
    "Người này không thuộc chi bộ vào ngày họp. Kiểm tra mã đảng viên và ngày họp.",
    "This person does not belong to the branch on the day of the meeting. Check the member id and the day.",
)
NAMED_TWICE: Final = Text(
    "Một mục được nêu hai lần trong danh sách này. Chỉ giữ một.",
    "Somebody or something is named twice in this list. Keep one.",
)
WAS_ABSENT: Final = Text(
    "Người này đã được điểm danh là vắng mặt nên không thể chủ trì, ghi biên bản, phát biểu hay biểu quyết. Sửa điểm "
    "danh hoặc sửa mục này.",
    "This person was marked absent, so cannot chair, keep the minutes, speak or vote. Correct the roll call or this "
    "field.",
)
_MAY_NOT: Final = Text(
    "Đảng viên này không có quyền biểu quyết (đảng viên dự bị, được miễn mà không dự, hoặc đang sinh hoạt nơi khác). "
    "Bỏ phiếu này.",
    "This member may not vote (probationary, exempt and not present, or elsewhere). Take this vote out.",
)
_ONE_WAY: Final = Text(
    "Một nội dung biểu quyết ghi hoặc số phiếu giơ tay (hands) hoặc từng người (by_name), không để trống, không ghi cả "
    "hai.",
    "A vote is recorded either as a count of hands (hands) or by name (by_name): one of the two.",
)


def _more_than_were_there(field: str, shown: int, present: int, source: str) -> Fault:
    return Fault(
        field,
        "votes-over-those-present",
        Text(
            f"Có {shown} phiếu nhưng chỉ {present} người có quyền biểu quyết dự họp. Kiểm tra số phiếu và điểm danh.",
            f"{shown} votes were counted but only {present} voters were there. Check the votes and the roll call.",
        ),
        source,
    )


def _more_than_may_vote(field: str, shown: int, voters: int, source: str) -> Fault:
    return Fault(
        field,
        "votes-over-denominator",
        Text(
            f"Có {shown} phiếu nhưng chỉ {voters} đảng viên chính thức có quyền biểu quyết (đảng viên dự bị không biểu "
            "quyết). Kiểm tra số phiếu.",
            f"{shown} votes were counted but only {voters} official members may vote (probationary members do not). "
            "Check the votes.",
        ),
        source,
    )
