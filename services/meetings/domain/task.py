"""A task that adopted minutes gave to a named member: assigned → done, or cancelled by a correction."""

from collections.abc import Mapping
from datetime import date
from typing import Final, Literal
from uuid import UUID

import msgspec
from msgspec.structs import replace

from services.meetings.domain.meeting import Meeting
from shared.errors import Conflict, Fault, Text, Unprocessable

TaskStatus = Literal["assigned", "done", "cancelled"]


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


def of_meeting(meeting: Meeting, known: Mapping[UUID, Task]) -> list[Task]:
    """What adopted minutes make of the tasks: new ones assigned, changed ones changed, dropped ones cancelled.

    `known` holds, by id, the tasks of this meeting and any others the minutes name; those unchanged are not returned.
    Raises Unprocessable naming the fields of tasks that belong to another meeting.
    """
    assert meeting.minutes is not None
    assignments = meeting.minutes.written.tasks
    faults = [
        Fault(f"minutes.tasks[{index}].task_id", "task-of-another-meeting", _OF_ANOTHER)
        for index, wanted in enumerate(assignments)
        if wanted.task_id in known and known[wanted.task_id].meeting_id != meeting.meeting_id
    ]
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
    return changed


def complete(task: Task, done_on: date, today: date) -> Task:
    """The task done on `done_on`; the same task when that is known.

    Raises Conflict when it is cancelled or done on another day, Unprocessable for a day before it was given or to come.
    """
    if task.status == "cancelled":
        raise Conflict("task-cancelled", _CANCELLED)
    if task.status == "done":
        if task.done_on == done_on:
            return task
        raise Conflict("task-done", _DONE)
    if done_on < task.assigned_on:
        raise Unprocessable.of([Fault("done_on", "done-before-assigned", _DONE_FIRST)])
    if done_on > today:
        raise Unprocessable.of([Fault("done_on", "done-in-future", _DONE_LATER)])
    return replace(task, status="done", done_on=done_on)


_OF_ANOTHER: Final = Text(
    "Mã nhiệm vụ này đã thuộc một buổi họp khác. Dùng mã mới.",
    "This task id belongs to another meeting. Use a new one.",
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
