"""How far the rights of whoever sends rows go."""

from uuid import UUID

import msgspec


class Reach(msgspec.Struct, frozen=True):
    """The units that rights cover today; `everything` covers the whole installation, roots included."""

    everything: bool
    units: frozenset[UUID] = frozenset()

    def covers(self, unit_id: UUID | None) -> bool:
        """Whether the rights cover a unit; None, the place above a root, only with rights over everything."""
        return self.everything or unit_id in self.units
