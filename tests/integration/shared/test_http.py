"""The house's application over a real database: what no decision on rights allowed is neither answered nor kept."""

from collections.abc import Iterator
from pathlib import Path

import flask
import pytest
from flask.views import MethodView
from marshmallow import fields
from prometheus_client import REGISTRY

from deploy.local.tokens import AUDIENCE, ISSUER, TokenIssuer
from shared import db
from shared.http.app import create_app
from shared.http.blueprint import Blueprint, Schema
from shared.http.context import conn, require_everything, transaction
from shared.http.rights import Right
from shared.settings import Settings


class Note(Schema):
    """A body with one text."""

    note = fields.String()


def _doors() -> Blueprint:
    doors = Blueprint("test", __name__)

    @doors.route("/forgetful")
    class Forgetful(MethodView):
        @transaction
        @doors.response(204)
        def post(self) -> None:
            """Changes something and forgets to ask whether it may"""
            conn().execute("insert into applied values (1)")

    @doors.route("/careful")
    class Careful(MethodView):
        @transaction
        @doors.response(204)
        def post(self) -> None:
            """Asks first"""
            require_everything()
            conn().execute("insert into applied values (2)")

    @doors.route("/noted")
    class Noted(MethodView):
        @transaction
        @doors.arguments(Note)
        @doors.response(204)
        def post(self, _note: dict[str, str]) -> None:
            """Reads a body"""
            require_everything()

    return doors


@pytest.fixture
def issuer(tmp_path: Path) -> TokenIssuer:
    return TokenIssuer(tmp_path / "issuer")


@pytest.fixture
def app(database: str, issuer: TokenIssuer) -> Iterator[flask.Flask]:
    settings = Settings(
        database_url=database,
        kafka_bootstrap="127.0.0.1:1",
        jwks_file=str(issuer.jwks_file),
        token_issuer=ISSUER,
        token_audience=AUDIENCE,
    )
    right = Right(roles=frozenset({"province_admin"}))
    with db.open_pool(database, size=2, name="test") as pool:
        yield create_app(
            "test",
            "Test",
            settings,
            pool,
            blueprints=[_doors()],
            table={"POST /forgetful": right, "POST /careful": right, "POST /noted": right},
            covers=lambda *_: False,
        )


def test_a_door_that_decides_on_no_unit_changes_nothing(app: flask.Flask, issuer: TokenIssuer, database: str) -> None:
    headers = {"Authorization": f"Bearer {issuer.mint('province_admin', None)}"}
    client = app.test_client()
    assert client.post("/forgetful", headers=headers).status_code == 500
    assert client.post("/careful", headers=headers).status_code == 204
    with db.connect(database, name="test") as found:
        assert found.execute("select value from applied").fetchall() == [(2,)]


def test_methods_that_clients_make_up_are_not_measured_apart(app: flask.Flask) -> None:
    def counted(method: str) -> float | None:
        labels = {"method": method, "route": "(none)", "status": "405"}
        return REGISTRY.get_sample_value("nenep_http_request_seconds_count", labels)

    before = counted("(any)") or 0
    assert app.test_client().open("/careful", method="BREW").status_code == 405
    assert counted("(any)") == before + 1
    assert counted("BREW") is None


def test_a_body_without_end_is_refused_and_no_defect(app: flask.Flask, issuer: TokenIssuer) -> None:
    headers = {"Authorization": f"Bearer {issuer.mint('province_admin', None)}"}
    nested = b"[" * 100_000 + b"]" * 100_000
    for body in (nested, b'{"note": "\xff"}', b"{"):
        answer = app.test_client().post("/noted", headers=headers, data=body, content_type="application/json")
        assert (answer.status_code, answer.content_type) == (422, "application/problem+json")
