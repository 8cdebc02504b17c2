"""Holding training classes: who is called, who attended."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import msgspec

from services.registry.commands.work import Work
from services.registry.domain import plans, trainings
from services.registry.domain.audit import Entry
from services.registry.domain.trainings import TrainingClass
from services.registry.store import audit as audit_rows
from services.registry.store import locks
from services.registry.store import reach as reach_rows
from services.registry.store import trainings as training_rows
from services.registry.store import units as unit_rows
from shared.errors import Conflict, Fault, NotFound, Text, Unprocessable


def hold(work: Work, given: TrainingClass, called: Sequence[UUID]) -> TrainingClass:
    """A new class, and those called to it. Raises Conflict when its id is taken, Unprocessable."""
    locks.share_tree(work.conn)
    faults = [*trainings.faults(given)]
    if given.organiser not in unit_rows.load(work.conn, [given.organiser]):
        faults.append(Fault("organiser", "unknown-unit", plans.UNKNOWN_UNIT))
    faults += _called_faults(work, given, called)
    if faults:
        raise Unprocessable.of(faults)
    if not training_rows.add(work.conn, given):
        raise Conflict(
            "class-exists",
            Text("class_id đã dùng cho một lớp khác.", "The class_id belongs to another class."),
        )
    training_rows.call(work.conn, given.class_id, called)
    stated = msgspec.structs.asdict(given) | {"called": list(called)}
    _record(work, "training.held", given, None, stated)
    return given


def call(work: Work, class_id: UUID, member_ids: Sequence[UUID]) -> TrainingClass:
    """Call more members; those called before stay. Raises NotFound, Unprocessable."""
    locks.share_tree(work.conn)
    given = _locked(work, class_id)
    faults = [*_called_faults(work, given, member_ids)]
    if faults:
        raise Unprocessable.of(faults)
    added = training_rows.call(work.conn, class_id, member_ids)
    if added:
        _record(work, "training.called", given, None, {"called": sorted(added)})
    return given


def state_attendance(work: Work, class_id: UUID, attended: Sequence[UUID]) -> TrainingClass:
    """Of those called, these attended and the others did not. Raises NotFound, Unprocessable."""
    given = _locked(work, class_id)
    before = training_rows.called(work.conn, class_id)
    faults = [
        *trainings.attendance_faults(given, attended, {one.member_id for one in before}, work.today),
    ]
    if faults:
        raise Unprocessable.of(faults)
    known = None if any(one.attended is None for one in before) else {one.member_id for one in before if one.attended}
    if known == set(attended):
        return given
    training_rows.save_attendance(work.conn, class_id, attended)
    kept = {"attended": sorted(one.member_id for one in before if one.attended)}
    _record(work, "training.attended", given, kept, {"attended": sorted(attended)})
    return given


def unknown_class() -> NotFound:
    """What is said to whoever may know that there is no such class."""
    return NotFound("class", Text("Không có lớp này. Hãy kiểm tra mã.", "There is no such class. Check the id."))


def _locked(work: Work, class_id: UUID) -> TrainingClass:
    found = training_rows.find(work.conn, class_id, lock=True)
    if found is None:
        raise unknown_class()
    return found


def _called_faults(work: Work, given: TrainingClass, member_ids: Sequence[UUID]) -> list[Fault]:
    inside = reach_rows.within(work.conn, given.organiser, member_ids, work.today) if member_ids else set()
    return [*trainings.called_faults("called", member_ids, inside)]


def _record(work: Work, action: str, given: TrainingClass, before: Any, after: Any) -> None:
    entry = Entry(action, "training", given.class_id, given.organiser, before, after)
    audit_rows.record(work.conn, work.author, [entry])
