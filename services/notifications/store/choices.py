"""Contact points and preferences: where a unit wants to be told, and of what."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from uuid import UUID

import msgspec

from services.notifications.domain.recipients import Channel, Choice
from services.notifications.domain.rules import RuleName
from services.notifications.domain.wording import Language
from shared.db import Connection


class ContactPoint(msgspec.Struct, frozen=True):
    """The mailbox of a unit's office and the language it reads first."""

    email: str
    language: Language


class Preference(msgspec.Struct, frozen=True):
    """The channels a unit wants for one rule's notices."""

    inbox: bool = True
    email: bool = True


def contact_point(conn: Connection, unit_id: UUID) -> ContactPoint | None:
    """The unit's contact point, if it has one."""
    row = conn.execute("select email, language from contact_point where unit_id = %s", (unit_id,)).fetchone()
    return None if row is None else ContactPoint(*msgspec.convert(row, tuple[str, Language]))


def put_contact_point(conn: Connection, unit_id: UUID, point: ContactPoint) -> None:
    """Set the unit's contact point."""
    conn.execute(
        """
        insert into contact_point (unit_id, email, language) values (%s, %s, %s)
        on conflict (unit_id) do update set email = excluded.email, language = excluded.language
        """,
        (unit_id, point.email, point.language),
    )


def delete_contact_point(conn: Connection, unit_id: UUID) -> bool:
    """Remove the unit's contact point; whether there was one."""
    return conn.execute("delete from contact_point where unit_id = %s", (unit_id,)).rowcount > 0


def preferences(conn: Connection, unit_id: UUID) -> dict[RuleName, Preference]:
    """What the unit chose, by rule; a rule it said nothing of is left out."""
    rows = conn.execute("select rule, inbox, email from preference where unit_id = %s", (unit_id,))
    return {
        rule: Preference(inbox, email)
        for rule, inbox, email in msgspec.convert(rows.fetchall(), list[tuple[RuleName, bool, bool]])
    }


def put_preferences(conn: Connection, unit_id: UUID, chosen: Mapping[RuleName, Preference]) -> None:
    """Replace what the unit chose, for every rule."""
    conn.execute("delete from preference where unit_id = %s", (unit_id,))
    conn.execute(
        """
        insert into preference (unit_id, rule, inbox, email)
        select %s, * from unnest(%s::text[], %s::bool[], %s::bool[])
        """,
        (
            unit_id,
            list(chosen),
            [preference.inbox for preference in chosen.values()],
            [preference.email for preference in chosen.values()],
        ),
    )


def load(conn: Connection, unit_ids: Sequence[UUID]) -> dict[UUID, Choice]:
    """What each of `unit_ids` chose; a unit that chose nothing is left out."""
    wanted = list(unit_ids)
    points = conn.execute("select unit_id from contact_point where unit_id = any(%s)", (wanted,)).fetchall()
    rows = conn.execute(
        "select unit_id, rule, inbox, email from preference where unit_id = any(%s) and not (inbox and email)",
        (wanted,),
    ).fetchall()
    off: defaultdict[UUID, set[tuple[RuleName, Channel]]] = defaultdict(set)
    for unit_id, rule, inbox, email in msgspec.convert(rows, list[tuple[UUID, RuleName, bool, bool]]):
        if not inbox:
            off[unit_id].add((rule, "inbox"))
        if not email:
            off[unit_id].add((rule, "email"))
    reachable = {unit_id for (unit_id,) in msgspec.convert(points, list[tuple[UUID]])}
    return {unit_id: Choice(unit_id in reachable, frozenset(off[unit_id])) for unit_id in reachable | set(off)}
