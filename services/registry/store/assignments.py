"""Assignments of superior members to branches, as rows."""

from typing import Final
from uuid import UUID

import msgspec

from services.registry.domain.assignments import Assignment
from shared.db import Connection

_COLUMNS: Final = "assignment_id, member_id, committee_id, branch_id, valid_from, valid_to"


def find(conn: Connection, assignment_id: UUID, *, lock: bool = False) -> Assignment | None:
    """The assignment; None when there is none. With `lock` nobody else changes it until the transaction ends."""
    if lock:
        conn.execute("select 1 from assignment where assignment_id = %s for no key update", (assignment_id,)).fetchone()
    row = conn.execute(f"select {_COLUMNS} from assignment where assignment_id = %s", (assignment_id,)).fetchone()  # noqa: S608
    return None if row is None else Assignment(*row)  # type: ignore[arg-type]  # written by add()


def of_pair(conn: Connection, member_id: UUID, branch_id: UUID) -> list[Assignment]:
    """Every assignment of a member to a branch; until the transaction ends nobody else adds one to this branch."""
    conn.execute("select 1 from unit where unit_id = %s for no key update", (branch_id,)).fetchone()
    rows = conn.execute(
        f"select {_COLUMNS} from assignment where member_id = %s and branch_id = %s",  # noqa: S608 - own constant
        (member_id, branch_id),
    ).fetchall()
    return [Assignment(*row) for row in rows]  # type: ignore[arg-type]  # written by add()


def add(conn: Connection, given: Assignment) -> bool:
    """Keep a new assignment; False when its id is taken."""
    return (
        conn.execute(
            f"insert into assignment ({_COLUMNS}) values (%s, %s, %s, %s, %s, %s) "  # noqa: S608
            "on conflict do nothing returning 1",
            msgspec.structs.astuple(given),
        ).fetchone()
        is not None
    )


def save(conn: Connection, given: Assignment) -> None:
    """Keep a known assignment with its new end."""
    conn.execute("update assignment set valid_to = %s where assignment_id = %s", (given.valid_to, given.assignment_id))
