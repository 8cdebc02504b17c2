"""The folded text of adopted minutes, kept for search in the transaction of their revision, and their times."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

import msgspec

from services.meetings.domain.folding import words
from services.meetings.domain.meeting import Meeting
from services.meetings.domain.minutes import Minutes
from services.meetings.store.meetings import Document
from shared.db import Connection

_document = msgspec.json.Decoder(Document)
_MOST_CHARACTERS: Final = 200_000
"""Beyond it a text is searched by its beginning: PostgreSQL's tsvector holds a megabyte (manual, "Limitations")."""


def passages_of(minutes: Minutes) -> list[tuple[str, str]]:
    """Every text of the minutes with the place it stands at (`sections.discussion`, `opinions[2]`)."""
    sections = minutes.sections
    found = [(f"sections.{name}", getattr(sections, name)) for name in sections.__struct_fields__]
    found += [(f"opinions[{index}]", opinion.text) for index, opinion in enumerate(minutes.opinions)]
    found += [(f"self_criticisms[{index}]", entry.text) for index, entry in enumerate(minutes.self_criticisms)]
    found += [(f"conclusions[{index}]", f"{one.item}. {one.text}") for index, one in enumerate(minutes.conclusions)]
    found += [(f"questions[{index}]", question.title) for index, question in enumerate(minutes.questions)]
    found += [(f"tasks[{index}]", task.content) for index, task in enumerate(minutes.tasks)]
    if minutes.resolution is not None:
        found.append(("resolution", minutes.resolution.text))
    return [(where, text) for where, text in found if text.strip()]


class Text(msgspec.Struct, frozen=True):
    """The latest adopted minutes of a meeting."""

    meeting_id: UUID
    unit_id: UUID
    theme: str | None
    adopted_at: datetime
    minutes: Minutes

    @property
    def age(self) -> tuple[datetime, UUID]:
        """Which of two was first."""
        return self.adopted_at, self.meeting_id


def of_meeting(meeting: Meeting) -> Text | None:
    """The text of a meeting whose minutes are adopted."""
    if meeting.status != "adopted" or meeting.minutes is None or meeting.adopted_at is None:
        return None
    plan = meeting.plan
    return Text(meeting.meeting_id, plan.unit_id, plan.theme, meeting.adopted_at, meeting.minutes.written)


def keep(conn: Connection, texts: Sequence[Text]) -> None:
    """Keep adopted minutes for search, in the place of what was kept of them."""
    if not texts:
        return
    conn.execute(
        """
        insert into minutes_text (meeting_id, unit_id, started_at, ended_at, words)
        select meeting_id, unit_id, started_at, ended_at, to_tsvector('simple', said)
        from unnest(%b::uuid[], %b::uuid[], %b::timestamptz[], %b::timestamptz[], %b::text[])
             as n (meeting_id, unit_id, started_at, ended_at, said)
        on conflict (meeting_id) do update set
            started_at = excluded.started_at, ended_at = excluded.ended_at, words = excluded.words
        """,
        (
            [text.meeting_id for text in texts],
            [text.unit_id for text in texts],
            [text.minutes.started_at for text in texts],
            [text.minutes.ended_at for text in texts],
            [_folded(text) for text in texts],
        ),
    )


def forget(conn: Connection, meeting_ids: Collection[UUID]) -> None:
    """Find these meetings no more: their adoption was taken back."""
    if meeting_ids:
        conn.execute("delete from minutes_text where meeting_id = any(%s)", (list(meeting_ids),))


def not_kept(conn: Connection, meeting_ids: Collection[UUID]) -> set[UUID]:
    """Those of `meeting_ids` whose text is not kept here."""
    rows = conn.execute("select meeting_id from minutes_text where meeting_id = any(%s)", (list(meeting_ids),))
    return set(meeting_ids) - {meeting_id for (meeting_id,) in msgspec.convert(rows.fetchall(), list[tuple[UUID]])}


def load(conn: Connection, meeting_ids: Collection[UUID]) -> dict[UUID, Text]:
    """The latest adopted minutes of those meetings that have some."""
    rows = conn.execute(
        """
        select m.meeting_id, m.unit_id, m.theme, m.adopted_at, r.document
        from meeting m
        join revision r on r.meeting_id = m.meeting_id and r.edition = m.edition and r.revision = m.revision
        where m.meeting_id = any(%s) and m.status = 'adopted'
        """,
        (list(meeting_ids),),
    )
    found = {}
    for meeting_id, unit_id, theme, adopted_at, raw in msgspec.convert(
        rows.fetchall(), list[tuple[UUID, UUID, str | None, datetime, str]]
    ):
        written = _document.decode(raw).minutes
        if written is not None:
            found[meeting_id] = Text(meeting_id, unit_id, theme, adopted_at, written.written)
    return found


def _folded(text: Text) -> str:
    texts = [text.theme or "", *(said for _, said in passages_of(text.minutes))]
    return " ".join(words("\n".join(texts)[:_MOST_CHARACTERS]))
