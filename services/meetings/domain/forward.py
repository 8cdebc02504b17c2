"""What a coming meeting takes over from the last: its agenda and structure, and last month's resolution as a yardstick.

The texts of last month's results, discussion and conclusions are not copied: minutes that begin as a copy stay one.
"""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

import msgspec

from services.meetings.domain.meeting import Meeting
from services.meetings.domain.task import Task, TaskState
from services.meetings.domain.templates import Item, Part, Template
from services.meetings.domain.votes import Votes


class Section(msgspec.Struct, frozen=True):
    """A section of the template, and how long it was last time (characters)."""

    part: Part
    last_characters: int


class Measured(msgspec.Struct, frozen=True):
    """A task of last month's resolution as it stands today; `days_late` counts from its first deadline."""

    task_id: UUID
    member_id: UUID
    content: str
    assigned_on: date
    due_on: date
    due_now: date
    state: TaskState
    done_on: date | None
    days_late: int
    carried: int
    of_last: bool
    """Given by the last regular meeting; otherwise an earlier one that is not done."""


class Yardstick(msgspec.Struct, frozen=True):
    """Last month's resolution, task by task."""

    meeting_id: UUID
    period: str
    resolution: str | None
    votes: Votes | None
    tasks: tuple[Measured, ...]
    done: int
    done_late: int
    open: int


class Draft(msgspec.Struct, frozen=True):
    """What the next minutes begin with."""

    template: Template | None
    agenda: tuple[Item, ...]
    items: tuple[str, ...]
    """Items the chair concluded on last time."""
    sections: tuple[Section, ...]
    last_meeting_id: UUID | None
    place: str | None
    chair_id: UUID | None
    secretary_id: UUID | None
    yardstick: Yardstick | None


def draft(
    template: Template | None, last: Meeting | None, last_regular: Meeting | None, tasks: Sequence[Task], today: date
) -> Draft:
    """Copy forward from `last` (the last adopted meeting of the same kind) under the template of the coming day.

    `tasks` are those that `last_regular` gave and earlier ones that are still open.
    """
    written = last.minutes.written if last is not None and last.minutes is not None else None
    layout = template.layout if template is not None else None
    return Draft(
        template=template,
        agenda=layout.agenda if layout else (),
        items=tuple(one.item for one in written.conclusions) if written else (),
        sections=tuple(
            Section(part, len(getattr(written.sections, part.name, "").strip()) if written else 0)
            for part in (layout.sections if layout else ())
            if part.need != "unused"
        ),
        last_meeting_id=last.meeting_id if last else None,
        place=last.plan.place if last else None,
        chair_id=written.chair_id if written else None,
        secretary_id=written.secretary_id if written else None,
        yardstick=_yardstick(last_regular, tasks, today) if last_regular is not None else None,
    )


def _yardstick(last: Meeting, tasks: Sequence[Task], today: date) -> Yardstick:
    resolution = last.minutes.written.resolution if last.minutes is not None else None
    measured = [_measured(task, last, today) for task in tasks if task.status != "cancelled"]
    return Yardstick(
        meeting_id=last.meeting_id,
        period=last.plan.period,
        resolution=resolution.text if resolution else None,
        votes=resolution.votes if resolution else None,
        tasks=tuple(sorted(measured, key=lambda task: (not task.of_last, task.due_on, task.task_id))),
        done=sum(task.of_last and task.state == "done" for task in measured),
        done_late=sum(task.of_last and task.state == "done_late" for task in measured),
        open=sum(task.of_last and task.done_on is None for task in measured),
    )


def _measured(task: Task, last: Meeting, today: date) -> Measured:
    late = ((task.done_on or today) - task.due_on).days
    return Measured(
        task_id=task.task_id,
        member_id=task.member_id,
        content=task.content,
        assigned_on=task.assigned_on,
        due_on=task.due_on,
        due_now=task.due_now,
        state=task.state_on(today),
        done_on=task.done_on,
        days_late=max(late, 0),
        carried=len(task.carries),
        of_last=task.meeting_id == last.meeting_id,
    )
