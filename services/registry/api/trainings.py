"""Doors of training classes."""

from datetime import date
from typing import Any
from uuid import UUID

from flask.views import MethodView

from services.registry.api.asked import day_of, known, require_unit, work
from services.registry.api.schemas import trainings as schemas
from services.registry.commands import trainings as commands
from services.registry.domain.trainings import TrainingClass
from services.registry.store import trainings as training_rows
from services.registry.views import trainings as views
from services.registry.views.trainings import ClassShown, ClassSummary, TrainingCoverage
from shared.http import paging
from shared.http.blueprint import Blueprint
from shared.http.context import conn, require, transaction
from shared.ids import new_id

doors = Blueprint("trainings", __name__, url_prefix="/v1", description="Training classes of secretaries.")
_LISTED = 1000


@doors.route("/training-classes")
class Classes(MethodView):
    """All classes."""

    @transaction
    @doors.arguments(schemas.ClassesQuery, location="query")
    @doors.response(200, schemas.ClassPage)
    def get(self, query: dict[str, Any]) -> paging.Page:
        """The classes that units of a subtree hold, by first day."""
        require_unit(query["under"])
        found = views.classes(
            conn(),
            query["under"],
            day_of(query),
            query["since"],
            query["until"],
            paging.after(query["cursor"], tuple[date, UUID]),
            query["limit"] + 1,
        )
        return paging.page(found, query["limit"], lambda one: [one.held_from, one.class_id])

    @transaction
    @doors.arguments(schemas.ClassNew, example=schemas.A_NEW_CLASS)
    @doors.response(201, schemas.ClassSummaryShown)
    def post(self, given: dict[str, Any]) -> ClassSummary:
        """A unit holds a class and calls members who stand below it, all or nothing."""
        require(given["organiser"])
        called = given.pop("called")
        class_id = given.pop("class_id") or new_id()
        commands.hold(work(), TrainingClass(class_id=class_id, **given), called)
        return views.summary(conn(), class_id)


@doors.route("/training-classes/<uuid:class_id>")
class OneClass(MethodView):
    """One class."""

    @transaction
    @doors.response(200, schemas.ClassWithPeople)
    def get(self, class_id: UUID) -> ClassShown:
        """The class with everybody called to it, by opaque id."""
        _require_class(class_id)
        return ClassShown(views.summary(conn(), class_id), training_rows.called(conn(), class_id))


@doors.route("/training-classes/<uuid:class_id>/called")
class Calling(MethodView):
    """Who is called to one class."""

    @transaction
    @doors.arguments(schemas.CalledGiven, example=schemas.A_CALL)
    @doors.response(200, schemas.ClassSummaryShown)
    def post(self, given: dict[str, Any], class_id: UUID) -> ClassSummary:
        """Call more members; those called before stay."""
        _require_class(class_id)
        commands.call(work(), class_id, given["called"])
        return views.summary(conn(), class_id)


@doors.route("/training-classes/<uuid:class_id>/attendance")
class Attendance(MethodView):
    """Who attended one class."""

    @transaction
    @doors.arguments(schemas.AttendanceGiven, example=schemas.AN_ATTENDANCE)
    @doors.response(200, schemas.ClassSummaryShown)
    def post(self, given: dict[str, Any], class_id: UUID) -> ClassSummary:
        """Everybody who attended, in place of what was stated before; who is called and not named did not."""
        _require_class(class_id)
        commands.state_attendance(work(), class_id, given["attended"])
        return views.summary(conn(), class_id)


@doors.route("/units/<uuid:unit_id>/training-coverage")
class TrainingCoverageOfUnit(MethodView):
    """How many secretaries the classes have reached."""

    @transaction
    @doors.arguments(schemas.TrainingCoverageQuery, location="query")
    @doors.response(200, schemas.TrainingCoverageShown)
    def get(self, query: dict[str, Any], unit_id: UUID) -> TrainingCoverage:
        """The secretaries of a subtree in office on a day, and how many attended a class since another."""
        require_unit(unit_id)
        return views.coverage_on(conn(), unit_id, day_of(query), query["since"], _LISTED)


def _require_class(class_id: UUID) -> None:
    require(known(training_rows.find(conn(), class_id), commands.unknown_class).organiser)
