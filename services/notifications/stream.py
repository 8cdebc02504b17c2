"""Records of units, decisions, meetings and alerts, decoded to what the rules need of them.

Open model: members we do not know are passed over. A tombstone is impossible: units close and meetings are corrected,
neither is removed.
"""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

import msgspec
from msgspec import Meta

from services.notifications.domain.alerts import Alert
from services.notifications.domain.decisions import Decision, Ordered
from services.notifications.domain.findings import Facts
from services.notifications.domain.meetings import Meeting
from shared import months
from shared.clock import local_day
from shared.envelope import Attributes, Received, data_of
from shared.errors import Impossible
from shared.units import replica

GROUP = "notifications.notices"

Change = replica.Unit | Decision | Meeting | Alert


_Count = Annotated[int, Meta(ge=0, le=2**31 - 1)]


class _Attendance(msgspec.Struct, frozen=True):
    owed: _Count
    present: _Count


class _Minutes(msgspec.Struct, frozen=True):
    has_conclusion: bool


class _Preparation(msgspec.Struct, frozen=True):
    notified_at: Annotated[datetime, Meta(tz=True)] | None = None


class _MeetingData(msgspec.Struct, frozen=True):
    meeting_id: UUID
    version: Annotated[int, Meta(ge=1, le=2**63 - 1)]
    unit_id: UUID
    kind: Literal["regular", "thematic", "committee", "extraordinary"]
    period: Annotated[str, Meta(pattern=months.PATTERN)]
    status: Literal["planned", "not_held", "adopted"]
    starts_at: Annotated[datetime, Meta(tz=True)]
    attendance: _Attendance | None
    minutes: _Minutes | None
    tasks_assigned: _Count
    preparation: _Preparation | None = None


class _DecisionData(msgspec.Struct, frozen=True):
    decision_id: UUID
    version: Annotated[int, Meta(ge=1, le=2**63 - 1)]
    state: Literal["in_force", "withdrawn"]
    number: str
    issuer: str
    title: str
    issued_on: date
    effective_on: date
    operations: tuple[Ordered, ...]


class _Month(msgspec.Struct, frozen=True):
    facts: Facts


class _AlertData(msgspec.Struct, frozen=True):
    alert_id: UUID
    version: Annotated[int, Meta(ge=1, le=2**63 - 1)]
    rule: str
    unit_id: UUID
    state: Literal["begun", "ceased", "withdrawn"]
    since: Annotated[str, Meta(pattern=months.PATTERN)]
    source: str
    began: Annotated[tuple[_Month, ...], Meta(min_length=1)]


_alert = msgspec.json.Decoder(_AlertData)
_decision = msgspec.json.Decoder(_DecisionData)
_meeting = msgspec.json.Decoder(_MeetingData)


def decode(record: Received, about: Attributes) -> Change:
    """The unit, decision, meeting or alert that a record carries. Raises Impossible."""
    if about.type == "evaluation.alert.v1":
        return _alerted(data_of(record, about, "evaluation.alert.v1", _alert))
    if about.type == "registry.decision.v1":
        return _decided(data_of(record, about, "registry.decision.v1", _decision))
    if about.type != "meetings.meeting.v1":
        return replica.decode(record, about)
    data = data_of(record, about, "meetings.meeting.v1", _meeting)
    if not months.is_month(f"{data.starts_at.year:04d}-01"):
        raise Impossible("impossible-value", "starts_at lies in no year of ours")
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
        starts_at=data.starts_at,
        notified_at=data.preparation.notified_at if data.preparation else None,
    )


def _decided(data: _DecisionData) -> Decision:
    if not months.is_month(f"{data.effective_on.year:04d}-01"):
        raise Impossible("impossible-value", "effective_on lies in no year of ours")
    return Decision(
        decision_id=data.decision_id,
        version=data.version,
        in_force=data.state == "in_force",
        number=data.number,
        issuer=data.issuer,
        title=data.title,
        issued_on=data.issued_on,
        effective_on=data.effective_on,
        operations=data.operations,
    )


def _alerted(data: _AlertData) -> Alert:
    return Alert(
        alert_id=data.alert_id,
        version=data.version,
        unit_id=data.unit_id,
        rule=data.rule,
        holds=data.state == "begun",
        since=data.since,
        facts=data.began[-1].facts,
        source=data.source,
    )
