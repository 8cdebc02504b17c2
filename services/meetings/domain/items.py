"""Parts of minutes that devices save one by one, under ids of their own choice, before the minutes are whole.

At adoption they are laid into the minutes: an item replaces the one of the same id, or is added at the end.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Final, Literal
from uuid import UUID

import msgspec
from msgspec.structs import replace

from services.meetings.domain.examining import person_faults, task_faults
from services.meetings.domain.minutes import Assignment, Conclusion, Minutes, Opinion, SelfCriticism
from services.meetings.domain.votes import Question, Voters, question_faults
from shared.errors import Fault

ItemKind = Literal["opinion", "self_criticism", "conclusion", "vote", "task"]
Item = Opinion | SelfCriticism | Conclusion | Question | Assignment

LISTS: Final[Mapping[ItemKind, str]] = {
    "opinion": "opinions",
    "self_criticism": "self_criticisms",
    "conclusion": "conclusions",
    "vote": "questions",
    "task": "tasks",
}
"""The list of the minutes each kind of item belongs to."""
STRUCTS: Final[Mapping[ItemKind, type[Item]]] = {
    "opinion": Opinion,
    "self_criticism": SelfCriticism,
    "conclusion": Conclusion,
    "vote": Question,
    "task": Assignment,
}
IDS: Final[Mapping[ItemKind, str]] = {
    "opinion": "opinion_id",
    "self_criticism": "entry_id",
    "conclusion": "conclusion_id",
    "vote": "vote_id",
    "task": "task_id",
}
"""The member of each kind of item that holds its id."""


class Items(msgspec.Struct, frozen=True, omit_defaults=True):
    """Items saved and not yet part of adopted minutes, in the order in which they came."""

    opinions: tuple[Opinion, ...] = ()
    self_criticisms: tuple[SelfCriticism, ...] = ()
    conclusions: tuple[Conclusion, ...] = ()
    questions: tuple[Question, ...] = ()
    tasks: tuple[Assignment, ...] = ()

    def find(self, kind: ItemKind, item_id: UUID) -> Item | None:
        """The item, if it is saved."""
        return next((item for item in of_kind(self, kind) if id_of(kind, item) == item_id), None)

    def put(self, kind: ItemKind, item: Item) -> "Items":
        """The items with `item` in the place of the one of its id, or at the end."""
        return replace(self, **{LISTS[kind]: _laid(of_kind(self, kind), (item,), kind)})

    def without(self, kind: ItemKind, item_id: UUID) -> "Items":
        """The items without one."""
        kept = tuple(item for item in of_kind(self, kind) if id_of(kind, item) != item_id)
        return replace(self, **{LISTS[kind]: kept})


def of_kind(whole: Items | Minutes, kind: ItemKind) -> tuple[Item, ...]:
    """The list of one kind, of items or of minutes."""
    found: tuple[Item, ...] = getattr(whole, LISTS[kind])
    return found


def id_of(kind: ItemKind, item: Item) -> UUID | None:
    """The id of an item; None for one written into whole minutes without an id."""
    found: UUID | None = getattr(item, IDS[kind])
    return found


def key(kind: ItemKind, item_id: UUID) -> str:
    """The name of an item among the parts of a meeting."""
    return f"{kind}:{item_id}"


def items_of(items: Items | Minutes) -> dict[str, Item]:
    """Every item that has an id, by its key."""
    found: dict[str, Item] = {}
    for kind in LISTS:
        for item in of_kind(items, kind):
            item_id = id_of(kind, item)
            if item_id is not None:
                found[key(kind, item_id)] = item
    return found


def merged(minutes: Minutes, items: Items) -> Minutes:
    """The minutes with the items laid into them; `minutes` itself when there are none."""
    if items == Items():
        return minutes
    laid = {LISTS[kind]: _laid(of_kind(minutes, kind), of_kind(items, kind), kind) for kind in LISTS}
    return replace(minutes, **laid)


def left_after(items: Items, written: Minutes) -> Items:
    """The items whose ids whole minutes do not name: what these name stands as they say."""
    kept = Items()
    for kind in LISTS:
        named = {id_of(kind, item) for item in of_kind(written, kind)}
        rest = tuple(item for item in of_kind(items, kind) if id_of(kind, item) not in named)
        kept = replace(kept, **{LISTS[kind]: rest})
    return kept


def faults(item: Item, voters: Voters, day: date, source: str) -> Iterator[Fault]:
    """What is wrong with one item of a meeting on `day`; fields are named as in the item's own body."""
    if isinstance(item, Question):
        yield from question_faults("(body)", item, voters)
    elif isinstance(item, Assignment):
        yield from task_faults("", item, voters.roster, day, source)
    elif isinstance(item, (Opinion, SelfCriticism)):
        yield from person_faults("member_id", item.member_id, voters, source)


def _laid(known: tuple[Item, ...], new: tuple[Item, ...], kind: ItemKind) -> tuple[Item, ...]:
    by_id = {id_of(kind, item): item for item in new}
    laid = [by_id.pop(id_of(kind, item), item) if id_of(kind, item) is not None else item for item in known]
    return (*laid, *by_id.values())
