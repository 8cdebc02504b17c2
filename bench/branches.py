"""A province in the suite by its doors, and meetings of its branches ready to be adopted."""

import uuid
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import msgspec

from bench.tree import Province, as_row
from deploy.local.demo.client import Client
from shared import months

MEMBERS: Final = 5
_HANDS = 8
_SPACE: Final = uuid.UUID("6e656e65-7000-4000-8000-62656e636801")
_SECTIONS: Final = {
    "opening": "Chi bộ họp thường kỳ, có mặt đủ; thông qua chương trình.",
    "last_month_results": "Đã làm 4 trong 5 việc của nghị quyết tháng trước; một việc chuyển sang tháng này.",
    "next_month_direction": "Tập trung thu hoạch vụ mùa, thăm hai gia đình chính sách, sửa đường liên thôn.",
    "discussion": "Các ý kiến thống nhất với dự thảo, đề nghị phân công rõ người làm và ngày xong.",
    "self_criticism": "Hai đồng chí tự nhận còn chậm việc được giao.",
    "ideology": "Tư tưởng đảng viên ổn định.",
    "conclusion": "Giao bí thư theo dõi việc sửa đường, báo cáo ở kỳ họp sau.",
}


class Branch(msgspec.Struct, frozen=True):
    """A branch by the registry's ids."""

    unit_id: str
    members: Sequence[str]


def register(client: Client, token: str, province: Province) -> tuple[str, list[Branch]]:
    """Bring in the province with its members in one import; returns the root's id and the branches."""
    members = [
        {
            "code": f"{unit.code}-{number}",
            "unit_code": unit.code,
            "full_name": f"Nguyễn Văn {number}",
            "birth_date": "1975-05-19",
            "kind": "official",
            "status": "active",
            "valid_from": "2016-01-01",
            "post": ("secretary", "deputy_secretary")[number] if number < 2 else None,
        }
        for unit in province.branches
        for number in range(MEMBERS)
    ]
    # The root by itself: whoever makes it may choose its id, and the rest is found under it.
    root = {**as_row(province.root), "unit_id": province.root.unit_id, "parent_id": None}
    del root["parent_code"]
    _post(client, token, "/v1/units", root)
    _post(client, token, "/v1/imports", {"units": [as_row(unit) for unit in province.units[1:]], "members": members})
    under = f"under={province.root.unit_id}&limit=1000"
    ids = {row["code"]: row["unit_id"] for row in client.pages("registry", f"/v1/units?{under}", token)}
    found: dict[str, list[str]] = {}
    for row in client.pages("registry", f"/v1/rosters?{under}", token):
        found.setdefault(row["unit_id"], []).append(row["member_id"])
    return province.root.unit_id, [Branch(ids[unit.code], found[ids[unit.code]]) for unit in province.branches]


def _post(client: Client, token: str, path: str, body: dict[str, Any]) -> None:
    client.send("POST", "registry", path, token, body=msgspec.json.encode(body), key=str(uuid.uuid4()))


def prepare(
    client: Client, token: str, branches: Sequence[Branch], month: str, say: Callable[[str], None]
) -> list[str]:
    """A regular meeting of `month` for each branch: planned, its roll called, its minutes written; their ids."""
    held = datetime.combine(months.first_day(month), datetime.min.time(), UTC) + timedelta(days=2, hours=12)

    def one(branch: Branch) -> str:
        meeting_id = str(uuid.uuid5(_SPACE, f"{branch.unit_id} {month}"))
        for part, body in (
            ("", _plan(branch, held)),
            ("/attendance", _roll(branch)),
            ("/minutes", _minutes(branch, held)),
        ):
            client.send("PUT", "meetings", f"/v1/meetings/{meeting_id}{part}", token, body=msgspec.json.encode(body))
        return meeting_id

    made = []
    with ThreadPoolExecutor(_HANDS) as pool:
        for count, meeting_id in enumerate(pool.map(one, branches), start=1):
            made.append(meeting_id)
            if count % 500 == 0:
                say(f"{month}: {count:,} of {len(branches):,} meetings are ready to be adopted")
    return made


def _plan(branch: Branch, held: datetime) -> dict[str, Any]:
    return {"unit_id": branch.unit_id, "kind": "regular", "starts_at": held.isoformat(), "place": "Nhà văn hoá thôn"}


def _roll(branch: Branch) -> dict[str, Any]:
    return {"absent": [{"member_id": branch.members[-1], "reason": "Đi công tác"}], "late": [], "guests": 0}


def _minutes(branch: Branch, held: datetime) -> dict[str, Any]:
    chair, secretary, *others = branch.members
    return {
        "started_at": held.isoformat(),
        "ended_at": (held + timedelta(minutes=95)).isoformat(),
        "chair_id": chair,
        "secretary_id": secretary,
        "sections": _SECTIONS,
        "opinions": [{"member_id": member_id, "text": "Nhất trí với dự thảo."} for member_id in (secretary, others[0])],
        "resolution": {
            "text": "Sửa xong đường liên thôn trước cuối tháng sau.",
            "votes": {"for": MEMBERS - 1, "against": 0, "abstaining": 0},
        },
        "tasks": [
            {
                "task_id": str(uuid.uuid5(_SPACE, f"task {branch.unit_id} {held}")),
                "member_id": others[0],
                "content": "Vận động các hộ hiến đất làm đường",
                "due_on": str((held + timedelta(days=25)).date()),
            }
        ],
    }
