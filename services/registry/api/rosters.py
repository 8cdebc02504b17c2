"""Doors of branches' members and rosters, and of what is due about members."""

from typing import Any
from uuid import UUID

from flask.views import MethodView

from services.registry.api.asked import day_of, require_unit, vault
from services.registry.api.people import note, readable_by
from services.registry.api.schemas.common import UnderQuery
from services.registry.api.schemas.members import MemberPage, RosterPage
from services.registry.api.schemas.rosters import (
    MembersQuery,
    MonthQuery,
    MonthRosterPage,
    ReminderPage,
    RemindersQuery,
)
from services.registry.rights import NAMES
from services.registry.views import members as views
from services.registry.views import reminders, rosters
from shared.http import paging
from shared.http.blueprint import Blueprint
from shared.http.context import conn, transaction

doors = Blueprint("rosters", __name__, url_prefix="/v1", description="Who stands in a branch, and what is due.")
_LIST = "branch list"


@doors.route("/units/<uuid:unit_id>/members")
class MembersOfUnit(MethodView):
    """The members of one branch."""

    @transaction
    @doors.arguments(MembersQuery, location="query")
    @doors.response(200, MemberPage)
    def get(self, query: dict[str, Any], unit_id: UUID) -> paging.Page:
        """The members of a branch on a day, in Vietnamese order of names; a member sees names and posts only.

        Particulars are shown of those whom the rights reach today, not of who has moved on since. Such a reading is
        logged, with the purpose `branch list` when none is given.
        """
        require_unit(unit_id)
        after = paging.after(query["cursor"], tuple[UUID])
        found = views.members_on(
            conn(),
            vault(),
            unit_id,
            day_of(query),
            after[0] if after else None,
            query["limit"] + 1,
            readable_by(NAMES),
        )
        # Not the sort key: it spells the name, and cursors stand in addresses, which proxies log.
        page = paging.page(found, query["limit"], lambda member: (member.member_id,))
        read = [one.member_id for one in page.items if one.birth_date is not None]
        note(query["purpose"] or _LIST, unit_id, read)
        return page


@doors.route("/units/<uuid:unit_id>/roster")
class MonthRoster(MethodView):
    """The roster of one branch in a month."""

    @transaction
    @doors.arguments(MonthQuery, location="query")
    @doors.response(200, MonthRosterPage)
    def get(self, query: dict[str, Any], unit_id: UUID) -> paging.Page:
        """Who stands in a branch in a month, who of them owes attendance and who votes, without names.

        A member whose place changes within the month has an entry for each part of it. Meetings counts on the day of
        the meeting; a member of the entry that holds that day owes and votes as it says.
        """
        require_unit(unit_id)
        after = paging.after(query["cursor"], tuple[UUID, str])
        found = rosters.month(conn(), vault(), unit_id, query["month"], after, query["limit"] + 1)
        return paging.page(found, query["limit"], lambda one: (one.member_id, str(one.valid_from)))


@doors.route("/units/<uuid:unit_id>/reminders")
class Reminders(MethodView):
    """What is due about the members of a subtree."""

    @transaction
    @doors.arguments(RemindersQuery, location="query")
    @doors.response(200, ReminderPage)
    def get(self, query: dict[str, Any], unit_id: UUID) -> paging.Page:
        """What is due within some days of the day asked about, or overdue: probations, transfers, temporary stays."""
        require_unit(unit_id)
        after = paging.after(query["cursor"], tuple[str, UUID, str])
        found = reminders.due(conn(), unit_id, day_of(query), query["within"])
        kept = [one for one in found if after is None or reminders.key(one) > (after[0], str(after[1]), after[2])]
        return paging.page(kept[: query["limit"] + 1], query["limit"], reminders.key)


@doors.route("/rosters")
class Rosters(MethodView):
    """The rosters of a subtree."""

    @transaction
    @doors.arguments(UnderQuery, location="query")
    @doors.response(200, RosterPage)
    def get(self, query: dict[str, Any]) -> paging.Page:
        """Who stands in the branches of a subtree on a day, without names: for systems that send minutes in bulk."""
        require_unit(query["under"])
        after = paging.after(query["cursor"], tuple[UUID, UUID])
        found = views.rosters_on(conn(), vault(), query["under"], day_of(query), after, query["limit"] + 1)
        return paging.page(found, query["limit"], lambda entry: (entry.unit_id, entry.member_id))
