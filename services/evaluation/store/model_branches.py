"""Model branches, as rows."""

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any
from uuid import UUID

import msgspec

from services.evaluation.domain.model_branch import ModelBranch
from shared.db import Connection

_COLUMNS = "model_id, unit_id, chosen_by, version, valid_from, valid_to, reason, citation, ended_on, end_reason"


def add(conn: Connection, chosen: ModelBranch) -> bool:
    """Keep a choice; False when its id is taken."""
    return (
        conn.execute(
            """
            insert into model_branch values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
            on conflict do nothing returning 1
            """,
            msgspec.structs.astuple(chosen),
        ).fetchone()
        is not None
    )


def save(conn: Connection, chosen: ModelBranch) -> None:
    """Keep its end."""
    conn.execute(
        "update model_branch set version = %s, valid_to = %s, ended_on = %s, end_reason = %s where model_id = %s",
        (chosen.version, chosen.valid_to, chosen.ended_on, chosen.end_reason, chosen.model_id),
    )


def find(conn: Connection, model_id: UUID, *, lock: bool = False) -> ModelBranch | None:
    """One choice; with `lock` nobody else changes it until the transaction ends."""
    query = f"select {_COLUMNS} from model_branch where model_id = %s"  # noqa: S608 - own constant
    row: tuple[Any, ...] | None = conn.execute(
        (query + " for update" if lock else query).encode(), (model_id,)
    ).fetchone()
    return None if row is None else ModelBranch(*row)


def of_units(conn: Connection, unit_ids: Collection[UUID]) -> list[ModelBranch]:
    """Every choice of these units, the newest first."""
    rows: Sequence[tuple[Any, ...]] = conn.execute(
        f"select {_COLUMNS} from model_branch where unit_id = any(%s) order by valid_from desc, model_id".encode(),  # noqa: S608 - own constant
        (list(unit_ids),),
    ).fetchall()
    return [ModelBranch(*row) for row in rows]


def on(conn: Connection, day: date) -> frozenset[UUID]:
    """The units that are model branches on `day`."""
    rows: Sequence[tuple[Any, ...]] = conn.execute(
        "select unit_id from model_branch where valid_from <= %s and (valid_to is null or %s < valid_to)", (day, day)
    ).fetchall()
    return frozenset(row[0] for row in rows)
