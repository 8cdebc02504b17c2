"""Saving what a device wrote: a draft names the version it was based on, and a stale one never overwrites."""

from collections.abc import Collection
from uuid import UUID

from services.meetings.domain import items
from services.meetings.domain.attendance import RollCall
from services.meetings.domain.items import Item, ItemKind
from services.meetings.domain.meeting import Meeting, Plan
from services.meetings.domain.minutes import Minutes
from services.meetings.domain.plans import Kept, YearPlan
from services.meetings.domain.refusals import HOUSE
from services.meetings.domain.scores import SelfScore
from shared.errors import Conflict, Text

Part = Plan | RollCall | Minutes | SelfScore | Item | YearPlan | None
"""What a device saves; None takes an item out."""


class Stale(Conflict):
    """Somebody saved the part after the version a draft was based on; carries both versions of the part."""

    def __init__(self, part: str, based_on: int, version: int, current: Part, yours: Part) -> None:
        super().__init__("stale", _STALE, source=HOUSE)
        self.part = part
        self.based_on = based_on
        self.version = version
        self.current = current
        self.yours = yours


def current(meeting: Meeting, part: str) -> Part:
    """A part as it is kept: plan, attendance, minutes or score as handed in, or an item by its key.

    An item that whole minutes took in is what they say of it.
    """
    if part == "plan":
        return meeting.plan
    if part == "attendance":
        return meeting.attendance.roll_call if meeting.attendance else None
    if part == "minutes":
        return meeting.minutes.written if meeting.minutes else None
    if part == "score":
        return meeting.score.given if meeting.score else None
    saved = items.items_of(meeting.items).get(part)
    return saved if saved is not None or meeting.minutes is None else _item(meeting.minutes.written, part)


def must_be_current(meeting: Meeting, part: str, based_on: int | None, yours: Part, ours: Collection[int] = ()) -> None:
    """Raises Stale when `part` was changed after version `based_on` (None: not asked) to something else than `yours`.

    `ours` are versions the same device has just made.
    """
    if based_on is None:
        return
    parts = [part]
    if isinstance(yours, Minutes):  # whole minutes replace the items they name
        parts += [key for key in meeting.touched if ":" in key and _names(yours, key)]
    for one in parts:
        version = meeting.touched.get(one, 0)
        kept = current(meeting, one)
        if version > based_on and version not in ours and kept != (yours if one == part else _item(yours, one)):
            raise Stale(one, based_on, version, kept, yours if one == part else _item(yours, one))


def must_be_current_plan(known: Kept, based_on: int | None, yours: YearPlan) -> None:
    """Raises Stale when the plan of a year is kept in another version than `based_on` (None: unseen), saying else."""
    if known.version != (based_on or 0) and known.plan != yours:
        raise Stale("year_plan", based_on or 0, known.version, known.plan, yours)


def must_be_whole(meeting: Meeting, based_on: int | None, ours: Collection[int] = ()) -> None:
    """The same for a step that takes every part as it is, such as adoption."""
    if based_on is None:
        return
    for part, version in meeting.touched.items():
        if version > based_on and version not in ours:
            raise Stale(part, based_on, version, current(meeting, part), None)


def _names(minutes: Minutes, key: str) -> bool:
    return _item(minutes, key) is not None


def _item(whole: Part, key: str) -> Item | None:
    kind, _, item_id = key.partition(":")
    if not isinstance(whole, Minutes) or kind not in items.LISTS:
        return None
    of_kind: ItemKind = kind  # type: ignore[assignment]  # one of LISTS, which mypy does not narrow by
    wanted = UUID(item_id)
    return next((item for item in items.of_kind(whole, of_kind) if items.id_of(of_kind, item) == wanted), None)


_STALE = Text(
    "Phần này đã được sửa trên thiết bị khác sau phiên bản bạn dựa vào; chưa ghi đè gì. So hai bản trong câu trả lời, "
    "rồi gửi lại với phiên bản mới.",
    "This part was changed on another device after the version yours is based on; nothing was overwritten. Compare the "
    "two versions in this answer, then send again based on the new one.",
)
