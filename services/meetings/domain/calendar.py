"""A branch's calendar as iCalendar (RFC 5545): when it meets, and nothing of what is said.

Neither place nor theme nor names are told: the feed's address is all that protects it, and places are often homes.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID

import icalendar
import msgspec

from shared.errors import Text

KIND_NAMES: Final[Mapping[str, Text]] = {
    "regular": Text("Sinh hoạt chi bộ thường kỳ", "Regular branch meeting"),
    "thematic": Text("Sinh hoạt chuyên đề", "Thematic branch meeting"),
    "committee": Text("Họp chi uỷ", "Meeting of the branch committee"),
    "extraordinary": Text("Họp chi bộ bất thường", "Extraordinary branch meeting"),
}


_STATUSES: Final[Mapping[str, str]] = {"not_held": "CANCELLED", "postponed": "TENTATIVE"}


class Entry(msgspec.Struct, frozen=True):
    """A meeting as a calendar needs it; `minutes` is how long it is planned or was.

    `status` is the meeting's, or `postponed` for one put off without a day.
    """

    meeting_id: UUID
    version: int
    kind: str
    status: str
    starts_at: datetime
    minutes: int


def feed(name: str, entries: Sequence[Entry], now: datetime) -> bytes:
    """The calendar of a branch called `name`."""
    calendar = icalendar.Calendar()
    calendar.add("prodid", "-//Nen nep//calendar of a branch//VI")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", name)
    calendar.add("refresh-interval", timedelta(hours=6), parameters={"value": "DURATION"})
    for entry in entries:
        event = icalendar.Event()
        event.add("uid", f"{entry.meeting_id}@nenep")
        event.add("dtstamp", now.astimezone(UTC))
        event.add("dtstart", entry.starts_at.astimezone(UTC))
        event.add("dtend", (entry.starts_at + timedelta(minutes=entry.minutes)).astimezone(UTC))
        event.add("summary", KIND_NAMES[entry.kind].vi)
        event.add("sequence", entry.version)
        event.add("status", _STATUSES.get(entry.status, "CONFIRMED"))
        calendar.add_component(event)
    return bytes(calendar.to_ical())
