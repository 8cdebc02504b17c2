"""The roster of a branch in a month: who owes attendance, who votes."""

from datetime import date
from uuid import UUID

import msgspec

from services.registry.domain import spans
from services.registry.domain.members import MemberSpan
from services.registry.domain.roster import age_band
from services.registry.domain.rules import Counted
from services.registry.store import members as member_rows
from services.registry.store import people
from services.registry.store import rules as rule_rows
from services.registry.store.vault import Vault
from shared import months
from shared.db import Connection


class MonthEntry(msgspec.Struct, frozen=True):
    """A member's stay in a branch within one month, without anything that tells who they are."""

    member_id: UUID
    valid_from: date
    valid_to: date
    kind: str
    status: str
    post: str | None
    agency: str | None
    age_band: str | None
    owes_attendance: bool
    votes: bool
    votes_if_present: bool


def month(
    conn: Connection, vault: Vault, unit_id: UUID, named: str, after: tuple[UUID, str] | None, limit: int
) -> list[MonthEntry]:
    """Up to `limit` entries of a branch in the month `named` (2025-06), by member and day, behind `after`.

    The denominators are those of the rules in force on each entry's first day, counted as services/meetings does.
    """
    first, end = months.first_day(named), months.first_day(months.add(named, 1))
    within = MemberSpan(first, end, unit_id, "official", "active")
    stays = sorted(
        ((member_id, stay) for member_id, stay in member_rows.stays_in(conn, [unit_id]) if spans.overlap(stay, within)),
        key=lambda pair: (pair[0], pair[1].valid_from),
    )
    if after is not None:
        stays = [one for one in stays if (one[0], str(max(one[1].valid_from, first))) > after]
    rules = rule_rows.load(conn)
    births = people.births(conn, vault, {member_id for member_id, _ in stays[:limit]})
    found = []
    for member_id, stay in stays[:limit]:
        begins = max(stay.valid_from, first)
        owing, voting = rules.attendance_denominator_on(begins).value, rules.vote_denominator_on(begins).value
        found.append(
            MonthEntry(
                member_id,
                begins,
                min(stay.valid_to or end, end),
                stay.kind,
                stay.status,
                stay.post,
                stay.agency,
                age_band(births[member_id], begins),
                _counts(owing, stay, came=False),
                _counts(voting, stay, came=False),
                _counts(voting, stay, came=True),
            )
        )
    return found


def _counts(counted: Counted, stay: MemberSpan, *, came: bool) -> bool:
    statuses = counted.statuses | counted.statuses_if_present if came else counted.statuses
    return stay.kind in counted.kinds and stay.status in statuses
