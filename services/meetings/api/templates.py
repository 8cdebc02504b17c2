"""The doors of templates, and of what the next meeting takes over from the last."""

from datetime import date
from typing import Any
from uuid import UUID

import msgspec
from flask.views import MethodView

from services.meetings.api import reach
from services.meetings.api.schemas import templates as schemas
from services.meetings.commands import saving, templates
from services.meetings.domain import forward
from services.meetings.domain.branch import Branch
from services.meetings.domain.templates import KINDS
from services.meetings.store import branches, meetings
from services.meetings.store import forward as last
from services.meetings.store import templates as store
from shared.clock import local_day
from shared.http.blueprint import Blueprint
from shared.http.context import actor, conn, require, service, transaction

doors = Blueprint("templates", __name__, url_prefix="/v1", description="Templates of agenda and minutes.")


@doors.route("/templates")
class _Templates(MethodView):
    @transaction
    @doors.arguments(schemas.TemplatesQuery, location="query")
    @doors.response(200, schemas.TemplatesAnswer)
    def get(self, query: dict[str, Any]) -> dict[str, Any]:
        """The versions in force on a day, by branch type and kind of meeting."""
        day = query["on"] or service().clock.today()
        if query["unit_id"] is None:
            found = store.in_force(conn(), day, branch_type=query["branch_type"], kind=query["kind"])
            return {"items": [schemas.shown(template) for template in found]}
        known = branches.load(conn(), [query["unit_id"]]).get(query["unit_id"])
        type_ = query["branch_type"] or _type(known, day)
        kinds = [query["kind"]] if query["kind"] else list(KINDS)
        followed = store.applying(conn(), query["unit_id"], type_, kinds, day)
        return {"items": [schemas.shown(followed[kind]) for kind in kinds if kind in followed]}


@doors.route("/templates/<uuid:template_id>")
class _Template(MethodView):
    @transaction
    @doors.arguments(schemas.TemplateBody)
    @doors.response(200, schemas.TemplateAnswer)
    @doors.alt_response(201, schema=schemas.TemplateAnswer, description="The version is new.")  # type: ignore[untyped-decorator]  # flask-smorest publishes no types
    def put(self, given: schemas.PutTemplate, template_id: UUID) -> tuple[dict[str, Any], int]:
        """Put in a province's own version, from today on or later; earlier versions stay as they were."""
        require(given.unit_id)
        template, is_new = templates.put(
            conn(),
            template_id,
            given.unit_id,
            given.layout,
            by=actor().subject,
            today=service().clock.today(),
        )
        return schemas.shown(template), 201 if is_new else 200


@doors.route("/units/<uuid:unit_id>/draft-from-last")
class _Draft(MethodView):
    @transaction
    @doors.arguments(schemas.DraftQuery, location="query")
    @doors.response(200, schemas.DraftAnswer)
    def get(self, query: dict[str, Any], unit_id: UUID) -> dict[str, Any]:
        """What the next minutes begin with: agenda and structure of the last, and its resolution to measure against."""
        require(unit_id)
        branch, now = saving.branch(conn(), unit_id), service().clock.now()
        starts_at, kind = now, "regular"
        if query["meeting_id"] is not None:
            reach.meeting(query["meeting_id"])
            known = meetings.load(conn(), query["meeting_id"])
            assert known is not None
            reach.of_unit(known, unit_id)
            starts_at, kind = known.plan.starts_at, known.plan.kind
        day = local_day(starts_at)
        template = store.applying(conn(), unit_id, branch.type_on(day), [kind], day).get(kind)
        regular = last.last_of(conn(), unit_id, "regular", starts_at)
        before = regular if kind == "regular" else last.last_of(conn(), unit_id, kind, starts_at)
        tasks = last.tasks_to_measure(conn(), unit_id, regular.meeting_id, starts_at) if regular else []
        draft = forward.draft(template, before, regular, tasks, local_day(now))
        return _shown(draft)


def _type(branch: Branch | None, day: date) -> str | None:
    return branch.type_on(day) if branch is not None else None


def _shown(draft: forward.Draft) -> dict[str, Any]:
    plain: dict[str, Any] = msgspec.structs.asdict(draft)
    if draft.template is not None:
        plain["template"] = schemas.shown(draft.template)
    if draft.yardstick is not None:
        yardstick = msgspec.structs.asdict(draft.yardstick)
        votes = draft.yardstick.votes
        yardstick["votes"] = votes and {
            "for": votes.for_,
            "against": votes.against,
            "abstaining": votes.abstaining,
        }
        plain["yardstick"] = yardstick
    return plain
