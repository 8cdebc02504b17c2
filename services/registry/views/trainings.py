"""Training classes, and how many secretaries they have reached."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

import msgspec

from services.registry.domain import plans
from services.registry.domain.members import ENDINGS
from services.registry.domain.trainings import Called
from services.registry.views.units import SUBTREE
from shared.db import Connection


class ClassSummary(msgspec.Struct, frozen=True):
    """A class, and how many were called and attended."""

    class_id: UUID
    title: str
    held_from: date
    held_to: date
    place: str
    organiser: UUID
    called: int
    attended: int


class ClassShown(msgspec.Struct, frozen=True):
    """A class with everybody called to it."""

    summary: ClassSummary
    people: Sequence[Called]


class Untrained(msgspec.Struct, frozen=True):
    """A secretary in office who attended no class."""

    unit_id: UUID
    member_id: UUID


class TrainingCoverage(msgspec.Struct, frozen=True):
    """How many of the secretaries in office on a day attended a class since another."""

    unit_id: UUID
    on: date
    since: date
    secretaries: int
    trained: int
    percent: float | None
    untrained: Sequence[Untrained]


_SUMMARY = """
    select c.class_id, c.title, c.held_from, c.held_to, c.place, c.organiser,
           (select count(*) from training_called t where t.class_id = c.class_id),
           (select count(*) from training_called t where t.class_id = c.class_id and t.attended)
    from training_class c
"""


def summary(conn: Connection, class_id: UUID) -> ClassSummary:
    """One class, which must exist."""
    row = conn.execute(f"{_SUMMARY} where c.class_id = %s", (class_id,)).fetchone()
    assert row is not None
    return ClassSummary(*row)  # type: ignore[arg-type]  # the columns are of these types


def classes(
    conn: Connection,
    under: UUID,
    day: date,
    since: date | None,
    until: date | None,
    after: tuple[date, UUID] | None,
    limit: int,
) -> list[ClassSummary]:
    """Up to `limit` classes that units of a subtree hold and that begin from `since` to before `until`, in order."""
    held_from, class_id = after or (None, None)
    rows = conn.execute(
        f"""
        with recursive {SUBTREE} {_SUMMARY}
        where c.organiser in (select unit_id from below)
          and (%(since)s::date is null or c.held_from >= %(since)s)
          and (%(until)s::date is null or c.held_from < %(until)s)
          and (%(held_from)s::date is null or (c.held_from, c.class_id) > (%(held_from)s, %(class)s))
        order by c.held_from, c.class_id limit %(limit)s
        """,  # noqa: S608 - made of own constants
        {
            "under": under,
            "day": day,
            "since": since,
            "until": until,
            "held_from": held_from,
            "class": class_id,
            "limit": limit,
        },
    ).fetchall()
    return [ClassSummary(*row) for row in rows]  # type: ignore[arg-type]  # the columns are of these types


def coverage_on(conn: Connection, under: UUID, day: date, since: date, listed: int) -> TrainingCoverage:
    """The secretaries of a subtree in office on `day`, and who of them attended a class that ended from `since` on."""
    rows = conn.execute(
        f"""
        with recursive {SUBTREE}
        select s.unit_id, s.member_id, exists (
            select 1 from training_called t join training_class c using (class_id)
            where t.member_id = s.member_id and t.attended and c.held_to >= %(since)s and c.held_from <= %(day)s
        )
        from below b join member_span s using (unit_id)
        where s.post = 'secretary' and s.status <> all(%(endings)s)
          and s.valid_from <= %(day)s and (s.valid_to is null or %(day)s < s.valid_to)
        order by s.unit_id, s.member_id
        """,  # noqa: S608 - made of own constants
        {"under": under, "day": day, "since": since, "endings": sorted(ENDINGS)},
    ).fetchall()
    found = msgspec.convert(rows, list[tuple[UUID, UUID, bool]])
    untrained = [Untrained(unit_id, member_id) for unit_id, member_id, trained in found if not trained]
    trained = len(found) - len(untrained)
    return TrainingCoverage(
        under, day, since, len(found), trained, plans.percent(trained, len(found)), untrained[:listed]
    )
