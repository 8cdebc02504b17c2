"""Probes and metrics, the same three doors for every process.

/livez says that this process's loop turns, never that the database or broker answers: a probe on those restarts
healthy pods (smallrye/smallrye-reactive-messaging#866). /readyz says whether work can be taken now, and why not.
"""

import threading
from collections.abc import Callable, Mapping

import flask
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from werkzeug.serving import WSGIRequestHandler, make_server

Check = Callable[[], str | None]
"""None when all is well, else a short reason."""


def blueprint(live: Mapping[str, Check], ready: Mapping[str, Check]) -> flask.Blueprint:
    """/livez, /readyz and /metrics; `live` and `ready` name what is checked."""
    doors = flask.Blueprint("health", __name__)

    @doors.get("/livez")
    def livez() -> flask.Response:
        return _answer(live)

    @doors.get("/readyz")
    def readyz() -> flask.Response:
        return _answer(ready)

    @doors.get("/metrics")
    def metrics() -> flask.Response:
        return flask.Response(generate_latest(), content_type=CONTENT_TYPE_LATEST)

    return doors


def _answer(checks: Mapping[str, Check]) -> flask.Response:
    reasons = {name: check() for name, check in checks.items()}
    failed = {name: reason for name, reason in reasons.items() if reason is not None}
    answer = flask.jsonify(
        {"status": "failing" if failed else "ok", "checks": {n: r or "ok" for n, r in reasons.items()}}
    )
    answer.status_code = 503 if failed else 200
    return answer


class _Quiet(WSGIRequestHandler):
    def log(self, type: str, message: str, *args: object) -> None:
        """Probes every few seconds are not worth a line."""


def serve(host: str, port: int, *, live: Mapping[str, Check], ready: Mapping[str, Check]) -> None:
    """Answer the probes of a relay or worker from a thread of its own."""
    app = flask.Flask(__name__)
    app.register_blueprint(blueprint(live, ready))
    server = make_server(host, port, app, threaded=True, request_handler=_Quiet)
    threading.Thread(target=server.serve_forever, name="probes", daemon=True).start()
