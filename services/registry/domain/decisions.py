"""A decision: numbered, issued, in force from a day, and whole: all of its operations or none."""

from datetime import date, datetime
from typing import Literal
from uuid import UUID

import msgspec

from services.registry.domain.operations import AnyOperation, Create, name_of, references
from shared.errors import Conflict, Text

State = Literal["draft", "in_force", "withdrawn", "discarded"]


class Heading(msgspec.Struct, frozen=True, kw_only=True):
    """Under what a decision is known. `issuer_unit_id` is the issuer, where it is a unit kept here."""

    number: str
    issuer: str
    title: str
    issued_on: date
    effective_on: date
    issuer_unit_id: UUID | None = None


class Decision(msgspec.Struct, frozen=True, kw_only=True):
    """A decision with its operations, in its `version`; `unit_ids` are the units it names, its new ones included."""

    decision_id: UUID
    heading: Heading
    operations: tuple[AnyOperation, ...]
    unit_ids: frozenset[UUID]
    state: State
    version: int
    drafted_by: str
    changed_by: str
    drafted_at: datetime | None = None
    changed_at: datetime | None = None
    forced_by: str | None = None
    forced_at: datetime | None = None
    withdrawn_by: str | None = None
    withdrawn_at: datetime | None = None
    reason: str | None = None
    counts: dict[str, int] | None = None


def require_state(decision: Decision, state: State, expected_version: int | None = None) -> None:
    """Let a command go on only with a decision in `state` and, if one is expected, in that version. Raises Conflict."""
    if decision.state != state:
        raise Conflict(
            "decision-state",
            Text(
                f"Quyết định {decision.heading.number} đang ở trạng thái {decision.state}; việc này chỉ làm được khi "
                f"quyết định ở trạng thái {state}. Hãy tải lại.",
                f"Decision {decision.heading.number} is {decision.state}; this can be done only while it is {state}. "
                "Load it again.",
            ),
        )
    if expected_version is not None and decision.version != expected_version:
        raise Conflict(
            "stale-version",
            Text(
                f"Quyết định {decision.heading.number} đã có người sửa (bản {decision.version}, không phải bản "
                f"{expected_version}). Hãy tải lại, xem thay đổi rồi làm lại.",
                f"Decision {decision.heading.number} was changed meanwhile (version {decision.version}, not "
                f"{expected_version}). Load it again, look at the change, and repeat.",
            ),
        )


def reduced(operation: AnyOperation, ids: dict[str, UUID]) -> dict[str, object]:
    """An operation as other services may know it: its kind and the ids of its units, in the order it names them."""
    units = [str(ids[ref]) for _, ref in references(operation) if ref in ids]
    if isinstance(operation, Create):
        units.insert(0, str(operation.unit_id))
    return {"op": name_of(operation), "unit_ids": list(dict.fromkeys(units))}
