"""Whether a request reaches what it names. Who lacks rights learns nothing: not even whether the thing exists."""

from collections.abc import Sequence
from uuid import UUID

from flask import g

from services.meetings import views
from services.meetings.commands.rows import Rows
from services.meetings.domain import refusals
from services.meetings.domain.meeting import Meeting
from services.meetings.domain.refusals import HOUSE
from services.meetings.store import branches, tasks
from shared.errors import Fault, Forbidden, Text
from shared.http import context

NO_UNIT = UUID(int=0)


def meeting(meeting_id: UUID) -> UUID:
    """The unit of a meeting within the actor's rights. Raises Forbidden; NotFound to those who may know of all."""
    unit_id = views.unit_of_meeting(context.conn(), meeting_id)
    context.require(unit_id or NO_UNIT)
    if unit_id is None:
        raise refusals.unknown_meeting()
    return unit_id


def of_unit(known: Meeting, unit_id: UUID) -> None:
    """Raises NotFound unless the meeting is of the unit the address names."""
    if known.plan.unit_id != unit_id:
        raise refusals.unknown_meeting()


def task(task_id: UUID) -> UUID:
    """The same for a task."""
    unit_id = tasks.units_of(context.conn(), [task_id]).get(task_id)
    context.require(unit_id or NO_UNIT)
    if unit_id is None:
        raise refusals.unknown_task()
    return unit_id


def rows(given: Rows) -> None:
    """Every row of an import within the actor's rights. Raises Forbidden naming those that are not."""
    units, everything = context.actor().units_of(g.roles)
    if not everything:
        named = [(f"meetings[{index}].unit_id", row.unit_id) for index, row in enumerate(given.meetings)]
        named += [(f"not_held[{index}].unit_id", row.unit_id) for index, row in enumerate(given.not_held)]
        of_tasks = tasks.units_of(context.conn(), [row.task_id for row in given.completions])
        named += [
            (f"completions[{index}].task_id", of_tasks[row.task_id])
            for index, row in enumerate(given.completions)
            if row.task_id in of_tasks
        ]
        _all_within(units, named)
    context.decided("unit")


def _all_within(units: frozenset[UUID], named: Sequence[tuple[str, UUID]]) -> None:

    today = context.service().clock.today()
    outside = branches.outside(context.conn(), units, {unit_id for _, unit_id in named}, today)
    faults = [Fault(field, "outside-rights", _OUTSIDE, HOUSE) for field, unit_id in named if unit_id in outside]
    if faults:
        raise Forbidden("outside-rights", _OUTSIDE, faults[:1000])


_OUTSIDE = Text(
    "Quyền của bạn không bao gồm chi bộ này, hoặc chi bộ chưa có ở đây. Bỏ dòng này, hoặc hỏi người quản trị cấp trên.",
    "Your rights do not reach this branch, or it is not known here. Leave the row out, or ask the administrator above.",
)
