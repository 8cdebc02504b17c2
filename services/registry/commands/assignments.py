"""Assigning members of superior committees to follow branches."""

from datetime import date
from uuid import UUID

from services.registry.commands.superiors import superior_faults
from services.registry.commands.work import Work
from services.registry.domain import assignments
from services.registry.domain.assignments import Assignment
from services.registry.domain.audit import Entry
from services.registry.store import assignments as assignment_rows
from services.registry.store import audit as audit_rows
from services.registry.store import locks
from services.registry.store import reach as reach_rows
from services.registry.store import units as unit_rows
from shared.errors import Conflict, NotFound, Text, Unprocessable


def assign(work: Work, given: Assignment) -> Assignment:
    """A committee assigns one of its members. Raises Conflict when the id is taken, Unprocessable."""
    locks.share_tree(work.conn)
    branch = unit_rows.load(work.conn, [given.branch_id]).get(given.branch_id)
    others = assignment_rows.of_pair(work.conn, given.member_id, given.branch_id)
    faults = [*assignments.faults(given, branch, others)]
    faults += superior_faults(work, given.committee_id, given.branch_id, field="committee_id", below="branch_id")
    if not reach_rows.within(work.conn, given.committee_id, [given.member_id], given.valid_from):
        faults.append(assignments.member_outside_fault())
    if faults:
        raise Unprocessable.of(faults)
    if not assignment_rows.add(work.conn, given):
        raise Conflict(
            "assignment-exists",
            Text("assignment_id đã dùng cho một phân công khác.", "The assignment_id belongs to another assignment."),
        )
    audit_rows.record(work.conn, work.author, [_entry("assignment.made", None, given)])
    return given


def end(work: Work, assignment_id: UUID, day: date) -> Assignment:
    """The member no longer follows the branch from `day` on. Raises NotFound, Conflict."""
    before = assignment_rows.find(work.conn, assignment_id, lock=True)
    if before is None:
        raise unknown_assignment()
    after = assignments.ended(before, day)
    if after != before:
        assignment_rows.save(work.conn, after)
        audit_rows.record(work.conn, work.author, [_entry("assignment.ended", before, after)])
    return after


def unknown_assignment() -> NotFound:
    """What is said to whoever may know that there is no such assignment."""
    return NotFound(
        "assignment",
        Text("Không có phân công này. Hãy kiểm tra mã.", "There is no such assignment. Check the id."),
    )


def _entry(action: str, before: Assignment | None, after: Assignment) -> Entry:
    return Entry(action, "assignment", after.assignment_id, after.branch_id, before, after)
