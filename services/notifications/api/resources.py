"""The doors of notifications: decode, call, encode."""

from typing import Any
from uuid import UUID

from flask.views import MethodView

from services.notifications import commands, refusals, views
from services.notifications.api import schemas
from services.notifications.store.choices import ContactPoint, Preference
from shared.errors import Forbidden
from shared.http import context
from shared.http.blueprint import Blueprint
from shared.http.context import transaction
from shared.http.paging import Page, after, page


def doors_for(domains: frozenset[str]) -> Blueprint:
    """The documented doors; `domains` are those of office mailboxes (empty: any)."""
    doors = Blueprint(
        "notifications", __name__, url_prefix="/v1", description="Inboxes, contact points and preferences of units."
    )

    @doors.route("/units/<uuid:unit_id>/contact-point")
    class _ContactPoint(MethodView):
        @transaction
        @doors.response(200, schemas.ContactPoint)
        def get(self, unit_id: UUID) -> ContactPoint:
            """The mailbox of the unit's office."""
            _require(unit_id)
            return views.contact_point(context.conn(), unit_id)

        @transaction
        @doors.arguments(schemas.ContactPoint)
        @doors.response(200, schemas.ContactPoint)
        def put(self, given: dict[str, Any], unit_id: UUID) -> ContactPoint:
            """Set the mailbox of the unit's office: a functional address, never a person's."""
            _require(unit_id)
            point = ContactPoint(given["email"], given["language"])
            commands.set_contact_point(context.conn(), unit_id, point, domains)
            return point

        @transaction
        @doors.response(204)
        def delete(self, unit_id: UUID) -> None:
            """Stop writing to the unit's office; its inbox goes on."""
            _require(unit_id)
            commands.remove_contact_point(context.conn(), unit_id)

    @doors.route("/units/<uuid:unit_id>/preferences")
    class _Preferences(MethodView):
        @transaction
        @doors.response(200, schemas.Preferences)
        def get(self, unit_id: UUID) -> dict[str, Any]:
            """The channels the unit wants, for every rule."""
            _require(unit_id)
            return {"rules": views.preferences(context.conn(), unit_id)}

        @transaction
        @doors.arguments(schemas.Preferences)
        @doors.response(200, schemas.Preferences)
        def put(self, given: dict[str, Any], unit_id: UUID) -> dict[str, Any]:
            """Replace the unit's preferences; a rule that is not named goes by every channel."""
            _require(unit_id)
            chosen = {rule: Preference(wanted["inbox"], wanted["email"]) for rule, wanted in given["rules"].items()}
            commands.choose_channels(context.conn(), unit_id, chosen)
            return {"rules": views.preferences(context.conn(), unit_id)}

    @doors.route("/units/<uuid:unit_id>/inbox")
    class _Inbox(MethodView):
        @transaction
        @doors.arguments(schemas.InboxQuery, location="query")
        @doors.response(200, schemas.Inbox)
        def get(self, query: dict[str, Any], unit_id: UUID) -> Page:
            """The notices to the unit, the newest first."""
            _require(unit_id)
            begin = after(query["cursor"], views.Place)
            found = views.inbox(context.conn(), unit_id, query["state"], begin, query["limit"])
            return page(found, query["limit"], lambda notice: notice.place)

    @doors.route("/notices/<uuid:notice_id>/read")
    class _Read(MethodView):
        @transaction
        @doors.response(200, schemas.Notice)
        def post(self, notice_id: UUID) -> views.Notice | None:
            """Note that the notice was read; the first time counts."""
            try:
                commands.mark_read(context.conn(), notice_id, context.service().clock.now(), context.require)
            except Forbidden:
                raise refusals.no_notice() from None
            return views.notice(context.conn(), notice_id)

    return doors


def _require(unit_id: UUID) -> None:
    context.require(unit_id)
    if not views.is_known(context.conn(), unit_id):
        raise refusals.no_unit()
