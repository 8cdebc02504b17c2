"""Classifications, as rows."""

from collections.abc import Collection, Sequence
from typing import Any, Final
from uuid import UUID

import msgspec

from services.evaluation.domain.classification import Classification, Grade
from shared.db import Connection

COLUMNS: Final = (
    "classification_id, unit_id, period, version, proposed, proposal_reason, proposed_on, grade, superior_id,"
    " group_key, decided_on, citation, reason, returned_on, return_reason"
)


def of_units(conn: Connection, unit_ids: Collection[UUID], period: str) -> dict[UUID, Classification]:
    """The classifications of units for a period, by unit."""
    rows: Sequence[tuple[Any, ...]] = conn.execute(
        f"select {COLUMNS} from classification where unit_id = any(%s) and period = %s".encode(),  # noqa: S608 - own constant
        (list(unit_ids), period),
    ).fetchall()
    return {row[1]: Classification(*row) for row in rows}


def save(conn: Connection, found: Sequence[Classification]) -> None:
    """Keep the newest states."""
    with conn.cursor() as cursor:
        cursor.executemany(
            f"""
            insert into classification as c ({COLUMNS}) values ({", ".join(["%s"] * 15)})
            on conflict (unit_id, period) do update set version = excluded.version, proposed = excluded.proposed,
                proposal_reason = excluded.proposal_reason, proposed_on = excluded.proposed_on,
                grade = excluded.grade, superior_id = excluded.superior_id, group_key = excluded.group_key,
                decided_on = excluded.decided_on, citation = excluded.citation, reason = excluded.reason,
                returned_on = excluded.returned_on, return_reason = excluded.return_reason
            """.encode(),  # noqa: S608 - own constants
            [msgspec.structs.astuple(one) for one in found],
        )


def newest_yearly(conn: Connection, unit_ids: Collection[UUID], year: int) -> dict[UUID, tuple[int, Grade]]:
    """The year and grade of each unit's classification of `year`, or else of the year before it."""
    rows: Sequence[tuple[Any, ...]] = conn.execute(
        """
        select distinct on (unit_id) unit_id, period, grade from classification
        where unit_id = any(%s) and period = any(%s) and grade is not null order by unit_id, period desc
        """,
        (list(unit_ids), [str(year), str(year - 1)]),
    ).fetchall()
    return {
        unit_id: (int(period), grade) for unit_id, period, grade in msgspec.convert(rows, list[tuple[UUID, str, Grade]])
    }
