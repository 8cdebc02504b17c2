"""Doors of transfers between branches."""

from typing import Any
from uuid import UUID

from flask.views import MethodView

from services.registry.api.asked import require_unit, work
from services.registry.api.people import governed, require_one_of
from services.registry.api.schemas.transfers import (
    TransferNew,
    TransferPage,
    TransferReceived,
    TransferReturned,
    TransferShown,
)
from services.registry.commands import members as member_commands
from services.registry.commands import transfers as commands
from services.registry.domain import transfers
from services.registry.domain.members import Member, place_on
from services.registry.domain.rules import Rules
from services.registry.domain.transfers import Transfer
from services.registry.store import members as member_rows
from services.registry.store import reach as reach_rows
from services.registry.store import rules as rule_rows
from services.registry.store import transfers as rows
from shared.errors import NotFound, Text
from shared.http import context, paging
from shared.http.blueprint import Blueprint
from shared.http.context import conn, require, transaction
from shared.ids import new_id

doors = Blueprint("transfers", __name__, url_prefix="/v1", description="Transfers of members between branches.")


@doors.route("/members/<uuid:member_id>/transfers")
class TransfersOfMember(MethodView):
    """Transfers of one member."""

    @transaction
    @doors.arguments(TransferNew)
    @doors.response(201, TransferShown)
    def post(self, given: dict[str, Any], member_id: UUID) -> dict[str, Any]:
        """A transfer, official or temporary, to a branch of the suite or out of it.

        An official one waits for its receipt, the member staying on the old roster, unless `received_on` says that the
        other branch has received them, which needs rights over it. A temporary one puts the member on the host's roster
        until the day before the planned return.
        """
        member = governed(member_commands.member_to_change(work(), member_id), member_id)
        day = given["from_day"] or given["paper_issued_on"]
        home = place_on(member, day)
        require(home)
        if given["received_on"] is not None and given["to_unit_id"] is not None:
            require(given["to_unit_id"])
        transfer = Transfer(
            given["transfer_id"] or new_id(),
            member_id,
            given["kind"],
            "pending" if given["kind"] == "official" else "away",
            home,
            given["to_unit_id"],
            day,
            given["paper_issued_on"],
            given["paper_number"],
            given["planned_return_on"],
        )
        return _answer(commands.begin(work(), member, transfer, given["received_on"]), rule_rows.load(conn()))


@doors.route("/transfers/<uuid:transfer_id>")
class OneTransfer(MethodView):
    """One transfer."""

    @transaction
    @doors.response(200, TransferShown)
    def get(self, transfer_id: UUID) -> dict[str, Any]:
        """The transfer, with the day by which its next step is due and the rule that says so."""
        transfer = rows.load(conn(), transfer_id)
        if transfer is None:
            raise _unknown(transfer_id)
        member = member_rows.load_spans(conn(), [transfer.member_id])[transfer.member_id]
        require_one_of([end for end in (_home(member), transfer.from_unit_id, transfer.to_unit_id) if end is not None])
        return _answer(transfer, rule_rows.load(conn()))


@doors.route("/transfers/<uuid:transfer_id>/receipt")
class Receipt(MethodView):
    """The receipt of an official transfer."""

    @transaction
    @doors.arguments(TransferReceived)
    @doors.response(200, TransferShown)
    def post(self, given: dict[str, Any], transfer_id: UUID) -> dict[str, Any]:
        """The receiving branch has the member from `received_on` on; of one out of the suite the old branch says so."""
        transfer, member = _to_change(transfer_id, receiving=True)
        return _answer(commands.receive(work(), member, transfer, given["received_on"]), rule_rows.load(conn()))


@doors.route("/transfers/<uuid:transfer_id>/return")
class Return(MethodView):
    """The return from a temporary transfer."""

    @transaction
    @doors.arguments(TransferReturned)
    @doors.response(200, TransferShown)
    def post(self, given: dict[str, Any], transfer_id: UUID) -> dict[str, Any]:
        """The member is back on the home roster from `returned_on` on, earlier or later than planned."""
        transfer, member = _to_change(transfer_id)
        return _answer(commands.come_back(work(), member, transfer, given["returned_on"]), rule_rows.load(conn()))


@doors.route("/transfers/<uuid:transfer_id>/cancellation")
class Cancellation(MethodView):
    """The cancellation of a transfer that is still open."""

    @transaction
    @doors.response(200, TransferShown)
    def post(self, transfer_id: UUID) -> dict[str, Any]:
        """The transfer was not: the member stands where they stood."""
        transfer, member = _to_change(transfer_id)
        return _answer(commands.cancel(work(), member, transfer), rule_rows.load(conn()))


@doors.route("/units/<uuid:unit_id>/transfers")
class TransfersOfUnit(MethodView):
    """Open transfers of a subtree."""

    @transaction
    @doors.arguments(paging.PageQuery, location="query")
    @doors.response(200, TransferPage)
    def get(self, query: dict[str, Any], unit_id: UUID) -> paging.Page:
        """The open transfers out of and into the branches of a subtree: what waits for a receipt or a return."""
        require_unit(unit_id)
        after = paging.after(query["cursor"], tuple[UUID])
        today = context.service().clock.today()
        units = reach_rows.covered(conn(), frozenset([unit_id]), today)
        found = [one for one, _ in rows.open_in(conn(), units, today) if after is None or one.transfer_id > after[0]]
        page = paging.page(found[: query["limit"] + 1], query["limit"], lambda one: (one.transfer_id,))
        rules = rule_rows.load(conn())
        return paging.Page([_answer(one, rules) for one in page.items], page.next_cursor)


def _to_change(transfer_id: UUID, *, receiving: bool = False) -> tuple[Transfer, Member]:
    """The transfer and its member, if the rights reach the branch that is to receive them or, where either may act, the
    one they belong to today: the branch they left may have been merged since."""
    found = commands.transfer_to_change(work(), transfer_id)
    if found is None:
        raise _unknown(transfer_id)
    transfer, member = found
    if receiving or transfer.to_unit_id is None:
        require(transfer.to_unit_id or _home(member))
    else:
        require_one_of([_home(member), transfer.to_unit_id])
    return found


def _home(member: Member) -> UUID:
    return place_on(member, context.service().clock.today())


def _unknown(transfer_id: UUID) -> NotFound:
    # As for members: no unit has the id of a transfer that is not there, so rights do not reach it.
    require(transfer_id)
    return NotFound(
        "transfer", Text("Không có lần chuyển này. Hãy kiểm tra mã.", "There is no such transfer. Check the id.")
    )


def _answer(transfer: Transfer, rules: Rules) -> dict[str, Any]:
    due = transfers.due(transfer, rules) if transfer.state in transfers.OPEN else None
    fields = {name: getattr(transfer, name) for name in transfer.__struct_fields__}
    return fields | {"due_on": due and due.due_on, "rule": due and due.rule, "source": due and due.source}
