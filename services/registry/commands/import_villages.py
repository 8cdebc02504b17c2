"""The villages of an import."""

from collections.abc import Mapping, Sequence
from uuid import UUID

import msgspec

from services.registry.commands import publish
from services.registry.commands.villages import village_entry
from services.registry.commands.work import Work
from services.registry.domain import villages
from services.registry.domain.imports import GatheredMembers
from services.registry.domain.members import Member
from services.registry.domain.spans import Dated
from services.registry.domain.units import Unit
from services.registry.domain.village_rows import VillageRow, gather_villages
from services.registry.store import audit as audit_rows
from services.registry.store import codes
from services.registry.store import villages as village_rows
from shared.errors import Fault
from shared.ids import new_id

_FIELDS = {"unit_id": "unit_code", "branch_id": "branch_code", "head_member_id": "head_code"}


class VillageImport:
    """What rows of villages state (`stated`), what is kept of them (`kept`), and what is new in it (`new`)."""

    def __init__(
        self, work: Work, rows: Sequence[VillageRow], units: Mapping[str, UUID], people: GatheredMembers
    ) -> None:
        known_ids = codes.villages(work.conn, sorted({row.code for row in rows})) if rows else {}
        self.kept = village_rows.load(work.conn, list(known_ids.values())) if known_ids else {}
        heads = sorted({row.head_code for row in rows if row.head_code})
        known = codes.members(work.conn, heads) if heads else {}
        self.stated = gather_villages(
            rows,
            known_ids,
            units,
            known | {member.code: member_id for member_id, member in people.members.items()},
            new_id,
        )
        self.new = [
            village for village in self.stated.villages.values() if self.kept.get(village.village_id) != village
        ]
        self._work = work

    def faults(self, units: Mapping[UUID, Unit], people: Mapping[UUID, Member]) -> list[Fault]:
        """The rules that new villages break, each at the row that says so; `people` are the members of this import."""
        judged = [village for village in self.new if village.village_id not in self.stated.spoilt]
        heads = {span.head_member_id for village in judged for span in village.spans if span.head_member_id is not None}
        stays: dict[UUID, Sequence[Dated]] = dict(village_rows.stays_of(self._work.conn, heads) if heads else {})
        stays |= {head: people[head].stays for head in heads if head in people}
        found = []
        for village in judged:
            numbers = self.stated.rows[village.village_id]
            for index, fault in villages.faults(village, units, stays):
                field = f"villages[{numbers[index]}].{_FIELDS.get(fault.field, fault.field)}"
                found.append(msgspec.structs.replace(fault, field=field))
        return found

    def save(self, work: Work) -> None:
        """Keep what is new."""
        if not self.new:
            return
        village_rows.save(work.conn, self.new)
        entries = [village_entry(self.kept.get(village.village_id), village) for village in self.new]
        audit_rows.record(work.conn, work.author, entries)
        publish.villages(work.conn, [village.village_id for village in self.new])
