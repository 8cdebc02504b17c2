"""Every example of the OpenAPI page is sent as it stands there, and is answered as the page says."""

import io
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import msgspec
import pytest

from deploy.local.tokens import TokenIssuer
from services.meetings.rights import RIGHTS
from tests.integration.meetings import village
from tests.integration.meetings.village import BRANCH, Meetings, entry
from tests.support import examples, services

Needs = tuple[str | tuple[str, Mapping[str, Any]], ...]
"""The operations that are carried out before, by their own examples; with members of the body that differ."""

_EVENING: Final = "2025-11-03T22:00:00+07:00"
_MEMBER: Final = UUID("0197b6c0-0000-7000-8000-000000000101")
_PDF: Final = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\n" + (
    b"trailer<</Root 1 0 R>>\n%%EOF\n"
)


class Case(msgspec.Struct, frozen=True):
    """What one operation's example stands on; `at` is when it is sent, after `then`; `as_member`: a member's token."""

    needs: Needs = ()
    then: Needs = ()
    at: str = _EVENING
    as_member: bool = False


_PLAN: Final = "PUT /v1/meetings/{meeting_id}"
_ATTENDANCE: Final = f"{_PLAN}/attendance"
_RECORDED: Final = (_PLAN, _ATTENDANCE, f"{_PLAN}/minutes", f"{_PLAN}/score")
_ADOPT: Final = "POST /v1/meetings/{meeting_id}/adoption"
_ADOPTED: Final = (*_RECORDED, _ADOPT)
_TERMS: Final = "PUT /v1/units/{unit_id}/terms"
_ISSUE: Final = "POST /v1/meetings/{meeting_id}/papers"
_ATTACH: Final = "POST /v1/meetings/{meeting_id}/attachments"
_FEED: Final = "POST /v1/units/{unit_id}/calendar-feeds"
_DONE: Final = "POST /v1/tasks/{task_id}/completion"
_YEAR: Final = "PUT /v1/units/{unit_id}/year-plan"
_SEND: Final = "POST /v1/units/{unit_id}/year-plan/sending"
_TOPIC: Final = "PUT /v1/units/{unit_id}/topics/{topic_id}"
_NOTICE: Final = "PUT /v1/meetings/{meeting_id}/notice"
_CODE: Final = "POST /v1/meetings/{meeting_id}/roll-call-codes"
_BEFORE: Final = "2025-11-01T08:00:00+07:00"
_ADVENT: Final = "2025-11-28T20:00:00+07:00"
_ITEMS: Final = ("opinions", "self-criticisms", "conclusions", "votes", "tasks")

CASES: Final[dict[str, Case]] = {
    "GET /v1/meetings": Case((_PLAN,)),
    "GET /v1/meetings/{meeting_id}": Case(_ADOPTED),
    _ATTENDANCE: Case((_PLAN,)),
    "GET /v1/meetings/{meeting_id}/score": Case(_RECORDED),
    f"{_PLAN}/minutes": Case((_PLAN, _ATTENDANCE)),
    f"{_PLAN}/score": Case((_PLAN, _ATTENDANCE)),
    _ADOPT: Case(_RECORDED),
    "POST /v1/meetings/{meeting_id}/corrections": Case(
        (*_RECORDED[:-1], (f"{_PLAN}/score", {"scorer_id": None}), _ADOPT)
    ),
    "GET /v1/meetings/{meeting_id}/revisions": Case(_ADOPTED),
    "POST /v1/meetings/{meeting_id}/not-held": Case((_PLAN,)),
    "GET /v1/tasks": Case(_ADOPTED),
    _DONE: Case(_ADOPTED, at=_ADVENT),
    "POST /v1/tasks/{task_id}/evidence": Case(_ADOPTED),
    "POST /v1/tasks/{task_id}/undo": Case(_ADOPTED, then=(_DONE,), at=_ADVENT),
    "GET /v1/units/{unit_id}/attendance": Case(_ADOPTED),
    "POST /v1/imports": Case(at=_ADVENT),
    "GET /v1/meetings/{meeting_id}/papers": Case((*_ADOPTED, _TERMS, _ISSUE)),
    _ISSUE: Case((*_ADOPTED, _TERMS)),
    "POST /v1/meetings/{meeting_id}/papers/file": Case(_RECORDED),
    "GET /v1/papers": Case((*_ADOPTED, _TERMS, _ISSUE)),
    "GET /v1/units/{unit_id}/terms": Case((_TERMS,)),
    "GET /v1/meetings/{meeting_id}/attachments": Case((_PLAN, _ATTACH)),
    _ATTACH: Case((_PLAN,)),
    "GET /v1/tasks/{task_id}/attachments": Case((*_ADOPTED, "POST /v1/tasks/{task_id}/attachments")),
    "POST /v1/tasks/{task_id}/attachments": Case(_ADOPTED),
    "GET /v1/attachments/{attachment_id}": Case((_PLAN, _ATTACH)),
    "DELETE /v1/attachments/{attachment_id}": Case((_PLAN, _ATTACH)),
    "GET /v1/attachments/{attachment_id}/content": Case((_PLAN, _ATTACH)),
    "GET /v1/units/{unit_id}/draft-from-last": Case(_ADOPTED, at="2025-12-01T08:00:00+07:00"),
    "GET /v1/meetings/{meeting_id}/signals": Case(_ADOPTED),
    "GET /v1/meetings/{meeting_id}/copies": Case(_ADOPTED),
    "GET /v1/search": Case(_ADOPTED),
    "GET /v1/units/{unit_id}/calendar-feeds": Case((_FEED,)),
    "DELETE /v1/calendar-feeds/{feed_id}": Case((_FEED,)),
    "GET /v1/calendar-feeds/{token}.ics": Case((_PLAN, _FEED)),
    "GET /v1/units/{unit_id}/calendar": Case((_PLAN,)),
    "GET /v1/units/{unit_id}/export": Case(_ADOPTED),
    "POST /v1/meetings/{meeting_id}/postponement": Case((_PLAN,), at=_BEFORE),
    "POST /v1/meetings/{meeting_id}/opening": Case((_PLAN,)),
    "POST /v1/meetings/{meeting_id}/report": Case((*_RECORDED, (_ADOPT, {"report_later": True}))),
    "POST /v1/meetings/{meeting_id}/undo": Case(_ADOPTED),
    f"{_PLAN}/voted-score": Case(_ADOPTED),
    f"{_PLAN}/official-score": Case(_ADOPTED),
    f"{_PLAN}/visit": Case((_PLAN,)),
    **{f"{_PLAN}/{name}/{{item_id}}": Case((_PLAN, _ATTENDANCE)) for name in _ITEMS},
    **{
        f"DELETE /v1/meetings/{{meeting_id}}/{name}/{{item_id}}": Case((_PLAN, f"{_PLAN}/{name}/{{item_id}}"))
        for name in _ITEMS
    },
    "GET /v1/meetings/{meeting_id}/notice": Case((_PLAN, _NOTICE)),
    _NOTICE: Case((_PLAN,), at=_BEFORE),
    "GET /v1/meetings/{meeting_id}/conclusion-notice": Case((*_ADOPTED, f"{_PLAN}/conclusion-notice")),
    f"{_PLAN}/conclusion-notice": Case(_ADOPTED),
    "GET /v1/meetings/{meeting_id}/documents": Case((_PLAN, f"{_PLAN}/documents/{{document_id}}")),
    f"{_PLAN}/documents/{{document_id}}": Case((_PLAN,), at=_BEFORE),
    "GET /v1/meetings/{meeting_id}/receipts": Case((_PLAN, _NOTICE)),
    "POST /v1/meetings/{meeting_id}/receipts": Case((_PLAN, _NOTICE), as_member=True),
    _CODE: Case((_PLAN,)),
    "POST /v1/roll-call": Case((_PLAN, _CODE), as_member=True),
    "GET /v1/meetings/{meeting_id}/roll-call": Case((_PLAN,)),
    "POST /v1/meetings/{meeting_id}/roll-call": Case((_PLAN,)),
    "GET /v1/units/{unit_id}/year-plan": Case((_YEAR,)),
    _SEND: Case((_YEAR,)),
    "POST /v1/units/{unit_id}/year-plan/decision": Case((_YEAR, _SEND)),
    "GET /v1/units/{unit_id}/topics": Case((_TOPIC,)),
    "POST /v1/units/{unit_id}/topics/{topic_id}/decision": Case((_TOPIC,)),
    "GET /v1/units/{unit_id}/tonight": Case((*_ADOPTED, _TOPIC), at="2025-12-03T19:00:00+07:00"),
    "POST /v1/units/{unit_id}/tonight": Case((_PLAN,)),
    "GET /v1/units/{unit_id}/last-resolution": Case(_ADOPTED),
}
"""What does not stand here needs the branch and its roster only."""

_PATH: Final = {
    "unit_id": str(BRANCH),
    "meeting_id": "0197b6c0-0000-7000-8000-000000000201",
    "task_id": "0197b6c0-0000-7000-8000-000000000301",
    "topic_id": "0197b6c0-0000-7000-8000-000000000901",
    "document_id": "0197b6c0-0000-7000-8000-000000000b01",
    "template_id": "0197b6c0-0000-7000-8000-000000000c01",
    "item_id": "0197b6c0-0000-7000-8000-000000000d01",
}
_MADE_HERE: Final = ("attachment_id", "feed_id", "hash", "code", "token")
"""What an answer gives and a later request names."""


@pytest.fixture(scope="module")
def document(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    app = services.build("meetings", TokenIssuer(tmp_path_factory.mktemp("keys") / "keys"))
    found: dict[str, Any] = app.test_client().get("/openapi.json").get_json()
    services.close(app)
    return found


def _roster() -> dict[str, Any]:
    """Eight members: the third is exempt, the others are official and active."""
    members = [
        entry(UUID(f"0197b6c0-0000-7000-8000-0000000001{number:02d}"), status="exempt" if number == 3 else "active")
        for number in range(1, 9)
    ]
    members[0] |= {"post": "secretary"}
    return village.roster(members=members)


@pytest.mark.parametrize("name", examples.names_of(RIGHTS))
def test_the_example_works(empty: Meetings, document: dict[str, Any], name: str) -> None:
    empty.feed("registry.unit.v1", *village.units())
    empty.feed("registry.roster.v1", _roster())
    case = CASES.get(name, Case())
    sent = Sent(empty, document)
    for at, needs in ((_EVENING, case.needs), (case.at, case.then)):
        empty.set_clock(at)
        for need in needs:
            sent.send(*((need, {}) if isinstance(need, str) else need))
    sent.send(name, {}, case)


def test_every_case_is_a_door() -> None:
    assert CASES.keys() <= set(examples.names_of(RIGHTS))


class Sent:
    """Requests made of the page's examples."""

    def __init__(self, meetings: Meetings, document: dict[str, Any]) -> None:
        self._meetings = meetings
        self._document = document
        self._operations = dict(services.operations(document))
        self._known = dict(_PATH)

    def send(self, name: str, differing: Mapping[str, Any], case: Case | None = None) -> None:
        """Send an operation's example, and hold the answer against what the page says of it."""
        case = case or Case()
        operation = self._operations[name]
        method, _, template = name.partition(" ")
        body = examples.body_of(self._document, operation)
        if "requestBody" in operation:
            body = {**(body or {}), **differing}
        if name == "POST /v1/roll-call":
            body = {"code": self._known["code"]}  # signed for a meeting and for minutes: no example can be
        form = "multipart/form-data" in operation.get("requestBody", {}).get("content", {})
        answer = self._meetings.app.test_client().open(
            template.format(**self._known),
            method=method,
            query_string=self._query(operation),
            json=None if form else body,
            data={**body, "file": (io.BytesIO(_PDF), body["file"])} if form else None,
            headers={
                "Authorization": f"Bearer {self._token(case)}",
                "Accept-Language": "en",
            },
            buffered=True,
        )
        assert answer.status_code < 300, (name, body, answer.get_data(as_text=True))
        self._note(examples.agree(self._document, operation, answer))

    def _token(self, case: Case) -> str:
        return self._meetings.token_of(_MEMBER) if case.as_member else self._meetings.root

    def _query(self, operation: Mapping[str, Any]) -> dict[str, str]:
        query = examples.query_of(self._document, operation)
        for parameter in operation.get("parameters", []):
            name = parameter["name"]
            if parameter["in"] == "query" and parameter.get("required") and name in self._known:
                query[name] = self._known[name]
        return query

    def _note(self, told: Any) -> None:
        if not isinstance(told, dict):
            return
        self._known |= {name: told[name] for name in _MADE_HERE if isinstance(told.get(name), str)}
        if "path" in told:
            self._known["token"] = Path(str(told["path"])).name.removesuffix(".ics")
