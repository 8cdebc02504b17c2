"""Every example of the OpenAPI page is sent as it stands there, and is answered as the page says."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any, Final

import flask
import msgspec
import pytest

from deploy.local.tokens import ISSUER, TokenIssuer
from services.notifications.api.app import build
from services.notifications.rights import RIGHTS
from services.notifications.settings import NotificationsSettings
from tests.integration.notifications.province import COMMUNE, Topics, meeting
from tests.support import examples, services

_POINT: Final = "PUT /v1/units/{unit_id}/contact-point"
_PREFERENCES: Final = "PUT /v1/units/{unit_id}/preferences"
NEEDS: Final = {
    "GET /v1/units/{unit_id}/contact-point": _POINT,
    "DELETE /v1/units/{unit_id}/contact-point": _POINT,
    "GET /v1/units/{unit_id}/preferences": _PREFERENCES,
}
"""The operation that is carried out before, by its own example."""


@pytest.fixture
def issuer(tmp_path: Path) -> TokenIssuer:
    """Who signs the tokens."""
    return TokenIssuer(tmp_path / "issuer")


@pytest.fixture
def app(settings: NotificationsSettings, issuer: TokenIssuer, topics: Topics) -> Iterator[flask.Flask]:
    """The application; the commune has a notice in its inbox."""
    topics.meetings(meeting(date(2026, 7, 3), tasks_assigned=0))
    app = build(
        msgspec.structs.replace(
            settings, jwks_file=str(issuer.jwks_file), token_issuer=ISSUER, contact_domains="gialai.gov.vn"
        )
    )
    yield app
    app.extensions["nenep"].pool.close()


class Sent:
    """Requests made of the page's examples, by the commune's officer."""

    def __init__(self, app: flask.Flask, token: str) -> None:
        self._client = app.test_client()
        self._headers = {"Authorization": f"Bearer {token}", "Accept-Language": "en"}
        self._document: dict[str, Any] = self._client.get("/openapi.json").get_json()
        self._operations = dict(services.operations(self._document))
        self.known = {"unit_id": str(COMMUNE)}

    def send(self, name: str) -> Any:
        """Send an operation's example, and hold the answer against what the page says of it. Returns its body."""
        operation = self._operations[name]
        method, _, template = name.partition(" ")
        answer = self._client.open(
            template.format(**self.known),
            method=method,
            query_string=examples.query_of(self._document, operation),
            json=examples.body_of(self._document, operation),
            headers=self._headers,
        )
        assert answer.status_code < 300, (name, answer.text)
        return examples.agree(self._document, operation, answer)

    def example(self, name: str) -> Any:
        """The body an operation's example sends."""
        return examples.body_of(self._document, self._operations[name])


@pytest.mark.parametrize("name", examples.names_of(RIGHTS))
def test_the_example_works(app: flask.Flask, issuer: TokenIssuer, name: str) -> None:
    sent = Sent(app, issuer.mint("committee_officer", COMMUNE))
    (notice,) = sent.send("GET /v1/units/{unit_id}/inbox")["items"]
    sent.known["notice_id"] = notice["notice_id"]
    if need := NEEDS.get(name):
        sent.send(need)
    told = sent.send(name)
    if name.endswith("contact-point") and not name.startswith("DELETE"):
        assert told == sent.example(_POINT)
    if name.endswith("/preferences"):
        assert told["rules"].items() >= sent.example(_PREFERENCES)["rules"].items()
    if name.endswith("/read"):
        assert told["read_at"] is not None
