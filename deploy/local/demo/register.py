"""The province into the registry: the whole tree and all members in one request, then their ids back."""

import uuid
from collections.abc import Iterator, Sequence
from typing import Any, Final

import msgspec

from deploy.local.demo.client import Client
from deploy.local.demo.members import Member
from deploy.local.demo.province import Province, Unit
from deploy.local.demo.villages import Goal, Village
from deploy.local.demo.year import Ids

# One import takes 100,000 rows; only the largest provinces have more.
ROWS: Final = 100_000
_CITATION: Final = "Nghị quyết về chỉ tiêu năm (diễn tập)"
_EVIDENCE: Final = "Quyết định kết nạp đảng viên"


def register(client: Client, token: str, province: Province) -> list[str]:
    """Bring in `province`; returns the ids of its roots' committees. Raises LocalError when the registry refuses."""
    ids = roots(client, token, province)
    members = [member for here in province.members.values() for member in here]
    first = members[: ROWS - len(province.units)]
    for body in _bodies(province, first, members[len(first) :]):
        client.send("POST", "registry", "/v1/imports", token, body=msgspec.json.encode(body), key=str(uuid.uuid4()))
    return ids


def roots(client: Client, token: str, province: Province) -> list[str]:
    """Bring in the roots by themselves: whoever makes one may choose its id, and everything is found under that."""
    return [_root(client, token, root) for root in province.roots]


def _root(client: Client, token: str, root: Unit) -> str:
    unit_id = str(uuid.uuid4())
    given = {
        "unit_id": unit_id,
        "code": root.code,
        "valid_from": root.valid_from,
        "kind": root.kind,
        "level": root.level,
        "parent_id": None,
        "name": root.name,
    }
    client.send("POST", "registry", "/v1/units", token, body=msgspec.json.encode(given), key=str(uuid.uuid4()))
    return unit_id


def _bodies(province: Province, first: Sequence[Member], rest: Sequence[Member]) -> Iterator[dict[str, Any]]:
    yield {"units": province.units, "members": first}
    for begin in range(0, len(rest), ROWS):
        yield {"units": [], "members": rest[begin : begin + ROWS]}


def settle(client: Client, token: str, ids: Ids, settled: Sequence[Village], set_: Sequence[Goal], root: str) -> None:
    """Bring in villages, set the offices' goals and tell what they reached. Raises LocalError when refused."""
    for begin in range(0, len(settled), ROWS):
        body = msgspec.json.encode({"units": [], "members": [], "villages": settled[begin : begin + ROWS]})
        client.send("POST", "registry", "/v1/imports", token, body=body, key=str(uuid.uuid4()))
    for goal in set_:
        target_id = str(uuid.uuid4())
        target = {
            "target_id": target_id,
            "unit_id": ids.units[goal.unit_code],
            "year": goal.year,
            "kind": "new_members",
            "value": goal.value,
            "due_on": goal.due_on,
            "set_by": root,
            "citation": _CITATION,
        }
        told = {"on": goal.reached_on, "value": goal.reached, "evidence": _EVIDENCE}
        for path, given in (("/v1/targets", target), (f"/v1/targets/{target_id}/progress", told)):
            client.send("POST", "registry", path, token, body=msgspec.json.encode(given), key=str(uuid.uuid4()))


def read_ids(client: Client, token: str, root_ids: Sequence[str]) -> Ids:
    """The registry's ids of every unit and of every member who stands in a branch today, by code."""
    units: dict[str, str] = {}
    members: dict[str, str] = {}
    for root_id in root_ids:
        units |= {
            row["code"]: row["unit_id"]
            for row in client.pages("registry", f"/v1/units?under={root_id}&limit=1000", token)
        }
        members |= {
            row["code"]: row["member_id"]
            for row in client.pages("registry", f"/v1/rosters?under={root_id}&limit=1000", token)
        }
    return Ids(units, members)
