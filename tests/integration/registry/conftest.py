"""A registry with its own fresh database, its HTTP application and tokens signed by a local issuer."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import flask
import msgspec
import pytest

from deploy.local.tokens import AUDIENCE, ISSUER, TokenIssuer
from services.registry.__main__ import MIGRATIONS
from services.registry.api.app import build
from services.registry.settings import RegistrySettings
from shared import db, process
from shared.contracts import catalogue
from shared.outbox import table as outbox


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
        answer = self.app.test_client().open(path, method=method, json=body, headers=bearer | (headers or {}))
        return Answer(answer.status_code, msgspec.json.decode(answer.data), answer.headers)

    def get(self, path: str, *, token: str | None = None) -> Answer:
        """GET."""
        return self.call("GET", path, token=token)

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
def registry(fresh_database: Callable[[], str], tmp_path: Path) -> Iterator[Registry]:
    """An empty registry."""
    url = fresh_database()
    process.migrate(url, MIGRATIONS)
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
        )
    )
    yield Registry(app, url, issuer)
    app.extensions["nenep"].pool.close()
