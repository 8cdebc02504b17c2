"""Who follows which branch on a day."""

from collections.abc import Sequence
from datetime import date
from typing import Final
from uuid import UUID

from services.registry.domain.assignments import Assignment
from services.registry.views.units import SUBTREE
from shared.db import Connection

_SELECT: Final = """
    select a.assignment_id, a.member_id, a.committee_id, a.branch_id, a.valid_from, a.valid_to from assignment a
"""
_IN_FORCE: Final = "a.valid_from <= %(day)s and (a.valid_to is null or %(day)s < a.valid_to)"
_PAGE: Final = "(%(after)s::uuid is null or a.assignment_id > %(after)s) order by a.assignment_id limit %(limit)s"


def of_branch(conn: Connection, branch_id: UUID, day: date, after: UUID | None, limit: int) -> list[Assignment]:
    """Up to `limit` assignments to a branch on `day`."""
    values = {"branch": branch_id, "day": day, "after": after, "limit": limit}
    return _structs(
        conn.execute(f"{_SELECT} where a.branch_id = %(branch)s and {_IN_FORCE} and {_PAGE}", values).fetchall()
    )


def of_member(conn: Connection, member_id: UUID, day: date, after: UUID | None, limit: int) -> list[Assignment]:
    """Up to `limit` assignments of a member on `day`."""
    values = {"member": member_id, "day": day, "after": after, "limit": limit}
    return _structs(
        conn.execute(f"{_SELECT} where a.member_id = %(member)s and {_IN_FORCE} and {_PAGE}", values).fetchall()
    )


def below(conn: Connection, under: UUID, day: date, after: UUID | None, limit: int) -> list[Assignment]:
    """Up to `limit` assignments to branches of a subtree on `day`."""
    return _structs(
        conn.execute(
            f"""
            with recursive {SUBTREE} {_SELECT}
            where a.branch_id in (select unit_id from below) and {_IN_FORCE} and {_PAGE}
            """,  # noqa: S608 - made of own constants
            {"under": under, "day": day, "after": after, "limit": limit},
        ).fetchall()
    )


def home_of(conn: Connection, member_id: UUID, day: date) -> UUID | None:
    """The branch a member stands in on `day`, or last or first stood in; None when there is no such member."""
    row = conn.execute(
        """
        select unit_id from member_span where member_id = %(member)s
        order by valid_from > %(day)s, abs(valid_from - %(day)s) limit 1
        """,
        {"member": member_id, "day": day},
    ).fetchone()
    return None if row is None else row[0]  # type: ignore[return-value]  # a uuid


def _structs(rows: Sequence[tuple[object, ...]]) -> list[Assignment]:
    return [Assignment(*row) for row in rows]  # type: ignore[arg-type]  # the columns are of these types
