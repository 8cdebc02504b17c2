"""What a device sends back after an evening: parts, each accepted or refused by itself."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final, Literal
from uuid import UUID

import msgspec

from services.meetings.domain.attendance import RollCall
from services.meetings.domain.items import STRUCTS, Item
from services.meetings.domain.meeting import Plan
from services.meetings.domain.minutes import Minutes
from services.meetings.domain.refusals import HOUSE
from services.meetings.domain.scores import SelfScore
from services.meetings.domain.values import Line
from shared.errors import Conflict, Fault, Text, Unprocessable

PartKind = Literal[
    "plan",
    "attendance",
    "minutes",
    "score",
    "opinion",
    "self_criticism",
    "conclusion",
    "vote",
    "task",
    "opening",
    "adoption",
    "not_held",
    "completion",
]
KINDS: Final[tuple[PartKind, ...]] = (
    "plan",
    "attendance",
    "minutes",
    "score",
    "opinion",
    "self_criticism",
    "conclusion",
    "vote",
    "task",
    "opening",
    "adoption",
    "not_held",
    "completion",
)


class Done(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """When a task was done."""

    done_on: date


class Reason(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Why a meeting was not held."""

    reason: Line


class Closing(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Who read the minutes out, and whether they are reported later."""

    read_by: UUID | None = None
    report_later: bool = False


class Opening(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Nothing needs to be said."""


class SentPart(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One thing a device wrote: its own id, what it is, of which meeting (or task), based on which version.

    `item_id` names an opinion, self-criticism, conclusion, vote or task; a `body` of null takes it out.
    """

    part_id: UUID
    kind: PartKind
    meeting_id: UUID | None = None
    item_id: UUID | None = None
    task_id: UUID | None = None
    based_on: int | None = None
    body: Any = None


class Sent(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Everything a device sends back."""

    parts: tuple[SentPart, ...]


Body = Plan | RollCall | Minutes | SelfScore | Item | Opening | Closing | Reason | Done | None
_BODIES: Final[Mapping[str, type[Any]]] = {
    "plan": Plan,
    "attendance": RollCall,
    "minutes": Minutes,
    "score": SelfScore,
    "opening": Opening,
    "adoption": Closing,
    "not_held": Reason,
    "completion": Done,
    **{str(kind): struct for kind, struct in STRUCTS.items()},
}


def body_of(part: SentPart) -> Body:
    """The part's body as its struct. Raises Unprocessable when an id is missing or the body is of the wrong shape."""
    wanted = "task_id" if part.kind == "completion" else "meeting_id"
    missing = [name for name in (wanted, *(["item_id"] if part.kind in STRUCTS else [])) if getattr(part, name) is None]
    if missing:
        raise Unprocessable.of([Fault(name, "field", _MISSING, HOUSE) for name in missing])
    if part.body is None and part.kind in STRUCTS:
        return None
    try:
        body: Body = msgspec.convert(_with_id(part), _BODIES[part.kind])
    except msgspec.ValidationError as reason:
        said, _, path = str(reason).partition(" - at `$")
        field = f"body{path.strip('`')}"
        raise Unprocessable.of([Fault(field, "field", Text(f"Sai dữ liệu ({said}).", f"{said}."), HOUSE)]) from None
    return body


def _with_id(part: SentPart) -> Any:
    """A vote and a task name themselves: the id of the part is theirs."""
    body = {} if part.body is None else part.body
    if part.kind in ("vote", "task") and isinstance(body, dict):
        return {f"{part.kind}_id": str(part.item_id)} | body
    return body


def depends() -> Conflict:
    """Minutes are not adopted when a part the device sent before it for the meeting was refused."""
    return Conflict(
        "part-refused-before",
        Text(
            "Một phần gửi trước của buổi họp này bị từ chối nên biên bản chưa được thông qua. Sửa phần đó rồi gửi lại.",
            "A part sent before for this meeting was refused, so the minutes were not adopted. Correct it and send "
            "again.",
        ),
        source=HOUSE,
    )


def another() -> Conflict:
    """A part's id came with other contents before."""
    return Conflict(
        "part-id-reused",
        Text(
            "Mã phần này đã dùng cho nội dung khác. Dùng mã mới.",
            "This part id was used for other contents. Use a new one.",
        ),
        source=HOUSE,
    )


_MISSING: Final = Text("Thiếu mã.", "The id is missing.")
