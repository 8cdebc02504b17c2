"""Training classes: who was called, who attended."""

from collections.abc import Collection, Iterator, Sequence
from datetime import date
from uuid import UUID

import msgspec

from services.registry.domain import plans
from services.registry.domain.spans import FAR, vi
from services.registry.domain.units import OPENING
from shared.errors import Fault, Text


class TrainingClass(msgspec.Struct, frozen=True):
    """A class held from one day to another, both included; `organiser` is the unit that holds it."""

    class_id: UUID
    title: str
    held_from: date
    held_to: date
    place: str
    organiser: UUID


class Called(msgspec.Struct, frozen=True):
    """A member called to a class; `attended` None: not stated yet."""

    member_id: UUID
    attended: bool | None = None


def faults(given: TrainingClass) -> Iterator[Fault]:
    """The rules a class breaks on its own."""
    if not OPENING <= given.held_from < FAR:
        message = Text(
            f"Ngày khai mạc phải từ {vi(OPENING)} và trước {vi(FAR)}.",
            f"The first day must lie from {OPENING} and before {FAR}.",
        )
        yield Fault("from", "class-day", message)
    elif not given.held_from <= given.held_to < FAR:
        message = Text(
            f"Ngày bế mạc phải từ {vi(given.held_from)} và trước {vi(FAR)}.",
            f"The last day must lie from {given.held_from} and before {FAR}.",
        )
        yield Fault("to", "class-day", message)


def called_faults(field: str, member_ids: Sequence[UUID], inside: Collection[UUID]) -> Iterator[Fault]:
    """What is wrong with the members called; `inside` are those who stand below the organiser today."""
    seen: set[UUID] = set()
    for number, member_id in enumerate(member_ids):
        if member_id in seen:
            message = Text("Đảng viên này đã nêu ở trên.", "This member is named above already.")
            yield Fault(f"{field}[{number}]", "member-twice", message)
        elif member_id not in inside:
            yield Fault(
                f"{field}[{number}]",
                "member-not-below",
                Text(
                    "Đảng viên này không thuộc đơn vị mở lớp. Hãy kiểm tra mã.",
                    "This member does not stand below the unit that holds the class. Check the id.",
                ),
            )
        seen.add(member_id)


def attendance_faults(
    given: TrainingClass, attended: Sequence[UUID], called: Collection[UUID], today: date
) -> Iterator[Fault]:
    """What is wrong with a statement of who attended."""
    if today < given.held_from:
        yield plans.later_than_today_fault("attended", today)
    for number, member_id in enumerate(attended):
        if member_id not in called:
            yield Fault(
                f"attended[{number}]",
                "not-called",
                Text(
                    "Đảng viên này không có trong danh sách triệu tập. Hãy bổ sung vào danh sách trước.",
                    "This member was not called to the class. Add them to those called first.",
                ),
            )
