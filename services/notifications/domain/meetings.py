"""What the rules need to know of a meeting: counts and structure, no person."""

from datetime import date, datetime
from uuid import UUID

import msgspec


class Meeting(msgspec.Struct, frozen=True, kw_only=True):
    """A meeting in its latest state; `day` is its local day, `owed` and `present` count members.

    `notified_at`: when notice of it was given, of the time it has now.
    """

    meeting_id: UUID
    version: int
    unit_id: UUID
    kind: str
    period: str
    status: str
    day: date
    owed: int
    present: int
    has_conclusion: bool
    tasks: int
    starts_at: datetime | None = None
    notified_at: datetime | None = None

    @property
    def settles_its_month(self) -> bool:
        """Whether the branch has answered for its month: a regular meeting adopted, or recorded as not held."""
        return self.kind == "regular" and self.status in ("adopted", "not_held")


def newest(meetings: list[Meeting]) -> list[Meeting]:
    """Each meeting once, in its newest version, in the order of ids (so that two workers lock rows alike)."""
    latest: dict[UUID, Meeting] = {}
    for meeting in meetings:
        if meeting.meeting_id not in latest or latest[meeting.meeting_id].version < meeting.version:
            latest[meeting.meeting_id] = meeting
    return [latest[meeting_id] for meeting_id in sorted(latest)]
