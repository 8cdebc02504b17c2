"""Reads of alerts: of a subtree, one with its reason, and the rules they come from."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Final, NamedTuple
from uuid import UUID

import msgspec

from services.evaluation.domain.alerts import words
from services.evaluation.domain.alerts.reconcile import Alert
from services.evaluation.domain.alerts.rules import RuleName
from shared.db import Connection
from shared.errors import NotFound, Text


class Place(NamedTuple):
    """An alert's place in the order of a list, which goes back in time."""

    begun_at: datetime
    alert_id: UUID


class AboutUnit(msgspec.Struct, frozen=True):
    """The unit an alert is about, by its name at the end of the month it began with."""

    unit_id: UUID
    code: str
    name: str


class Shown(msgspec.Struct, frozen=True, kw_only=True):
    """An alert as a reader is shown it; `source` is the issuer and citation of the rule's version."""

    alert: Alert
    unit: AboutUnit
    source: str
    begun_at: datetime
    ended_at: datetime | None

    @property
    def place(self) -> Place:
        """Its place in the order of a list."""
        return Place(self.begun_at, self.alert.alert_id)

    @property
    def title(self) -> Text:
        """What it is about, in a line."""
        return words.title(self.alert.rule)

    @property
    def reason(self) -> Text:
        """Why it began, and how it ended if it has."""
        return words.reason(self.alert)


_ALERT: Final = """
select a.alert_id, a.version, a.rule, a.unit_id, a.state, a.since, a.until, a.rule_from, a.began, a.ended, a.cause,
       u.code, coalesce(s.name, u.code), coalesce(r.issuer || ', ' || r.citation, ''), a.begun_at, a.ended_at
from alert a
join unit u using (unit_id)
left join unit_span s on s.unit_id = a.unit_id
    and s.valid_from < (a.since || '-01')::date + interval '1 month'
    and (s.valid_to is null or s.valid_to >= (a.since || '-01')::date + interval '1 month')
left join alert_rule r on r.name = a.rule and r.valid_from = a.rule_from
"""
_OF_SUBTREE: Final = f"""
{_ALERT}
where a.unit_id in (
    with recursive below (unit_id) as (
        select %(unit)s::uuid
        union
        select s.unit_id from below b join unit_span s on s.parent_id = b.unit_id
        where s.valid_from <= %(day)s and (s.valid_to is null or %(day)s < s.valid_to)
    ) select unit_id from below)
  and (%(state)s::text is null or a.state = %(state)s) and (%(rule)s::text is null or a.rule = %(rule)s)
  and (%(begun_at)s::timestamptz is null or (a.begun_at, a.alert_id) < (%(begun_at)s, %(alert)s::uuid))
order by a.begun_at desc, a.alert_id desc limit %(limit)s
"""  # noqa: S608 - made of own constants


def of_subtree(
    conn: Connection,
    unit_id: UUID,
    today: date,
    *,
    state: str | None,
    rule: RuleName | None,
    after: Place | None,
    limit: int,
) -> list[Shown]:
    """Up to `limit` alerts of the unit and all below it today, the newest first, from behind `after`."""
    rows = conn.execute(
        _OF_SUBTREE,
        {
            "unit": unit_id,
            "day": today,
            "state": state,
            "rule": rule,
            "begun_at": after and after.begun_at,
            "alert": after and after.alert_id,
            "limit": limit,
        },
    ).fetchall()
    return [_shown(row) for row in rows]


def find(conn: Connection, alert_id: UUID) -> Shown | None:
    """One alert; None when there is none."""
    row = conn.execute(_ALERT + "where a.alert_id = %s", (alert_id,)).fetchone()
    return None if row is None else _shown(row)


def no_alert() -> NotFound:
    """The refusal for an alert that is not there, or is of a unit outside the reader's rights: told alike."""
    return NotFound(
        "no-alert",
        Text(
            "Không có cảnh báo này trong các đơn vị thuộc quyền của bạn. Hãy kiểm tra mã.",
            "There is no such alert among the units your rights reach. Check the id.",
        ),
    )


def _shown(row: Sequence[object]) -> Shown:
    *of_alert, code, name, source, begun_at, ended_at = row
    alert = msgspec.convert(dict(zip(Alert.__struct_fields__, of_alert, strict=True)), Alert)
    unit = msgspec.convert((alert.unit_id, code, name), tuple[UUID, str, str])
    times = msgspec.convert((begun_at, ended_at, source), tuple[datetime, datetime | None, str])
    return Shown(alert=alert, unit=AboutUnit(*unit), begun_at=times[0], ended_at=times[1], source=times[2])
