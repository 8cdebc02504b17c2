"""The house's HTTP application: OpenAPI 3.1, problem documents, request ids, traces, rights, probes, metrics."""

import re
import time
from collections.abc import Sequence
from typing import Any

import flask
import flask_smorest
import msgspec
from flask.json.provider import JSONProvider
from flask_swagger_ui import get_swaggerui_blueprint

from shared import health, metrics, process, tracing
from shared.auth import Verifier
from shared.clock import Clock
from shared.db import Pool
from shared.http import problems, rights
from shared.http.blueprint import Blueprint
from shared.http.context import Covers, Service, covers_today
from shared.ids import new_id
from shared.settings import Settings

_REQUEST_ID = re.compile(r"^[A-Za-z0-9._-]{1,64}$")
COMMON_RIGHTS: rights.Table = {
    f"GET {rule}": rights.PUBLIC
    for rule in (
        "/livez",
        "/readyz",
        "/metrics",
        "/openapi.json",
        "/docs/",
        "/docs/<path:path>",
        "/static/<path:filename>",
    )
}


class _Json(JSONProvider):
    def dumps(self, obj: Any, **kwargs: Any) -> str:
        return msgspec.json.encode(obj).decode()

    def loads(self, s: str | bytes, **kwargs: Any) -> Any:
        return msgspec.json.decode(s)


class _Api(flask_smorest.Api):  # type: ignore[misc]  # flask-smorest publishes no types
    """Documents errors as what they are here: problem documents."""

    ERROR_SCHEMA = problems.ProblemSchema

    def _register_responses(self) -> None:
        ordinary: str = flask_smorest.Api.DEFAULT_RESPONSE_CONTENT_TYPE
        self.DEFAULT_RESPONSE_CONTENT_TYPE = problems.CONTENT_TYPE
        super()._register_responses()
        self.DEFAULT_RESPONSE_CONTENT_TYPE = ordinary


def create_app(
    name: str,
    title: str,
    settings: Settings,
    pool: Pool,
    *,
    blueprints: Sequence[Blueprint],
    table: rights.Table,
    covers: Covers = covers_today,
    pages: Sequence[flask.Blueprint] = (),
) -> flask.Flask:
    """The API of service `name`: `blueprints` are its documented doors, `pages` what it serves to people's browsers."""
    app = flask.Flask(f"services.{name}", static_folder="static" if pages else None)
    app.json = _Json(app)
    app.config.update(
        API_TITLE=title,
        API_VERSION="v1",
        OPENAPI_VERSION="3.1.0",
        OPENAPI_URL_PREFIX="/",
        OPENAPI_JSON_PATH="openapi.json",
        MAX_CONTENT_LENGTH=settings.http_body_limit,
        PROPAGATE_EXCEPTIONS=False,
        API_SPEC_OPTIONS={
            "components": {"securitySchemes": {"bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}}},
            "security": [{"bearer": []}],
        },
    )
    verifier = Verifier(
        jwks_file=settings.jwks_file,
        jwks_url=settings.jwks_url,
        issuer=settings.token_issuer,
        audience=settings.token_audience,
    )
    app.extensions["nenep"] = Service(name, pool, Clock(settings.clock_file), verifier, covers)
    _observe(app)
    rights.install(app, COMMON_RIGHTS | table)
    api: Any = _Api(app)
    for doors in blueprints:
        api.register_blueprint(doors)
    for page in pages:
        app.register_blueprint(page)
    app.register_blueprint(get_swaggerui_blueprint("/docs", "/openapi.json", {"app_name": title}))
    app.register_blueprint(health.blueprint(live={}, ready={"database": process.database_check(settings.database_url)}))
    problems.install(app)
    return app


def _observe(app: flask.Flask) -> None:
    @app.before_request
    def begin() -> None:
        flask.g.began = time.perf_counter()
        given = flask.request.headers.get("X-Request-Id", "")
        flask.g.request_id = given if _REQUEST_ID.match(given) else str(new_id())
        tracing.begin(flask.request.headers.get("traceparent"))

    @app.after_request
    def end(answer: flask.Response) -> flask.Response:
        rule = flask.request.url_rule
        # Without a route the method is whatever the client made up: a label for each would fill the memory.
        method, route = (flask.request.method, rule.rule) if rule else ("(any)", "(none)")
        metrics.HTTP_REQUEST_SECONDS.labels(method=method, route=route, status=str(answer.status_code)).observe(
            time.perf_counter() - flask.g.began
        )
        answer.headers["X-Request-Id"] = flask.g.request_id
        answer.headers["traceparent"] = tracing.current()
        answer.headers.setdefault("X-Content-Type-Options", "nosniff")
        answer.headers.setdefault("Cache-Control", "no-store")
        return answer
