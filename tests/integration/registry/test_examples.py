"""Every example of the OpenAPI page is sent as it stands there, and is answered as the page says."""

import io
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import msgspec
import pytest

from deploy.local.tokens import TokenIssuer
from services.registry.api.schemas import common
from services.registry.rights import RIGHTS
from tests.integration.registry.conftest import Registry
from tests.integration.registry.sheets import ended, worker
from tests.support import examples, services

Needs = tuple[str | tuple[str, Mapping[str, Any]], ...]
"""The operations that are carried out before, by their own examples; with members of the body that differ."""


class Case(msgspec.Struct, frozen=True):
    """What one operation's example stands on."""

    needs: Needs = ()
    path: Mapping[str, str] = {}
    query: Mapping[str, str] = {}
    without_branches: bool = False


_MEMBER: Final = "POST /v1/members"
_PROBATIONARY: Final = (_MEMBER, {"kind": "probationary", "valid_from": "2025-06-01", "admitted_on": "2025-06-01"})
_TRANSFER: Final = "POST /v1/members/{member_id}/transfers"
_DISCIPLINE: Final = "POST /v1/members/{member_id}/discipline"
_TEMPORARY: Final = (_TRANSFER, {"kind": "temporary", "planned_return_on": "2025-12-31"})
_DRAFT: Final = ("POST /v1/decisions", "PUT /v1/decisions/{decision_id}")
_IN_FORCE: Final = (*_DRAFT, "POST /v1/decisions/{decision_id}/force")
_FILE: Final = "POST /v1/files"
_BAD_FILE: Final = (_FILE, {"file": "Mã đơn vị,Mã cấp trên trực tiếp\nGL-01-001-09,KHONG-CO\n"})
_OF_COMMITTEE: Final = {"unit_id": common.A_PARENT}

CASES: Final[dict[str, Case]] = {
    "POST /v1/units": Case(without_branches=True),
    "POST /v1/imports": Case(without_branches=True),
    "GET /v1/unit-codes/{system}/{code}": Case(("PUT /v1/units/{unit_id}/codes/{system}",)),
    "GET /v1/decisions": Case(_IN_FORCE),
    "GET /v1/decisions/{decision_id}": Case(_DRAFT),
    "PUT /v1/decisions/{decision_id}": Case(_DRAFT[:1]),
    "GET /v1/decisions/{decision_id}/preview": Case(_DRAFT),
    "POST /v1/decisions/{decision_id}/force": Case(_DRAFT),
    "POST /v1/decisions/{decision_id}/withdrawal": Case(_IN_FORCE),
    "POST /v1/decisions/{decision_id}/discard": Case(_DRAFT),
    "GET /v1/units/{unit_id}/lineage": Case(_IN_FORCE),
    "GET /v1/members": Case((_MEMBER,)),
    "GET /v1/members/{member_id}": Case((_MEMBER,)),
    "POST /v1/members/{member_id}/changes": Case((_MEMBER,)),
    "PUT /v1/members/{member_id}/person": Case((_MEMBER,)),
    "POST /v1/members/{member_id}/probation-review": Case((_PROBATIONARY,)),
    "POST /v1/members/{member_id}/erasure": Case((_MEMBER,)),
    "GET /v1/members/{member_id}/accesses": Case((_MEMBER, "GET /v1/members/{member_id}")),
    "GET /v1/units/{unit_id}/members": Case((_MEMBER,)),
    _TRANSFER: Case((_MEMBER,)),
    "GET /v1/transfers/{transfer_id}": Case((_MEMBER, _TRANSFER)),
    "POST /v1/transfers/{transfer_id}/receipt": Case((_MEMBER, _TRANSFER)),
    "POST /v1/transfers/{transfer_id}/return": Case((_MEMBER, _TEMPORARY)),
    "POST /v1/transfers/{transfer_id}/cancellation": Case((_MEMBER, _TRANSFER)),
    "GET /v1/units/{unit_id}/transfers": Case((_MEMBER, _TRANSFER)),
    "GET /v1/members/{member_id}/discipline": Case((_MEMBER, _DISCIPLINE)),
    _DISCIPLINE: Case((_MEMBER,)),
    "DELETE /v1/members/{member_id}/discipline/{discipline_id}": Case((_MEMBER, _DISCIPLINE)),
    "GET /v1/files/{file_id}": Case((_FILE,)),
    "GET /v1/files/{file_id}/report": Case((_BAD_FILE,)),
    "GET /v1/villages/{village_id}": Case(("POST /v1/villages",)),
    "POST /v1/villages/{village_id}/changes": Case((_MEMBER, "POST /v1/villages")),
    "POST /v1/villages/{village_id}/closure": Case(("POST /v1/villages",)),
    "GET /v1/units/{unit_id}/village-coverage": Case(("POST /v1/villages",), _OF_COMMITTEE),
    "POST /v1/targets/{target_id}/changes": Case(("POST /v1/targets",)),
    "POST /v1/targets/{target_id}/breakdown": Case(("POST /v1/targets",)),
    "POST /v1/targets/{target_id}/progress": Case(("POST /v1/targets",)),
    "GET /v1/targets/{target_id}/progress": Case(("POST /v1/targets", "POST /v1/targets/{target_id}/progress")),
    "GET /v1/units/{unit_id}/targets": Case(("POST /v1/targets",), _OF_COMMITTEE),
    "POST /v1/inspection-plans/{plan_id}/changes": Case(("POST /v1/inspection-plans",)),
    "POST /v1/inspections": Case(("POST /v1/inspection-plans",)),
    "GET /v1/units/{unit_id}/inspections": Case(("POST /v1/inspections",), _OF_COMMITTEE),
    "GET /v1/units/{unit_id}/inspection-completion": Case(("POST /v1/inspection-plans",), _OF_COMMITTEE),
    "GET /v1/training-classes/{class_id}": Case(("POST /v1/training-classes",)),
    "POST /v1/training-classes/{class_id}/called": Case((_MEMBER, "POST /v1/training-classes")),
    "POST /v1/training-classes/{class_id}/attendance": Case(
        (_MEMBER, "POST /v1/training-classes", "POST /v1/training-classes/{class_id}/called")
    ),
    "POST /v1/assignments": Case((_MEMBER,)),
    "POST /v1/assignments/{assignment_id}/end": Case((_MEMBER, "POST /v1/assignments")),
    "GET /v1/units/{unit_id}/assignments": Case((_MEMBER, "POST /v1/assignments")),
    "GET /v1/members/{member_id}/assignments": Case((_MEMBER, "POST /v1/assignments")),
}
"""What does not stand here needs the units only."""

_PATH: Final = {
    "unit_id": common.A_BRANCH,
    "member_id": common.A_MEMBER,
    "decision_id": common.A_DECISION,
    "transfer_id": common.A_TRANSFER,
    "discipline_id": common.A_DISCIPLINE,
    "village_id": common.A_VILLAGE,
    "target_id": common.A_TARGET,
    "plan_id": common.A_PLAN,
    "class_id": common.A_CLASS,
    "assignment_id": common.AN_ASSIGNMENT,
    "system": "gso",
    "code": "64.01.0003",
}


@pytest.fixture(scope="module")
def document(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    app = services.build("registry", TokenIssuer(tmp_path_factory.mktemp("keys") / "keys"))
    found: dict[str, Any] = app.test_client().get("/openapi.json").get_json()
    services.close(app)
    return found


@pytest.mark.parametrize("name", examples.names_of(RIGHTS))
def test_the_example_works(registry: Registry, document: dict[str, Any], name: str, tmp_path: Path) -> None:
    case = CASES.get(name, Case())
    _units(registry, branches=not case.without_branches)
    sent = Sent(registry, document)
    for need in case.needs:
        sent.send(*((need, {}) if isinstance(need, str) else need))
    if name.endswith("/report"):
        with worker(registry, tmp_path / "worker.log"):
            ended(registry, sent.last)

    sent.send(name, {}, case)


def _units(registry: Registry, *, branches: bool) -> None:
    """A province down to two branches of one commune."""
    rows = [
        (common.A_PROVINCE, "GL", None, "province_committee", "province"),
        (common.A_DISTRICT, "GL-01", common.A_PROVINCE, "direct_committee", "district"),
        (common.A_PARENT, "GL-01-001", common.A_DISTRICT, "grassroots_committee", "commune"),
        (common.A_BRANCH, "GL-01-001-01", common.A_PARENT, "branch", "branch"),
        (common.A_BRANCH_2, "GL-01-001-02", common.A_PARENT, "branch", "branch"),
    ]
    for unit_id, code, parent_id, kind, level in rows if branches else rows[:3]:
        answer = registry.post(
            "/v1/units",
            {
                "unit_id": unit_id,
                "code": code,
                "parent_id": parent_id,
                "kind": kind,
                "level": level,
                "name": f"Đơn vị {code}",
                "branch_type": "commune" if kind == "branch" else None,
                "valid_from": "2010-01-01",
            },
        )
        assert answer.status == 201, answer.body


class Sent:
    """Requests made of the page's examples."""

    def __init__(self, registry: Registry, document: dict[str, Any]) -> None:
        self._registry = registry
        self._document = document
        self._operations = dict(services.operations(document))
        self._path = dict(_PATH)
        self.last: Any = None

    def send(self, name: str, differing: Mapping[str, Any], case: Case | None = None) -> None:
        """Send an operation's example, and hold the answer against what the page says of it."""
        case = case or Case()
        operation = self._operations[name]
        method, _, template = name.partition(" ")
        query = examples.query_of(self._document, operation)
        for parameter in operation.get("parameters", []):
            if parameter["in"] == "query" and parameter.get("required"):
                query.setdefault(parameter["name"], common.A_PARENT)
        body = examples.body_of(self._document, operation)
        if isinstance(body, dict):
            body = {**body, **differing}
        content = operation.get("requestBody", {}).get("content", {})
        form = _form(body) if "multipart/form-data" in content else None
        answer = self._registry.app.test_client().open(
            template.format(**{**self._path, **case.path}),
            method=method,
            query_string={**query, **case.query},
            json=None if form or body is None else body,
            data=form,
            headers={"Authorization": f"Bearer {self._registry.admin}", "Accept-Language": "en"},
            buffered=True,
        )
        assert answer.status_code < 300, (name, body, query, answer.get_data(as_text=True))
        told = examples.agree(self._document, operation, answer)
        if told is not None:
            self.last = type(self._registry.get("/livez"))(answer.status_code, told, answer.headers)
            self._path |= {key: value for key, value in _ids(told) if key == "file_id"}


def _ids(body: Any) -> list[tuple[str, str]]:
    return [(key, value) for key, value in body.items() if isinstance(value, str)] if isinstance(body, dict) else []


def _form(body: Mapping[str, Any]) -> dict[str, Any]:
    fields: dict[str, Any] = {
        name: str(value).lower() if isinstance(value, bool) else value for name, value in body.items()
    }
    return fields | {"file": (io.BytesIO(str(body["file"]).encode()), "tep.csv")}
