"""Branches as the copies of units and rosters tell of them."""

from collections import defaultdict
from collections.abc import Collection
from datetime import date
from uuid import UUID

import msgspec
from msgspec.structs import replace

from services.meetings.domain.branch import Branch, Term
from services.meetings.domain.roster import Entry, Roster
from services.meetings.store import rubrics, templates
from shared.db import Connection

_decode = msgspec.json.Decoder(tuple[Entry, ...])


def load(conn: Connection, unit_ids: Collection[UUID]) -> dict[UUID, Branch]:
    """Those of `unit_ids` that are known here, with their rosters where those are, what their templates require, and
    the rubrics they may be scored by."""
    known = without_rosters(conn, unit_ids)
    kept = conn.execute("select unit_id, version, members from roster where unit_id = any(%s)", (list(unit_ids),))
    rosters = {
        unit_id: Roster(unit_id, version, _decode.decode(members))
        for unit_id, version, members in msgspec.convert(kept.fetchall(), list[tuple[UUID, int, str]])
    }
    return {unit_id: replace(branch, roster=rosters.get(unit_id)) for unit_id, branch in known.items()}


def without_rosters(conn: Connection, unit_ids: Collection[UUID]) -> dict[UUID, Branch]:
    """The same as if no roster had arrived."""
    terms = terms_of(conn, unit_ids)
    required = templates.required(conn, {unit_id: {term.branch_type for term in of} for unit_id, of in terms.items()})
    scored_by = rubrics.of(conn, terms)
    return {unit_id: Branch(unit_id, of, None, required[unit_id], scored_by[unit_id]) for unit_id, of in terms.items()}


def terms_of(conn: Connection, unit_ids: Collection[UUID]) -> dict[UUID, tuple[Term, ...]]:
    """What each of `unit_ids` that is known here is over time."""
    terms: defaultdict[UUID, list[Term]] = defaultdict(list)
    spans = conn.execute(
        """
        select unit_id, valid_from, valid_to, kind, branch_type from unit_span
        where unit_id = any(%s) order by unit_id, valid_from
        """,
        (list(unit_ids),),
    )
    for unit_id, valid_from, valid_to, kind, branch_type in msgspec.convert(
        spans.fetchall(), list[tuple[UUID, date, date | None, str, str | None]]
    ):
        terms[unit_id].append(Term(valid_from, valid_to, kind, branch_type))
    return {unit_id: tuple(of) for unit_id, of in terms.items()}


def outside(conn: Connection, above: frozenset[UUID], unit_ids: Collection[UUID], day: date) -> set[UUID]:
    """Those of `unit_ids` that are neither one of `above` nor stand below one of them on `day`, or are unknown here.

    As in shared/units/replica.py, a closed branch stays in the view of those it last belonged to.
    """
    rows = conn.execute(
        """
        with recursive path (origin, unit_id) as (
            select unit_id, unit_id from unit where unit_id = any(%(units)s)
            union
            select p.origin, place.parent_id from path p cross join lateral (
                select parent_id from unit_span
                where unit_span.unit_id = p.unit_id
                order by valid_from > %(day)s, abs(valid_from - %(day)s) limit 1
            ) place
            where place.parent_id is not null
        )
        select distinct origin from path where unit_id = any(%(above)s)
        """,
        {"units": list(unit_ids), "above": list(above), "day": day},
    )
    return set(unit_ids) - {unit_id for (unit_id,) in msgspec.convert(rows.fetchall(), list[tuple[UUID]])}
