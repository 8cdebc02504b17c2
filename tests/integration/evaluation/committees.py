"""Evaluation at its doors, with a province of two districts: what committees do with its figures is tried here."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

import flask
import msgspec

from deploy.local.tokens import AUDIENCE, ISSUER, TokenIssuer
from services.evaluation.api.app import build
from services.evaluation.settings import EvaluationSettings
from shared import db
from tests.integration.evaluation.figures import merge_meetings, merge_units
from tests.support import events

_NAMES = UUID("0197b6c0-0000-7000-8000-000000000000")


def unit_id(code: str) -> UUID:
    """The id of a unit of the province by its short name."""
    return uuid5(_NAMES, code)


class Answer(msgspec.Struct, frozen=True):
    """A status, a body (decoded where it is JSON), and the headers."""

    status: int
    body: Any
    headers: Any

    @property
    def rules(self) -> dict[str, str]:
        """The rule broken, by field, of a refusal."""
        return {error["field"]: error["rule"] for error in self.body["errors"]}

    @property
    def said(self) -> str:
        """What a refusal says of its fields."""
        return " ".join(error["message"] for error in self.body["errors"])


class Evaluation:
    """Evaluation as its readers see it, on 15 January 2026."""

    def __init__(self, app: flask.Flask, url: str, issuer: TokenIssuer) -> None:
        self.app = app
        self.url = url
        self.issuer = issuer
        self.admin = issuer.mint("province_admin")

    def officer(self, code: str) -> str:
        """The token of an officer of a unit."""
        return self.issuer.mint("committee_officer", unit_id(code))

    def secretary(self, code: str) -> str:
        """The token of a branch's secretary."""
        return self.issuer.mint("branch_secretary", unit_id(code))

    def call(self, method: str, path: str, body: object = None, token: str | None = None, **headers: str) -> Answer:
        """One request, as the administrator unless `token` says otherwise; `If_Match` becomes If-Match."""
        given = {"Authorization": f"Bearer {token or self.admin}"}
        given |= {name.replace("_", "-"): value for name, value in headers.items()}
        answer = self.app.test_client().open(path, method=method, json=body, headers=given)
        decoded = msgspec.json.decode(answer.data) if "json" in (answer.content_type or "") else answer.data
        return Answer(answer.status_code, decoded, answer.headers)

    def get(self, path: str, token: str | None = None) -> Answer:
        """GET."""
        return self.call("GET", path, token=token)

    def post(self, path: str, body: object, token: str | None = None, **headers: str) -> Answer:
        """POST."""
        return self.call("POST", path, body, token, **headers)

    def units(self, **parents: str | None) -> None:
        """Units by short name and that of their parent: `province` has none, `d…` are districts, others branches."""
        made = []
        for code, parent in parents.items():
            kind, level = ("branch", "branch")
            if parent is None:
                kind, level = "province_committee", "province"
            elif code.startswith("d"):
                kind, level = "direct_committee", "district"
            above = unit_id(parent) if parent else None
            one = events.unit(unit_id(code), above, kind=kind, level=level, name=f"Đơn vị {code}")
            made.append(one | {"code": code.upper()})
        with db.connect(self.url, name="test") as conn:
            merge_units(conn, *made)

    def moved(self, code: str, before: str, after: str | None, on: date) -> None:
        """A branch stood below one unit, and since a day below another; None: it is no longer in force."""
        made = events.unit(unit_id(code), unit_id(before), valid_to=on, version=2, name=f"Đơn vị {code}")
        if after is not None:
            later = events.unit(unit_id(code), unit_id(after), valid_from=on, name=f"Đơn vị {code}")
            made["spans"] += later["spans"]
        with db.connect(self.url, name="test") as conn:
            merge_units(conn, made | {"code": code.upper()})

    def held(self, code: str, *months: str, **changes: Any) -> None:
        """A branch met in these months; see tests/support/events.py for what such a meeting is like."""
        with db.connect(self.url, name="test") as conn:
            merge_meetings(conn, *(events.meeting(unit_id(code), month, **changes) for month in months))

    def sql(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        """What the database holds."""
        with db.connect(self.url, name="test") as conn:
            return conn.execute(query.encode(), values).fetchall()


def attended(present: int, owed: int = 10) -> dict[str, Any]:
    """A meeting's attendance, those away without a reason."""
    return {
        "attendance": {
            "owed": owed,
            "present": present,
            "absent_with_reason": 0,
            "absent_without_reason": owed - present,
            "late": 0,
            "absent_member_ids": [],
        }
    }


@contextmanager
def opened(url: str, folder: Path) -> Iterator[Evaluation]:
    """Evaluation over a migrated database."""
    issuer = TokenIssuer(folder / "issuer")
    clock = folder / "clock"
    clock.write_text("2026-01-15T08:00:00+07:00")
    app = build(
        EvaluationSettings(
            database_url=url,
            database_pool=4,
            kafka_bootstrap="unused:9092",
            jwks_file=str(issuer.jwks_file),
            token_issuer=ISSUER,
            token_audience=AUDIENCE,
            clock_file=str(clock),
        )
    )
    try:
        yield Evaluation(app, url, issuer)
    finally:
        app.extensions["nenep"].pool.close()
