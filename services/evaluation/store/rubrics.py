"""Rubrics, as rows."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

import msgspec

from services.evaluation.domain.rubrics import Content, Rubric
from shared.db import Connection

_COLUMNS: Final = "rubric_id, version, owner_id, valid_from, valid_to, content"
_LOCK: Final = 0x72756272  # "rubr": one changes which rubrics are in force

REBUILDS: Final = 0x72656275  # "rebu": one rebuild at a time (shadow.py)


class Entry(msgspec.Struct, frozen=True):
    """A version of a rubric with its state, who entered it and who put it in force.

    `state`: draft, in_force, template, or replaced: it was in force by mistake, and another version took its place.
    """

    rubric: Rubric
    state: str
    entered_by: str
    entered_at: datetime
    in_force_by: str | None
    in_force_at: datetime | None


def lock(conn: Connection) -> None:
    """Be alone to change which rubrics are in force, until the transaction ends."""
    conn.execute("select pg_advisory_xact_lock(%s)", (_LOCK,))


def hold_off_rebuilds(conn: Connection) -> bool:
    """No rebuild begins until the transaction ends; False when one is going on, which may have read the rubrics."""
    return conn.execute("select pg_try_advisory_xact_lock_shared(%s)", (REBUILDS,)).fetchone() == (True,)


def in_force(conn: Connection) -> list[Rubric]:
    """Every version in force, by its dates."""
    rows = conn.execute(
        f"select {_COLUMNS} from rubric where state = 'in_force' order by valid_from, rubric_id, version"  # noqa: S608
    ).fetchall()
    return [_rubric(row) for row in rows]


def find(conn: Connection, rubric_id: UUID, version: int | None) -> Entry | None:
    """A version, or the newest; None when there is none."""
    row = conn.execute(
        f"""
        select {_COLUMNS}, state, entered_by, entered_at, in_force_by, in_force_at from rubric
        where rubric_id = %s and (%s::int is null or version = %s) order by version desc limit 1
        """,  # noqa: S608
        (rubric_id, version, version),
    ).fetchone()
    return None if row is None else _entry(row)


def page(
    conn: Connection,
    *,
    owner_id: UUID | None,
    state: str | None,
    day: date | None,
    drafts_below: frozenset[UUID] | None,
    today: date,
    after: tuple[UUID, int] | None,
    limit: int,
) -> list[Entry]:
    """Up to `limit` versions by id and number: of an owner, in a state, holding on a day, where these are named.

    Drafts only of owners that are one of `drafts_below` or stand below one today (replica.covers); None: every draft.
    """
    after_id, after_version = after or (None, None)
    rows = conn.execute(
        f"""
        select {_COLUMNS}, state, entered_by, entered_at, in_force_by, in_force_at from rubric
        where (%(owner)s::uuid is null or owner_id = %(owner)s) and (%(state)s::text is null or state = %(state)s)
          and (%(day)s::date is null or (valid_from <= %(day)s and (valid_to is null or %(day)s < valid_to)))
          and (%(id)s::uuid is null or (rubric_id, version) > (%(id)s, %(version)s))
          and (state <> 'draft' or %(above)s::uuid[] is null or exists (
              with recursive path (unit_id) as (
                  select rubric.owner_id
                  union
                  select place.parent_id
                  from path cross join lateral (
                      select parent_id from unit_span
                      where unit_span.unit_id = path.unit_id
                      order by valid_from > %(today)s, abs(valid_from - %(today)s) limit 1
                  ) place
                  where place.parent_id is not null
              )
              select 1 from path where unit_id = any(%(above)s)
          ))
        order by rubric_id, version limit %(limit)s
        """,  # noqa: S608
        {
            "owner": owner_id,
            "state": state,
            "day": day,
            "id": after_id,
            "version": after_version,
            "above": None if drafts_below is None else list(drafts_below),
            "today": today,
            "limit": limit,
        },
    ).fetchall()
    return [_entry(row) for row in rows]


def add(conn: Connection, rubric: Rubric, entered_by: str) -> None:
    """Keep a new version as a draft."""
    conn.execute(
        """
        insert into rubric (rubric_id, version, owner_id, sheet, state, valid_from, valid_to, content, entered_by)
        values (%s, %s, %s, %s, 'draft', %s, %s, %s::jsonb, %s)
        """,
        (
            rubric.rubric_id,
            rubric.version,
            rubric.owner_id,
            rubric.content.sheet,
            rubric.valid_from,
            rubric.valid_to,
            msgspec.json.encode(rubric.content).decode(),
            entered_by,
        ),
    )


def put_in_force(conn: Connection, rubric: Rubric, by: str, at: datetime) -> None:
    """Put a draft in force; its predecessor, where still open, ends where it begins, and one that begins on the same
    day is replaced. All of it is to be published."""
    conn.execute(
        "update rubric set state = 'replaced' where rubric_id = %s and state = 'in_force' and valid_from = %s",
        (rubric.rubric_id, rubric.valid_from),
    )
    conn.execute(
        """
        update rubric set valid_to = %s, published = false
        where rubric_id = %s and state = 'in_force' and valid_to is null and valid_from < %s
        """,
        (rubric.valid_from, rubric.rubric_id, rubric.valid_from),
    )
    conn.execute(
        """
        update rubric set state = 'in_force', in_force_by = %s, in_force_at = %s, published = false
        where rubric_id = %s and version = %s
        """,
        (by, at, rubric.rubric_id, rubric.version),
    )


def end(conn: Connection, rubric: Rubric, valid_to: date) -> None:
    """An open version in force ends before `valid_to`; to be published."""
    conn.execute(
        "update rubric set valid_to = %s, published = false where rubric_id = %s and version = %s",
        (valid_to, rubric.rubric_id, rubric.version),
    )


def take_unpublished(conn: Connection) -> list[tuple[int, list[Rubric]]]:
    """The rubrics in force that changed since they were published, each with all its versions in force; now taken.

    With each a number that grows with every change, in whatever order versions came in force: how many ever did, and
    how many ends are set.
    """
    rows = conn.execute(
        f"""
        with taken as (
            update rubric set published = true where state = 'in_force' and not published returning rubric_id
        )
        select {_COLUMNS}, (
            select count(*) + count(valid_to) from rubric every
            where every.rubric_id = rubric.rubric_id and state in ('in_force', 'replaced')
        ) from rubric
        where state = 'in_force' and rubric_id in (select rubric_id from taken) order by rubric_id, valid_from
        """  # noqa: S608
    ).fetchall()
    found: dict[UUID, tuple[int, list[Rubric]]] = {}
    for row in rows:
        rubric = _rubric(row)
        found.setdefault(rubric.rubric_id, (msgspec.convert(row[6], int), []))[1].append(rubric)
    return list(found.values())


def _rubric(row: Sequence[Any]) -> Rubric:
    rubric_id, version, owner_id, valid_from, valid_to, content = row[:6]
    return Rubric(
        rubric_id=rubric_id,
        version=version,
        owner_id=owner_id,
        valid_from=valid_from,
        valid_to=valid_to,
        content=msgspec.convert(content, Content),
    )


def _entry(row: Sequence[Any]) -> Entry:
    return Entry(_rubric(row), *row[6:])
