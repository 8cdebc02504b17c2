"""Changes of single villages."""

from datetime import date
from uuid import UUID

import msgspec
from msgspec import UNSET

from services.registry.commands import publish
from services.registry.commands.work import Work
from services.registry.domain import spans, villages
from services.registry.domain.audit import Entry
from services.registry.domain.lineage import before_heirs
from services.registry.domain.villages import Village, VillageChange, VillageSpan
from services.registry.store import audit as audit_rows
from services.registry.store import lineage as lineage_rows
from services.registry.store import locks
from services.registry.store import reach as reach_rows
from services.registry.store import units as unit_rows
from services.registry.store import villages as village_rows
from shared.errors import Conflict, Fault, NotFound, Text, Unprocessable
from shared.ids import new_id


def create_village(work: Work, code: str, span: VillageSpan, village_id: UUID | None) -> Village:
    """A new village with its first span. Raises Conflict when the code or the id is taken, Unprocessable."""
    locks.share_tree(work.conn)
    village = Village(village_id or new_id(), code, (span,))
    _judge(work, village)
    if not village_rows.add(work.conn, village):
        raise Conflict(
            "village-exists",
            Text(
                f"Mã {code}, hoặc village_id này, đã dùng cho một thôn khác. Hãy dùng mã khác.",
                f"The code {code}, or this village_id, belongs to another village. Use another one.",
            ),
        )
    audit_rows.record(work.conn, work.author, [village_entry(None, village)])
    publish.villages(work.conn, [village.village_id])
    return village


def village_to_change(work: Work, village_id: UUID) -> Village:
    """The village as it is, locked until the transaction ends. Raises NotFound."""
    locks.share_tree(work.conn)
    found = village_rows.lock(work.conn, [village_id]).get(village_id)
    if found is None:
        raise unknown_village()
    return found


def change_village(work: Work, before: Village, day: date, change: VillageChange) -> Village:
    """What is new about a village from `day` on; `before` is as `village_to_change` gave it.

    Raises Conflict, Unprocessable.
    """
    return _keep(work, before, villages.changed(_without_heirs(work, before, day, change), day, change))


def _without_heirs(work: Work, village: Village, day: date, change: VillageChange) -> Village:
    """`village` without the units that take over later from the organisation or the branch it leaves on `day`."""
    now = spans.at(village.spans, day)
    given = {"unit_id": change.unit_id, "branch_id": change.branch_id}
    left = [
        place for place, one in given.items() if now is not None and one is not UNSET and getattr(now, place) != one
    ]
    heirs = lineage_rows.successions(work.conn, day) if left else frozenset()
    for place in left:
        village = msgspec.structs.replace(village, spans=before_heirs(village.spans, day, place, heirs))
    return village


def close_village(work: Work, before: Village, day: date) -> Village:
    """The village no longer exists from `day` on. Raises Conflict, Unprocessable."""
    return _keep(work, before, villages.closed(before, day))


def village_entry(before: Village | None, after: Village) -> Entry:
    """What the audit trail says of a village that was made or changed."""
    action = "village.created" if before is None else "village.changed"
    return Entry(action, "village", after.village_id, after.spans[-1].unit_id, before, after)


def unknown_village() -> NotFound:
    """What is said to whoever may know that there is no such village."""
    return NotFound("village", Text("Không có thôn này. Hãy kiểm tra mã.", "There is no such village. Check the id."))


def _keep(work: Work, before: Village, after: Village) -> Village:
    if after == before:
        return before
    _judge(work, after)
    village_rows.save(work.conn, [after])
    audit_rows.record(work.conn, work.author, [village_entry(before, after)])
    publish.villages(work.conn, [after.village_id])
    return after


def _judge(work: Work, village: Village) -> None:
    named = {unit_id for span in village.spans for unit_id in (span.unit_id, span.branch_id) if unit_id is not None}
    units = unit_rows.load(work.conn, sorted(reach_rows.above(work.conn, named)))
    heads = {span.head_member_id for span in village.spans if span.head_member_id is not None}
    stays = village_rows.stays_of(work.conn, heads)
    faults: list[Fault] = [fault for _, fault in villages.faults(village, units, stays)]
    if faults:
        raise Unprocessable.of(faults)
