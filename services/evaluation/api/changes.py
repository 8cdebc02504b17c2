"""The door of changes: server-sent events of the scorecards of a subtree (WHATWG HTML, "Server-sent events")."""

import time
from collections.abc import Iterator
from typing import Any, Final, cast
from uuid import UUID

import flask
import msgspec
import psycopg
from flask.views import MethodView

from services.evaluation.api.following import Card, Follower, Stream
from services.evaluation.api.schemas import changes as schemas
from services.evaluation.store import changes
from services.evaluation.views import subtrees
from shared import process
from shared.auth import InvalidToken
from shared.http.blueprint import Blueprint
from shared.http.context import actor, conn, require, service, transaction

doors = Blueprint("changes", __name__, url_prefix="/v1", description="Changes of figures, as they happen.")
_HEARTBEAT: Final = 5.0
_PATIENCE: Final = 1.0  # seconds in which a stream notices that the process is to end
_RIGHTS_EVERY: Final = 60.0


@doors.route("/units/<uuid:unit_id>/changes")
class Changes(MethodView):
    """Scorecards that changed, as long as the reader listens."""

    @transaction
    @doors.arguments(schemas.ChangesQuery, location="query")
    @doors.arguments(schemas.ResumeHeader, location="headers")
    @doors.response(200, schemas.EVENTS, content_type="text/event-stream")
    def get(self, query: dict[str, Any], headers: dict[str, Any], unit_id: UUID) -> flask.Response:
        """Events `scorecard` {unit_id, period, version} of a subtree, after they are committed

        At most one a second of a unit and month. `Last-Event-ID` resumes without loss for an hour; later the stream
        begins with an event `reset`: read everything anew. A comment every 5 s keeps the connection; the event `end`
        says why the stream is closed: the token expired, or the rights no longer reach the unit. 503 with Retry-After
        when this replica bears no more streams.
        """
        require(unit_id)
        first, last = changes.bounds(conn())
        since = headers["since"]
        known = since is not None and first <= since <= last
        units = subtrees.units_below(conn(), unit_id, service().clock.today(), query["depth"])
        follower: Follower = flask.current_app.extensions["changes"]
        position = cast(int, since) if known else last
        stream = follower.join(actor().subject, lambda: Stream(actor().subject, units, position))
        reset = since is not None and not known
        told = _told(stream, _Rights(unit_id, query["depth"]), reset=reset)
        answer = flask.Response(told, content_type="text/event-stream")
        answer.call_on_close(lambda: follower.leave(stream))
        answer.headers["X-Accel-Buffering"] = "no"
        return answer


class _Rights:
    """What the stream was opened by, asked again while it is open."""

    def __init__(self, unit_id: UUID, depth: str) -> None:
        self._unit_id, self._depth = unit_id, depth
        self._service, self._roles = service(), flask.g.roles
        self._authorization = flask.request.headers.get("Authorization")
        self._app = cast(Any, flask.current_app)._get_current_object()
        self._asked_at = time.monotonic()

    def ended(self, stream: Stream) -> str | None:
        """Why the stream must end, or None; the units of the subtree are read again now and then."""
        try:
            asking = self._service.verifier.actor(self._authorization)
        except InvalidToken:
            return "token"
        if time.monotonic() - self._asked_at < _RIGHTS_EVERY:
            return None
        self._asked_at = time.monotonic()
        granted, everything = asking.units_of(self._roles)
        try:
            with self._app.app_context(), self._service.pool.connection() as connection:
                if not everything and not self._service.covers(connection, granted, self._unit_id):
                    return "outside-rights"
                today = self._service.clock.today()
                stream.units = subtrees.units_below(connection, self._unit_id, today, self._depth)
        except psycopg.Error:
            return "try-again"
        return None


def _told(stream: Stream, rights: _Rights, *, reset: bool) -> Iterator[bytes]:
    yield b"retry: 3000\n\n" + _event("reset" if reset else "ready", {"position": stream.position}, stream.position)
    said_at = time.monotonic()
    while not process.closing.is_set():
        cards, position = stream.take(_PATIENCE)
        if cards:
            yield b"".join(_events(cards, position))
            said_at = time.monotonic()
        elif time.monotonic() - said_at >= _HEARTBEAT:
            yield b": \n\n"
            said_at = time.monotonic()
        else:
            continue
        if (why := rights.ended(stream)) is not None:
            yield _event("end", {"reason": why})
            return


def _events(cards: dict[Card, int], position: int) -> Iterator[bytes]:
    """Only the last names the position: whoever is cut off before it is told all of them again."""
    for place, ((unit_id, month), version) in enumerate(cards.items(), start=1):
        data = {"unit_id": unit_id, "period": month, "version": version}
        yield _event("scorecard", data, position if place == len(cards) else None)


def _event(name: str, data: dict[str, Any], position: int | None = None) -> bytes:
    head = b"" if position is None else b"id: %d\n" % position
    return b"%sevent: %s\ndata: %s\n\n" % (head, name.encode(), msgspec.json.encode(data))
