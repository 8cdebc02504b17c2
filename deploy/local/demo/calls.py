"""The days before a regular meeting of those who go step by step: who is told, what is handed out, who comes."""

import random
import uuid
from datetime import timedelta
from typing import Final

import msgspec

from deploy.local.demo import texts
from deploy.local.demo.rows import Attendance, Call, Meeting, Minutes
from deploy.local.demo.sheets import Branch
from shared.clock import local_day

NOTIFIED: Final = 0.8
DOCUMENTS: Final = 0.7
PUT_OFF: Final = 0.15
FOLLOWED: Final = 0.7
PREPARED: Final = 0.6
CAME: Final = (True, True, True, False, None)
EARLIEST_PUT_OFF: Final = 5


def call(seed: int, row: Meeting) -> Call:
    """What is done two days before the regular meeting `row`. One that was put off was first set for the day before;
    whoever was told of that is told again."""
    rng, day = _draw(seed, row, "call"), local_day(row.starts_at)
    put_off = rng.random() < PUT_OFF and day.day >= EARLIEST_PUT_OFF
    return Call(
        meeting_id=row.meeting_id,
        unit_id=row.unit_id,
        starts_at=row.starts_at,
        place=row.place,
        put_off_from=row.starts_at - timedelta(days=1) if put_off else None,
        notified=rng.random() < NOTIFIED,
        documents=tuple(_id(row, f"document {number}") for number in range(rng.randint(1, 2)))
        if rng.random() < DOCUMENTS
        else (),
        follower_id=_id(row, "follower") if rng.random() < FOLLOWED else None,
        follows_from=day - timedelta(days=2),
    )


def with_visit(seed: int, row: Meeting) -> Meeting:
    """`row` with whether the superior came."""
    return msgspec.structs.replace(row, visited=_draw(seed, row, "visit").choice(CAME))


def prepared(seed: int, branch: Branch, row: Meeting) -> Meeting | None:
    """The meeting of the committee the evening before the regular meeting `row`; None: it did not meet."""
    rng = _draw(seed, row, "prepared")
    if rng.random() >= PREPARED:
        return None
    starts = (row.starts_at - timedelta(days=1)).replace(hour=17, minute=0)
    ended = starts + timedelta(minutes=50)
    sections = {
        name: text[0].format_map({"done": 1, "all": 2}) if name in _OF_THE_COMMITTEE else ""
        for name, text in texts.SECTIONS.items()
    }
    chair, secretary = branch.owing[:2]
    return Meeting(
        meeting_id=_id(row, "prepared"),
        unit_id=row.unit_id,
        kind="committee",
        starts_at=starts,
        place=row.place,
        attendance=Attendance((), (), 0),
        minutes=Minutes(starts, ended, chair, secretary, sections, (), None, ()),
        adopted_at=ended,
        reported_at=ended + timedelta(hours=2),
        regular_id=row.meeting_id,
    )


_OF_THE_COMMITTEE: Final = frozenset({"opening", "discussion", "conclusion"})


def _draw(seed: int, row: Meeting, what: str) -> random.Random:
    return random.Random(f"{seed}:{row.meeting_id}:{what}")  # noqa: S311 - a rehearsal's data, not a secret


def _id(row: Meeting, what: str) -> str:
    return str(uuid.uuid5(uuid.UUID(row.meeting_id), what))
