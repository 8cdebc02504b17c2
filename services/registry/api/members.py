"""Doors of members: registration, reading with a purpose, changes, erasure."""

from typing import Any
from uuid import UUID

import msgspec
from flask.views import MethodView

from services.registry.api.asked import require_unit, vault, work
from services.registry.api.people import answer, governed, note, reached
from services.registry.api.schemas.access import AccessPage
from services.registry.api.schemas.common import PurposeQuery
from services.registry.api.schemas.members import (
    Erased,
    MemberChanged,
    MemberNew,
    MemberShown,
    MemberStanding,
    PersonFacts,
    ProbationReviewed,
)
from services.registry.api.schemas.search import MemberFoundPage, SearchQuery
from services.registry.commands import members as commands
from services.registry.domain import names
from services.registry.domain.members import MemberChange, MemberSpan, Person, place_on
from services.registry.store import access as access_rows
from services.registry.store import members as member_rows
from services.registry.views import search as views
from shared.http import context, paging
from shared.http.blueprint import Blueprint
from shared.http.context import conn, require, transaction

doors = Blueprint("members", __name__, url_prefix="/v1", description="Members: the suite's only personal data.")


@doors.route("/members")
class Members(MethodView):
    """All members."""

    @transaction
    @doors.arguments(SearchQuery, location="query")
    @doors.response(200, MemberFoundPage)
    def get(self, query: dict[str, Any]) -> paging.Page:
        """Members below a unit in whose names all the words stand, marks or none; who match the marks too come first.

        Whole words: “an” finds An and Ân, not Anh. The reading is logged with its purpose.
        """
        require_unit(query["under"])
        after = paging.after(query["cursor"], tuple[UUID])
        found = views.by_name(conn(), vault(), query["name"], query["under"], context.service().clock.today())
        page = paging.page(
            views.behind(found, after[0] if after else None)[: query["limit"] + 1],
            query["limit"],
            lambda one: (one.member_id,),
        )
        note(query["purpose"], query["under"], [one.member_id for one in page.items])
        return page

    @transaction
    @doors.arguments(MemberNew)
    @doors.response(201, MemberStanding)
    def post(self, given: dict[str, Any]) -> dict[str, Any]:
        """A new member with their first span. 409 when their code is taken. The answer does not repeat who they are."""
        require(given["unit_id"])
        span = msgspec.convert(given | {"valid_to": None}, MemberSpan)
        return answer(
            commands.register_member(
                work(),
                given["code"],
                _person(given),
                span,
                member_id=given["member_id"],
                admitted_on=given["admitted_on"],
            )
        )


@doors.route("/members/<uuid:member_id>")
class OneMember(MethodView):
    """One member."""

    @transaction
    @doors.arguments(PurposeQuery, location="query")
    @doors.response(200, MemberShown)
    def get(self, query: dict[str, Any], member_id: UUID) -> dict[str, Any]:
        """The member with all their spans and who they are. The reading is logged with its purpose."""
        member = reached(member_rows.load(conn(), vault(), member_id), member_id)
        if member.person is not None:
            note(query["purpose"], place_on(member, context.service().clock.today()), [member_id])
        return answer(member)


@doors.route("/members/<uuid:member_id>/changes")
class Changes(MethodView):
    """Changes of one member's place."""

    @transaction
    @doors.arguments(MemberChanged)
    @doors.response(200, MemberStanding)
    def post(self, given: dict[str, Any], member_id: UUID) -> dict[str, Any]:
        """What is new about the member's place from a day on, in the past too. A move needs rights over both branches.

        What is kept for later days stays; what is new is carried on into it until a day that changed the same fact.
        """
        member = governed(commands.member_to_change(work(), member_id), member_id)
        if "unit_id" in given:
            require(given["unit_id"])
        day = given.pop("valid_from")
        return answer(commands.change_member(work(), member, day, msgspec.convert(given, MemberChange)))


@doors.route("/members/<uuid:member_id>/person")
class PersonOfMember(MethodView):
    """Who one member is."""

    @transaction
    @doors.arguments(PersonFacts)
    @doors.response(200, MemberStanding)
    def put(self, given: dict[str, Any], member_id: UUID) -> dict[str, Any]:
        """Who the member is, corrected: all of it; what is left out is none. The answer does not repeat it."""
        member = governed(commands.member_to_change(work(), member_id), member_id)
        return answer(commands.change_person(work(), member, _person(given)))


@doors.route("/members/<uuid:member_id>/probation-review")
class ProbationReview(MethodView):
    """The review of one member's probation."""

    @transaction
    @doors.arguments(ProbationReviewed)
    @doors.response(200, MemberStanding)
    def post(self, given: dict[str, Any], member_id: UUID) -> dict[str, Any]:
        """What was decided on a probationary member: official from that day, reviewed again later, or struck off."""
        member = governed(commands.member_to_change(work(), member_id), member_id)
        return answer(commands.review_probation(work(), member, given["outcome"], given["on"], given["next_review_on"]))


@doors.route("/members/<uuid:member_id>/erasure")
class Erasure(MethodView):
    """The erasure of one person."""

    @transaction
    @doors.arguments(Erased)
    @doors.response(200, MemberStanding)
    def post(self, given: dict[str, Any], member_id: UUID) -> dict[str, Any]:
        """Destroy who the member is, on a legal ground, for ever. Spans and counts stay, without a name."""
        member = governed(commands.member_to_change(work(), member_id), member_id)
        return answer(commands.erase_member(work(), member, given["ground"], given["citation"]))


@doors.route("/members/<uuid:member_id>/accesses")
class Accesses(MethodView):
    """Who read one member's personal data."""

    @transaction
    @doors.arguments(paging.PageQuery, location="query")
    @doors.response(200, AccessPage)
    def get(self, query: dict[str, Any], member_id: UUID) -> paging.Page:
        """Who read the member's personal data, when, through which door and what for; the latest first."""
        reached(member_rows.load_spans(conn(), [member_id]).get(member_id), member_id)
        after = paging.after(query["cursor"], tuple[int])
        found = access_rows.of_member(conn(), member_id, after[0] if after else None, query["limit"] + 1)
        return paging.page(found, query["limit"], lambda one: (one.access_id,))


def _person(given: dict[str, Any]) -> Person:
    person = msgspec.convert(given, Person)
    return msgspec.structs.replace(person, full_name=names.tidy(person.full_name))
