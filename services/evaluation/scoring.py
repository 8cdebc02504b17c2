"""Meetings that are due → their sheets → the figures; and rubrics that came in force → their topic.

A step of the worker beside the stream, in transactions of its own, as publish.py. What is due was written in the
transaction that changed the facts, so a crash between the two loses nothing. One process does this at a time: nobody
else writes `meeting_sheet`, so what a turn adds to the sums is the difference between the sheets it makes and those it
replaces. Order of locks: the tree first, shared, then the sums, last.
"""

from typing import Final

import msgspec

from services.evaluation import fold, merge, sheets
from services.evaluation.domain.rubrics import Rubric
from services.evaluation.store import rubrics as rubric_rows
from services.evaluation.store import sheets as rows
from shared.db import Connection
from shared.envelope import Event
from shared.outbox import table

_MEETINGS: Final = 8000
TOPIC: Final = "evaluation.rubrics.v1"


def score_due(conn: Connection) -> int:
    """Score what is due, at most 8,000 meetings; returns how many meetings.

    0: nothing is due, or another process is at it. The transaction is the caller's.
    """
    if not rows.lock_scoring(conn):
        return 0
    table.append(conn, [_event(number, versions) for number, versions in rubric_rows.take_unpublished(conn)])
    # Before any table a rebuild's swap needs, which holds the tree.
    merge.lock_tree(conn, exclusive=False)
    if not rows.is_due(conn):
        return 0
    count = rows.take_due(conn, _MEETINGS)
    facts, before = rows.facts_due(conn), rows.sheets_due(conn)
    rubrics = rubric_rows.in_force(conn)
    below = rows.places_due(conn, rubrics, facts["branch_id"].unique().to_list())
    after = sheets.score(facts, rubrics, below)
    rows.replace_due(conn, after)
    change = fold.difference(sheets.vectors(after), sheets.vectors(before))
    if not change.is_empty():
        merge.add_to_sums(conn, fold.roll_up(change, merge.paths_of(conn, change)))
    return count


def _event(number: int, versions: list[Rubric]) -> Event:
    """A rubric with all its versions in force; `number` is the event's version."""
    first = versions[0]
    data = {
        "rubric_id": first.rubric_id,
        "version": number,
        "owner_id": first.owner_id,
        "versions": [
            {
                "version": rubric.version,
                "sheet": rubric.content.sheet,
                "valid_from": rubric.valid_from,
                "valid_to": rubric.valid_to,
                "vi": rubric.content.vi,
                "en": rubric.content.en,
                "issuer": rubric.content.issuer,
                "citation": rubric.content.citation,
                "groups": [
                    {"code": group.code, "vi": group.vi, "en": group.en, "max": group.max}
                    for group in rubric.content.groups
                ],
                "grades": rubric.content.grades,
            }
            for rubric in versions
        ],
    }
    return Event(
        topic=TOPIC,
        type="evaluation.rubric.v1",
        source="/evaluation",
        key=str(first.rubric_id),
        data=msgspec.to_builtins(data),
        traceparent="",
    )
