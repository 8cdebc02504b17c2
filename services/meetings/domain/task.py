"""A task that adopted minutes gave to a named member: assigned → done, or cancelled by a correction.

A task that was not done may be carried over by a later meeting: it keeps its id, its first deadline and the meeting
that gave it, so that carrying over never makes a late task look timely.
"""

from collections.abc import Mapping
from datetime import date
from typing import Final, Literal
from uuid import UUID

import msgspec
from msgspec.structs import replace

from services.meetings.domain.facts import Mark
from services.meetings.domain.meeting import Meeting
from services.meetings.domain.refusals import HOUSE
from services.meetings.domain.values import Line
from shared.errors import Conflict, Fault, Text, Unprocessable

TaskStatus = Literal["assigned", "done", "cancelled"]


TaskState = Literal["assigned", "late", "carried_over", "done", "done_late", "cancelled"]


class Carry(msgspec.Struct, frozen=True):
    """That a later meeting carried the task over, and to which day."""

    meeting_id: UUID
    due_on: date


class Evidence(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What shows that a task was done: a title, and where it lies (an attachment's id, a number, an address)."""

    evidence_id: UUID
    title: Line
    reference: Line


class Task(msgspec.Struct, frozen=True, kw_only=True):
    """A task in its latest state. `version` 0: not saved yet."""

    task_id: UUID
    version: int = 0
    meeting_id: UUID
    unit_id: UUID
    member_id: UUID
    content: str
    assigned_on: date
    due_on: date
    status: TaskStatus = "assigned"
    done_on: date | None = None
    carries: tuple[Carry, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    completed: Mark | None = None

    @property
    def due_now(self) -> date:
        """The deadline as last carried over."""
        return self.carries[-1].due_on if self.carries else self.due_on

    def state_on(self, day: date) -> TaskState:
        """What a person calls the state of the task on `day`; done after its first deadline is late."""
        if self.status == "cancelled":
            return "cancelled"
        if self.status == "done":
            return "done_late" if self.done_on is not None and self.done_on > self.due_on else "done"
        if day > self.due_now:
            return "late"
        return "carried_over" if self.carries else "assigned"


def of_meeting(meeting: Meeting, known: Mapping[UUID, Task]) -> list[Task]:
    """What adopted minutes make of the tasks: new ones assigned, changed ones changed, dropped ones cancelled.

    `known` holds, by id, the tasks of this meeting and any others the minutes name; those unchanged are not returned.
    Raises Unprocessable naming the fields of tasks that belong to another meeting.
    """
    assert meeting.minutes is not None
    assignments = meeting.minutes.written.tasks
    faults = [
        Fault(f"minutes.tasks[{index}].task_id", "task-of-another-meeting", _OF_ANOTHER, HOUSE)
        for index, wanted in enumerate(assignments)
        if wanted.task_id in known and known[wanted.task_id].meeting_id != meeting.meeting_id
    ]
    faults += _not_carried(meeting, known)
    if faults:
        raise Unprocessable.of(faults)
    changed: list[Task] = []
    for wanted in assignments:
        task = known.get(wanted.task_id) or Task(
            task_id=wanted.task_id,
            meeting_id=meeting.meeting_id,
            unit_id=meeting.plan.unit_id,
            member_id=wanted.member_id,
            content=wanted.content,
            assigned_on=meeting.plan.day,
            due_on=wanted.due_on,
        )
        again = replace(task, member_id=wanted.member_id, content=wanted.content, due_on=wanted.due_on)
        if again.status == "cancelled":
            again = replace(again, status="assigned" if again.done_on is None else "done")
        if task.version == 0 or again != task:
            changed.append(again)
    kept = {wanted.task_id for wanted in assignments}
    changed += [
        replace(task, status="cancelled")
        for task in known.values()
        if task.meeting_id == meeting.meeting_id and task.task_id not in kept and task.status != "cancelled"
    ]
    return changed + _carried(meeting, known)


def _not_carried(meeting: Meeting, known: Mapping[UUID, Task]) -> list[Fault]:
    assert meeting.minutes is not None
    faults = []
    for index, carried in enumerate(meeting.minutes.written.carried_over):
        field, task = f"minutes.carried_over[{index}].task_id", known.get(carried.task_id)
        if task is None or task.unit_id != meeting.plan.unit_id or task.meeting_id == meeting.meeting_id:
            faults.append(Fault(field, "no-earlier-task", _NO_EARLIER, HOUSE))
        elif task.status != "assigned" and meeting.meeting_id not in {carry.meeting_id for carry in task.carries}:
            faults.append(Fault(field, "task-not-open", _NOT_OPEN, HOUSE))
    return faults


def _carried(meeting: Meeting, known: Mapping[UUID, Task]) -> list[Task]:
    """The tasks of earlier meetings that these minutes carry over, or no longer do."""
    assert meeting.minutes is not None
    wanted = {carried.task_id: carried.due_on for carried in meeting.minutes.written.carried_over}
    changed = []
    for task in known.values():
        if task.meeting_id == meeting.meeting_id:
            continue
        carries = tuple(carry for carry in task.carries if carry.meeting_id != meeting.meeting_id)
        if task.task_id in wanted:
            carries = (*carries, Carry(meeting.meeting_id, wanted[task.task_id]))
        if carries != task.carries:
            changed.append(replace(task, carries=carries))
    return changed


def taken_back(task: Task, meeting_id: UUID) -> Task:
    """The task as if the minutes of the meeting had not been adopted: given by them it is cancelled, carried not."""
    if task.meeting_id == meeting_id:
        return replace(task, status="cancelled") if task.status == "assigned" else task
    return replace(task, carries=tuple(carry for carry in task.carries if carry.meeting_id != meeting_id))


def with_evidence(task: Task, evidence: Evidence) -> Task:
    """The task with a piece of evidence, in the place of the one of its id. Raises Conflict when it is cancelled."""
    if task.status == "cancelled":
        raise Conflict("task-cancelled", _CANCELLED, source=HOUSE)
    kept = tuple(known for known in task.evidence if known.evidence_id != evidence.evidence_id)
    return task if evidence in task.evidence else replace(task, evidence=(*kept, evidence))


def complete(task: Task, done_on: date, today: date) -> Task:
    """The task done on `done_on`; the same task when that is known.

    Raises Conflict when it is cancelled or done on another day, Unprocessable for a day before it was given or to come.
    """
    if task.status == "cancelled":
        raise Conflict("task-cancelled", _CANCELLED, source=HOUSE)
    if task.status == "done":
        if task.done_on == done_on:
            return task
        raise Conflict("task-done", _DONE, source=HOUSE)
    if done_on < task.assigned_on:
        raise Unprocessable.of([Fault("done_on", "done-before-assigned", _DONE_FIRST, HOUSE)])
    if done_on > today:
        raise Unprocessable.of([Fault("done_on", "done-in-future", _DONE_LATER, HOUSE)])
    return replace(task, status="done", done_on=done_on)


_OF_ANOTHER: Final = Text(
    "Mã nhiệm vụ này đã thuộc một buổi họp khác. Dùng mã mới.",
    "This task id belongs to another meeting. Use a new one.",
)
_NO_EARLIER: Final = Text(
    "Chi bộ không có nhiệm vụ nào mang mã này từ một buổi họp trước. Chỉ chuyển tiếp được nhiệm vụ đã giao; việc mới "
    "thì ghi ở phần nhiệm vụ.",
    "The branch has no task of this id from an earlier meeting. Only a task that was given is carried over; put new "
    "work under tasks.",
)
_NOT_OPEN: Final = Text(
    "Nhiệm vụ này đã xong hoặc đã bỏ nên không chuyển tiếp. Bỏ khỏi danh sách.",
    "This task is done or dropped, so it is not carried over. Take it out.",
)
_CANCELLED: Final = Text(
    "Nhiệm vụ này đã bị bỏ trong bản đính chính của biên bản nên không ghi hoàn thành được. Nếu vẫn phải làm, hãy đính "
    "chính biên bản để giao lại.",
    "A correction of the minutes dropped this task, so it cannot be completed. If it stands after all, correct the "
    "minutes to assign it again.",
)
_DONE: Final = Text(
    "Nhiệm vụ này đã được ghi hoàn thành vào một ngày khác; ngày đó được giữ nguyên. Không cần gửi lại.",
    "This task is already recorded as done on another day; that day stays. There is nothing to send.",
)
_DONE_FIRST: Final = Text(
    "Ngày hoàn thành không thể trước ngày giao nhiệm vụ. Sửa ngày.",
    "A task cannot be done before it was given. Correct the day.",
)
_DONE_LATER: Final = Text(
    "Ngày hoàn thành nằm trong tương lai. Ghi khi nhiệm vụ đã xong.",
    "The day of completion lies in the future. Record it once the task is done.",
)
