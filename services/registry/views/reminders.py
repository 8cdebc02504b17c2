"""What is due about members: reviews of probation, papers of transfers, returns from temporary stays."""

from datetime import date
from uuid import UUID

import msgspec

from services.registry.domain import probation, transfers
from services.registry.domain.members import ENDINGS
from services.registry.store import reach
from services.registry.store import rules as rule_rows
from services.registry.store import transfers as transfer_rows
from shared.db import Connection


class Reminder(msgspec.Struct, frozen=True):
    """Something that is to be done about a member by a day; `days_left` is negative when it is overdue."""

    member_id: UUID
    unit_id: UUID
    transfer_id: UUID | None
    due_on: date
    days_left: int
    rule: str
    source: str


def key(reminder: Reminder) -> tuple[str, str, str]:
    """The order of reminders: the most urgent first."""
    return str(reminder.due_on), str(reminder.member_id), reminder.rule


def due(conn: Connection, under: UUID, day: date, within: int) -> list[Reminder]:
    """What is due at most `within` days after `day`, or overdue then, about members below `under`; urgent first."""
    units = reach.covered(conn, frozenset([under]), day)
    found = [*_probations(conn, units, day), *_transfers(conn, units, day)]
    return sorted((one for one in found if one.days_left <= within), key=key)


def _probations(conn: Connection, units: frozenset[UUID], day: date) -> list[Reminder]:
    rows = conn.execute(
        """
        select s.member_id, s.unit_id,
               (select min(f.valid_from) from member_span f where f.member_id = s.member_id and f.kind = 'probationary')
        from member_span s
        where s.kind = 'probationary' and s.status <> all(%(endings)s) and s.unit_id = any(%(units)b)
          and s.valid_from <= %(day)s and (s.valid_to is null or %(day)s < s.valid_to)
        """,
        {"endings": sorted(ENDINGS), "units": list(units), "day": day},
    ).fetchall()
    now = msgspec.convert(rows, list[tuple[UUID, UUID, date]])
    kept = transfer_rows.probations(conn, [member_id for member_id, _, _ in now])
    rules = rule_rows.load(conn)
    found = []
    for member_id, unit_id, first in now:
        theirs = kept.get(member_id) or probation.begun(first, rules)
        source = rules.probation_months_on(theirs.admitted_on).source
        left = (theirs.review_on - day).days
        found.append(Reminder(member_id, unit_id, None, theirs.review_on, left, "probation_months", source))
    return found


def _transfers(conn: Connection, units: frozenset[UUID], day: date) -> list[Reminder]:
    rules = rule_rows.load(conn)
    found = []
    for transfer, home in transfer_rows.open_in(conn, units, day):
        limit = transfers.due(transfer, rules)
        found.append(
            Reminder(
                transfer.member_id,
                home,
                transfer.transfer_id,
                limit.due_on,
                (limit.due_on - day).days,
                limit.rule,
                limit.source,
            )
        )
    return found
