"""Values that bodies and records share."""

from datetime import datetime
from typing import Annotated, Final

from msgspec import Meta

from shared.errors import Text

LONGEST_LINE: Final = 1000
YEARS: Final = range(1930, 2200)
"""The years a meeting or a deadline may lie in: from the founding of the Party, and short of what means "never"."""
OUTSIDE_YEARS: Final = Text(
    f"Năm phải từ {YEARS[0]} đến {YEARS[-1]}. Kiểm tra ngày giờ.",
    f"The year must lie between {YEARS[0]} and {YEARS[-1]}. Check the date.",
)


def in_years(*instants: datetime) -> None:
    """Raises ValueError unless every instant lies in `YEARS`: its local day may not exist, or its month not sort."""
    if not all(instant.year in YEARS for instant in instants):
        raise ValueError(OUTSIDE_YEARS.en)


Instant = Annotated[datetime, Meta(tz=True)]
"""An aware time."""

MOST: Final = 1_000_000
Count = Annotated[int, Meta(ge=0, le=MOST)]

Line = Annotated[str, Meta(min_length=1, max_length=LONGEST_LINE, pattern=r"^[^\x00]*$")]
"""A line of text that PostgreSQL can keep."""
