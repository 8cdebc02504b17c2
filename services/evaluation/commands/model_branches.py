"""Choosing model branches, and ending it."""

from datetime import date
from uuid import UUID

import msgspec

from services.evaluation.commands.committees import Work, check_version, locked, not_known, places_on
from services.evaluation.domain import model_branch as domain
from services.evaluation.domain.model_branch import ModelBranch
from services.evaluation.store import model_branches as rows
from services.evaluation.store.committees import Change
from shared.errors import Conflict, NotFound, Text, Unprocessable


def unknown() -> NotFound:
    """There is no such choice."""
    return not_known(Text("lần chọn chi bộ điểm", "choice of a model branch"))


def choose(work: Work, chosen: ModelBranch) -> ModelBranch:
    """A committee chooses a branch. Raises Conflict when the id is taken, Unprocessable."""
    locked(work, f"model:{chosen.unit_id}")
    place = places_on(work, [chosen.unit_id], chosen.valid_from)[chosen.unit_id]
    faults = [*domain.faults(chosen, place, rows.of_units(work.conn, [chosen.unit_id]))]
    if faults:
        raise Unprocessable.of(faults)
    if not rows.add(work.conn, chosen):
        raise Conflict("id-taken", Text("model_id đã dùng.", "The model_id is taken."))
    work.record(Change("model", chosen.model_id, 1, "chosen", chosen))
    return chosen


def end(work: Work, model_id: UUID, expected: int | None, ended_on: date, reason: str) -> ModelBranch:
    """It is a model branch no longer from `ended_on`. Raises NotFound, Conflict, Unprocessable."""
    before = rows.find(work.conn, model_id, lock=True)
    if before is None:
        raise unknown()
    check_version(expected, before.version)
    if before.ended_on is not None:
        raise Conflict("ended", Text("Đã kết thúc rồi.", "It was ended already."))
    fault = domain.end_fault(before, ended_on)
    if fault:
        raise Unprocessable.of([fault])
    after = msgspec.structs.replace(
        before, version=before.version + 1, valid_to=ended_on, ended_on=ended_on, end_reason=reason
    )
    rows.save(work.conn, after)
    work.record(Change("model", model_id, after.version, "ended", {"ended_on": ended_on, "reason": reason}))
    return after
