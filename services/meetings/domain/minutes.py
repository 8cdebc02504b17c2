"""Minutes: sections, opinions by named members, the resolution with its votes, tasks with a person and a day."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Final
from uuid import UUID

import msgspec

from services.meetings.domain.attendance import NOT_A_MEMBER, RollCall
from services.meetings.domain.roster import Entry
from services.meetings.domain.rules import MeetingKind, Rules
from services.meetings.domain.values import OUTSIDE_YEARS, YEARS, Count, Instant, Line, in_years
from shared.clock import local_day
from shared.errors import Fault, Text


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


class Votes(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename={"for_": "for"}):
    """A show of hands."""

    for_: Count
    against: Count
    abstaining: Count

    @property
    def total(self) -> int:
        """Hands shown."""
        return self.for_ + self.against + self.abstaining


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

    def __post_init__(self) -> None:
        in_years(self.started_at, self.ended_at)


class MinutesRecord(msgspec.Struct, frozen=True):
    """Minutes with what the rules of the day say of them: sections required and written, and how many may vote."""

    written: Minutes
    sections_required: int
    sections_filled: int
    voters: int

    @property
    def speakers(self) -> int:
        """Members who spoke."""
        return len({opinion.member_id for opinion in self.written.opinions})

    @property
    def has_conclusion(self) -> bool:
        """Whether the chair's conclusion is written."""
        return bool(self.written.sections.conclusion.strip())

    @property
    def is_complete(self) -> bool:
        """Whether every required section is written."""
        return self.sections_filled == self.sections_required


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
    came = set(roll_call.exempt_present) if roll_call else set()
    selector = rules.vote_denominator[kind]
    voting = {member_id for member_id, entry in roster.items() if selector.counts(entry, came=member_id in came)}
    required = rules.required_sections[kind]
    record = MinutesRecord(minutes, len(required), minutes.sections.filled(required), len(voting))
    absent = {absence.member_id for absence in roll_call.absent} if roll_call else set()
    faults = [*_times(minutes, day), *_people(minutes, roster, absent), *_tasks(minutes, roster, day)]
    if minutes.resolution is not None:
        hands = minutes.resolution.votes.total
        if hands > len(voting):
            faults.append(_more_than_may_vote(hands, len(voting), rules.sources["vote_denominator"]))
        elif hands > len(voting - absent):
            faults.append(_more_than_were_there(hands, len(voting - absent)))
    return record, faults


def _times(minutes: Minutes, day: date) -> Iterator[Fault]:
    if minutes.ended_at <= minutes.started_at:
        yield Fault("ended_at", "ends-before-it-starts", _ENDS_FIRST)
    if local_day(minutes.started_at) != day:
        yield Fault("started_at", "another-day", _another_day(day))


def _people(minutes: Minutes, roster: Mapping[UUID, Entry], absent: set[UUID]) -> Iterator[Fault]:
    named = [("chair_id", minutes.chair_id), ("secretary_id", minutes.secretary_id)]
    named += [(f"opinions[{index}].member_id", opinion.member_id) for index, opinion in enumerate(minutes.opinions)]
    for field, member_id in named:
        if member_id not in roster:
            yield Fault(field, "not-a-member", NOT_A_MEMBER)
        elif member_id in absent:
            yield Fault(field, "was-absent", _WAS_ABSENT)


def _tasks(minutes: Minutes, roster: Mapping[UUID, Entry], day: date) -> Iterator[Fault]:
    seen: set[UUID] = set()
    for index, task in enumerate(minutes.tasks):
        if task.member_id not in roster:
            yield Fault(f"tasks[{index}].member_id", "not-a-member", NOT_A_MEMBER)
        if task.due_on < day:
            yield Fault(f"tasks[{index}].due_on", "due-before-assigned", _DUE_FIRST)
        elif task.due_on.year not in YEARS:
            yield Fault(f"tasks[{index}].due_on", "outside-years", OUTSIDE_YEARS)
        if task.task_id in seen:
            yield Fault(f"tasks[{index}].task_id", "task-named-twice", _TASK_TWICE)
        seen.add(task.task_id)


_ENDS_FIRST: Final = Text(
    "Giờ kết thúc phải sau giờ bắt đầu. Sửa một trong hai giờ.",
    "The meeting must end after it starts. Correct one of the two times.",
)
_WAS_ABSENT: Final = Text(
    "Người này đã được điểm danh là vắng mặt nên không thể chủ trì, ghi biên bản hay phát biểu. Sửa điểm danh hoặc sửa "
    "mục này.",
    "This person was marked absent, so cannot chair, keep the minutes or speak. Correct the roll call or this field.",
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


def _more_than_were_there(shown: int, present: int) -> Fault:
    return Fault(
        "resolution.votes",
        "votes-over-those-present",
        Text(
            f"Có {shown} phiếu nhưng chỉ {present} người có quyền biểu quyết dự họp. Kiểm tra số phiếu và điểm danh.",
            f"{shown} votes were counted but only {present} voters were there. Check the votes and the roll call.",
        ),
    )


def _more_than_may_vote(shown: int, voters: int, source: str) -> Fault:
    return Fault(
        "resolution.votes",
        "votes-over-denominator",
        Text(
            f"Có {shown} phiếu nhưng chỉ {voters} đảng viên chính thức có quyền biểu quyết (đảng viên dự bị không biểu "
            "quyết). Kiểm tra số phiếu.",
            f"{shown} votes were counted but only {voters} official members may vote (probationary members do not). "
            "Check the votes.",
        ),
        source,
    )
