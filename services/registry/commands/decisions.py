"""Decisions: drafted, previewed, put in force whole, or discarded. Taking one back: withdrawals.py."""

from collections.abc import Collection, Mapping, Sequence
from typing import Final
from uuid import UUID

import msgspec
from psycopg.errors import UniqueViolation

from services.registry import events
from services.registry.commands import changes, plans, publish
from services.registry.commands.decided import decision_entry, keep, loaded, to_change
from services.registry.commands.decision_rights import refuse_outside
from services.registry.commands.plans import Census
from services.registry.commands.work import Work
from services.registry.domain.books import Books, Places
from services.registry.domain.decisions import Decision, Heading, require_state
from services.registry.domain.operations import AnyOperation, Create, references
from services.registry.domain.reach import Reach
from services.registry.domain.units import Unit
from services.registry.domain.withdrawal import Images
from services.registry.store import audit as audit_rows
from services.registry.store import decisions as rows
from services.registry.store import lineage as lineage_rows
from services.registry.store import locks
from services.registry.store import units as unit_rows
from shared.errors import Conflict, Fault, Text, Unprocessable
from shared.ids import new_id

_MOST_BYTES: Final = 1_000_000
"""Of the event that tells of a decision: a broker takes 1 MiB a record (Kafka, `max.message.bytes`)."""


class Preview(msgspec.Struct, frozen=True):
    """What a decision would do, and every conflict that keeps it from being put in force."""

    decision_id: UUID
    version: int
    counts: dict[str, int]
    before: Census
    after: Census
    conflicts: tuple[Fault, ...]


def draft(
    work: Work, decision_id: UUID | None, heading: Heading, operations: Sequence[AnyOperation], reach: Reach
) -> Decision:
    """Keep a new draft. Raises Forbidden, Conflict when its id or number is taken, Unprocessable."""
    known = unit_rows.load_tree(work.conn)
    numbered = _with_ids(operations)
    _judge_heading(known, heading, reach)
    refuse_outside(reach, known, numbered, heading.effective_on)
    decision = Decision(
        decision_id=decision_id or new_id(),
        heading=heading,
        operations=numbered,
        unit_ids=_named(known, heading, numbered),
        state="draft",
        version=1,
        drafted_by=work.author.actor,
        changed_by=work.author.actor,
    )
    if not rows.add(work.conn, decision):
        raise _taken(heading)
    audit_rows.record(work.conn, work.author, [decision_entry("decision.drafted", None, decision)])
    return loaded(work, decision.decision_id)


def replace(
    work: Work,
    decision_id: UUID,
    expected_version: int,
    heading: Heading,
    operations: Sequence[AnyOperation],
    reach: Reach,
) -> Decision:
    """Write a draft anew. Raises NotFound, Forbidden, Conflict, Unprocessable."""
    before = to_change(work, decision_id, reach)
    require_state(before, "draft", expected_version)
    known = unit_rows.load_tree(work.conn)
    numbered = _with_ids(operations)
    _judge_heading(known, heading, reach)
    refuse_outside(reach, known, numbered, heading.effective_on)
    after = msgspec.structs.replace(
        before,
        heading=heading,
        operations=numbered,
        unit_ids=_named(known, heading, numbered),
        version=before.version + 1,
        changed_by=work.author.actor,
    )
    if rows.number_taken(work.conn, after):
        raise _taken(heading)
    try:
        return keep(work, "decision.redrafted", before, after)
    except UniqueViolation:  # another draft took the number since it was looked for
        raise _taken(heading) from None


def discard(work: Work, decision_id: UUID, reach: Reach) -> Decision:
    """Put a draft away. Raises NotFound, Forbidden, Conflict."""
    before = to_change(work, decision_id, reach)
    require_state(before, "draft")
    after = msgspec.structs.replace(before, state="discarded", version=before.version + 1, changed_by=work.author.actor)
    return keep(work, "decision.discarded", before, after)


def preview(work: Work, decision: Decision) -> Preview:
    """What a draft would do to the books as they are now; nothing is changed. Raises Conflict."""
    require_state(decision, "draft")
    planned = plans.plan(work.conn, unit_rows.load_tree(work.conn), decision)
    before, after = plans.censuses(work.conn, planned, decision.heading.effective_on)
    conflicts = (*planned.outcome.conflicts, *_too_large(decision, planned))
    return Preview(decision.decision_id, decision.version, _counts(planned), before, after, conflicts)


def force(work: Work, decision_id: UUID, expected_version: int, reach: Reach) -> Decision:
    """Put a draft in force, all of it or nothing. Raises NotFound, Forbidden, Conflict, Unprocessable."""
    locks.hold_tree(work.conn)
    before = to_change(work, decision_id, reach)
    require_state(before, "draft", expected_version)
    known = unit_rows.load_tree(work.conn)
    refuse_outside(reach, known, before.operations, before.heading.effective_on)
    planned = plans.plan(work.conn, known, before)
    outcome = planned.outcome
    conflicts = (*outcome.conflicts, *_too_large(before, planned))
    if conflicts:
        raise Unprocessable.of(conflicts)
    ordered = msgspec.structs.replace(work, author=msgspec.structs.replace(work.author, decision_id=decision_id))
    after = msgspec.structs.replace(
        before,
        state="in_force",
        version=before.version + 1,
        changed_by=work.author.actor,
        forced_by=work.author.actor,
        counts=_counts(planned),
    )
    changes.write(ordered, planned.kept, outcome.changes)
    lineage_rows.add(work.conn, decision_id, before.heading.effective_on, outcome.edges)
    rows.keep_images(work.conn, decision_id, Images(_found(planned.kept, outcome.changes), outcome.changes))
    kept = keep(ordered, "decision.in_force", before, after)
    publish.decision(work.conn, kept, outcome.tree, outcome.edges)
    return kept


def _with_ids(operations: Sequence[AnyOperation]) -> tuple[AnyOperation, ...]:
    """`operations` in which every unit to be made has its id: a preview and what follows speak of the same units."""
    return tuple(
        msgspec.structs.replace(operation, unit_id=new_id())
        if isinstance(operation, Create) and operation.unit_id is None
        else operation
        for operation in operations
    )


def _named(known: Mapping[UUID, Unit], heading: Heading, operations: Sequence[AnyOperation]) -> frozenset[UUID]:
    books = Books(Places(known), heading.effective_on)
    named = {books.unit(ref) for operation in operations for _, ref in references(operation)}
    made = {operation.unit_id for operation in operations if isinstance(operation, Create)}
    return frozenset(unit.unit_id for unit in named if unit is not None) | {one for one in made if one is not None}


def _judge_heading(known: Mapping[UUID, Unit], heading: Heading, reach: Reach) -> None:
    issuer = heading.issuer_unit_id
    if issuer is not None and (issuer not in known or not (reach.everything or issuer in _seen(known, reach.units))):
        message = Text("Không có đơn vị ban hành này. Hãy kiểm tra mã.", "There is no such issuing unit. Check the id.")
        raise Unprocessable.of([Fault("issuer_unit_id", "unknown-unit", message)])


def _seen(known: Mapping[UUID, Unit], units: Collection[UUID]) -> set[UUID]:
    """`units` and all that ever stood above them: a superior issues decisions about them."""
    found: set[UUID] = set()
    waiting = list(units)
    while waiting:
        unit_id = waiting.pop()
        if unit_id in known and unit_id not in found:
            found.add(unit_id)
            waiting += [span.parent_id for span in known[unit_id].spans if span.parent_id is not None]
    return found


def _too_large(decision: Decision, planned: plans.Plan) -> list[Fault]:
    event = events.decision_event(decision, planned.outcome.tree, planned.outcome.edges)
    if len(msgspec.json.encode(event.data)) <= _MOST_BYTES:
        return []
    message = Text(
        f"Quyết định có {len(decision.operations)} thao tác, quá lớn để gửi đi một lần. Hãy chia nhỏ quyết định.",
        f"The decision has {len(decision.operations)} operations, too many to be told in one event. Divide it.",
    )
    return [Fault("operations", "decision-too-large", message)]


def _counts(planned: plans.Plan) -> dict[str, int]:
    outcome = planned.outcome
    done: dict[str, int] = msgspec.to_builtins(outcome.done)
    return done | {
        "units_changed": len(outcome.changes.units),
        "members_moved": len(outcome.changes.members),
        "villages_moved": len(outcome.changes.villages),
    }


def _found(kept: Places, changes: Places) -> Places:
    return Places(
        {key: kept.units[key] for key in changes.units if key in kept.units},
        {key: kept.members[key] for key in changes.members},
        {key: kept.villages[key] for key in changes.villages},
    )


def _taken(heading: Heading) -> Conflict:
    return Conflict(
        "decision-exists",
        Text(
            f"Đã có quyết định số {heading.number} của {heading.issuer} ngày này, hoặc decision_id này. Hãy kiểm tra "
            "lại số và ngày.",
            f"There is a decision {heading.number} of {heading.issuer} of that day already, or this decision_id. "
            "Check number and day.",
        ),
    )
