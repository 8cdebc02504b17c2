"""Workbooks over HTTP."""

import io
from typing import Any
from uuid import UUID

import openpyxl
import pytest

from tests.integration.meetings import village
from tests.integration.meetings.village import BRANCH, COMMUNE, OTHER_BRANCH, THIRD, Meetings


def sheet(meetings: Meetings, what: str, unit_id: UUID = BRANCH, token: str | None = None) -> list[dict[str, Any]]:
    """The rows of a workbook of June, by the columns' headings."""
    answer = meetings.app.test_client().get(
        f"/v1/units/{unit_id}/export?what={what}&first=2026-06&last=2026-06",
        headers={"Authorization": f"Bearer {token or meetings.secretary}"},
    )
    content = answer.data
    answer.close()
    assert answer.status_code == 200, content
    assert "attachment" in answer.headers["Content-Disposition"]
    book: Any = openpyxl.load_workbook(io.BytesIO(content), read_only=True)
    assert "họ tên" in next(book["Ghi chú"].iter_rows(values_only=True))[0]
    opened = book.active
    head, *rows = opened.iter_rows(values_only=True)
    return [dict(zip(head, row, strict=False)) for row in rows]


def test_meetings_with_what_was_recorded_of_them(meetings: Meetings) -> None:
    adopted = meetings.adopted()
    meetings.planned(kind="committee", place='=HYPERLINK("http://x")')
    rows = {row["Loại"]: row for row in sheet(meetings, "meetings")}
    held = rows["Thường kỳ"]
    assert (held["Loại (mã)"], held["Trạng thái (mã)"]) == ("regular", "adopted")
    assert (held["Mã buổi họp"], held["Trạng thái"], held["Phải dự"], held["Có mặt"]) == (
        adopted,
        "Đã thông qua biên bản",
        6,
        4,
    )
    assert (held["Vắng có lý do"], held["Vắng không lý do"], held["Đến muộn"]) == (1, 1, 1)
    assert (held["Tán thành"], held["Số có quyền biểu quyết"], held["Tự chấm"]) == (4, 5, 91.5)
    assert held["Bắt đầu"].isoformat() == "2026-06-03T19:30:00"
    assert rows["Chi uỷ"]["Địa điểm"] == '=HYPERLINK("http://x")'
    assert rows["Chi uỷ"]["Phải dự"] is None


def test_tasks_and_attendance(meetings: Meetings) -> None:
    meetings.adopted()
    (task,) = sheet(meetings, "tasks")
    assert (task["Nhiệm vụ"], task["Mã đảng viên"], task["Trạng thái"]) == (
        "Vận động các hộ hiến đất",
        str(THIRD),
        "Đã giao",
    )
    assert task["Trạng thái (mã)"] == "assigned"
    marks = {row["Mã đảng viên"]: row for row in sheet(meetings, "attendance")}
    assert len(marks) == 6
    assert (marks[str(village.FOURTH)]["Phải dự"], marks[str(village.FOURTH)]["Vắng có lý do"]) == (1, 1)
    assert marks[str(village.FIFTH)]["Đến muộn"] == 1


def test_a_subtree_in_one_workbook(meetings: Meetings) -> None:
    meetings.feed("registry.roster.v1", village.roster(OTHER_BRANCH))
    rows = [village.row(), village.row(unit_id=str(OTHER_BRANCH))]
    assert meetings.bring_in(meetings=rows).status == 200
    found = sheet(meetings, "meetings", COMMUNE, meetings.officer)
    assert {row["Mã chi bộ"] for row in found} == {f"U-{BRANCH}", f"U-{OTHER_BRANCH}"}
    assert len(sheet(meetings, "meetings")) == 1


def test_only_who_writes_for_the_branch_takes_workbooks_out(meetings: Meetings) -> None:
    path = f"/units/{BRANCH}/export?what=meetings&first=2026-06&last=2026-06"
    for token in (meetings.member, meetings.stranger, meetings.portal):
        assert meetings.call("GET", path, token=token).status == 403
    assert meetings.call("GET", path.replace(str(BRANCH), str(COMMUNE))).status == 403


@pytest.mark.parametrize(("first", "last"), [("2026-06", "2026-05"), ("2024-06", "2026-06")])
def test_the_months_are_few_and_in_order(meetings: Meetings, first: str, last: str) -> None:
    refused = meetings.call("GET", f"/units/{BRANCH}/export?what=tasks&first={first}&last={last}")
    assert (refused.status, refused.rules) == (422, {"last": "months-out-of-range"})
