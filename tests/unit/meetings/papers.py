"""A branch, its rules and its papers for the tests of the domain."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import msgspec

from services.meetings.domain import life
from services.meetings.domain.attendance import Absence, RollCall
from services.meetings.domain.branch import Branch, Term
from services.meetings.domain.meeting import Contents, Meeting, Plan
from services.meetings.domain.minutes import Assignment, Minutes, Opinion, Resolution, Sections, Votes
from services.meetings.domain.roster import Entry, MemberKind, MemberStatus, Post, Roster
from services.meetings.domain.rules import DatedRule, RuleBook
from services.meetings.domain.scores import SelfScore

BRANCH = UUID(int=1)
MEETING = UUID(int=2)
TASK = UUID(int=3)
DAY = date(2026, 6, 3)
STARTS = datetime(2026, 6, 3, 12, 30, tzinfo=UTC)
NOW = datetime(2026, 6, 4, tzinfo=UTC)

_OWES = {"kinds": ["official", "probationary"], "statuses": ["active", "received_temporarily"]}
_VOTES = {"kinds": ["official"], "statuses": ["active", "received_temporarily"], "statuses_if_present": ["exempt"]}
_POSTS = {"posts": ["secretary", "deputy_secretary", "committee_member"]}
_KINDS = ("regular", "thematic", "extraordinary")


def rule(name: str, value: Any, valid_from: date = date(2011, 1, 1), valid_to: date | None = None) -> DatedRule:
    """A dated rule."""
    return DatedRule(name, valid_from, valid_to, value, "Ban Tổ chức", "HD 1")


def book(*more: DatedRule) -> RuleBook:
    """The rules the service is seeded with, in few words; `more` are added."""
    return RuleBook(
        [
            rule("attendance_denominator", dict.fromkeys(_KINDS, _OWES) | {"committee": _OWES | _POSTS}),
            rule("vote_denominator", dict.fromkeys(_KINDS, _VOTES) | {"committee": _VOTES | _POSTS}),
            rule("report_within_days", 2),
            rule("required_sections", {kind: ["opening", "conclusion"] for kind in (*_KINDS, "committee")}),
            rule("score_frame", {"name": "new", "groups": {"conduct": 60, "closing": 40}}, date(2026, 1, 1)),
            *more,
        ]
    )


def member(number: int) -> UUID:
    """The id of a member."""
    return UUID(int=100 + number)


def entry(
    number: int, kind: MemberKind = "official", status: MemberStatus = "active", post: Post | None = None
) -> Entry:
    """A member since 2020."""
    return Entry(member(number), date(2020, 1, 1), None, kind, status, None, post)


def branch(*entries: Entry) -> Branch:
    """A branch of `entries`, since 2020; by default four official members and a probationary one."""
    everyone = entries or (entry(1, post="secretary"), entry(2), entry(3), entry(4), entry(5, "probationary"))
    return Branch(BRANCH, (Term(date(2020, 1, 1), None, "branch"),), Roster(BRANCH, 1, everyone))


def plan(**changes: Any) -> Plan:
    """A regular meeting."""
    return msgspec.structs.replace(Plan(BRANCH, "regular", STARTS, "Nhà văn hoá"), **changes)


def minutes(**changes: Any) -> Minutes:
    """Minutes with one opinion, four votes and a task."""
    written = Minutes(
        started_at=STARTS,
        ended_at=datetime(2026, 6, 3, 14, tzinfo=UTC),
        chair_id=member(1),
        secretary_id=member(2),
        sections=Sections(opening="Mở đầu.", conclusion="Kết luận."),
        opinions=(Opinion(member(1), "Đồng ý."),),
        resolution=Resolution("Làm đường.", Votes(4, 0, 0)),
        tasks=(Assignment(TASK, member(3), "Hiến đất", date(2026, 6, 30)),),
    )
    return msgspec.structs.replace(written, **changes)


def roll_call(*absent: int, reason: str | None = None, **changes: Any) -> RollCall:
    """A roll call with those `absent`."""
    return RollCall(tuple(Absence(member(number), reason) for number in absent), **changes)


def contents(**changes: Any) -> Contents:
    """Everything handed in about a meeting."""
    score = SelfScore({"conduct": 50.25, "closing": 40})
    return msgspec.structs.replace(Contents(roll_call(), minutes(), score), **changes)


def adopted(given: Contents | None = None, of: Branch | None = None) -> Meeting:
    """A meeting whose minutes are adopted, as if saved."""
    of = of or branch()
    planned = life.plan(MEETING, plan(), of, regular_of_month=None)
    meeting = life.adopt_with(planned, given or contents(), of, book(), adopted_at=NOW, reported_at=NOW, now=NOW)
    return msgspec.structs.replace(meeting, version=1)
