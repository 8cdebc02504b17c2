"""Passages of a text that hold what was searched for, as runs of plain text: nothing here is markup, so nothing can be.

A reader shows the runs marked `hit` differently; it never needs to trust, parse or unescape a text.
"""

from collections.abc import Iterable, Sequence
from typing import Final

import msgspec

from services.meetings.domain.folding import places, plain, words

_AROUND: Final = 80


class Run(msgspec.Struct, frozen=True):
    """A piece of text, and whether it is what was searched for."""

    text: str
    hit: bool


class Passage(msgspec.Struct, frozen=True):
    """Some runs of one place of the minutes (`sections.discussion`); `cut_…` says that the text goes on there."""

    where: str
    runs: tuple[Run, ...]
    cut_before: bool
    cut_after: bool


def passages(texts: Iterable[tuple[str, str]], asked: str, most: int) -> list[Passage]:
    """Up to `most` passages, those that hold the most of the words asked for first."""
    wanted = frozenset(words(asked))
    found: list[tuple[int, int, Passage]] = []
    for order, (where, text) in enumerate(texts):
        whole = plain(text)
        hits = [(word, start, end) for word, start, end in places(whole) if word in wanted]
        if hits:
            best = max(range(len(hits)), key=lambda at: (_distinct(hits, at), -at))
            found.append((-_distinct(hits, best), order, _passage(where, whole, hits, hits[best][1])))
    return [passage for _, _, passage in sorted(found, key=lambda one: one[:2])[:most]]


def _distinct(hits: Sequence[tuple[str, int, int]], at: int) -> int:
    start = hits[at][1]
    return len({word for word, begin, _ in hits[at:] if begin - start <= 2 * _AROUND})


def _passage(where: str, text: str, hits: Sequence[tuple[str, int, int]], at: int) -> Passage:
    first, last = max(at - _AROUND, 0), min(at + 2 * _AROUND, len(text))
    while first > 0 and not text[first - 1].isspace() and at - first < 2 * _AROUND:
        first -= 1
    while last < len(text) and not text[last].isspace() and last - at < 4 * _AROUND:
        last += 1
    runs: list[Run] = []
    place = first
    for _, start, end in hits:
        if start >= first and end <= last:
            if start > place:
                runs.append(Run(text[place:start], False))
            runs.append(Run(text[start:end], True))
            place = end
    if place < last:
        runs.append(Run(text[place:last], False))
    return Passage(where, tuple(runs), first > 0, last < len(text))
