"""Attendance: a roll call names who was absent; everyone else who owes attendance on that day is present.

Who owes attendance is a dated rule (a branch with 61 official members, 27 of them exempt, and 34 present stands at
100 %). An exempt member who came is named apart: they owe nothing, yet may vote.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final, Literal
from uuid import UUID

import msgspec

from services.meetings.domain.refusals import HOUSE
from services.meetings.domain.roster import Entry
from services.meetings.domain.rules import Selector
from services.meetings.domain.values import Count, Line
from services.meetings.domain.votes import NAMED_TWICE, NOT_A_MEMBER
from shared.errors import Fault, Text

MarkState = Literal["present", "late", "absent_with_reason", "absent_without_reason", "exempt_present"]


class Absence(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A member who owed attendance and did not come; without a reason when `reason` is empty."""

    member_id: UUID
    reason: Line | None = None

    @property
    def excused(self) -> bool:
        """Whether a reason was given."""
        return bool(self.reason and self.reason.strip())


class Guest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Somebody who came and is no member of the branch: in what role, from where; a name is text of the minutes."""

    role: Line
    organisation: Line | None = None
    name: Line | None = None


class RollCall(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the secretary notes: exceptions only, and which guests came (`guests` counts those not listed too)."""

    absent: tuple[Absence, ...] = ()
    late: tuple[UUID, ...] = ()
    guests: Count = 0
    exempt_present: tuple[UUID, ...] = ()
    guest_list: tuple[Guest, ...] = ()


class Attendance(msgspec.Struct, frozen=True):
    """A roll call laid on the roster of the day: `present` are all who owed and came, late ones among them."""

    roll_call: RollCall
    present: tuple[UUID, ...]

    @property
    def owed(self) -> int:
        """Members who owed attendance."""
        return len(self.present) + len(self.roll_call.absent)

    @property
    def guests(self) -> int:
        """Guests who came, listed or counted."""
        return max(self.roll_call.guests, len(self.roll_call.guest_list))

    @property
    def absent_with_reason(self) -> int:
        """Absent members who gave a reason."""
        return sum(absence.excused for absence in self.roll_call.absent)

    @property
    def absent_without_reason(self) -> int:
        """Absent members who gave none."""
        return len(self.roll_call.absent) - self.absent_with_reason

    def marks(self) -> Iterator[tuple[UUID, MarkState, str | None]]:
        """One mark for every member who owed attendance, or owed none and came: id, state, reason."""
        late = set(self.roll_call.late)
        for member_id in self.present:
            yield member_id, "late" if member_id in late else "present", None
        for absence in self.roll_call.absent:
            state: MarkState = "absent_with_reason" if absence.excused else "absent_without_reason"
            yield absence.member_id, state, absence.reason if absence.excused else None
        for member_id in self.roll_call.exempt_present:
            yield member_id, "exempt_present", None


def take(
    roll_call: RollCall, roster: Mapping[UUID, Entry], owing: Selector, source: str | None
) -> tuple[Attendance, list[Fault]]:
    """Lay `roll_call` on the roster of the day; `owing` selects who owes attendance, `source` cites that rule.

    The faults name fields of the roll call (`absent[0].member_id`); the attendance is of use only when there are none.
    """
    owed = {member_id for member_id, entry in roster.items() if owing.counts(entry)}
    absent = {absence.member_id for absence in roll_call.absent}
    faults: list[Fault] = []

    def owing_ones(names: Sequence[tuple[str, UUID]]) -> None:
        faults.extend(_strangers(names, roster, source))
        faults.extend(
            Fault(field, "owes-no-attendance", OWES_NONE, source)
            for field, member_id in names
            if member_id in roster and member_id not in owed
        )

    owing_ones([(f"absent[{index}].member_id", absence.member_id) for index, absence in enumerate(roll_call.absent)])
    late = [(f"late[{index}]", member_id) for index, member_id in enumerate(roll_call.late)]
    owing_ones(late)
    faults += [
        Fault(field, "absent-and-late", _ABSENT_AND_LATE, HOUSE) for field, member_id in late if member_id in absent
    ]
    came = [(f"exempt_present[{index}]", member_id) for index, member_id in enumerate(roll_call.exempt_present)]
    faults += _strangers(came, roster, source)
    faults += [
        Fault(field, "not-exempt", _NOT_EXEMPT, source)
        for field, member_id in came
        if member_id in roster and roster[member_id].status != "exempt"
    ]
    return Attendance(roll_call, tuple(sorted(owed - absent))), faults


def _strangers(names: Sequence[tuple[str, UUID]], roster: Mapping[UUID, Entry], source: str | None) -> Iterator[Fault]:
    seen: set[UUID] = set()
    for field, member_id in names:
        if member_id not in roster:
            yield Fault(field, "not-a-member", NOT_A_MEMBER, source)
        elif member_id in seen:
            yield Fault(field, "named-twice", NAMED_TWICE, HOUSE)
        seen.add(member_id)


OWES_NONE: Final = Text(
    "Đảng viên này không thuộc diện phải dự buổi họp (miễn sinh hoạt, đang sinh hoạt nơi khác, hoặc không thuộc chi uỷ "
    "khi họp chi uỷ). Bỏ tên khỏi danh sách này.",
    "This member owes no attendance at this meeting (exempt, elsewhere, or not of the committee). Take the name out.",
)
_ABSENT_AND_LATE: Final = Text(
    "Một đảng viên không thể vừa vắng vừa đến muộn. Chỉ giữ một.",
    "A member cannot be both absent and late. Keep one.",
)
_NOT_EXEMPT: Final = Text(
    "Danh sách này chỉ dành cho đảng viên được miễn sinh hoạt mà vẫn dự. Người phải dự thì không cần nêu.",
    "This list is for exempt members who came all the same. Who owes attendance need not be named.",
)
