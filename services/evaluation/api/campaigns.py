"""Doors of emulation campaigns."""

from typing import Any
from uuid import UUID

from flask.views import MethodView

from services.evaluation.api.committees import etag_parameters, known, require_unit, tagged, work
from services.evaluation.api.schemas import campaigns as schemas
from services.evaluation.commands import campaigns as commands
from services.evaluation.domain.campaign import Campaign, Criterion, Individual
from services.evaluation.store import campaigns as rows
from services.evaluation.store import committees as committee_rows
from services.evaluation.store.campaigns import Award, Kept
from shared.http import paging
from shared.http.blueprint import Blueprint
from shared.http.context import conn, require, service, transaction
from shared.http.versions import if_match
from shared.ids import new_id

doors = Blueprint("campaigns", __name__, url_prefix="/v1", description="Emulation campaigns.")
Tagged = tuple[dict[str, Any], int, dict[str, str]]


@doors.route("/campaigns")
class Campaigns(MethodView):
    """New campaigns."""

    @transaction
    @doors.arguments(schemas.CampaignNew, example=schemas.A_DRAFT)
    @doors.response(201, schemas.CampaignFull)
    def post(self, given: dict[str, Any]) -> Tagged:
        """A committee draws up a campaign among the units below it and their members."""
        require_unit(given["unit_id"])
        made = Campaign(
            given["campaign_id"] or new_id(),
            given["unit_id"],
            "draft",
            1,
            given["title"],
            given["period"],
            given["citation"],
            _criteria(given),
        )
        return _shown(commands.draw_up(work(), made), 201)


@doors.route("/campaigns/<uuid:campaign_id>")
class One(MethodView):
    """One campaign."""

    @transaction
    @doors.response(200, schemas.CampaignFull)
    def get(self, campaign_id: UUID) -> Tagged:
        """A campaign with who takes part, awards and history."""
        return _shown(_within_rights(campaign_id))

    @transaction
    @doors.arguments(schemas.CampaignGiven, example=schemas.A_CHANGE)
    @doors.response(200, schemas.CampaignFull)
    @doors.doc(**etag_parameters())
    def put(self, given: dict[str, Any], campaign_id: UUID) -> Tagged:
        """Another title, period or criteria, while it is a draft."""
        return _shown(commands.redraw(work(), _locked(campaign_id), given | {"criteria": _criteria(given)}))


@doors.route("/campaigns/<uuid:campaign_id>/participants")
class Participants(MethodView):
    """Who takes part."""

    @transaction
    @doors.arguments(schemas.CampaignParticipants, example=schemas.PARTICIPANTS)
    @doors.response(200, schemas.CampaignFull)
    @doors.doc(**etag_parameters())
    def put(self, given: dict[str, Any], campaign_id: UUID) -> Tagged:
        """The units and members that take part; while it runs only members' results change."""
        individuals = [Individual(**one) for one in given["individuals"]]
        return _shown(commands.take_part(work(), _locked(campaign_id), given["collectives"], individuals))


@doors.route("/campaigns/<uuid:campaign_id>/start")
class Start(MethodView):
    """A campaign begins."""

    @transaction
    @doors.response(200, schemas.CampaignFull)
    @doors.doc(**etag_parameters())
    def post(self, campaign_id: UUID) -> Tagged:
        """The campaign runs: criteria and who takes part stay from now on."""
        return _shown(commands.step(work(), _locked(campaign_id), "start"))


@doors.route("/campaigns/<uuid:campaign_id>/interim")
class Interim(MethodView):
    """The interim review."""

    @transaction
    @doors.response(200, schemas.CampaignFull)
    @doors.doc(**etag_parameters())
    def post(self, campaign_id: UUID) -> Tagged:
        """The interim review: the standing of this moment is kept; it can be held again."""
        return _shown(commands.step(work(), _locked(campaign_id), "interim"))


@doors.route("/campaigns/<uuid:campaign_id>/closure")
class Closure(MethodView):
    """A campaign ends."""

    @transaction
    @doors.response(200, schemas.CampaignFull)
    @doors.doc(**etag_parameters())
    def post(self, campaign_id: UUID) -> Tagged:
        """The campaign ends: the final standing is kept with the figures it stands on, whatever they become later.

        Refused until the last day of its period has passed.
        """
        return _shown(commands.step(work(), _locked(campaign_id), "close"))


@doors.route("/campaigns/<uuid:campaign_id>/awards")
class Awards(MethodView):
    """The awards."""

    @transaction
    @doors.arguments(schemas.CampaignAwards)
    @doors.response(200, schemas.CampaignFull)
    @doors.doc(**etag_parameters())
    def post(self, given: dict[str, Any], campaign_id: UUID) -> Tagged:
        """The awards, all at once; only to those of the final standing who met every threshold."""
        awards = [Award(**one) for one in given["awards"]]
        return _shown(commands.award(work(), _locked(campaign_id), awards))


@doors.route("/campaigns/<uuid:campaign_id>/standings")
class Standings(MethodView):
    """The standings."""

    @transaction
    @doors.response(200, schemas.CampaignStandings)
    def get(self, campaign_id: UUID) -> dict[str, Any]:
        """Every standing that was kept; while the campaign runs also the one of this moment."""
        found = _within_rights(campaign_id)
        kept = rows.standings(conn(), campaign_id)
        if found.state in ("draft", "running", "interim"):
            asked = work()
            kept.append(Kept("now", found.version, asked.now, commands.standing_now(asked, found)))
        return {"items": kept}


@doors.route("/units/<uuid:unit_id>/campaigns")
class OfUnit(MethodView):
    """The campaigns of a subtree."""

    @transaction
    @doors.arguments(schemas.CampaignsQuery, location="query")
    @doors.response(200, schemas.CampaignPage)
    def get(self, query: dict[str, Any], unit_id: UUID) -> paging.Page:
        """The campaigns held in a subtree, and those that have begun in which one of its units takes part."""
        require_unit(unit_id)
        units = committee_rows.below(conn(), unit_id, service().clock.today())
        after = paging.after(query["cursor"], tuple[UUID])
        found = rows.held_in(conn(), [unit_id, *units], query["state"], after, query["limit"] + 1)
        return paging.page(found, query["limit"], lambda one: [one.campaign_id])


def _criteria(given: dict[str, Any]) -> tuple[Criterion, ...]:
    return tuple(Criterion(**one) for one in given["criteria"])


def _within_rights(campaign_id: UUID) -> Campaign:
    found = known(rows.find(conn(), campaign_id), commands.unknown())
    require(found.unit_id)
    return found


def _locked(campaign_id: UUID) -> Campaign:
    _within_rights(campaign_id)
    return commands.to_change(work(), campaign_id, if_match())


def _shown(campaign: Campaign, status: int = 200) -> Tagged:
    shown = {
        "campaign": campaign,
        "collectives": sorted(rows.collectives(conn(), campaign.campaign_id)),
        "individuals": rows.individuals(conn(), campaign.campaign_id),
        "awards": rows.awards(conn(), campaign.campaign_id),
        "history": committee_rows.history(conn(), "campaign", campaign.campaign_id),
    }
    return tagged(shown, campaign.version, status)
