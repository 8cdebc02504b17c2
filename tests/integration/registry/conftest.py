"""A registry with its own fresh database, its HTTP application and tokens signed by a local issuer."""

import base64
import io
import logging
from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import flask
import msgspec
import pytest
import structlog

from deploy.local.tokens import AUDIENCE, ISSUER, TokenIssuer
from services.registry.__main__ import APPEND_ONLY, MIGRATIONS
from services.registry.api.app import build
from services.registry.settings import RegistrySettings
from shared import db, process
from shared.contracts import catalogue
from shared.logging import configure
from shared.outbox import table as outbox

KEYS = f"test:{base64.b64encode(bytes(range(32))).decode()}"
"""The key of personal data."""

RECORDED: dict[str, set[bool]] = defaultdict(set)
"""Doors that changed something, and whether the audit trail grew by it."""
RECORDED_LATER = frozenset({"POST /v1/files"})
"""Doors whose work is done, and recorded, by the worker."""


@pytest.fixture(scope="session", autouse=True)
def every_door_that_changes_leaves_a_record() -> Iterator[None]:
    """Whatever doors the tests of a session used: one that never left a record is named at its end."""
    yield
    silent = {door for door, grew in RECORDED.items() if True not in grew}
    assert silent - RECORDED_LATER == set(), "these doors changed something and left nothing in the audit trail"


class Answer(msgspec.Struct, frozen=True):
    """A status, a decoded body, and the headers."""

    status: int
    body: Any
    headers: Any

    @property
    def rules(self) -> dict[str, str]:
        """The rule broken, by field, of a refusal."""
        return {error["field"]: error["rule"] for error in self.body["errors"]}


class Registry:
    """The registry as its clients and its relay see it, on 15 June 2026."""

    def __init__(self, app: flask.Flask, url: str, issuer: TokenIssuer) -> None:
        self.app = app
        self.url = url
        self.issuer = issuer
        self.admin = issuer.mint("province_admin")

    def call(
        self,
        method: str,
        path: str,
        body: object = None,
        *,
        token: str | None = None,
        headers: dict[str, str] | None = None,
    ) -> Answer:
        """One request, as the administrator unless `token` (empty: nobody) says otherwise."""
        token = self.admin if token is None else token
        bearer = {"Authorization": f"Bearer {token}"} if token else {}
        recorded = self._recorded() if method != "GET" else 0
        answer = self.app.test_client().open(path, method=method, json=body, headers=bearer | (headers or {}))
        if method != "GET" and answer.status_code < 300:
            RECORDED[self._door(method, path)].add(self._recorded() > recorded)
        return Answer(answer.status_code, msgspec.json.decode(answer.data), answer.headers)

    def _recorded(self) -> int:
        (count,) = self.sql("select count(*) from audit")[0]
        return int(count)

    def _door(self, method: str, path: str) -> str:
        with self.app.test_request_context(path, method=method) as request:
            return f"{method} {request.request.url_rule}"

    def get(self, path: str, *, token: str | None = None) -> Answer:
        """GET."""
        return self.call("GET", path, token=token)

    def person(self, member_id: str, *, token: str | None = None) -> Answer:
        """A member with who they are, read for a test."""
        return self.get(f"/v1/members/{member_id}?purpose=test", token=token)

    def post(
        self, path: str, body: object, *, token: str | None = None, headers: dict[str, str] | None = None
    ) -> Answer:
        """POST."""
        return self.call("POST", path, body, token=token, headers=headers)

    def events(self, topic: str) -> list[dict[str, Any]]:
        """The data of every event in the outbox for `topic`, each checked against its contract and its key."""
        found = []
        for row in self.outbox():
            if row.record.topic == topic:
                data = msgspec.json.decode(row.record.value or b"null")
                catalogue.validate(dict(row.record.headers)["ce_type"].decode(), data)
                assert row.record.key == data["unit_id"].encode()
                found.append(data)
        return found

    def outbox(self) -> list[outbox.Unsent]:
        """Every row of the outbox."""
        with db.connect(self.url, name="test") as conn:
            return outbox.unsent(conn, 100_000)

    def imported(self, rows: object) -> dict[str, str]:
        """The ids of all units by code, after these rows came in."""
        answer = self.post("/v1/imports", rows)
        assert answer.status == 200, answer.body
        return {code: str(unit_id) for code, unit_id in self.ids().items()}

    def sql(self, query: str) -> list[tuple[Any, ...]]:
        """What the database holds."""
        with db.connect(self.url, name="test") as conn:
            return conn.execute(query.encode()).fetchall()

    def ids(self) -> dict[str, UUID]:
        """The ids of units by their codes."""
        return dict(self.sql("select code, unit_id from unit"))


@pytest.fixture
def registry(
    migrated_database: Callable[[str, Callable[[str], None]], str],
    service_role: Callable[[str], str],
    tmp_path: Path,
) -> Iterator[Registry]:
    """An empty registry, which works as a role that owns nothing in its database."""

    def migrate(owner_url: str) -> None:
        process.migrate(owner_url, MIGRATIONS, service_url=service_role(owner_url), append_only=APPEND_ONLY)

    url = service_role(migrated_database("registry", migrate))
    issuer = TokenIssuer(tmp_path / "issuer")
    clock = tmp_path / "clock"
    clock.write_text("2026-06-15T08:00:00+07:00")
    app = build(
        RegistrySettings(
            database_url=url,
            database_pool=4,
            kafka_bootstrap="unused:9092",
            jwks_file=str(issuer.jwks_file),
            token_issuer=ISSUER,
            token_audience=AUDIENCE,
            clock_file=str(clock),
            import_rows=5000,
            registry_keys=KEYS,
        )
    )
    yield Registry(app, url, issuer)
    app.extensions["nenep"].pool.close()


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """The log as the API's process writes it, down to debug."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    configure("registry", "api", "debug")
    written = io.StringIO()
    (handler,) = root.handlers
    assert isinstance(handler, logging.StreamHandler)
    handler.setStream(written)
    yield written
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()
    structlog.contextvars.clear_contextvars()
