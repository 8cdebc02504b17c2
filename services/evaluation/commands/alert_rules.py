"""Entering versions of the rules of alerts, and ending a rule. The worker judges every unit anew at its next look."""

from collections.abc import Sequence
from datetime import date
from typing import Any, Final
from uuid import UUID, uuid5

import msgspec

from services.evaluation.commands.committees import Work
from services.evaluation.domain.alerts import entry
from services.evaluation.domain.alerts.entry import Span
from services.evaluation.domain.alerts.rules import RULE_NAMES, VALUES, RuleName
from services.evaluation.store import alert_rules as rows
from services.evaluation.store import committees as committee_rows
from services.evaluation.store.alert_rules import Row
from services.evaluation.store.committees import Change
from shared.errors import Conflict, Fault, NotFound, Text, Unprocessable

_SUBJECT: Final = "alert_rule"
_NAMES: Final = UUID("0197b6c0-0000-7000-8000-00000000a1e7")


class Given(msgspec.Struct, frozen=True, kw_only=True):
    """A version as it is entered; `rejudge`: months that are over may be judged anew."""

    name: RuleName
    valid_from: date
    valid_to: date | None
    value: dict[str, Any]
    issuer: str
    citation: str
    rejudge: bool


def enter(work: Work, given: Given) -> list[Row]:
    """Keep a version: the one in force on its first day ends there, one of the same first day is replaced.

    Returns every version of the rule. Raises Unprocessable with every fault.
    """
    rows.lock(work.conn)
    before = rows.versions(work.conn, given.name)
    kinds, levels = rows.kinds_and_levels(work.conn)
    faults = [*entry.value_faults(VALUES[given.name], given.value, kinds, levels)]
    faults += entry.date_faults(
        Span(given.valid_from, given.valid_to), [Span(one.valid_from, one.valid_to) for one in before]
    )
    past = entry.past_fault(given.valid_from, work.today)
    if past and not given.rejudge:
        faults.append(past)
    if faults:
        raise Unprocessable.of(faults)
    made = Row(given.name, given.valid_from, given.valid_to, given.value, given.issuer, given.citation)
    rows.end(work.conn, given.name, given.valid_from)
    rows.put(work.conn, made)
    replaced = [one for one in before if one.valid_from == given.valid_from]
    _record(work, given.name, "alert-rule.entered", {"version": made, "replaced": replaced, "rejudge": given.rejudge})
    return rows.versions(work.conn, given.name)


def end(work: Work, name: str, valid_to: date, *, rejudge: bool) -> list[Row]:
    """The version that would hold on `valid_to` ends there, without a successor; returns every version of the rule.

    Raises NotFound, Conflict where none is in force then, Unprocessable.
    """
    if name not in VALUES:
        raise unknown(name)
    rows.lock(work.conn)
    past = entry.past_fault(valid_to, work.today)
    if past and not rejudge:
        raise Unprocessable.of([past])
    ended = rows.end(work.conn, name, valid_to)
    if ended is None:
        raise _nothing_to_end(name, valid_to, rows.versions(work.conn, name))
    _record(work, name, "alert-rule.ended", {"valid_from": ended, "valid_to": valid_to, "rejudge": rejudge})
    return rows.versions(work.conn, name)


def _nothing_to_end(name: str, day: date, there: Sequence[Row]) -> Conflict:
    spans = [(f"{one.valid_from:%d/%m/%Y}", f"{one.valid_to:%d/%m/%Y}" if one.valid_to else "…") for one in there]
    known = ", ".join(f"{begin} – {end}" for begin, end in spans) or "–"
    message = Text(
        f"Ngày {day:%d/%m/%Y} không có phiên bản nào của quy định {name} đã có hiệu lực từ trước và còn hiệu lực để "
        f"chấm dứt; có: {known}. Hãy chọn một ngày sau ngày đầu và trước ngày hết hiệu lực của một phiên bản; phiên "
        "bản nhập nhầm thì nhập lại với cùng ngày đầu.",
        f"No version of {name} began before {day} and would hold on it, so none can be ended there; there are: "
        f"{known} (day/month/year). Choose a day behind the first and before the end of one; a version entered by "
        "mistake is entered again with the same first day.",
    )
    return Conflict("not-in-force", message, [Fault("valid_to", "not-in-force", message)])


def unknown(name: str) -> NotFound:
    """There is no such rule."""
    names = ", ".join(RULE_NAMES)
    return NotFound("unknown", Text(f"Không có quy định {name}; có: {names}.", f"No rule {name}; there are: {names}."))


def _record(work: Work, name: str, action: str, detail: object) -> None:
    subject_id = uuid5(_NAMES, name)
    version = len(committee_rows.history(work.conn, _SUBJECT, subject_id)) + 1
    work.record(Change(_SUBJECT, subject_id, version, action, detail))
