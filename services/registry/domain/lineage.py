"""Which units a unit came from and became."""

from typing import Literal
from uuid import UUID

import msgspec

How = Literal["merged", "split"]
"""By what a unit became another."""


class Edge(msgspec.Struct, frozen=True):
    """`from_unit` became, or became a part of, `to_unit`."""

    from_unit: UUID
    to_unit: UUID
    how: How
