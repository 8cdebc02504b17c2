"""Doors of rubrics."""

import re
from datetime import date
from typing import Any, Final
from uuid import UUID

import msgspec
from flask.views import MethodView

from services.evaluation.api.committees import known, require_unit, work
from services.evaluation.api.schemas import rubrics as schemas
from services.evaluation.api.schemas import sheets as sheet_schemas
from services.evaluation.commands import rubrics as commands
from services.evaluation.commands.rubrics import Given
from services.evaluation.domain.rubrics import Content
from services.evaluation.store import rubrics as rows
from services.evaluation.store.rubrics import Entry
from services.evaluation.views import trials as views
from shared.auth import Role
from shared.errors import Fault, Forbidden, Text, Unprocessable
from shared.http import paging
from shared.http.blueprint import Blueprint
from shared.http.context import actor, conn, require_everything, service, transaction

doors = Blueprint("rubrics", __name__, url_prefix="/v1", description="Rubrics (khung chấm điểm) as dated data.")
_ADMINS: Final[frozenset[Role]] = frozenset({"province_admin"})
_OFFICES: Final[frozenset[Role]] = _ADMINS | {"committee_officer"}
_PROVINCE: Final = "province_committee"
_PATH = re.compile(r"(?P<what>.*) - at `\$\.?(?P<path>.*)`")


@doors.route("/rubrics")
class Rubrics(MethodView):
    """All rubrics."""

    @transaction
    @doors.arguments(schemas.RubricsQuery, location="query")
    @doors.response(200, schemas.RubricPage)
    def get(self, query: dict[str, Any]) -> paging.Page:
        """Versions of rubrics: those in force, templates to be copied, drafts of units that the actor governs"""
        units, everything = actor().units_of(_OFFICES)
        found = rows.page(
            conn(),
            owner_id=query["owner"],
            state=query.get("state"),
            day=query["on"],
            drafts_below=None if everything else units,
            today=service().clock.today(),
            after=paging.after(query["cursor"], tuple[UUID, int]),
            limit=query["limit"] + 1,
        )
        page = paging.page(found, query["limit"], lambda one: [one.rubric.rubric_id, one.rubric.version])
        return paging.Page([_shown(entry) for entry in page.items], page.next_cursor)

    @transaction
    @doors.arguments(schemas.RubricGiven, example=schemas.A_RUBRIC_GIVEN)
    @doors.response(201, schemas.RubricShown)
    def post(self, given: dict[str, Any]) -> dict[str, Any]:
        """A draft. Every gap and overlap of its bands is named with a value that lies in it; nothing is scored by it"""
        _require_owner(given["owner_id"])
        content = _content(given.pop("content"))
        return _shown(commands.enter(work(), Given(**given, content=content)))


@doors.route("/rubrics/<uuid:rubric_id>")
class Rubric(MethodView):
    """One rubric."""

    @transaction
    @doors.arguments(schemas.VersionQuery, location="query")
    @doors.response(200, schemas.RubricShown)
    def get(self, query: dict[str, Any], rubric_id: UUID) -> dict[str, Any]:
        """A version of a rubric, the newest unless another is named"""
        entry = _found(rubric_id, query["version"])
        if entry.state == "draft":
            _require_draft(entry.rubric.owner_id)
        return _shown(entry)


@doors.route("/rubrics/<uuid:rubric_id>/trial")
class Trial(MethodView):
    """A rubric against history."""

    @transaction
    @doors.arguments(sheet_schemas.TrialQuery, location="query")
    @doors.response(200, sheet_schemas.TrialShown)
    def post(self, query: dict[str, Any], rubric_id: UUID) -> dict[str, Any]:
        """What would have changed: meetings of a period by grade as they are and by this rubric, and which change

        Nothing is kept; the rubric is taken as if it had held on every day of the period.
        """
        entry = _found(rubric_id, query["version"])
        _require_owner(entry.rubric.owner_id)
        tried = views.trial(
            conn(),
            entry.rubric,
            query["first"],
            query["last"],
            after=paging.after(query["cursor"], tuple[date, UUID]),
            limit=query["limit"] + 1,
        )
        page = paging.page(tried.page, query["limit"], lambda one: [one.held_on, one.meeting_id])
        return msgspec.structs.asdict(tried) | {"items": page.items, "next_cursor": page.next_cursor}


@doors.route("/rubrics/<uuid:rubric_id>/in-force")
class InForce(MethodView):
    """Putting a rubric in force."""

    @transaction
    @doors.arguments(schemas.ForceGiven)
    @doors.response(200, schemas.RubricShown)
    def post(self, given: dict[str, Any], rubric_id: UUID) -> dict[str, Any]:
        """Score by a draft from its first day on; an open version before it ends there

        Meetings of days that have passed keep the version they were scored with, unless `rescore` asks otherwise.
        """
        entry = _found(rubric_id, given["version"])
        _require_owner(entry.rubric.owner_id)
        return _shown(commands.put_in_force(work(), entry, rescore=given["rescore"]))


@doors.route("/rubrics/<uuid:rubric_id>/end")
class End(MethodView):
    """Ending a rubric."""

    @transaction
    @doors.arguments(schemas.EndGiven)
    @doors.response(200, schemas.RubricShown)
    def post(self, given: dict[str, Any], rubric_id: UUID) -> dict[str, Any]:
        """End an open version in force without a successor: from that day on the next rubric above holds, or none

        Meetings of earlier days keep their sheets. Meetings of days that have passed are scored again only when
        `rescore` asks for it.
        """
        entry = _found(rubric_id, given["version"])
        _require_owner(entry.rubric.owner_id)
        return _shown(commands.end(work(), entry, given["valid_to"], rescore=given["rescore"]))


def _require_owner(owner_id: UUID | None) -> None:
    """The national frame needs rights over everything, a province's its administrator, another its own office."""
    if owner_id is None:
        require_everything()
        return
    place = require_unit(owner_id)
    units, everything = actor().units_of(_ADMINS)
    if place.kind == _PROVINCE and not everything and not service().covers(conn(), units, owner_id):
        raise Forbidden(
            "province-admin",
            Text(
                "Khung chấm điểm của tỉnh do người quản trị tỉnh nhập.",
                "A province's rubric is entered by its administrator.",
            ),
        )


def _require_draft(owner_id: UUID | None) -> None:
    """A draft is shown to the offices at and above its owner only."""
    units, everything = actor().units_of(_OFFICES)
    if not everything and (owner_id is None or not service().covers(conn(), units, owner_id)):
        raise Forbidden(
            "draft",
            Text(
                "Bản dự thảo chỉ cấp uỷ ban hành và cấp trên xem được.",
                "A draft is shown to the committee that issues it and those above only.",
            ),
        )


def _found(rubric_id: UUID, version: int | None) -> Entry:
    return known(rows.find(conn(), rubric_id, version), commands.unknown_rubric())


def _content(given: dict[str, Any]) -> Content:
    """Raises Unprocessable where members do not go together, as `yes` with bands."""
    try:
        return msgspec.convert(given, Content)
    except msgspec.ValidationError as error:
        match = _PATH.fullmatch(str(error))
        field, what = (match["path"], match["what"]) if match else ("", str(error))
        message = Text(
            f"Các mục ở đây không đi cùng nhau: {what}. Hãy xem ví dụ trong tài liệu của API.",
            f"These members do not go together: {what}. See the example in the API's documentation.",
        )
        raise Unprocessable.of([Fault(f"content.{field}".rstrip("."), "members", message)]) from None


def _shown(entry: Entry) -> dict[str, Any]:
    rubric = entry.rubric
    return {
        **msgspec.structs.asdict(entry),
        **{name: getattr(rubric, name) for name in ("rubric_id", "version", "owner_id", "valid_from", "valid_to")},
        "content": msgspec.to_builtins(rubric.content),
    }
