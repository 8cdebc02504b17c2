"""Roll call by a code on the chair's screen: signed, valid for minutes, and of one use to a member."""

import base64
import binascii
import hashlib
import hmac
import secrets
from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID

import msgspec

from services.meetings.domain.attendance import OWES_NONE, Absence, RollCall
from services.meetings.domain.refusals import HOUSE
from services.meetings.domain.roster import Entry
from services.meetings.domain.values import Count
from services.meetings.domain.votes import NOT_A_MEMBER
from shared.clock import LOCAL
from shared.errors import Conflict, Fault, Text, Unprocessable

_HEAD: Final = 16 + 8 + 8
_MAC: Final = 16


class Code(msgspec.Struct, frozen=True):
    """A code and until when it may be redeemed."""

    text: str
    expires_at: datetime


class Closing(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How a roll call by code is closed: who came without a code, who was late, and the reasons of those absent."""

    by_hand: tuple[UUID, ...] = ()
    late: tuple[UUID, ...] = ()
    reasons: tuple[Absence, ...] = ()
    guests: Count = 0


def sign(meeting_id: UUID, key: str, now: datetime, minutes: int) -> Code:
    """A new code for the meeting. Raises Conflict when the installation has no key."""
    expires = (now + timedelta(minutes=minutes)).replace(microsecond=0)
    head = meeting_id.bytes + int(expires.timestamp()).to_bytes(8, "big") + secrets.token_bytes(8)
    raw = head + _mac(head, key)
    return Code(base64.urlsafe_b64encode(raw).decode().rstrip("="), expires)


def meeting_of(code: str, key: str, now: datetime) -> UUID:
    """The meeting a code was made for. Raises Unprocessable when it is none of ours, Conflict when it has expired."""
    try:
        raw = base64.urlsafe_b64decode(code + "=" * (-len(code) % 4))
    except (ValueError, binascii.Error):
        raw = b""
    head, mac = raw[:_HEAD], raw[_HEAD:]
    if len(raw) != _HEAD + _MAC or not hmac.compare_digest(mac, _mac(head, key)):
        raise Unprocessable.of([Fault("code", "code-not-ours", _NOT_OURS, HOUSE)])
    if now > datetime.fromtimestamp(int.from_bytes(head[16:24], "big"), UTC):
        raise Conflict("code-expired", _EXPIRED, source=HOUSE)
    return UUID(bytes=head[:16])


def closed(closing: Closing, owed: Collection[UUID], exempt: Collection[UUID], arrived: Collection[UUID]) -> RollCall:
    """The roll call that arrivals and the chair's hand come to: who owed and did neither is absent."""
    came = {*arrived, *closing.by_hand, *closing.late}
    reasons = {absence.member_id: absence for absence in closing.reasons}
    absent = [reasons.pop(member_id, Absence(member_id)) for member_id in sorted(owed) if member_id not in came]
    return RollCall(
        absent=(*absent, *reasons.values()),
        late=closing.late,
        guests=closing.guests,
        exempt_present=tuple(member_id for member_id in sorted(exempt) if member_id in came),
    )


def closing_faults(
    closing: Closing, roster: Mapping[UUID, Entry], owed: Collection[UUID], arrived: Collection[UUID], source: str
) -> list[Fault]:
    """Who cannot have come by hand, and who came and is given a reason for being absent."""
    faults = []
    came = {*arrived, *closing.by_hand}
    for index, member_id in enumerate(closing.by_hand):
        field = f"by_hand[{index}]"
        if member_id not in roster:
            faults.append(Fault(field, "not-a-member", NOT_A_MEMBER, source))
        elif member_id not in owed and roster[member_id].status != "exempt":
            faults.append(Fault(field, "owes-no-attendance", OWES_NONE, source))
    for index, absence in enumerate(closing.reasons):
        if absence.member_id in came:
            faults.append(Fault(f"reasons[{index}].member_id", "came-and-absent", _CAME, HOUSE))
    return faults


def arrived_after(roll_call: RollCall, member_id: UUID, *, exempt: bool) -> RollCall:
    """A roll call taken already, with somebody who redeems a code after it: no longer absent, and late."""
    if exempt:
        came: Sequence[UUID] = roll_call.exempt_present
        return (
            roll_call
            if member_id in came
            else msgspec.structs.replace(roll_call, exempt_present=(*roll_call.exempt_present, member_id))
        )
    absent = tuple(absence for absence in roll_call.absent if absence.member_id != member_id)
    if absent == roll_call.absent:
        return roll_call
    return msgspec.structs.replace(roll_call, absent=absent, late=(*roll_call.late, member_id))


def _mac(head: bytes, key: str) -> bytes:
    if not key:
        raise Conflict("roll-call-not-set-up", _NO_KEY, source=HOUSE)
    return hmac.new(key.encode(), b"nenep.roll-call\0" + head, hashlib.sha256).digest()[:_MAC]


def used(at: datetime) -> Conflict:
    """A member redeems a meeting's code once."""
    local = at.astimezone(LOCAL)
    return Conflict(
        "code-used",
        Text(
            f"Bạn đã điểm danh bằng mã lúc {local:%H:%M}. Không cần quét lại.",
            f"You redeemed the code at {local:%H:%M} already. There is nothing to do.",
        ),
        source=HOUSE,
    )


_NOT_OURS: Final = Text(
    "Mã điểm danh không đúng. Quét lại mã trên màn hình của chủ trì.",
    "This is no roll-call code of ours. Scan the one on the chair's screen again.",
)
_EXPIRED: Final = Text(
    "Mã điểm danh đã hết hạn. Quét mã mới, hoặc nhờ chủ trì điểm danh bằng tay.",
    "The roll-call code has expired. Scan the new one, or ask the chair to mark you by hand.",
)
_CAME: Final = Text(
    "Người này đã quét mã hoặc được điểm danh có mặt, nên không ghi lý do vắng được. Bỏ tên khỏi một trong hai nơi.",
    "This member redeemed a code or is named as present, so has no reason for being absent. Take the name out of one.",
)
_NO_KEY: Final = Text(
    "Hệ thống chưa đặt khoá ký mã điểm danh (roll_call_key). Điểm danh bằng tay, và báo người quản trị.",
    "The installation has no key for roll-call codes (roll_call_key). Take the roll by hand, and tell the "
    "administrator.",
)
