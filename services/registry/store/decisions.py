"""Decisions, as rows, and the images of what they changed."""

from collections import defaultdict
from collections.abc import Collection
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

import msgspec

from services.registry.domain.books import Places
from services.registry.domain.decisions import Decision, Heading, State
from services.registry.domain.members import Member
from services.registry.domain.operations import AnyOperation
from services.registry.domain.units import Unit
from services.registry.domain.villages import Village
from services.registry.domain.withdrawal import Images
from shared.db import Connection

_HEADING: Final = "number, issuer, title, issued_on, effective_on, issuer_unit_id"
_STATE: Final = (
    "state, version, drafted_by, drafted_at, changed_by, changed_at, forced_by, forced_at, withdrawn_by, withdrawn_at, "
    "reason, counts"
)
_SELECT: Final = f"""
    select decision_id, {_HEADING}, {_STATE}, operations,
           array(select unit_id from decision_unit u where u.decision_id = d.decision_id)
    from decision d where decision_id = %s
"""  # noqa: S608 - made of this module's own constants
_ROW = tuple[
    UUID, str, str, str, date, date, UUID | None, State, int, str, datetime, str, datetime, str | None,
    datetime | None, str | None, datetime | None, str | None, dict[str, int] | None, list[Any], list[UUID]
]  # fmt: skip


def load(conn: Connection, decision_id: UUID, *, lock: bool = False) -> Decision | None:
    """One decision; with `lock` nobody else changes it until the transaction ends. None when there is none."""
    row = conn.execute(f"{_SELECT} for no key update" if lock else _SELECT, (decision_id,)).fetchone()
    if row is None:
        return None
    known, number, issuer, title, issued_on, effective_on, issuer_unit_id, *state, operations, units = msgspec.convert(
        row, _ROW
    )
    heading = Heading(
        number=number,
        issuer=issuer,
        title=title,
        issued_on=issued_on,
        effective_on=effective_on,
        issuer_unit_id=issuer_unit_id,
    )
    names = [name.strip() for name in _STATE.split(",")]
    return msgspec.convert(
        {"decision_id": known, "heading": heading, "unit_ids": frozenset(units)}
        | {"operations": msgspec.convert(operations, tuple[AnyOperation, ...])}
        | dict(zip(names, state, strict=True)),
        Decision,
    )


def add(conn: Connection, decision: Decision) -> bool:
    """Keep a new decision; False when its id, or its number of that issuer and day, is taken."""
    heading = decision.heading
    added = conn.execute(
        f"""
        insert into decision (decision_id, {_HEADING}, state, version, operations, drafted_by, changed_by)
        values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s) on conflict do nothing returning 1
        """,  # noqa: S608 - own constants
        (
            decision.decision_id,
            *msgspec.structs.astuple(heading)[:6],
            decision.state,
            decision.version,
            msgspec.json.encode(decision.operations).decode(),
            decision.drafted_by,
            decision.changed_by,
        ),
    ).fetchone()
    if added is None:
        return False
    _save_units(conn, decision)
    return True


def save(conn: Connection, decision: Decision) -> None:
    """Keep a known decision as it is now. Raises psycopg.errors.UniqueViolation when its number is taken."""
    heading = decision.heading
    conn.execute(
        """
        update decision
        set number = %s, issuer = %s, title = %s, issued_on = %s, effective_on = %s, issuer_unit_id = %s,
            state = %s, version = %s, operations = %s, changed_by = %s, changed_at = clock_timestamp(),
            forced_by = %s, forced_at = case when %s then clock_timestamp() else forced_at end,
            withdrawn_by = %s, withdrawn_at = case when %s then clock_timestamp() else withdrawn_at end,
            reason = %s, counts = %s
        where decision_id = %s
        """,
        (
            *msgspec.structs.astuple(heading)[:6],
            decision.state,
            decision.version,
            msgspec.json.encode(decision.operations).decode(),
            decision.changed_by,
            decision.forced_by,
            decision.forced_by is not None and decision.forced_at is None,
            decision.withdrawn_by,
            decision.withdrawn_by is not None and decision.withdrawn_at is None,
            decision.reason,
            None if decision.counts is None else msgspec.json.encode(decision.counts).decode(),
            decision.decision_id,
        ),
    )
    _save_units(conn, decision)


def _save_units(conn: Connection, decision: Decision) -> None:
    conn.execute("delete from decision_unit where decision_id = %s", (decision.decision_id,))
    conn.execute(
        "insert into decision_unit (decision_id, unit_id) select %s, unnest(%s::uuid[])",
        (decision.decision_id, sorted(decision.unit_ids)),
    )


def number_taken(conn: Connection, decision: Decision) -> bool:
    """Whether another draft or decision in force has this number of this issuer and day."""
    heading = decision.heading
    row = conn.execute(
        """
        select 1 from decision
        where issuer = %s and number = %s and issued_on = %s and state in ('draft', 'in_force') and decision_id <> %s
        """,
        (heading.issuer, heading.number, heading.issued_on, decision.decision_id),
    ).fetchone()
    return row is not None


def keep_images(conn: Connection, decision_id: UUID, images: Images) -> None:
    """Keep how a decision found and how it left what it changed."""
    rows = [
        (subject, subject_id, _spans(before.get(subject_id)), _spans(one))
        for subject, before, after in (
            ("unit", images.before.units, images.after.units),
            ("member", images.before.members, images.after.members),
            ("village", images.before.villages, images.after.villages),
        )
        for subject_id, one in after.items()
    ]
    conn.execute(
        """
        insert into decision_image (decision_id, subject, subject_id, before, after)
        select %s, subject, subject_id, before::jsonb, after::jsonb
        from unnest(%b::text[], %b::uuid[], %b::text[], %b::text[]) as given (subject, subject_id, before, after)
        """,
        (
            decision_id,
            [subject for subject, *_ in rows],
            [subject_id for _, subject_id, *_ in rows],
            [before for *_, before, _ in rows],
            [after for *_, after in rows],
        ),
    )


def images(conn: Connection, decision_id: UUID) -> Images:
    """How a decision found and how it left what it changed."""
    units: dict[str, dict[UUID, Unit]] = defaultdict(dict)
    members: dict[str, dict[UUID, Member]] = defaultdict(dict)
    villages: dict[str, dict[UUID, Village]] = defaultdict(dict)
    rows = conn.execute(
        "select subject, subject_id, before, after from decision_image where decision_id = %s order by subject_id",
        (decision_id,),
    )
    for subject, subject_id, before, after in msgspec.convert(rows.fetchall(), list[tuple[str, UUID, Any, Any]]):
        for when, image in (("before", before), ("after", after)):
            if image is None:
                continue
            if subject == "unit":
                units[when][subject_id] = msgspec.convert(image, Unit)
            elif subject == "member":
                members[when][subject_id] = msgspec.convert(image | {"person": None, "code": ""}, Member)
            else:
                villages[when][subject_id] = msgspec.convert(image, Village)
    return Images(
        Places(units["before"], members["before"], villages["before"]),
        Places(units["after"], members["after"], villages["after"]),
    )


def drop_images(conn: Connection, decision_id: UUID) -> None:
    """Forget them: the decision is withdrawn."""
    conn.execute("delete from decision_image where decision_id = %s", (decision_id,))


def last_changes(conn: Connection, subject_ids: Collection[UUID]) -> dict[UUID, tuple[str, datetime, UUID | None]]:
    """By the audit trail, the last action on each of these subjects, when, and by which decision."""
    rows = conn.execute(
        """
        select distinct on (subject_id) subject_id, action, at, decision_id
        from audit where subject_id = any(%s) order by subject_id, audit_id desc
        """,
        (list(subject_ids),),
    ).fetchall()
    found = msgspec.convert(rows, list[tuple[UUID, str, datetime, UUID | None]])
    return {subject_id: (action, at, decision_id) for subject_id, action, at, decision_id in found}


def numbers(conn: Connection, decision_ids: Collection[UUID]) -> dict[UUID, str]:
    """The numbers of decisions."""
    rows = conn.execute("select decision_id, number from decision where decision_id = any(%s)", (list(decision_ids),))
    return dict(msgspec.convert(rows.fetchall(), list[tuple[UUID, str]]))


def _spans(subject: Unit | Member | Village | None) -> str | None:
    if subject is None:
        return None
    image = msgspec.to_builtins(subject)
    if isinstance(subject, Member):
        del image["person"], image["code"]
    return msgspec.json.encode(image).decode()
