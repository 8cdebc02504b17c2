"""What is refused because of the state a thing is in, each with its rule and what to do instead."""

from collections.abc import Sequence
from datetime import date
from typing import Final

from shared.errors import Conflict, Fault, NotFound, Text

CHARTER: Final = "Đại hội XI, Điều lệ Đảng ngày 19/01/2011"
GUIDANCE: Final = "Ban Tổ chức Trung ương, Hướng dẫn 42-HD/BTCTW ngày 28/10/2025"
HOUSE: Final = "Nền nếp, docs/meetings.md"
"""Where the rules stand that no dated row carries: the Charter, the guidance on branch meetings, this service's own."""


def not_here_yet(faults: Sequence[Fault] = ()) -> Conflict:
    """The unit or its roster has not arrived from the registry; the same request may succeed in a moment."""
    return Conflict(
        "unit-not-here-yet",
        Text(
            "Chi bộ hoặc danh sách đảng viên của chi bộ chưa về tới đây; chưa có gì được lưu. Hãy gửi lại sau ít giây.",
            "The branch or its roster has not arrived here yet; nothing was saved. Send again in a few seconds.",
        ),
        faults,
    )


def already_adopted() -> Conflict:
    """Adopted minutes change only through a correction."""
    return Conflict(
        "adopted",
        Text(
            "Biên bản đã được thông qua nên không sửa trực tiếp được. Hãy gửi bản đính chính nêu rõ lý do (POST "
            "…/corrections); bản trước vẫn được giữ.",
            "The minutes are adopted and cannot be edited. Send a correction with its reason (POST …/corrections); the "
            "earlier version is kept.",
        ),
        source=HOUSE,
    )


def recorded_as_not_held() -> Conflict:
    """A meeting that was not held is closed."""
    return Conflict(
        "not-held",
        Text(
            "Buổi họp này đã được ghi là không tổ chức. Nếu chi bộ họp bù, hãy lên lịch một buổi họp khác.",
            "This meeting is recorded as not held. If the branch made up for it, plan another meeting.",
        ),
        source=HOUSE,
    )


def not_adopted() -> Conflict:
    """A correction needs adopted minutes."""
    return Conflict(
        "not-adopted",
        Text(
            "Biên bản chưa được thông qua nên chưa cần đính chính. Hãy sửa trực tiếp rồi thông qua.",
            "The minutes are not adopted, so there is nothing to correct yet. Edit them, then adopt.",
        ),
        source=HOUSE,
    )


def missing(what: str, vietnamese: str, english: str) -> Conflict:
    """Adoption without attendance or minutes."""
    return Conflict(
        f"{what}-missing",
        Text(
            f"Chưa có {vietnamese} nên chưa thông qua được biên bản. Ghi {vietnamese} trước.",
            f"There is no {english} yet, so the minutes cannot be adopted. Record it first.",
        ),
        source=GUIDANCE,
    )


def in_future() -> Conflict:
    """A meeting that has not begun cannot be adopted."""
    return Conflict(
        "meeting-in-future",
        Text(
            "Buổi họp chưa diễn ra nên chưa thông qua được biên bản. Kiểm tra giờ họp.",
            "The meeting has not begun, so its minutes cannot be adopted. Check the time of the meeting.",
        ),
        source=HOUSE,
    )


def second_regular(period: str) -> Conflict:
    """A branch holds one regular meeting a month."""
    return Conflict(
        "one-regular-meeting-a-month",
        Text(
            f"Chi bộ đã có một buổi sinh hoạt thường kỳ trong tháng {period[5:]}/{period[:4]}. Buổi khác "
            "trong tháng thì ghi loại chuyên đề, chi uỷ hoặc bất thường.",
            f"The branch already has its regular meeting of {period}. Record another meeting of that month as "
            "thematic, of the committee, or extraordinary.",
        ),
        source=CHARTER,
    )


def already_recorded(day: date) -> Conflict:
    """A meeting with attendance, minutes or a score is no longer moved."""
    return Conflict(
        "already-recorded",
        Text(
            f"Điểm danh, biên bản hoặc điểm đã được ghi cho ngày {day:%d/%m/%Y} nên không đổi ngày hay loại họp "
            "được nữa. Nếu hôm đó không họp, hãy ghi là không tổ chức và lên lịch buổi khác.",
            f"Attendance, minutes or a score are recorded for {day.isoformat()}, so day and kind stay. If it was "
            "not held, record that and plan another meeting.",
        ),
        source=HOUSE,
    )


def of_another_branch() -> Conflict:
    """A meeting stays with the branch it was planned for."""
    return Conflict(
        "meeting-of-another-branch",
        Text(
            "Mã này đã thuộc một buổi họp của chi bộ khác. Dùng mã mới.",
            "This id belongs to a meeting of another branch. Use a new one.",
        ),
        source=HOUSE,
    )


def head_is_fixed() -> Conflict:
    """A correction changes what was recorded of a meeting, never which meeting it is."""
    return Conflict(
        "head-is-fixed",
        Text(
            "Buổi họp này đã có ở đây với chi bộ, loại, thời điểm, địa điểm hoặc chuyên đề khác; đính chính không "
            "đổi được các mục đó. Kiểm tra mã buổi họp.",
            "This meeting is kept here with another branch, kind, time, place or theme, which a correction does not "
            "change. Check the meeting id.",
        ),
        source=HOUSE,
    )


def changed_meanwhile() -> Conflict:
    """Somebody else saved the same meeting or task first."""
    return Conflict(
        "changed-meanwhile",
        Text(
            "Người khác vừa lưu cùng buổi họp này; thay đổi của bạn chưa được lưu. Tải lại rồi thử lại.",
            "Somebody else has just saved the same meeting; your change was not saved. Load it again and retry.",
        ),
    )


def unknown_meeting() -> NotFound:
    """There is no meeting of this id."""
    return NotFound(
        "unknown-meeting",
        Text(
            "Không có buổi họp nào mang mã này. Kiểm tra mã, hoặc lên lịch buổi họp trước.",
            "There is no meeting of this id. Check it, or plan the meeting first.",
        ),
    )


def unknown_task() -> NotFound:
    """There is no task of this id."""
    return NotFound(
        "unknown-task",
        Text(
            "Không có nhiệm vụ nào mang mã này. Nhiệm vụ chỉ có sau khi biên bản giao nó được thông qua.",
            "There is no task of this id. A task exists once the minutes that give it are adopted.",
        ),
    )


NOTHING_CORRECTED: Final = Text(
    "Bản đính chính không khác bản hiện tại. Gửi phần cần sửa.",
    "The correction does not differ from what is kept. Send what is to change.",
)
ADOPTED_FIRST: Final = Text(
    "Biên bản không thể được thông qua trước giờ họp. Sửa thời điểm thông qua.",
    "Minutes cannot be adopted before the meeting. Correct the time of adoption.",
)
REPORTED_FIRST: Final = Text(
    "Biên bản không thể được báo cáo trước khi thông qua. Sửa thời điểm báo cáo.",
    "Minutes cannot be reported before they are adopted. Correct the time of the report.",
)
TIME_IN_FUTURE: Final = Text(
    "Thời điểm thông qua hoặc báo cáo nằm trong tương lai. Kiểm tra ngày giờ.",
    "The time of adoption or report lies in the future. Check it.",
)
