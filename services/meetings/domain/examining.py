"""Minutes laid on the roster, the roll call and the rules of their day: what they come to, what is wrong with them."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Final
from uuid import UUID

from services.meetings.domain.attendance import RollCall
from services.meetings.domain.minutes import Assignment, Minutes, MinutesRecord
from services.meetings.domain.refusals import HOUSE
from services.meetings.domain.roster import Entry
from services.meetings.domain.rules import MeetingKind, Rules
from services.meetings.domain.values import OUTSIDE_YEARS, YEARS
from services.meetings.domain.votes import (
    NOT_A_MEMBER,
    WAS_ABSENT,
    Voters,
    VoteRule,
    count_faults,
    questions_faults,
)
from shared.clock import local_day
from shared.errors import Fault, Text


def examine(
    minutes: Minutes,
    *,
    kind: MeetingKind,
    day: date,
    roll_call: RollCall | None,
    roster: Mapping[UUID, Entry],
    rules: Rules,
) -> tuple[MinutesRecord, list[Fault]]:
    """Lay `minutes` of a meeting of `kind` on `day` on its roster, its roll call (when taken) and the day's rules.

    The faults name fields of the minutes (`tasks[1].due_on`); the record is of use only when there are none.
    """
    voters = voters_of(kind, roll_call, roster, rules)
    required = rules.required_sections[kind]
    record = MinutesRecord(
        minutes,
        len(required),
        minutes.sections.filled(required),
        len(voters.voting),
        len(voters.present),
        vote_rule(rules),
    )
    source = rules.sources["attendance_denominator"]
    faults = [
        *_times(minutes, day),
        *_people(minutes, voters, source),
        *_tasks(minutes.tasks, roster, day, source),
        *_carried(minutes, day),
        *questions_faults(minutes.questions, voters),
        *_fees(minutes, roster),
    ]
    if minutes.resolution is not None:
        faults += count_faults("resolution.votes", minutes.resolution.votes, voters)
    return record, faults


def vote_rule(rules: Rules) -> VoteRule:
    """What carries a vote by the rules of the day; more than half where no rule is known."""
    majority = rules.vote_majority
    return VoteRule(
        majority.more_than if majority else 0.5,
        rules.sources.get("vote_majority"),
        rules.sources["vote_denominator"],
    )


def voters_of(kind: MeetingKind, roll_call: RollCall | None, roster: Mapping[UUID, Entry], rules: Rules) -> Voters:
    """Who may vote at a meeting of `kind`, and who of them was there by the roll call (when taken)."""
    came = set(roll_call.exempt_present) if roll_call else set()
    selector = rules.vote_denominator[kind]
    voting = frozenset(
        member_id for member_id, entry in roster.items() if selector.counts(entry, came=member_id in came)
    )
    absent = frozenset(absence.member_id for absence in roll_call.absent) if roll_call else frozenset()
    return Voters(voting, voting - absent, roster, absent, rules.sources["vote_denominator"])


def _times(minutes: Minutes, day: date) -> Iterator[Fault]:
    if minutes.ended_at <= minutes.started_at:
        yield Fault("ended_at", "ends-before-it-starts", _ENDS_FIRST, HOUSE)
    if local_day(minutes.started_at) != day:
        yield Fault("started_at", "another-day", _another_day(day), HOUSE)


def _people(minutes: Minutes, voters: Voters, source: str) -> Iterator[Fault]:
    named = [("chair_id", minutes.chair_id), ("secretary_id", minutes.secretary_id)]
    named += [(f"opinions[{index}].member_id", said.member_id) for index, said in enumerate(minutes.opinions)]
    named += [
        (f"self_criticisms[{index}].member_id", said.member_id) for index, said in enumerate(minutes.self_criticisms)
    ]
    for field, member_id in named:
        yield from person_faults(field, member_id, voters, source)


def person_faults(field: str, member_id: UUID, voters: Voters, source: str) -> Iterator[Fault]:
    """What is wrong with naming `member_id` in `field` as somebody who spoke, chaired or wrote."""
    if member_id not in voters.roster:
        yield Fault(field, "not-a-member", NOT_A_MEMBER, source)
    elif member_id in voters.absent:
        yield Fault(field, "was-absent", WAS_ABSENT, HOUSE)


def task_faults(field: str, task: Assignment, roster: Mapping[UUID, Entry], day: date, source: str) -> Iterator[Fault]:
    """What is wrong with a task given on `day`; `field` is its path with a dot at the end, or empty."""
    if task.member_id not in roster:
        yield Fault(f"{field}member_id", "not-a-member", NOT_A_MEMBER, source)
    yield from _due(f"{field}due_on", task.due_on, day)


def _tasks(tasks: Sequence[Assignment], roster: Mapping[UUID, Entry], day: date, source: str) -> Iterator[Fault]:
    seen: set[UUID] = set()
    for index, task in enumerate(tasks):
        yield from task_faults(f"tasks[{index}].", task, roster, day, source)
        if task.task_id in seen:
            yield Fault(f"tasks[{index}].task_id", "task-named-twice", _TASK_TWICE, HOUSE)
        seen.add(task.task_id)


def _carried(minutes: Minutes, day: date) -> Iterator[Fault]:
    seen = {task.task_id for task in minutes.tasks}
    for index, carried in enumerate(minutes.carried_over):
        yield from _due(f"carried_over[{index}].due_on", carried.due_on, day)
        if carried.task_id in seen:
            yield Fault(f"carried_over[{index}].task_id", "task-named-twice", _TASK_TWICE, HOUSE)
        seen.add(carried.task_id)


def _due(field: str, due_on: date, day: date) -> Iterator[Fault]:
    if due_on < day:
        yield Fault(field, "due-before-assigned", _DUE_FIRST, HOUSE)
    elif due_on.year not in YEARS:
        yield Fault(field, "outside-years", OUTSIDE_YEARS, HOUSE)


def _fees(minutes: Minutes, roster: Mapping[UUID, Entry]) -> Iterator[Fault]:
    fees = minutes.fees
    if fees is not None and fees.total > len(roster):
        yield Fault("fees", "fees-over-members", _fees_over(fees.total, len(roster)), HOUSE)


_ENDS_FIRST: Final = Text(
    "Giờ kết thúc phải sau giờ bắt đầu. Sửa một trong hai giờ.",
    "The meeting must end after it starts. Correct one of the two times.",
)
_DUE_FIRST: Final = Text(
    "Hạn hoàn thành nhiệm vụ không thể trước ngày họp. Sửa hạn.",
    "A task cannot be due before the day of the meeting. Correct the day.",
)
_TASK_TWICE: Final = Text(
    "Hai nhiệm vụ mang cùng một mã. Mỗi nhiệm vụ cần mã riêng.",
    "Two tasks carry the same id. Every task needs its own.",
)


def _another_day(day: date) -> Text:
    return Text(
        f"Buổi họp được lên lịch ngày {day:%d/%m/%Y}, biên bản lại bắt đầu vào ngày khác. Sửa giờ trong biên bản, hoặc "
        "đổi lịch trước khi điểm danh.",
        f"The meeting is planned for {day.isoformat()} but the minutes start on another day. Correct the time, or "
        "re-plan before taking attendance.",
    )


def _fees_over(counted: int, members: int) -> Text:
    return Text(
        f"Số đảng viên nêu ở mục đảng phí ({counted}) nhiều hơn số đảng viên của chi bộ ({members}). Kiểm tra lại.",
        f"Party fees count {counted} members but the branch has {members}. Check the counts.",
    )
