"""Rubrics as evaluation publishes them, for the tests of meetings."""

from typing import Any
from uuid import UUID

from services.meetings import worker
from shared import db
from shared.envelope import Event, Received, attributes, to_record
from shared.kafka.batch import Decoded
from tests.integration.meetings.village import BRANCH, COMMUNE, Meetings

NATIONAL = UUID("0197b6c0-0000-7000-8000-00000000f042")
WARD = UUID("0197b6c0-0000-7000-8000-00000000f043")
CITATION = "Hướng dẫn 07-HD/ĐU ngày 02/01/2026"
SOURCE = f"Đảng uỷ phường, {CITATION}"
GROUPS = {"content": ("Nội dung", "Content", 60), "conduct": ("Điều hành", "Chairing", 40)}
"""A form that shares a code with the dated rule's, with another maximum and other names."""
FORM = {"content": 50.5, "conduct": 30}
THIRDS = {"a": 20.0, "b": 20.0, "c": 20.0}
"""Points on the national frame below."""


def version(number: int = 1, *, valid_from: str = "2026-01-01", **changes: Any) -> dict[str, Any]:
    """A version in force, of regular meetings."""
    return {
        "version": number,
        "sheet": "regular",
        "valid_from": valid_from,
        "valid_to": None,
        "vi": "Khung của phường",
        "en": "The ward's frame",
        "issuer": "Đảng uỷ phường",
        "citation": CITATION,
        "groups": groups(),
        "grades": [{"grade": "good", "at_least": 80}, {"grade": "weak", "below": 80}],
        **changes,
    }


def groups(**maxima: float) -> list[dict[str, Any]]:
    """The two groups, or others by their maxima."""
    if maxima:
        return [{"code": code, "vi": f"Nhóm {code}", "en": code.title(), "max": most} for code, most in maxima.items()]
    return [{"code": code, "vi": vi, "en": en, "max": most} for code, (vi, en, most) in GROUPS.items()]


def rubric(
    *versions: dict[str, Any], rubric_id: UUID = WARD, owner_id: UUID | None = COMMUNE, number: int = 1
) -> dict[str, Any]:
    """A rubric of the commune, with all its versions in force; `number` is the event's."""
    return {
        "rubric_id": str(rubric_id),
        "version": number,
        "owner_id": str(owner_id) if owner_id else None,
        "versions": list(versions) or [version()],
    }


def national(**changes: Any) -> dict[str, Any]:
    """The national frame, with three groups."""
    whole = version(**{"vi": "Khung chung", "en": "National frame", "groups": groups(a=30, b=30, c=40), **changes})
    return rubric(whole, rubric_id=NATIONAL, owner_id=None)


def feed(meetings: Meetings, *rubrics: dict[str, Any]) -> int:
    """Apply rubrics as the worker does; returns how many changed something."""
    return meetings.feed("evaluation.rubric.v1", *rubrics)


def gone(rubric_id: UUID) -> Received:
    """The tombstone of a rubric, as it is read."""
    event = Event(
        topic="evaluation.rubrics.v1", type="evaluation.rubric.v1", source="/test", key=str(rubric_id), data=None
    )
    record = to_record(event)
    return Received(record.topic, 0, 0, record.key, record.value, record.headers)


def take_back(meetings: Meetings, rubric_id: UUID) -> int:
    """Apply the tombstone of a rubric as the worker does."""
    record = gone(rubric_id)
    about = attributes(record)
    with db.connect(meetings.url, name="test") as conn:
        return worker.apply(conn, [Decoded(record, about, worker.decode(record, about))])


def frame(meetings: Meetings, day: str = "2026-06-03", kind: str = "regular") -> Any:
    """The form of a day, as the branch's devices take it with them; None for none."""
    answer = meetings.call("GET", f"/units/{BRANCH}/tonight?on={day}")
    assert answer.status == 200, answer.body
    return answer.body["rules"]["score_frames"][kind]
