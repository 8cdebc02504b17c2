"""Records of registry.units.v1 and meetings.meetings.v1, decoded to what the rules need of them.

Open model: members we do not know are passed over. A tombstone is impossible: units close and meetings are corrected,
neither is removed.
"""

from datetime import datetime
from uuid import UUID

import msgspec

from services.notifications.domain.meetings import Meeting
from shared.clock import local_day
from shared.envelope import Attributes, Received
from shared.errors import Impossible
from shared.units import replica

GROUP = "notifications.notices"

Change = replica.Unit | Meeting


class _Attendance(msgspec.Struct, frozen=True):
    owed: int
    present: int


class _Minutes(msgspec.Struct, frozen=True):
    has_conclusion: bool


class _MeetingData(msgspec.Struct, frozen=True):
    meeting_id: UUID
    version: int
    unit_id: UUID
    kind: str
    period: str
    status: str
    starts_at: datetime
    attendance: _Attendance | None
    minutes: _Minutes | None
    tasks_assigned: int


_meeting = msgspec.json.Decoder(_MeetingData)


def decode(record: Received, about: Attributes) -> Change:
    """The unit or meeting that a record carries. Raises Impossible."""
    if about.type != "meetings.meeting.v1":
        return replica.decode(record, about)
    if record.value is None:
        raise Impossible("unexpected-tombstone", "meetings are corrected, never removed")
    try:
        data = _meeting.decode(record.value)
    except msgspec.DecodeError as error:
        raise Impossible("malformed", str(error)) from None
    if data.starts_at.tzinfo is None:
        raise Impossible("malformed", "starts_at has no offset")
    return Meeting(
        meeting_id=data.meeting_id,
        version=data.version,
        unit_id=data.unit_id,
        kind=data.kind,
        period=data.period,
        status=data.status,
        day=local_day(data.starts_at),
        owed=data.attendance.owed if data.attendance else 0,
        present=data.attendance.present if data.attendance else 0,
        has_conclusion=data.minutes is not None and data.minutes.has_conclusion,
        tasks=data.tasks_assigned,
    )
