"""Training classes and who was called to them, as rows."""

from collections.abc import Collection
from typing import Final
from uuid import UUID

import msgspec

from services.registry.domain.trainings import Called, TrainingClass
from shared.db import Connection

_COLUMNS: Final = "class_id, title, held_from, held_to, place, organiser"


def find(conn: Connection, class_id: UUID, *, lock: bool = False) -> TrainingClass | None:
    """The class; None when there is none. With `lock` nobody else changes it until the transaction ends."""
    if lock:
        conn.execute("select 1 from training_class where class_id = %s for no key update", (class_id,)).fetchone()
    row = conn.execute(f"select {_COLUMNS} from training_class where class_id = %s", (class_id,)).fetchone()  # noqa: S608
    return None if row is None else TrainingClass(*row)  # type: ignore[arg-type]  # written by add()


def add(conn: Connection, given: TrainingClass) -> bool:
    """Keep a new class; False when its id is taken."""
    return (
        conn.execute(
            f"insert into training_class ({_COLUMNS}) values (%s, %s, %s, %s, %s, %s) "  # noqa: S608
            "on conflict do nothing returning 1",
            msgspec.structs.astuple(given),
        ).fetchone()
        is not None
    )


def call(conn: Connection, class_id: UUID, member_ids: Collection[UUID]) -> set[UUID]:
    """Call these members too; returns those who were not called before."""
    rows = conn.execute(
        """
        insert into training_called (class_id, member_id) select %s, * from unnest(%s::uuid[])
        on conflict do nothing returning member_id
        """,
        (class_id, list(member_ids)),
    ).fetchall()
    return {member_id for (member_id,) in msgspec.convert(rows, list[tuple[UUID]])}


def called(conn: Connection, class_id: UUID) -> list[Called]:
    """Everybody called to a class."""
    rows = conn.execute(
        "select member_id, attended from training_called where class_id = %s order by member_id", (class_id,)
    ).fetchall()
    return [Called(*row) for row in rows]  # type: ignore[arg-type]  # the columns are of these types


def save_attendance(conn: Connection, class_id: UUID, attended: Collection[UUID]) -> None:
    """Of those called, these attended and the others did not."""
    conn.execute(
        "update training_called set attended = member_id = any(%s) where class_id = %s", (list(attended), class_id)
    )
