"""The register of weak organisations, as rows."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

import msgspec

from services.evaluation.domain.weak import Step, Weak
from shared.db import Connection

_COLUMNS: Final = (
    "weak_id, unit_id, period, origin, state, version, causes, proposed_on, opened_on, ended_on, reason, citation, team"
)


class Entry(msgspec.Struct, frozen=True):
    """One entry of the follow-up."""

    entry_id: UUID
    on: date
    text: str
    entered_by: str
    at: datetime


def add(conn: Connection, found: Sequence[Weak]) -> list[Weak]:
    """Keep new entries; returns those kept: a unit with a live entry gets no second one, an id no second owner."""
    rows: Sequence[tuple[Any, ...]] = conn.execute(
        """
        insert into weak_organisation
            (weak_id, unit_id, period, origin, state, version, causes, proposed_on, opened_on, citation)
        select weak_id, unit_id, period, origin, state, version, causes::jsonb, proposed_on, opened_on, citation
        from unnest(%b::uuid[], %b::uuid[], %b::text[], %b::text[], %b::text[], %b::bigint[], %b::text[], %b::date[],
                    %b::date[], %b::text[]) as given
             (weak_id, unit_id, period, origin, state, version, causes, proposed_on, opened_on, citation)
        order by unit_id
        on conflict do nothing returning weak_id
        """,
        (
            [one.weak_id for one in found],
            [one.unit_id for one in found],
            [one.period for one in found],
            [one.origin for one in found],
            [one.state for one in found],
            [one.version for one in found],
            [msgspec.json.encode(one.causes).decode() for one in found],
            [one.proposed_on for one in found],
            [one.opened_on for one in found],
            [one.citation for one in found],
        ),
    ).fetchall()
    kept = {row[0] for row in rows}
    return [one for one in found if one.weak_id in kept]


def save(conn: Connection, weak: Weak) -> None:
    """Keep its new state."""
    conn.execute(
        """
        update weak_organisation set state = %s, version = %s, causes = %s::jsonb, opened_on = %s, ended_on = %s,
               reason = %s, citation = %s, team = %s
        where weak_id = %s
        """,
        (
            weak.state,
            weak.version,
            msgspec.json.encode(weak.causes).decode(),
            weak.opened_on,
            weak.ended_on,
            weak.reason,
            weak.citation,
            list(weak.team),
            weak.weak_id,
        ),
    )


def find(conn: Connection, weak_id: UUID, *, lock: bool = False) -> Weak | None:
    """One entry; with `lock` nobody else changes it until the transaction ends."""
    query = f"select {_COLUMNS} from weak_organisation where weak_id = %s"  # noqa: S608 - own constant
    row: tuple[Any, ...] | None = conn.execute(
        (query + " for update" if lock else query).encode(), (weak_id,)
    ).fetchone()
    return None if row is None else weak_of(row)


def weak_of(row: Sequence[Any]) -> Weak:
    """An entry from its columns, in the order of the struct."""
    return msgspec.convert(dict(zip(Weak.__struct_fields__, row, strict=True)), Weak)


def of_units(conn: Connection, unit_ids: Collection[UUID]) -> list[Weak]:
    """Every entry of these units."""
    rows: Sequence[tuple[Any, ...]] = conn.execute(
        f"select {_COLUMNS} from weak_organisation where unit_id = any(%s)".encode(),  # noqa: S608 - own constant
        (list(unit_ids),),
    ).fetchall()
    return [weak_of(row) for row in rows]


def steps(conn: Connection, weak_id: UUID) -> list[Step]:
    """Every step of its plan, those withdrawn included, in their order."""
    rows: Sequence[tuple[Any, ...]] = conn.execute(
        """
        select step_id, what, due_on, done_on, evidence, withdrawn_on from weak_step
        where weak_id = %s order by place, step_id
        """,
        (weak_id,),
    ).fetchall()
    return [Step(*row) for row in rows]


def save_steps(conn: Connection, weak_id: UUID, given: Sequence[Step]) -> bool:
    """Keep steps in their order; False when an id belongs to another entry's plan."""
    rows: Sequence[tuple[Any, ...]] = conn.execute(
        """
        insert into weak_step as s (step_id, weak_id, place, what, due_on, done_on, evidence, withdrawn_on)
        select g.step_id, %s, g.place, g.what, g.due_on, g.done_on, g.evidence, g.withdrawn_on
        from unnest(%b::uuid[], %b::integer[], %b::text[], %b::date[], %b::date[], %b::text[], %b::date[])
             as g (step_id, place, what, due_on, done_on, evidence, withdrawn_on)
        order by g.step_id
        on conflict (step_id) do update set place = excluded.place, what = excluded.what, due_on = excluded.due_on,
            done_on = excluded.done_on, evidence = excluded.evidence, withdrawn_on = excluded.withdrawn_on
        where s.weak_id = excluded.weak_id
        returning 1
        """,
        (
            weak_id,
            [step.step_id for step in given],
            list(range(len(given))),
            [step.what for step in given],
            [step.due_on for step in given],
            [step.done_on for step in given],
            [step.evidence for step in given],
            [step.withdrawn_on for step in given],
        ),
    ).fetchall()
    return len(rows) == len(given)


def add_entry(conn: Connection, weak_id: UUID, entry_id: UUID, on: date, text: str, by: str) -> bool:
    """Keep an entry of the follow-up; False when its id is taken."""
    return (
        conn.execute(
            """
            insert into weak_entry (entry_id, weak_id, on_day, text, entered_by) values (%s, %s, %s, %s, %s)
            on conflict do nothing returning 1
            """,
            (entry_id, weak_id, on, text, by),
        ).fetchone()
        is not None
    )


def entries(conn: Connection, weak_id: UUID) -> list[Entry]:
    """The follow-up, the oldest first."""
    rows: Sequence[tuple[Any, ...]] = conn.execute(
        "select entry_id, on_day, text, entered_by, at from weak_entry where weak_id = %s order by on_day, at",
        (weak_id,),
    ).fetchall()
    return [Entry(*row) for row in rows]
