"""The doors of tasks, of members' attendance over months, and of bulk imports."""

from datetime import date
from typing import Any
from uuid import UUID

import msgspec
from flask.views import MethodView

from services.meetings import views
from services.meetings.api import asked, reach
from services.meetings.api.schemas import answers, bodies, queries
from services.meetings.api.schemas import imports as schemas
from services.meetings.commands import imports, tasks
from services.meetings.commands.rows import Rows
from services.meetings.domain.task import Evidence
from services.meetings.store import tasks as store
from shared.errors import Text, Unprocessable
from shared.http.blueprint import Blueprint
from shared.http.context import actor, conn, require, service, transaction
from shared.http.paging import Page, after, page

doors = Blueprint("tasks", __name__, url_prefix="/v1", description="Tasks, attendance by member, and bulk imports.")

ROWS_LIMIT = 2000


@doors.route("/tasks")
class _Tasks(MethodView):
    @transaction
    @doors.arguments(queries.TasksQuery, location="query")
    @doors.response(200, answers.Tasks)
    def get(self, query: dict[str, Any]) -> Page:
        """The tasks a branch's meetings gave, by their deadlines."""
        require(query["unit_id"])
        start = after(query["cursor"], tuple[date, UUID])
        rows = store.page(conn(), query["unit_id"], query["status"], start, query["limit"] + 1)
        found = page(rows, query["limit"], lambda row: (row.due_on, row.task_id))
        today = service().clock.today()
        return Page([views.show_task(task, today) for task in found.items], found.next_cursor)


@doors.route("/tasks/<uuid:task_id>/completion")
class _Completion(MethodView):
    @transaction
    @doors.arguments(bodies.Completion)
    @doors.response(200, answers.Task)
    def post(self, given: dict[str, Any], task_id: UUID) -> dict[str, Any]:
        """Record that a task was done, and what shows it."""
        reach.task(task_id)
        evidence = msgspec.convert(given.get("evidence", ()), tuple[Evidence, ...])
        done = tasks.complete(conn(), task_id, given["done_on"], evidence, **asked.who_and_when())
        return views.show_task(done, service().clock.today())


@doors.route("/tasks/<uuid:task_id>/evidence")
class _Evidence(MethodView):
    @transaction
    @doors.arguments(bodies.Evidence)
    @doors.response(200, answers.Task)
    def post(self, given: dict[str, Any], task_id: UUID) -> dict[str, Any]:
        """Keep what shows that a task is being done; the same id again replaces it."""
        reach.task(task_id)
        kept = tasks.add_evidence(conn(), task_id, msgspec.convert(given, Evidence))
        return views.show_task(kept, service().clock.today())


@doors.route("/tasks/<uuid:task_id>/undo")
class _Undo(MethodView):
    @transaction
    @doors.arguments(bodies.Empty)
    @doors.response(200, answers.Task)
    def post(self, _: dict[str, Any], task_id: UUID) -> dict[str, Any]:
        """Take a completion back within minutes: by who recorded it, while no later minutes count it."""
        reach.task(task_id)
        return views.show_task(tasks.undo(conn(), task_id, **asked.who_and_when()), service().clock.today())


@doors.route("/units/<uuid:unit_id>/attendance")
class _MembersAttendance(MethodView):
    @transaction
    @doors.arguments(queries.MonthsQuery, location="query")
    @doors.response(200, answers.MembersAttendance)
    def get(self, query: dict[str, str], unit_id: UUID) -> dict[str, Any]:
        """How often each member of a branch came in some months, those most often absent first."""
        require(unit_id)
        return {"items": views.attendance_of(conn(), unit_id, query["first"], query["last"])}


@doors.route("/imports")
class _Imports(MethodView):
    @transaction
    @doors.arguments(schemas.Import)
    @doors.response(200, answers.Outcome)
    def post(self, rows: Rows) -> imports.Outcome:
        """Bring in meetings, meetings not held and completed tasks: all rows or none."""
        if len(rows) > ROWS_LIMIT:
            raise Unprocessable(
                "too-many-rows",
                Text(
                    f"Một lần gửi nhận tối đa {ROWS_LIMIT} dòng, lần này có {len(rows)}; chưa có gì được lưu. Hãy chia "
                    "nhỏ.",
                    f"One import takes up to {ROWS_LIMIT} rows, this has {len(rows)}; nothing was saved. Split it.",
                ),
            )
        reach.rows(rows)
        return imports.bring_in(conn(), rows, by=actor().subject, now=service().clock.now())
