"""What a meeting's minutes repeat, shown as far as the reader may read."""

from collections.abc import Collection
from datetime import date
from typing import Final
from uuid import UUID

import msgspec

from services.meetings.commands import copying
from services.meetings.domain import copies
from services.meetings.domain.copies import Part, Passage
from services.meetings.store import branches, subtree, texts
from services.meetings.store import copies as store
from shared.clock import LOCAL
from shared.db import Connection
from shared.months import month_of

_SHOWN: Final = 10
_PASSAGES: Final = 20


class Repeated(msgspec.Struct, frozen=True):
    """That a part of the minutes repeats another meeting's; what is None the reader may not read."""

    part: Part
    likeness: float
    same_branch: bool
    of_meeting_id: UUID | None = None
    of_unit_id: UUID | None = None
    of_period: str | None = None
    passages: list[Passage] | None = None


def repeated(
    conn: Connection, meeting_id: UUID, above: Collection[UUID] | None, today: date
) -> tuple[list[Repeated], int]:
    """The ten most alike, and of how many meetings in all; `above` are the units the reader reads (None: all)."""
    found = store.copies_of(conn, [meeting_id]).get(meeting_id, [])
    shown = found[:_SHOWN]
    known = texts.load(conn, {meeting_id, *(copy.of_meeting for copy in shown)})
    mine = known.get(meeting_id)
    if mine is None:
        return [], 0
    units = {text.unit_id for text in known.values()}
    hidden = set() if above is None else branches.outside(conn, frozenset(above), units, today)
    province = subtree.tops(conn, [mine.unit_id], today)[mine.unit_id]
    nobodys_own = copying.everybodys(conn, [province])[province]
    answer = []
    for copy in shown:
        other = known.get(copy.of_meeting)
        if other is None:
            continue
        same = other.unit_id == mine.unit_id
        if other.unit_id in hidden:
            answer.append(Repeated(copy.part, copy.likeness, same))
            continue
        own, theirs = (copies.prepare(copies.texts_of(text.minutes, copy.part), nobodys_own) for text in (mine, other))
        answer.append(
            Repeated(
                copy.part,
                copy.likeness,
                same,
                other.meeting_id,
                other.unit_id,
                month_of(other.minutes.started_at.astimezone(LOCAL)),
                copies.passages(own, theirs, _PASSAGES),
            )
        )
    return answer, len({copy.of_meeting for copy in found})
