"""A decision as commands find it and leave it."""

from uuid import UUID

from services.registry.commands.work import Work
from services.registry.domain.audit import Entry
from services.registry.domain.decisions import Decision
from services.registry.domain.operations import Create
from services.registry.domain.reach import Reach
from services.registry.store import audit as audit_rows
from services.registry.store import decisions as rows
from shared.errors import NotFound, Text


def to_change(work: Work, decision_id: UUID, reach: Reach) -> Decision:
    """A decision that nobody else changes until the transaction ends. Raises NotFound, Forbidden."""
    return within(rows.load(work.conn, decision_id, lock=True), reach)


def loaded(work: Work, decision_id: UUID) -> Decision:
    """A decision as it is kept. Raises KeyError."""
    decision = rows.load(work.conn, decision_id)
    if decision is None:
        raise KeyError(decision_id)
    return decision


def within(decision: Decision | None, reach: Reach) -> Decision:
    """A decision that rights reach: one in force or withdrawn with any of its units, else with all. Raises NotFound."""
    if decision is not None:
        standing = decision.unit_ids - made_by(decision)
        if decision.state in ("in_force", "withdrawn"):
            reached = any(reach.covers(unit_id) for unit_id in decision.unit_ids)
        else:
            reached = bool(standing) and all(reach.covers(unit_id) for unit_id in standing)
        if reach.everything or reached:
            return decision
    raise NotFound(
        "decision",
        Text(
            "Không có quyết định này, hoặc nó nằm ngoài quyền của bạn. Hãy kiểm tra mã.",
            "There is no such decision, or it lies outside your rights. Check the id.",
        ),
    )


def decision_entry(action: str, before: Decision | None, after: Decision) -> Entry:
    """A decision that was drafted, changed or put in force: its heading, state and version."""
    return Entry(action, "decision", after.decision_id, after.heading.issuer_unit_id, _short(before), _short(after))


def _short(decision: Decision | None) -> object:
    if decision is None:
        return None
    return {
        "heading": decision.heading,
        "state": decision.state,
        "version": decision.version,
        "operations": len(decision.operations),
        "reason": decision.reason,
    }


def keep(work: Work, action: str, before: Decision, after: Decision) -> Decision:
    """Save and record a known decision; returns it as it is kept."""
    rows.save(work.conn, after)
    audit_rows.record(work.conn, work.author, [decision_entry(action, before, after)])
    return loaded(work, after.decision_id)


def made_by(decision: Decision) -> frozenset[UUID]:
    """The units a decision makes."""
    return frozenset(one.unit_id for one in decision.operations if isinstance(one, Create) and one.unit_id is not None)
