"""Emulation campaigns, as rows."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import msgspec

from services.evaluation.domain.campaign import Campaign, Individual, Standing
from shared.db import Connection

_COLUMNS: Final = "campaign_id, unit_id, state, version, title, period, citation, criteria"


class Kept(msgspec.Struct, frozen=True):
    """A standing as it was made: `kind` is interim or final, `version` the campaign's version that made it."""

    kind: str
    version: int
    as_of: datetime
    standing: Standing


class Award(msgspec.Struct, frozen=True):
    """What a participant is given."""

    subject_id: UUID
    subject: str
    award: str
    citation: str


def add(conn: Connection, campaign: Campaign) -> bool:
    """Keep a new campaign; False when its id is taken."""
    *head, criteria = msgspec.structs.astuple(campaign)
    return (
        conn.execute(
            f"insert into campaign ({_COLUMNS}) values (%s, %s, %s, %s, %s, %s, %s, %s::jsonb)"  # noqa: S608 - own constant
            " on conflict do nothing returning 1".encode(),
            (*head, _json(criteria)),
        ).fetchone()
        is not None
    )


def save(conn: Connection, campaign: Campaign) -> None:
    """Keep its new state."""
    conn.execute(
        """
        update campaign set state = %s, version = %s, title = %s, period = %s, citation = %s, criteria = %s::jsonb
        where campaign_id = %s
        """,
        (
            campaign.state,
            campaign.version,
            campaign.title,
            campaign.period,
            campaign.citation,
            _json(campaign.criteria),
            campaign.campaign_id,
        ),
    )


def find(conn: Connection, campaign_id: UUID, *, lock: bool = False) -> Campaign | None:
    """One campaign; with `lock` nobody else changes it until the transaction ends."""
    query = f"select {_COLUMNS} from campaign where campaign_id = %s"  # noqa: S608 - own constant
    row: tuple[Any, ...] | None = conn.execute(
        (query + " for update" if lock else query).encode(), (campaign_id,)
    ).fetchone()
    return None if row is None else _campaign(row)


def held_in(
    conn: Connection, unit_ids: Collection[UUID], state: str | None, after: tuple[UUID, ...] | None, limit: int
) -> list[Campaign]:
    """Up to `limit` campaigns held by one of the units, or begun with one of them taking part, the newest id first."""
    rows: Sequence[tuple[Any, ...]] = conn.execute(
        f"""
        select {_COLUMNS} from campaign c
        where (c.unit_id = any(%(units)s) or c.state <> 'draft' and exists (
                  select 1 from campaign_collective p
                  where p.campaign_id = c.campaign_id and p.unit_id = any(%(units)s)))
          and (%(state)s::text is null or c.state = %(state)s)
          and (%(after)s::uuid is null or c.campaign_id < %(after)s)
        order by c.campaign_id desc limit %(limit)s
        """.encode(),  # noqa: S608 - own constant
        {"units": list(unit_ids), "state": state, "after": after[0] if after else None, "limit": limit},
    ).fetchall()
    return [_campaign(row) for row in rows]


def take_part(
    conn: Connection, campaign_id: UUID, collectives: Collection[UUID], individuals: Sequence[Individual]
) -> None:
    """These take part, and nobody else."""
    conn.execute("delete from campaign_collective where campaign_id = %s", (campaign_id,))
    conn.execute("delete from campaign_individual where campaign_id = %s", (campaign_id,))
    conn.execute(
        "insert into campaign_collective select %s, unit_id from unnest(%s::uuid[]) as given (unit_id)",
        (campaign_id, list(collectives)),
    )
    conn.execute(
        """
        insert into campaign_individual (campaign_id, member_id, unit_id, assigned, done, late)
        select %s, * from unnest(%s::uuid[], %s::uuid[], %s::integer[], %s::integer[], %s::integer[])
        """,
        (
            campaign_id,
            [one.member_id for one in individuals],
            [one.unit_id for one in individuals],
            [one.assigned for one in individuals],
            [one.done for one in individuals],
            [one.late for one in individuals],
        ),
    )


def collectives(conn: Connection, campaign_id: UUID) -> set[UUID]:
    """The units that take part."""
    rows: Sequence[tuple[Any, ...]] = conn.execute(
        "select unit_id from campaign_collective where campaign_id = %s", (campaign_id,)
    ).fetchall()
    return {row[0] for row in rows}


def individuals(conn: Connection, campaign_id: UUID) -> list[Individual]:
    """The members that take part, by id."""
    rows: Sequence[tuple[Any, ...]] = conn.execute(
        """
        select member_id, unit_id, assigned, done, late from campaign_individual
        where campaign_id = %s order by member_id
        """,
        (campaign_id,),
    ).fetchall()
    return [Individual(*row) for row in rows]


def keep_standing(conn: Connection, campaign_id: UUID, kept: Kept) -> None:
    """Keep a standing for good."""
    conn.execute(
        "insert into campaign_standing values (%s, %s, %s, %s, %s::jsonb)",
        (campaign_id, kept.kind, kept.version, kept.as_of, _json(kept.standing)),
    )


def standings(conn: Connection, campaign_id: UUID) -> list[Kept]:
    """Every standing that was kept, the oldest first."""
    rows: Sequence[tuple[Any, ...]] = conn.execute(
        "select kind, version, as_of, standing from campaign_standing where campaign_id = %s order by version",
        (campaign_id,),
    ).fetchall()
    return [Kept(kind, version, as_of, msgspec.convert(standing, Standing)) for kind, version, as_of, standing in rows]


def add_awards(conn: Connection, campaign_id: UUID, given: Sequence[Award]) -> None:
    """Keep what was awarded."""
    conn.execute(
        """
        insert into campaign_award (campaign_id, subject_id, subject, award, citation)
        select %s, * from unnest(%s::uuid[], %s::text[], %s::text[], %s::text[])
        """,
        (
            campaign_id,
            [one.subject_id for one in given],
            [one.subject for one in given],
            [one.award for one in given],
            [one.citation for one in given],
        ),
    )


def awards(conn: Connection, campaign_id: UUID) -> list[Award]:
    """What was awarded."""
    rows: Sequence[tuple[Any, ...]] = conn.execute(
        """
        select subject_id, subject, award, citation from campaign_award
        where campaign_id = %s order by award, subject_id
        """,
        (campaign_id,),
    ).fetchall()
    return [Award(*row) for row in rows]


def _campaign(row: Sequence[Any]) -> Campaign:
    return msgspec.convert(dict(zip(Campaign.__struct_fields__, row, strict=True)), Campaign)


def _json(value: object) -> str:
    return msgspec.json.encode(value).decode()
