"""What the doors of members share: whom the rights reach, who reads what, and how a member is answered with."""

from collections.abc import Callable, Collection, Sequence
from typing import Any, cast
from uuid import UUID

import flask
import msgspec

from services.registry.api.asked import work
from services.registry.domain import probation
from services.registry.domain.members import Member, place_on
from services.registry.domain.reach import Reach
from services.registry.domain.spans import holds
from services.registry.store import access as access_rows
from services.registry.store import reach as reach_rows
from services.registry.store import rules as rule_rows
from services.registry.store import transfers as transfer_rows
from shared.auth import Role
from shared.errors import NotFound, Text
from shared.http import context
from shared.http.context import conn, require


def reached(member: Member | None, member_id: UUID) -> Member:
    """The member, to be read: the rights reach the branch they stand in (or last stood in), or that of their host."""
    known = _known(member, member_id)
    today = context.service().clock.today()
    hosts = [stay.unit_id for stay in known.guest_stays if holds(stay, today)]
    require_one_of([place_on(known, today), *hosts])
    return known


def governed(member: Member | None, member_id: UUID) -> Member:
    """The member, to be changed: the rights reach the branch they stand in (or last stood in). A host only reads."""
    known = _known(member, member_id)
    require(place_on(known, context.service().clock.today()))
    return known


def _known(member: Member | None, member_id: UUID) -> Member:
    # Without such a member the answer is that of a member elsewhere: no unit has this id, so rights do not reach it.
    if member is None:
        require(member_id)
        raise NotFound(
            "member", Text("Không có đảng viên này. Hãy kiểm tra mã.", "There is no such member. Check the id.")
        )
    return member


def require_one_of(unit_ids: Sequence[UUID]) -> None:
    """Let the request go on only if the rights reach one of these units. Raises Forbidden."""
    units, everything = context.actor().units_of(cast("frozenset[Role]", flask.g.roles))
    covers = context.service().covers
    require(next((one for one in unit_ids if everything or covers(conn(), units, one)), unit_ids[0]))


def readable_by(roles: frozenset[Role]) -> Callable[[Collection[UUID]], Collection[UUID]]:
    """Which of some members are, today, within what this actor's grants of these roles reach."""

    def readable(member_ids: Collection[UUID]) -> Collection[UUID]:
        units, everything = context.actor().units_of(roles)
        if not everything and not (units and member_ids):
            return ()
        today = context.service().clock.today()
        covered = frozenset() if everything else reach_rows.covered(conn(), units, today)
        return reach_rows.readable(conn(), Reach(everything, covered), member_ids, today)

    return readable


def note(purpose: str, unit_id: UUID | None, member_ids: Sequence[UUID]) -> None:
    """Keep in the log of access that this request reads the personal data of these members, and what for."""
    rule = flask.request.url_rule
    door = f"{flask.request.method} {rule.rule if rule else ''}"
    access_rows.record(conn(), work().author, door, purpose.strip(), unit_id, member_ids)


def answer(member: Member) -> dict[str, Any]:
    """A member as the doors answer with them; the schema of a door that writes leaves the person out."""
    kept = transfer_rows.probations(conn(), [member.member_id]).get(member.member_id)
    fields = {name: getattr(member, name) for name in msgspec.structs.asdict(member)}
    return fields | {"probation": probation.of(member, kept, rule_rows.load(conn()))}
