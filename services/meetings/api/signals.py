"""The doors of signals, copies and search."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
from flask import g
from flask.views import MethodView

from services.meetings.api import reach
from services.meetings.api.schemas import signals as schemas
from services.meetings.commands import comparing, inspecting
from services.meetings.domain import highlight, signal_words
from services.meetings.domain.folding import words
from services.meetings.domain.signals import Signal
from services.meetings.domain.templates import Template
from services.meetings.store import branches, copies, expected, meetings, search, templates, texts
from shared.clock import LOCAL
from shared.errors import Text
from shared.http.blueprint import Blueprint
from shared.http.context import actor, conn, decided, require, service, transaction

doors = Blueprint("signals", __name__, url_prefix="/v1", description="Signals of quality, copies, and search.")

_PASSAGES = 3
_OF_TEMPLATE = frozenset({"section-empty", "no-conclusion", "no-task", "not-adopted"})
_OF_SIGNALS = frozenset({"section-short", "too-long", "adopted-after-the-end", "adopted-long-before-the-end"})


@doors.route("/meetings/<uuid:meeting_id>/signals")
class _Signals(MethodView):
    @transaction
    @doors.response(200, schemas.SignalsAnswer)
    def get(self, meeting_id: UUID) -> dict[str, Any]:
        """What the minutes say of their own quality: reasons to look, each with its rule and source."""
        unit_id = reach.meeting(meeting_id)
        known = meetings.load(conn(), meeting_id)
        assert known is not None
        found = inspecting.signals_of(conn(), [known], service().clock.now()).get(meeting_id, [])
        terms = branches.terms_of(conn(), [unit_id]).get(unit_id, ())
        day = known.plan.day
        type_ = next((term.branch_type for term in terms if term.holds_on(day)), None)
        template = templates.applying(conn(), unit_id, type_, [known.plan.kind], day).get(known.plan.kind)
        return {
            "items": [_shown(signal, template) for signal in found],
            "copies": inspecting.repeats_of(conn(), [meeting_id]).get(meeting_id),
            "copies_pending": copies.is_queued(conn(), meeting_id),
        }


def _shown(signal: Signal, template: Template | None) -> dict[str, Any]:
    layout = template.layout if template is not None else None
    titles = {part.name: Text(part.title.vi, part.title.en) for part in layout.sections} if layout else {}
    said = signal_words.words(signal, titles)
    rule = "template" if signal.code in _OF_TEMPLATE else "signals" if signal.code in _OF_SIGNALS else "minutes"
    source = layout.source if rule == "template" and layout else signal.source
    return msgspec.structs.asdict(signal) | {"vi": said.vi, "en": said.en, "rule": rule, "source": source}


@doors.route("/meetings/<uuid:meeting_id>/copies")
class _Copies(MethodView):
    @transaction
    @doors.response(200, schemas.CopiesAnswer)
    def get(self, meeting_id: UUID) -> dict[str, Any]:
        """What the minutes repeat; passages side by side only for who may read both branches."""
        reach.meeting(meeting_id)
        units, everything = actor().units_of(g.roles)
        found, count = comparing.repeated(conn(), meeting_id, None if everything else units, service().clock.today())
        return {"items": found, "count": count}


@doors.route("/search")
class _Search(MethodView):
    @transaction
    @doors.arguments(schemas.SearchQuery, location="query")
    @doors.response(200, schemas.HitsAnswer)
    def get(self, query: dict[str, Any]) -> dict[str, Any]:
        """Search adopted minutes, inside one's rights; words are found with or without their marks."""
        units, everything = actor().units_of(g.roles)
        if query["unit_id"] is not None:
            require(query["unit_id"])
            units, everything = frozenset({query["unit_id"]}), False
        else:
            decided("unit")  # only what stands below the reader's own units is looked at
        today = service().clock.today()
        found = search.find(
            conn(),
            " ".join(words(query["q"])),
            above=None if everything else units,
            day=today,
            first=_midnight(query["first"]),
            last=_midnight(query["last"] and query["last"] + timedelta(days=1)),
            limit=query["limit"],
        )
        kept = search.texts_of(conn(), found)
        names = expected.names(conn(), [one.unit_id for one in found], today)
        return {
            "items": [
                msgspec.structs.asdict(one)
                | {
                    "unit_name": names.get(one.unit_id),
                    "passages": highlight.passages(
                        [("theme", kept[one.meeting_id].theme or ""), *texts.passages_of(kept[one.meeting_id].minutes)],
                        query["q"],
                        _PASSAGES,
                    ),
                }
                for one in found
                if one.meeting_id in kept
            ]
        }


def _midnight(day: Any) -> datetime | None:
    return None if day is None else datetime(day.year, day.month, day.day, tzinfo=LOCAL)
