"""Decisions as tests draft them and put them in force."""

from typing import Any
from uuid import uuid4

import msgspec

from shared.contracts import catalogue
from tests.integration.registry.conftest import Answer, Registry

DAY = "2026-03-01"


def body(*operations: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A decision's draft."""
    return {
        "number": f"{uuid4().hex[:8]}-QĐ/TU",
        "issuer": "Ban Thường vụ Tỉnh uỷ",
        "title": "Sắp xếp tổ chức đảng",
        "issued_on": "2026-02-20",
        "effective_on": DAY,
        "operations": list(operations),
    } | more


def drafted(registry: Registry, *operations: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A draft, as it is shown."""
    answer = registry.post("/v1/decisions", body(*operations, **more))
    assert answer.status == 201, answer.body
    shown: dict[str, Any] = answer.body
    return shown


def preview(registry: Registry, decision: dict[str, Any]) -> dict[str, Any]:
    """What a draft would do."""
    answer = registry.get(f"/v1/decisions/{decision['decision_id']}/preview")
    assert answer.status == 200, answer.body
    shown: dict[str, Any] = answer.body
    return shown


def conflicts(registry: Registry, *operations: dict[str, Any], **more: Any) -> dict[str, str]:
    """The rules broken by a draft, by field."""
    found = preview(registry, drafted(registry, *operations, **more))["conflicts"]
    return {conflict["field"]: conflict["rule"] for conflict in found}


def force(registry: Registry, decision: dict[str, Any], *, token: str | None = None) -> Answer:
    """Put a draft in force."""
    path = f"/v1/decisions/{decision['decision_id']}/force"
    return registry.post(path, {"expected_version": decision["version"]}, token=token)


def forced(registry: Registry, *operations: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A decision in force."""
    answer = force(registry, drafted(registry, *operations, **more))
    assert answer.status == 200, answer.body
    shown: dict[str, Any] = answer.body
    return shown


def withdraw(registry: Registry, decision: dict[str, Any]) -> Answer:
    """Take a decision back."""
    return registry.post(f"/v1/decisions/{decision['decision_id']}/withdrawal", {"reason": "Ban hành nhầm"})


def events(registry: Registry) -> list[dict[str, Any]]:
    """The data of every event of decisions in the outbox, each checked against its contract and its key."""
    found = []
    for row in registry.outbox():
        if row.record.topic == "registry.decisions.v1":
            data = msgspec.json.decode(row.record.value or b"null")
            catalogue.validate(dict(row.record.headers)["ce_type"].decode(), data)
            assert row.record.key == data["decision_id"].encode()
            found.append(data)
    return found


def books(registry: Registry) -> list[list[tuple[Any, ...]]]:
    """All spans kept."""
    return [
        registry.sql(f"select * from {table} order by 1, 2")
        for table in ("unit_span", "member_span", "guest_stay", "village_span", "unit_lineage", "unit_code")
    ]


def branch(code: str, parent: str, **more: Any) -> dict[str, Any]:
    """A new branch, made by an operation."""
    return {
        "op": "create",
        "code": code,
        "kind": "branch",
        "level": "branch",
        "parent": parent,
        "name": f"Chi bộ {code}",
        "branch_type": "commune",
    } | more


def committee(code: str, parent: str, **more: Any) -> dict[str, Any]:
    """A new commune's committee, made by an operation."""
    return {
        "op": "create",
        "code": code,
        "kind": "grassroots_committee",
        "level": "commune",
        "parent": parent,
        "name": f"Đảng bộ {code}",
    } | more
