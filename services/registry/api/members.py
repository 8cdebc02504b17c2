"""Doors of members and rosters."""

from typing import Any
from uuid import UUID

import msgspec
from flask.views import MethodView

from services.registry.api.asked import day_of, require_unit, work
from services.registry.api.schemas.common import OnPageQuery, UnderQuery
from services.registry.api.schemas.members import MemberChanged, MemberNew, MemberPage, MemberShown, RosterPage
from services.registry.commands import members as commands
from services.registry.domain import names
from services.registry.domain.members import Member, MemberChange, MemberSpan, Person
from services.registry.rights import NAMES
from services.registry.views import members as views
from shared.errors import NotFound, Text
from shared.http import context, paging
from shared.http.blueprint import Blueprint
from shared.http.context import conn, require, transaction

doors = Blueprint("members", __name__, url_prefix="/v1", description="Members: the suite's only personal data.")


@doors.route("/members")
class Members(MethodView):
    """All members."""

    @transaction
    @doors.arguments(MemberNew)
    @doors.response(201, MemberShown)
    def post(self, given: dict[str, Any]) -> Member:
        """A new member with their first span. 409 when their code is taken."""
        require(given["unit_id"])
        person = msgspec.convert(given, Person)
        person = msgspec.structs.replace(person, full_name=names.tidy(person.full_name))
        span = msgspec.convert(given | {"valid_to": None}, MemberSpan)
        return commands.register_member(work(), given["code"], person, span)


@doors.route("/members/<uuid:member_id>")
class OneMember(MethodView):
    """One member."""

    @transaction
    @doors.response(200, MemberShown)
    def get(self, member_id: UUID) -> Member:
        """The member with all their spans."""
        return _reached(views.member(conn(), member_id), member_id)


@doors.route("/members/<uuid:member_id>/changes")
class Changes(MethodView):
    """Changes of one member."""

    @transaction
    @doors.arguments(MemberChanged)
    @doors.response(200, MemberShown)
    def post(self, given: dict[str, Any], member_id: UUID) -> Member:
        """What is new about the member's place from a day on. A move needs rights over both branches."""
        member = _reached(commands.member_to_change(work(), member_id), member_id)
        if "unit_id" in given:
            require(given["unit_id"])
        day = given.pop("valid_from")
        change = msgspec.convert(given, MemberChange)
        return commands.change_member(work(), member, day, change)


@doors.route("/units/<uuid:unit_id>/members")
class MembersOfUnit(MethodView):
    """The members of one branch."""

    @transaction
    @doors.arguments(OnPageQuery, location="query")
    @doors.response(200, MemberPage)
    def get(self, query: dict[str, Any], unit_id: UUID) -> paging.Page:
        """The members of a branch on a day, in Vietnamese order of names; a member sees names and posts only."""
        require_unit(unit_id)
        after = paging.after(query["cursor"], tuple[UUID])
        units, everything = context.actor().units_of(NAMES)
        found = views.members_on(
            conn(),
            unit_id,
            day_of(query),
            after[0] if after else None,
            query["limit"] + 1,
            particulars=everything or context.service().covers(conn(), units, unit_id),
        )
        # Not the sort key: it spells the name, and cursors stand in addresses, which proxies log.
        return paging.page(found, query["limit"], lambda member: (member.member_id,))


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
        found = views.rosters_on(conn(), query["under"], day_of(query), after, query["limit"] + 1)
        return paging.page(found, query["limit"], lambda entry: (entry.unit_id, entry.member_id))


def _reached(member: Member | None, member_id: UUID) -> Member:
    """The member, if the rights reach the branch they stand in or last stood in."""
    # Without such a member the answer is that of a member elsewhere: no unit has this id, so rights do not reach it.
    require(member.spans[-1].unit_id if member else member_id)
    if member is None:
        raise NotFound(
            "member", Text("Không có đảng viên này. Hãy kiểm tra mã.", "There is no such member. Check the id.")
        )
    return member
