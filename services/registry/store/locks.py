"""Who may write beside whom. A change of the tree is judged against the whole tree, so such changes take turns."""

from collections.abc import Collection
from uuid import UUID

from shared.db import Connection

_TREE = 0x74726565  # "tree": an advisory lock of the registry's database
_INSPECTIONS = 0x696E7370  # "insp"


def hold_tree(conn: Connection) -> None:
    """Until the transaction ends, no other change of units, members or rosters runs."""
    conn.execute("select pg_advisory_xact_lock(%s)", (_TREE,))


def share_tree(conn: Connection) -> None:
    """Until the transaction ends, units stay as they are; other changes of single members run beside this one."""
    conn.execute("select pg_advisory_xact_lock_shared(%s)", (_TREE,))


def hold_inspections(conn: Connection, unit_ids: Collection[UUID]) -> None:
    """Until the transaction ends, nobody else records inspections of these units or sets them targets of inspections.

    Taken before the rows: else a target and an inspection made at one moment would not know of each other.
    """
    conn.execute(
        "select pg_advisory_xact_lock(%s, key) from (select distinct hashtext(id) as key from unnest(%s::text[]) id"
        " order by key) ordered",
        (_INSPECTIONS, [str(unit_id) for unit_id in unit_ids]),
    )
