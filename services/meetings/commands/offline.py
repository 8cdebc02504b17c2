"""Take what a device wrote during an evening: each part is saved or refused by itself, and answered once.

A part that was sent before is answered as it was then, whatever became of the meeting since.
"""

import hashlib
from collections import defaultdict
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import msgspec

from services.meetings.commands import adoption, planning, recording, steps, tasks
from services.meetings.domain import refused_steps, sending
from services.meetings.domain.attendance import RollCall
from services.meetings.domain.drafts import Stale
from services.meetings.domain.items import STRUCTS, ItemKind
from services.meetings.domain.meeting import Plan
from services.meetings.domain.minutes import Minutes
from services.meetings.domain.scores import SelfScore
from services.meetings.domain.sending import Sent, SentPart
from services.meetings.store import meetings, sent
from services.meetings.store import tasks as task_rows
from shared.db import Connection
from shared.errors import Refusal

_TRANSIENT: Final = frozenset({"unit-not-here-yet", "changed-meanwhile"})
_encode = msgspec.json.Encoder(order="sorted")
_document = msgspec.json.Decoder(dict[str, Any])


class Answers(msgspec.Struct, frozen=True):
    """What became of each part, in the order in which they were sent."""

    parts: list[dict[str, Any]]


class _Evening:
    """One sending: which versions of each meeting are its own, and which parts were refused."""

    def __init__(self, conn: Connection, unit_id: UUID, by: str, now: datetime) -> None:
        self.conn = conn
        self.unit_id = unit_id
        self.who: dict[str, Any] = {"by": by, "now": now}
        self.ours: defaultdict[UUID | None, set[int]] = defaultdict(set)
        self.refused: set[tuple[UUID | None, str, UUID | None]] = set()

    def take(self, part: SentPart) -> dict[str, Any]:
        """The answer to one part, its changes saved or nothing of it."""
        try:
            with self.conn.transaction():
                answer = self._save(part)
        except Refusal as refusal:
            return {"part_id": part.part_id, "kind": part.kind, "status": refusal.status, **_said(refusal)}
        return {"part_id": part.part_id, "kind": part.kind, "status": 200, **answer}

    def note(self, part: SentPart, answer: dict[str, Any]) -> None:
        """Note what became of a part, now or when it was sent before; a part that was corrected holds nothing up."""
        what = (part.meeting_id, part.kind, part.item_id)
        if answer["status"] != 200:
            self.refused.add(what)
            return
        self.refused.discard(what)
        if part.meeting_id is not None and "version" in answer:
            self.ours[part.meeting_id].add(answer["version"])

    def _save(self, part: SentPart) -> dict[str, Any]:
        body = sending.body_of(part)
        if part.kind == "completion":
            return self._complete(part, body)
        assert part.meeting_id is not None
        self._must_be_ours(part.meeting_id, body)
        based: dict[str, Any] = {"based_on": part.based_on, "ours": self.ours[part.meeting_id]}
        if isinstance(body, Plan):
            planned, _ = planning.plan(self.conn, part.meeting_id, body, **based, **self.who)
            return {"meeting_id": planned.meeting_id, "version": planned.version}
        if isinstance(body, RollCall):
            saved = recording.record_attendance(self.conn, part.meeting_id, body, **based, **self.who)
        elif isinstance(body, Minutes):
            saved = recording.record_minutes(self.conn, part.meeting_id, body, **based, **self.who)
        elif isinstance(body, SelfScore):
            saved = recording.record_score(self.conn, part.meeting_id, body, **based, **self.who)
        elif isinstance(body, sending.Closing):
            if any(meeting_id == part.meeting_id and kind != "adoption" for meeting_id, kind, _ in self.refused):
                raise sending.depends()
            given = adoption.Adoption(body.read_by, body.report_later)
            saved = adoption.adopt(self.conn, part.meeting_id, given, **based, **self.who)
        elif isinstance(body, sending.Opening):
            saved = steps.open_(self.conn, part.meeting_id, **self.who)
        elif isinstance(body, sending.Reason):
            saved = planning.record_not_held(self.conn, part.meeting_id, body.reason, **based, **self.who)
        else:
            assert part.item_id is not None
            assert part.kind in STRUCTS
            assert not isinstance(body, sending.Done)
            kind: ItemKind = part.kind  # type: ignore[assignment]  # one of STRUCTS, which mypy does not narrow by
            saved = recording.record_item(self.conn, part.meeting_id, kind, part.item_id, body, **based, **self.who)
        return {"meeting_id": saved.meeting_id, "version": saved.version}

    def _complete(self, part: SentPart, body: sending.Body) -> dict[str, Any]:
        assert part.task_id is not None
        assert isinstance(body, sending.Done)
        if task_rows.units_of(self.conn, [part.task_id]).get(part.task_id) != self.unit_id:
            raise refused_steps.unknown("task", "nhiệm vụ", "task")
        done = tasks.complete(self.conn, part.task_id, body.done_on, **self.who)
        return {"task_id": done.task_id, "task_version": done.version}

    def _must_be_ours(self, meeting_id: UUID, body: sending.Body) -> None:
        """Rights were decided on the one branch: nothing of another's is touched."""
        if isinstance(body, Plan) and body.unit_id != self.unit_id:
            raise refused_steps.unknown("meeting", "buổi họp", "meeting")
        known = meetings.load(self.conn, meeting_id)
        if known is None and isinstance(body, Plan):
            return
        if known is None or known.plan.unit_id != self.unit_id:
            raise refused_steps.unknown("meeting", "buổi họp", "meeting")


def send(conn: Connection, unit_id: UUID, given: Sent, *, by: str, now: datetime) -> Answers:
    """Save what can be saved of the parts, in their order, and answer each."""
    sent.one_at_a_time(conn, unit_id)
    evening = _Evening(conn, unit_id, by, now)
    known = sent.known(conn, [part.part_id for part in given.parts])
    answers, new = [], []
    for part in given.parts:
        digest = hashlib.sha256(_encode.encode([unit_id, part])).digest()
        if part.part_id in known:
            kept_digest, text = known[part.part_id]
            answer = _document.decode(text) if kept_digest == digest else _reused(part)
        else:
            text = _encode.encode(evening.take(part)).decode()
            answer = _document.decode(text)
            if answer.get("rule") not in _TRANSIENT:
                known[part.part_id] = (digest, text)
                new.append((part.part_id, digest, text))
        evening.note(part, answer)
        answers.append(answer)
    sent.keep(conn, unit_id, new, by=by, at=now)
    return Answers(answers)


def _reused(part: SentPart) -> dict[str, Any]:
    refusal = sending.another()
    return {"part_id": str(part.part_id), "kind": part.kind, "status": refusal.status, **_said(refusal)}


def _said(refusal: Refusal) -> dict[str, Any]:
    """Why a part was refused, in both languages: the device may show it much later."""
    said: dict[str, Any] = {
        "rule": refusal.rule,
        "message": {"vi": refusal.message.vi, "en": refusal.message.en},
        "source": refusal.source,
        "errors": [
            {
                "field": fault.field,
                "rule": fault.rule,
                "message": {"vi": fault.message.vi, "en": fault.message.en},
                "source": fault.source,
            }
            for fault in refusal.faults
        ],
    }
    if isinstance(refusal, Stale):
        said |= {
            "part": refusal.part,
            "based_on": refusal.based_on,
            "version": refusal.version,
            "current": refusal.current,
            "yours": refusal.yours,
        }
    return said
