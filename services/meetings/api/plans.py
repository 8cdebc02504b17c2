"""The doors of the plan of a year, its topics, and who follows a branch."""

from typing import Any
from uuid import UUID

from flask.views import MethodView

from services.meetings.api import asked
from services.meetings.api.schemas import bodies, queries
from services.meetings.api.schemas import planning as schemas
from services.meetings.commands import plans
from services.meetings.domain import refused_steps
from services.meetings.domain.notices import Follower
from services.meetings.domain.plans import Decision, Kept, PlannedTopic, Topic, YearPlan
from services.meetings.store import plans as store
from shared.http.blueprint import Blueprint
from shared.http.context import conn, require, transaction

doors = Blueprint("plans", __name__, url_prefix="/v1", description="Plans of a year, topics, who follows a branch.")


@doors.route("/units/<uuid:unit_id>/year-plan")
class _Plan(MethodView):
    @transaction
    @doors.arguments(queries.YearQuery, location="query")
    @doors.response(200, schemas.Kept)
    def get(self, query: dict[str, int], unit_id: UUID) -> Kept:
        """The plan of a branch's year, with every sending and decision."""
        require(unit_id)
        known = store.load(conn(), unit_id, query["year"])
        if known is None:
            raise refused_steps.unknown("plan", "kế hoạch năm", "plan of the year")
        return known

    @transaction
    @doors.arguments(queries.YearPlanQuery, location="query")
    @doors.arguments(schemas.YearPlan)
    @doors.response(200, schemas.Kept)
    def put(self, query: dict[str, Any], wanted: YearPlan, unit_id: UUID) -> Kept:
        """Write the plan of a year: days of regular meetings, topics of thematic ones."""
        require(unit_id)
        return plans.write(conn(), unit_id, query["year"], wanted, based_on=asked.based_on(query))


@doors.route("/units/<uuid:unit_id>/year-plan/sending")
class _Sending(MethodView):
    @transaction
    @doors.arguments(queries.YearQuery, location="query")
    @doors.arguments(bodies.Empty)
    @doors.response(200, schemas.Kept)
    def post(self, query: dict[str, int], _: dict[str, Any], unit_id: UUID) -> Kept:
        """Send the plan to the superior; its topics are registered."""
        require(unit_id)
        return plans.send(conn(), unit_id, query["year"], **asked.who_and_when())


@doors.route("/units/<uuid:unit_id>/year-plan/decision")
class _Decision(MethodView):
    @transaction
    @doors.arguments(queries.YearQuery, location="query")
    @doors.arguments(schemas.Decision)
    @doors.response(200, schemas.Kept)
    def post(self, query: dict[str, int], decision: Decision, unit_id: UUID) -> Kept:
        """Approve the plan with its topics, or return it with a remark, as an office above the branch."""
        asked.require_superior(unit_id)
        return plans.decide(conn(), unit_id, query["year"], decision, **asked.who_and_when())


@doors.route("/units/<uuid:unit_id>/topics")
class _Topics(MethodView):
    @transaction
    @doors.arguments(queries.YearQuery, location="query")
    @doors.response(200, schemas.Topics)
    def get(self, query: dict[str, int], unit_id: UUID) -> dict[str, Any]:
        """The topics of a branch's year."""
        require(unit_id)
        return {"items": store.topics_of_year(conn(), unit_id, query["year"])}


@doors.route("/units/<uuid:unit_id>/topics/<uuid:topic_id>")
class _Topic(MethodView):
    @transaction
    @doors.arguments(schemas.TopicBody)
    @doors.response(200, schemas.Topic)
    def put(self, given: dict[str, Any], unit_id: UUID, topic_id: UUID) -> Topic:
        """Register a topic beside the plan."""
        require(unit_id)
        wanted = PlannedTopic(topic_id, given["quarter"], given["title"], given["tag"])
        return plans.register(conn(), unit_id, given["year"], wanted, **asked.who_and_when())


@doors.route("/units/<uuid:unit_id>/topics/<uuid:topic_id>/decision")
class _TopicDecision(MethodView):
    @transaction
    @doors.arguments(schemas.Decision)
    @doors.response(200, schemas.Topic)
    def post(self, decision: Decision, unit_id: UUID, topic_id: UUID) -> Topic:
        """Approve a registered topic, or return it with a remark, as an office above the branch."""
        asked.require_superior(unit_id)
        return plans.decide_topic(conn(), unit_id, topic_id, decision, **asked.who_and_when())


@doors.route("/units/<uuid:unit_id>/follower")
class _Follower(MethodView):
    @transaction
    @doors.arguments(schemas.Follower)
    @doors.response(200, schemas.Follower)
    def put(self, wanted: Follower, unit_id: UUID) -> Follower:
        """Assign the superior member who follows the branch, as an office above it."""
        asked.require_superior(unit_id)
        return plans.follow(conn(), unit_id, wanted, **asked.who_and_when())
