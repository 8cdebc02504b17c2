"""Values that bodies and records share."""

from datetime import datetime
from typing import Annotated, Final

from msgspec import Meta

LONGEST_LINE: Final = 1000

Instant = Annotated[datetime, Meta(tz=True)]
"""An aware time."""

Count = Annotated[int, Meta(ge=0)]

Line = Annotated[str, Meta(min_length=1, max_length=LONGEST_LINE, pattern=r"^[^\x00]*$")]
"""A line of text that PostgreSQL can keep."""
