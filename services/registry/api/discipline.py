"""Doors of discipline (kỷ luật) of members."""

from typing import Any
from uuid import UUID

import msgspec
from flask.views import MethodView

from services.registry.api.asked import day_of, vault, work
from services.registry.api.people import governed, note, reached
from services.registry.api.schemas import discipline as schemas
from services.registry.api.schemas.common import OnQuery, PurposeQuery
from services.registry.commands import discipline as commands
from services.registry.commands.members import member_to_change
from services.registry.domain.discipline import Discipline, Particulars
from services.registry.domain.members import place_on
from services.registry.store import discipline as rows
from services.registry.store import members as member_rows
from services.registry.store import rules as rule_rows
from shared.http import context
from shared.http.blueprint import Blueprint
from shared.http.context import conn, transaction
from shared.ids import new_id

doors = Blueprint("discipline", __name__, url_prefix="/v1", description="Discipline (kỷ luật) of members.")


@doors.route("/discipline-forms")
class Forms(MethodView):
    """What forms there are."""

    @transaction
    @doors.arguments(OnQuery, location="query")
    @doors.response(200, schemas.Forms)
    def get(self, query: dict[str, Any]) -> dict[str, Any]:
        """The forms of discipline in force on a day: data with an issuer and dates."""
        rule = rule_rows.load(conn()).discipline_forms_on(day_of(query))
        items = [{"form": name} | msgspec.structs.asdict(form) for name, form in rule.value.items()]
        return {"source": rule.source, "items": items}


@doors.route("/members/<uuid:member_id>/discipline")
class OfMember(MethodView):
    """The discipline of one member."""

    @transaction
    @doors.arguments(PurposeQuery, location="query")
    @doors.response(200, schemas.Disciplines)
    def get(self, query: dict[str, Any], member_id: UUID) -> dict[str, Any]:
        """Every record about a member, those taken back too. The reading is logged with its purpose."""
        member = reached(member_rows.load(conn(), vault(), member_id), member_id)
        note(query["purpose"], place_on(member, context.service().clock.today()), [member_id])
        return {"items": [_shown(one) for one in rows.of_member(conn(), vault(), member_id)]}

    @transaction
    @doors.arguments(schemas.DisciplineGiven, example=schemas.A_RECORD)
    @doors.response(201, schemas.DisciplineKept)
    def post(self, given: dict[str, Any], member_id: UUID) -> dict[str, Any]:
        """A member was disciplined. Of this only how many there were in the branch on the day leaves the registry.

        The answer does not repeat form and decision.
        """
        member = governed(member_to_change(work(), member_id), member_id)
        discipline_id = given.pop("discipline_id") or new_id()
        on = given.pop("on")
        return _shown(commands.record(work(), member, discipline_id, on, Particulars(**given)))


@doors.route("/members/<uuid:member_id>/discipline/<uuid:discipline_id>")
class OneRecord(MethodView):
    """One record about a member."""

    @transaction
    @doors.response(200, schemas.DisciplineKept)
    def delete(self, member_id: UUID, discipline_id: UUID) -> dict[str, Any]:
        """Take back a record that was a mistake: it stays, marked, and counts no more. Then enter what is right."""
        member = governed(member_to_change(work(), member_id), member_id)
        return _shown(commands.withdraw(work(), member, discipline_id))


def _shown(one: Discipline) -> dict[str, Any]:
    particulars = one.particulars
    return {
        "discipline_id": one.discipline_id,
        "member_id": one.member_id,
        "on": one.on,
        "form": particulars.form if particulars else None,
        "decision_number": particulars.decision_number if particulars else None,
        "withdrawn_at": one.withdrawn_at,
    }
