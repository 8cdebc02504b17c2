"""Tasks as adopted minutes and their corrections make them."""

from datetime import date
from uuid import UUID

import pytest
from msgspec.structs import replace

from services.meetings.domain import task as life
from services.meetings.domain.minutes import Assignment
from services.meetings.domain.task import Task
from shared.errors import Conflict, Unprocessable
from tests.unit.meetings.papers import DAY, TASK, adopted, contents, member, minutes


def _kept(*tasks: Task) -> dict[UUID, Task]:
    return {task.task_id: replace(task, version=task.version + 1) for task in tasks}


def _meeting_with(*assignments: Assignment) -> list[Task]:
    return life.of_meeting(adopted(contents(minutes=minutes(tasks=assignments))), {})


def test_adoption_assigns_tasks_on_the_day_of_the_meeting() -> None:
    (task,) = life.of_meeting(adopted(), {})
    assert (task.task_id, task.status, task.assigned_on, task.due_on) == (TASK, "assigned", DAY, date(2026, 6, 30))


def test_unchanged_tasks_are_left_alone_and_dropped_ones_cancelled() -> None:
    known = _kept(*life.of_meeting(adopted(), {}))
    assert life.of_meeting(adopted(), known) == []
    (cancelled,) = life.of_meeting(adopted(contents(minutes=minutes(tasks=()))), known)
    assert (cancelled.status, cancelled.version) == ("cancelled", 1)


def test_a_task_taken_up_again_is_what_it_was() -> None:
    (task,) = life.of_meeting(adopted(), {})
    dropped = replace(task, version=2, status="cancelled")
    assert life.of_meeting(adopted(), {TASK: dropped})[0].status == "assigned"
    done = replace(dropped, done_on=date(2026, 6, 10))
    assert life.of_meeting(adopted(), {TASK: done})[0].status == "done"


def test_a_task_stays_with_its_meeting() -> None:
    (task,) = _meeting_with(Assignment(TASK, member(3), "Hiến đất", date(2026, 6, 30)))
    foreign = replace(task, version=1, meeting_id=UUID(int=77))
    with pytest.raises(Unprocessable) as refused:
        life.of_meeting(adopted(), {TASK: foreign})
    (fault,) = refused.value.faults
    assert (fault.field, fault.rule) == ("minutes.tasks[0].task_id", "task-of-another-meeting")


def test_a_cancelled_task_is_not_completed() -> None:
    (task,) = life.of_meeting(adopted(), {})
    with pytest.raises(Conflict, match="task-cancelled"):
        life.complete(replace(task, status="cancelled"), DAY, DAY)
    assert life.complete(task, DAY, DAY).done_on == DAY
