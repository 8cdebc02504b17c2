"""Deny by default, at run time: what the table forgot, and what a door forgot to decide, answers nobody."""

from collections.abc import Iterator

import flask
import pytest

from deploy.local.tokens import TokenIssuer
from shared.http import rights
from shared.http.rights import Right
from tests.support import services


@pytest.fixture
def service(issuer: TokenIssuer) -> Iterator[flask.Flask]:
    """A service nobody has asked yet: routes can still be added."""
    built = services.build("registry", issuer)
    yield built
    services.close(built)


def _everything(issuer: TokenIssuer) -> dict[str, str]:
    return {"Authorization": f"Bearer {issuer.mint('province_admin')}"}


def test_a_route_outside_the_table_answers_nobody(service: flask.Flask, issuer: TokenIssuer) -> None:
    service.add_url_rule("/v1/forgotten", view_func=lambda: "what nobody may read")
    answer = service.test_client().get("/v1/forgotten", headers=_everything(issuer))
    assert answer.status_code == 403
    assert answer.get_json(force=True)["rule"] == "no-right"


def test_an_answer_without_a_decision_is_not_given_out(service: flask.Flask, issuer: TokenIssuer) -> None:
    app = flask.Flask("undecided")
    app.testing = True
    app.extensions["nenep"] = service.extensions["nenep"]
    rights.install(app, {"GET /v1/units": Right(frozenset({"province_admin"}))})
    app.add_url_rule("/v1/units", view_func=lambda: "what only some may read")
    with pytest.raises(AssertionError, match="without deciding on a unit"):
        app.test_client().get("/v1/units", headers=_everything(issuer))
