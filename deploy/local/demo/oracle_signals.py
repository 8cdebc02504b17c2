"""Which minutes give a reason to look at them, by the table "Signals" of docs/meetings.md; and which are copied."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from deploy.local.demo.rows import Meeting

REQUIRED_SECTIONS: Final = {
    "regular": (
        "opening",
        "last_month_results",
        "next_month_direction",
        "discussion",
        "self_criticism",
        "conclusion",
    ),
    "thematic": ("opening", "discussion", "conclusion"),
    "committee": ("opening", "discussion", "conclusion"),
}
"""Of every type of branch; the others may stay empty."""
# The rule `signals` of meetings.
LEAST_CHARACTERS: Final = {
    "last_month_results": 40,
    "next_month_direction": 40,
    "discussion": 40,
    "self_criticism": 30,
    "conclusion": 40,
}
LONGEST: Final = timedelta(minutes=300)
ADOPTED_WITHIN: Final = (timedelta(minutes=-45), timedelta(minutes=15))
# The rule `copies`: minutes with fewer words of their own are not compared.
OWN_WORDS_FROM: Final = 40


def is_signalled(row: Meeting, adopted_at: datetime) -> bool:
    """Whether adopted minutes give a reason to look.

    No two meetings of a branch are on one day in a rehearsal, none lasts past midnight, and no text of it tells how
    many spoke.
    """
    minutes = row.minutes
    texts = {name: text.strip() for name, text in minutes.sections.items()}
    early, late = ADOPTED_WITHIN
    return (
        any(len(texts[name]) < max(1, LEAST_CHARACTERS.get(name, 1)) for name in REQUIRED_SECTIONS[row.kind])
        or not texts["conclusion"]
        or ((row.kind == "regular" or minutes.resolution is not None) and not minutes.tasks)
        or (not minutes.opinions and bool(texts["discussion"]))
        or adopted_at < minutes.started_at
        or not early <= adopted_at - minutes.ended_at <= late
        or minutes.ended_at - minutes.started_at > LONGEST
    )


def own_words(row: Meeting) -> str | None:
    """The discussion, where it is long enough to be a branch's own; what everybody says is shorter."""
    text = row.minutes.sections["discussion"]
    return text if len(text.split()) >= OWN_WORDS_FROM else None


def copied(told: Iterable[tuple[str, datetime, str]]) -> set[str]:
    """Of meetings as (text of their own, when it was adopted, id): those whose text another had before them."""
    first: dict[str, tuple[datetime, str]] = {}
    every = sorted((adopted_at, meeting_id, text) for text, adopted_at, meeting_id in told)
    for adopted_at, meeting_id, text in every:
        first.setdefault(text, (adopted_at, meeting_id))
    return {meeting_id for _, meeting_id, text in every if first[text][1] != meeting_id}
