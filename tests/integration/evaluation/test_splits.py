"""What is split by codes of no fixed list, counted from facts."""

from datetime import date
from typing import Any
from uuid import uuid4

import pytest

from services.evaluation.domain import periods
from services.evaluation.views import splits
from services.evaluation.views.splits import Agency, Section, Theme
from shared.db import Connection
from tests.integration.evaluation.figures import merge_meetings, merge_units
from tests.support.events import meeting, unit

PROVINCE, EAST, WEST, BRANCH, JOINT = (uuid4() for _ in range(5))
QUARTER = periods.parse("2025-Q2")


def _sections(**states: str) -> dict[str, Any]:
    minutes = meeting(BRANCH, "2025-06")["minutes"]
    told = [{"code": code, "required": True, "state": state} for code, state in states.items()]
    return {"minutes": minutes | {"sections": told}}


def _agencies(**counts: tuple[int, int]) -> dict[str, Any]:
    came = meeting(BRANCH, "2025-06")["attendance"]
    told = [{"by": "agency", "group": code, "owed": owed, "present": there} for code, (owed, there) in counts.items()]
    return {"attendance": came | {"groups": told}}


@pytest.fixture
def told(conn: Connection) -> Connection:
    """A branch of the east that moved to the west in June, and a joint one of the east."""
    moved = unit(BRANCH, EAST, valid_to=date(2025, 6, 1))
    moved["spans"] += unit(BRANCH, WEST, valid_from=date(2025, 6, 1))["spans"]
    merge_units(
        conn,
        unit(PROVINCE, None, kind="province_committee", level="province"),
        unit(EAST, PROVINCE, kind="direct_committee", level="district"),
        unit(WEST, PROVINCE, kind="direct_committee", level="district"),
        moved,
        unit(JOINT, EAST),
    )
    topic: dict[str, Any] = {"topic": {"topic_id": str(uuid4()), "tag": "hcm"}}
    merge_meetings(
        conn,
        meeting(BRANCH, "2025-04", **_sections(opening="filled", discussion="empty", conclusion="short")),
        meeting(BRANCH, "2025-06", **_sections(opening="empty", discussion="empty")),
        meeting(JOINT, "2025-05", **_agencies(ubnd=(4, 3), mttq=(2, 2))),
        meeting(JOINT, "2025-06", kind="thematic", **_agencies(ubnd=(4, 4)), **topic),
        meeting(BRANCH, "2025-05", kind="thematic", **topic),
        meeting(BRANCH, "2025-06", kind="thematic"),
        meeting(JOINT, "2025-07", kind="thematic", **topic),
        meeting(JOINT, "2025-06", status="planned", revision=0, **_agencies(ubnd=(9, 9))),
    )
    return conn


def test_sections_are_counted_where_they_were_empty_or_short(told: Connection) -> None:
    assert splits.sections(told, PROVINCE, QUARTER) == [
        Section("discussion", 2, 0),
        Section("opening", 1, 0),
        Section("conclusion", 0, 1),
    ]
    assert splits.sections(told, EAST, QUARTER) == [Section("discussion", 1, 0), Section("conclusion", 0, 1)]
    assert splits.sections(told, JOINT, QUARTER) == []


def test_themes_are_counted_by_tag_with_their_branches(told: Connection) -> None:
    assert splits.themes(told, PROVINCE, QUARTER) == [Theme("hcm", 2, 2), Theme(None, 1, 1)]
    assert splits.themes(told, WEST, QUARTER) == [Theme(None, 1, 1)]
    assert splits.themes(told, PROVINCE, periods.parse("2025-07")) == [Theme("hcm", 1, 1)]


def test_attendance_of_joint_branches_is_split_by_agency(told: Connection) -> None:
    assert splits.agencies(told, EAST, QUARTER) == [Agency("mttq", 2, 2), Agency("ubnd", 8, 7)]
    assert splits.agencies(told, WEST, QUARTER) == []
