"""Who may write beside whom. A change of the tree is judged against the whole tree, so such changes take turns."""

from shared.db import Connection

_TREE = 0x74726565  # "tree": an advisory lock of the registry's database


def hold_tree(conn: Connection) -> None:
    """Until the transaction ends, no other change of units, members or rosters runs."""
    conn.execute("select pg_advisory_xact_lock(%s)", (_TREE,))


def share_tree(conn: Connection) -> None:
    """Until the transaction ends, units stay as they are; other changes of single members run beside this one."""
    conn.execute("select pg_advisory_xact_lock_shared(%s)", (_TREE,))
