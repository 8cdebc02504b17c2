"""Scorecards that changed lately, in the order of commits: what those who listen resume from.

Written by the publisher, in its transaction: one publisher at a time takes a position and commits before the next one
may, so a reader that has seen a position misses no earlier one.
"""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

import msgspec

from shared.db import Connection

KEPT: Final = "1 hour"
_MOST_ROWS: Final = 100


class Change(msgspec.Struct, frozen=True):
    """A publication: which scorecards, in which versions."""

    position: int
    unit_ids: list[UUID]
    months: list[str]
    versions: list[int]


def keep(conn: Connection, cards: Sequence[tuple[UUID, str, int]]) -> None:
    """Keep that these (unit, month, version) were published; the caller is the only publisher until it commits."""
    conn.execute(
        "insert into scorecard_change (unit_ids, months, versions) values (%s, %s, %s)",
        ([card[0] for card in cards], [card[1] for card in cards], [card[2] for card in cards]),
    )
    # The newest row stays however old it is: it says where those who listen stand.
    conn.execute(
        """
        delete from scorecard_change
        where position = any (array(select position from scorecard_change order by position limit %s))
          and at < clock_timestamp() - %s::interval and position < (select max(position) from scorecard_change)
        """,
        (_MOST_ROWS, KEPT),
    )


def bounds(conn: Connection) -> tuple[int, int]:
    """The position before the first that is kept, and the last one."""
    row = conn.execute(
        "select coalesce(min(position) - 1, 0), coalesce(max(position), 0) from scorecard_change"
    ).fetchone()
    return msgspec.convert(row, tuple[int, int])


def after(conn: Connection, position: int) -> list[Change]:
    """What was published after `position`, as far as one reading goes."""
    rows = conn.execute(
        "select position, unit_ids, months, versions from scorecard_change"
        " where position > %s order by position limit %s",
        (position, _MOST_ROWS),
    ).fetchall()
    return msgspec.convert([dict(zip(Change.__struct_fields__, row, strict=True)) for row in rows], list[Change])
