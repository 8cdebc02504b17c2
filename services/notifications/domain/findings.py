"""What the rules find wrong with a meeting or a month. A finding that is gone ends its notices."""

from collections.abc import Iterator, Sequence
from datetime import date
from uuid import UUID

import msgspec

from services.notifications.domain.decisions import Decision
from services.notifications.domain.meetings import Meeting
from services.notifications.domain.rules import Missing, Rulebook, RuleName, Version, in_force
from shared import months
from shared.clock import LOCAL

Facts = dict[str, int | float | bool | str]
"""What a notice's sentence is made of: counts, days, bars, a decision's heading; never a person's name."""

Cause = tuple[RuleName, str]
"""A rule and its subject: what a notice is about, and one at most per recipient."""


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """A rule that does not hold for a subject (a meeting, or a branch's month), a decision that is in force, an alert.

    `to_unit`, `to_superior`: who is told. `day` decides which version of the rule applies and who stands above the
    unit: the day of the meeting, or the last day of the month.
    """

    rule: RuleName
    subject: str
    about_unit_id: UUID
    period: str
    day: date
    meeting_id: UUID | None
    facts: Facts
    source: str
    to_unit: bool = True
    to_superior: bool = True

    @property
    def cause(self) -> Cause:
        """What this finding's notices are about."""
        return self.rule, self.subject


def month_subject(unit_id: UUID, period: str) -> str:
    """The subject that stands for a branch's month."""
    return f"{unit_id}:{period}"


def of_meeting(meeting: Meeting, rulebook: Rulebook) -> list[Finding]:
    """What is wrong with an adopted regular meeting by the rules in force on its day; or that a meeting is called."""
    if meeting.status == "planned":
        return list(_called(meeting, rulebook))
    if meeting.kind != "regular" or meeting.status != "adopted":
        return []
    found: list[Finding] = []
    minutes = in_force(rulebook.minutes_incomplete, meeting.day)
    if minutes is not None:
        lacks_conclusion = minutes.value.needs_conclusion and not meeting.has_conclusion
        lacks_tasks = meeting.tasks < minutes.value.least_tasks
        if lacks_conclusion or lacks_tasks:
            facts: Facts = {"lacks_conclusion": lacks_conclusion, "lacks_tasks": lacks_tasks, "tasks": meeting.tasks}
            found.append(_about(meeting, "minutes_incomplete", facts, minutes.source))
    attendance = in_force(rulebook.attendance_low, meeting.day)
    if attendance is not None and meeting.owed > 0 and not attendance.value.is_met(meeting.present, meeting.owed):
        bar = attendance.value
        facts = {
            "present": meeting.present,
            "owed": meeting.owed,
            "percent": bar.percent,
            "comparison": bar.comparison,
        }
        found.append(_about(meeting, "attendance_low", facts, attendance.source))
    return found


def _called(meeting: Meeting, rulebook: Rulebook) -> Iterator[Finding]:
    told = in_force(rulebook.meeting_notified, meeting.day)
    if told is None or meeting.notified_at is None or meeting.starts_at is None:
        return
    local = meeting.starts_at.astimezone(LOCAL)
    facts: Facts = {"kind": meeting.kind, "hour": f"{local:%H:%M}"}
    found = _about(meeting, "meeting_notified", facts, told.source)
    yield msgspec.structs.replace(found, to_unit=told.value.unit, to_superior=told.value.superior)


def of_month(
    unit_ids: Sequence[UUID], period: str, last_day: date, due_on: date, rule: Version[Missing]
) -> list[Finding]:
    """The branches that have not answered for `period` although its last reporting day, `due_on`, is over."""
    return [
        Finding(
            rule="minutes_missing",
            subject=month_subject(unit_id, period),
            about_unit_id=unit_id,
            period=period,
            day=last_day,
            meeting_id=None,
            facts={"due_on": due_on.isoformat()},
            source=rule.source,
        )
        for unit_id in unit_ids
    ]


def of_decision(decision: Decision, rulebook: Rulebook) -> list[Finding]:
    """Which units are told of a decision in force: those named by operations of the kinds that the rule lists."""
    told = in_force(rulebook.decision_in_force, decision.effective_on)
    if not decision.in_force or told is None:
        return []
    named = {
        unit_id
        for operation in decision.operations
        if operation.op in told.value.operations
        for unit_id in operation.unit_ids
    }
    return [
        Finding(
            rule="decision_in_force",
            subject=str(decision.decision_id),
            about_unit_id=unit_id,
            period=months.month_of(decision.effective_on),
            day=decision.effective_on,
            meeting_id=None,
            facts={
                "number": decision.number,
                "issuer": decision.issuer,
                "title": decision.title,
                "issued_on": decision.issued_on.isoformat(),
                "operations": sum(unit_id in operation.unit_ids for operation in decision.operations),
            },
            source=told.source,
        )
        for unit_id in sorted(named)
    ]


def ceased(meeting: Meeting, found: Sequence[Finding]) -> list[Cause]:
    """The causes that a meeting's present state, with what was `found` in it, shows to be gone."""
    holding = {finding.rule for finding in found}
    about_meeting: tuple[RuleName, ...] = ("attendance_low", "minutes_incomplete", "meeting_notified")
    gone: list[Cause] = [(rule, str(meeting.meeting_id)) for rule in about_meeting if rule not in holding]
    if meeting.settles_its_month:
        gone.append(("minutes_missing", month_subject(meeting.unit_id, meeting.period)))
    return gone


def _about(meeting: Meeting, rule: RuleName, facts: Facts, source: str) -> Finding:
    return Finding(
        rule=rule,
        subject=str(meeting.meeting_id),
        about_unit_id=meeting.unit_id,
        period=meeting.period,
        day=meeting.day,
        meeting_id=meeting.meeting_id,
        facts=facts,
        source=source,
    )
