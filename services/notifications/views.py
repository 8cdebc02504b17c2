"""Reads: an inbox, a contact point, preferences. Plain SQL to structs."""

from datetime import date, datetime
from typing import Literal, NamedTuple
from uuid import UUID

import msgspec

from services.notifications import refusals
from services.notifications.domain.findings import Facts
from services.notifications.domain.rules import RULE_NAMES, RuleName
from services.notifications.domain.wording import Matter, Words, words
from services.notifications.store import choices
from services.notifications.store.choices import ContactPoint, Preference
from shared.db import Connection

State = Literal["open", "resolved", "all"]


class Place(NamedTuple):
    """A notice's place in the order of an inbox, which goes back in time."""

    raised_at: datetime
    notice_id: UUID


class AboutUnit(msgspec.Struct, frozen=True):
    """The branch a notice is about, by its name on the day in question."""

    unit_id: UUID
    code: str
    name: str


class Notice(msgspec.Struct, frozen=True, kw_only=True):
    """A notice as an inbox shows it."""

    notice_id: UUID
    rule: RuleName
    about_unit: AboutUnit
    period: str
    day: date
    meeting_id: UUID | None
    facts: Facts
    source: str
    raised_at: datetime
    resolved_at: datetime | None
    read_at: datetime | None

    @property
    def place(self) -> Place:
        """Its place in the order of the inbox."""
        return Place(self.raised_at, self.notice_id)

    @property
    def words(self) -> Words:
        """Its title and text, in both languages."""
        return words(
            Matter(
                rule=self.rule,
                unit_name=self.about_unit.name,
                period=self.period,
                day=self.day,
                facts=self.facts,
                source=self.source,
            )
        )


_NOTICE = """
select n.notice_id, n.rule, n.about_unit_id, u.code, coalesce(s.name, u.code), n.period, n.day, n.meeting_id, n.facts,
       n.source, n.raised_at, n.resolved_at, n.read_at
from notice n
join delivery d on d.notice_id = n.notice_id and d.channel = 'inbox'
join unit u on u.unit_id = n.about_unit_id
left join unit_span s on s.unit_id = n.about_unit_id and s.valid_from <= n.day
                     and (s.valid_to is null or n.day < s.valid_to)
"""


def inbox(conn: Connection, unit_id: UUID, state: State, after: Place | None, limit: int) -> list[Notice]:
    """Up to `limit + 1` notices to `unit_id`, the newest first, from behind `after`."""
    rows = conn.execute(
        _NOTICE
        + """
        where n.recipient_unit_id = %(unit)s
          and (%(state)s = 'all' or (n.resolved_at is null) = (%(state)s = 'open'))
          and (%(raised_at)s::timestamptz is null
               or (n.raised_at, n.notice_id) < (%(raised_at)s::timestamptz, %(notice)s::uuid))
        order by n.raised_at desc, n.notice_id desc
        limit %(rows)s
        """,
        {
            "unit": unit_id,
            "state": state,
            "raised_at": after and after.raised_at,
            "notice": after and after.notice_id,
            "rows": limit + 1,
        },
    )
    return [_notice(row) for row in rows.fetchall()]


def notice(conn: Connection, notice_id: UUID) -> Notice | None:
    """One notice of an inbox; None when there is none."""
    row = conn.execute(_NOTICE + "where n.notice_id = %s", (notice_id,)).fetchone()
    return None if row is None else _notice(row)


def _notice(row: tuple[object, ...]) -> Notice:
    notice_id, rule, unit_id, code, name, period, day, meeting_id, facts, source, raised_at, resolved_at, read_at = row
    return msgspec.convert(
        {
            "notice_id": notice_id,
            "rule": rule,
            "about_unit": {"unit_id": unit_id, "code": code, "name": name},
            "period": period,
            "day": day,
            "meeting_id": meeting_id,
            "facts": facts,
            "source": source,
            "raised_at": raised_at,
            "resolved_at": resolved_at,
            "read_at": read_at,
        },
        Notice,
    )


def is_known(conn: Connection, unit_id: UUID) -> bool:
    """Whether the unit has come from the registry."""
    return conn.execute("select 1 from unit where unit_id = %s", (unit_id,)).fetchone() is not None


def contact_point(conn: Connection, unit_id: UUID) -> ContactPoint:
    """The unit's contact point. Raises NotFound when it set none."""
    point = choices.contact_point(conn, unit_id)
    if point is None:
        raise refusals.no_contact_point()
    return point


def preferences(conn: Connection, unit_id: UUID) -> dict[RuleName, Preference]:
    """The unit's preferences for every rule; what it said nothing of goes by every channel."""
    chosen = choices.preferences(conn, unit_id)
    return {rule: chosen.get(rule, Preference()) for rule in RULE_NAMES}
