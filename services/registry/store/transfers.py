"""Transfers and probations of members, as rows."""

from collections.abc import Collection, Sequence
from datetime import date
from typing import Final
from uuid import UUID

import msgspec

from services.registry.domain.probation import Probation
from services.registry.domain.transfers import OPEN, Transfer
from shared.db import Connection

_COLUMNS: Final = (
    "transfer_id, member_id, kind, state, from_unit_id, to_unit_id, from_day, paper_issued_on, paper_number, "
    "planned_return_on, ended_on"
)


def load(conn: Connection, transfer_id: UUID) -> Transfer | None:
    """One transfer; None when there is none."""
    rows = conn.execute(f"select {_COLUMNS} from transfer where transfer_id = %s", (transfer_id,))  # noqa: S608 - own constant
    return next(iter(_transfers(rows.fetchall())), None)


def open_of(conn: Connection, member_id: UUID) -> Transfer | None:
    """The transfer of a member that is still open, if there is one; there is never a second."""
    rows = conn.execute(
        f"select {_COLUMNS} from transfer where member_id = %s and state = any(%s)",  # noqa: S608 - own constant
        (member_id, sorted(OPEN)),
    )
    return next(iter(_transfers(rows.fetchall())), None)


def open_in(conn: Connection, unit_ids: Collection[UUID], day: date) -> list[tuple[Transfer, UUID]]:
    """The open transfers into these units, and of members who belong to one of them on `day`; each with that branch.

    The branch a member left may have been merged since: its heir has the transfer now.
    """
    rows = conn.execute(
        f"""
        select {_COLUMNS}, place.home
        from transfer t cross join lateral (
            select s.unit_id from member_span s where s.member_id = t.member_id
            order by s.valid_from > %(day)s, abs(s.valid_from - %(day)s) limit 1
        ) place (home)
        where state = any(%(open)s) and (place.home = any(%(units)b) or to_unit_id = any(%(units)b))
        order by transfer_id
        """,  # noqa: S608 - own constant
        {"open": sorted(OPEN), "units": list(unit_ids), "day": day},
    ).fetchall()
    homes = msgspec.convert([row[-1] for row in rows], list[UUID])
    return list(zip(_transfers([row[:-1] for row in rows]), homes, strict=True))


def _transfers(rows: Sequence[object]) -> list[Transfer]:
    return [msgspec.convert(dict(zip(Transfer.__struct_fields__, row, strict=True)), Transfer) for row in rows]  # type: ignore[call-overload]  # rows are tuples


def save(conn: Connection, transfer: Transfer) -> None:
    """Keep a transfer, new or known."""
    conn.execute(
        f"""
        insert into transfer ({_COLUMNS}) values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
        on conflict (transfer_id) do update
        set state = excluded.state, planned_return_on = excluded.planned_return_on, ended_on = excluded.ended_on
        """,  # noqa: S608 - own constant
        msgspec.structs.astuple(transfer),
    )


def forget_papers(conn: Connection, member_id: UUID) -> None:
    """Take the numbers of a member's papers away: they name a document that names the person."""
    conn.execute("update transfer set paper_number = null where member_id = %s", (member_id,))


def probations(conn: Connection, member_ids: Sequence[UUID]) -> dict[UUID, Probation]:
    """The probations kept of these members, by id."""
    rows = conn.execute(
        "select member_id, admitted_on, review_on, outcome, reviewed_on from probation where member_id = any(%s)",
        (list(member_ids),),
    )
    return {
        row[0]: Probation(*row[1:])  # type: ignore[arg-type,misc]  # written by save_probation()
        for row in rows
    }


def save_probation(conn: Connection, member_id: UUID, probation: Probation) -> None:
    """Keep a member's probation, in place of the one kept."""
    conn.execute(
        """
        insert into probation (member_id, admitted_on, review_on, outcome, reviewed_on) values (%s, %s, %s, %s, %s)
        on conflict (member_id) do update
        set admitted_on = excluded.admitted_on, review_on = excluded.review_on, outcome = excluded.outcome,
            reviewed_on = excluded.reviewed_on
        """,
        (member_id, *msgspec.structs.astuple(probation)),
    )
