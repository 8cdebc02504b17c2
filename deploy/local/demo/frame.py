"""A province's own frame (Hướng dẫn 12 of 2018 left the points to the provinces), entered through evaluation's door."""

import uuid
from datetime import date
from typing import Any, Final

import msgspec

from deploy.local.demo.client import Client


class Bars(msgspec.Struct, frozen=True):
    """What a frame asks of attendance: the shares of those who owed it, in %, from which it gives 5 and 3 points."""

    full: int
    some: int


BEFORE: Final = Bars(85, 70)
AFTER: Final = Bars(90, 75)


def put_in_force(
    client: Client, token: str, owner_id: str, bars: Bars, day: date, predecessor: str | None = None
) -> str:
    """Score the meetings of `owner_id`'s branches by the frame from `day` on; its id, that of `predecessor` if it is
    the next version of one. Raises LocalError when evaluation refuses."""
    given = {
        "rubric_id": predecessor,
        "owner_id": owner_id,
        "valid_from": day.isoformat(),
        "valid_to": None,
        "content": content(bars),
    }
    given = {name: value for name, value in given.items() if value is not None}
    entered = _post(client, token, "/v1/rubrics", given)
    rubric_id = str(entered["rubric_id"])
    _post(client, token, f"/v1/rubrics/{rubric_id}/in-force", {"version": entered["version"], "rescore": True})
    return rubric_id


def _post(client: Client, token: str, path: str, body: dict[str, Any]) -> Any:
    return client.send("POST", "evaluation", path, token, body=msgspec.json.encode(body), key=str(uuid.uuid4()))


def content(bars: Bars) -> dict[str, Any]:
    """The frame, as evaluation's door takes it."""
    return {
        "vi": "Khung của tỉnh theo Hướng dẫn 12 (diễn tập)",
        "en": "The province's frame under Hướng dẫn 12 (rehearsal)",
        "issuer": "Ban Thường vụ Tỉnh uỷ (diễn tập)",
        "citation": "Quy định chấm điểm sinh hoạt chi bộ (diễn tập)",
        "checked": False,
        "notes": "Số liệu diễn tập.",
        "sheet": "regular",
        "duration": {"minutes": 90, "longer": 120, "from_members": 30},
        "groups": _groups(bars),
        "grades": [
            {"at_least": 90, "grade": "good"},
            {"at_least": 70, "below": 90, "grade": "fair"},
            {"at_least": 50, "below": 70, "grade": "average"},
            {"below": 50, "grade": "weak"},
        ],
        "gates": [],
    }


def _groups(bars: Bars) -> list[dict[str, Any]]:
    attendance = [
        {"at_least": bars.full, "points": 5},
        {"at_least": bars.some, "below": bars.full, "points": 3},
        {"below": bars.some, "points": 0},
    ]
    speaking = [
        {"at_least": 50, "points": 25},
        {"at_least": 40, "below": 50, "points": 20},
        {"at_least": 30, "below": 40, "points": 15},
        {"below": 30, "points": 10},
    ]
    nobody_named = [{"measure": "tasks_named", "when": {"below": 1}, "points": 0}]
    unexcused = [{"measure": "absent_without_reason", "when": {"at_least": 1}, "points": 2}]
    committee = {"applies_when": "has_committee", "otherwise": "scale"}
    return [
        _group("time", 5, _item("set_day", 2, "on_set_day", _yes(2)), _item("duration", 3, "duration_kept", _yes(3))),
        _group("attendance", 5, _item("present", 5, "attendance_share", _bands(attendance), unexcused)),
        _group(
            "preparation",
            10,
            _by_people("content", 5),
            _item("pre_meeting", 2, "pre_meeting", _yes(2)) | committee,
            _item("notice", 1, "notice_given", _yes(1)),
            _item("documents", 2, "documents_day_before", _yes(2)),
        ),
        _group("conduct", 40, _by_people("steps", 15), _item("speaking", 25, "speaking_share", _bands(speaking))),
        _group("principles", 5, _by_people("principles", 5)),
        _group(
            "last_resolution",
            30,
            _item("done", 30, "last_resolution_share", {"how": "line", "none_at": 0, "all_at": 100}),
        ),
        _group(
            "closing",
            5,
            _item("conclusion", 2, "has_conclusion", _yes(2)),
            _item("minutes", 2, "minutes_complete", _yes(2), nobody_named),
            _item("upload", 1, "reported_in_time", _yes(1)),
        ),
    ]


def _group(code: str, most: int, *items: dict[str, Any]) -> dict[str, Any]:
    return {"code": code, "max": most, "vi": code, "en": code, "items": list(items)}


def _by_people(code: str, most: int) -> dict[str, Any]:
    return {"code": code, "max": most, "vi": code, "en": code, "by": "people"}


def _item(
    code: str, most: int, measure: str, score: dict[str, Any], overrides: list[dict[str, Any]] | None = None
) -> dict[str, Any]:
    evidence = {"measure": measure, "score": score, "overrides": overrides or []}
    return _by_people(code, most) | {"by": "both", "evidence": evidence}


def _yes(points: int) -> dict[str, Any]:
    return {"how": "yes_no", "yes": points, "no": 0}


def _bands(bands: list[dict[str, Any]]) -> dict[str, Any]:
    return {"how": "bands", "bands": bands}
