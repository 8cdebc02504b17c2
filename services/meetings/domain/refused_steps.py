"""What is refused because a step does not fit the stage a meeting is at, or was taken by somebody else."""

from datetime import date, datetime
from typing import Final

from services.meetings.domain.refusals import CHARTER, GUIDANCE, HOUSE
from shared.clock import LOCAL
from shared.errors import Conflict, Fault, Forbidden, NotFound, Text

_STAGES: Final = {
    "planned": ("đã lên lịch", "planned"),
    "postponed": ("đã hoãn", "postponed"),
    "notified": ("đã thông báo", "notified"),
    "opened": ("đã khai mạc", "opened"),
    "closed": ("đã thông qua biên bản", "closed"),
    "reported": ("đã báo cáo", "reported"),
    "graded": ("đã chấm chính thức", "graded"),
    "not_held": ("không tổ chức", "not held"),
}


def out_of_order(stage: str, wanted: str) -> Conflict:
    """A step that may not follow the stage the meeting is at."""
    (now_vi, now_en), (then_vi, then_en) = _STAGES[stage], _STAGES[wanted]
    return Conflict(
        "step-out-of-order",
        Text(
            f"Buổi họp {now_vi} nên không chuyển sang “{then_vi}” được. Tải lại buổi họp để xem bước tiếp theo.",
            f"The meeting is {now_en}, which “{then_en}” cannot follow. Load it again to see the next step.",
        ),
        source=HOUSE,
    )


def postponed() -> Conflict:
    """A meeting put off without a day waits for one."""
    return Conflict(
        "postponed",
        Text(
            "Buổi họp đã hoãn và chưa có ngày mới. Lên lịch lại trước khi làm tiếp.",
            "The meeting is postponed without a new day. Plan it again first.",
        ),
        source=HOUSE,
    )


def not_reported() -> Conflict:
    """The superior grades what was reported."""
    return Conflict(
        "not-reported",
        Text(
            "Biên bản chưa được thông qua và báo cáo nên cấp trên chưa chấm điểm được. Báo cáo trước.",
            "The minutes are not adopted and reported yet, so there is nothing to grade. Report them first.",
        ),
        source=GUIDANCE,
    )


def already_reported() -> Conflict:
    """A report is made once."""
    return Conflict(
        "reported",
        Text("Buổi họp đã được báo cáo. Không cần gửi lại.", "The meeting is reported. There is nothing to send."),
        source=HOUSE,
    )


def already_graded() -> Conflict:
    """After the official score the branch's own and voted ones stand."""
    return Conflict(
        "graded",
        Text(
            "Cấp trên đã chấm chính thức nên điểm của chi bộ không đổi được nữa. Hãy kiến nghị với cấp trên.",
            "The superior has graded the meeting, so the branch's scores stand. Raise it with the superior.",
        ),
        source=GUIDANCE,
    )


def step_missing(step: str, source: str) -> Conflict:
    """A step that a dated rule asks for before adoption was not taken."""
    vi, en = {
        "notified": ("thông báo cho đảng viên", "notice to the members"),
        "opened": ("khai mạc", "opening"),
        "documents": ("gửi tài liệu", "distribution of documents"),
    }.get(step, (step, step))
    return Conflict(
        "step-missing",
        Text(
            f"Quy định yêu cầu bước “{vi}” trước khi thông qua biên bản; bước này chưa được ghi. Ghi bước đó trước.",
            f"The rules ask for the {en} before minutes are adopted; it is not recorded. Record it first.",
        ),
        source=source,
    )


def not_begun(day: date) -> Conflict:
    """Nothing is recorded of a meeting whose day has not come."""
    return Conflict(
        "meeting-in-future",
        Text(
            f"Buổi họp diễn ra ngày {day:%d/%m/%Y}, chưa tới; chưa ghi điểm danh, biên bản hay điểm được. Kiểm tra "
            "ngày "
            "họp.",
            f"The meeting is on {day.isoformat()}, which has not come; attendance, minutes and scores cannot be "
            "recorded "
            "yet. Check the day.",
        ),
        source=HOUSE,
    )


def thematic_first(other: str, other_at: datetime) -> Fault:
    """The same evening a thematic meeting follows the regular one; `other` is the kind of the one planned already."""
    at = other_at.astimezone(LOCAL)
    vi, en = ("sinh hoạt chuyên đề", "thematic") if other == "thematic" else ("sinh hoạt thường kỳ", "regular")
    return Fault(
        "starts_at",
        "thematic-follows-regular",
        Text(
            f"Cùng ngày này chi bộ {vi} lúc {at:%H:%M}; sinh hoạt chuyên đề phải sau sinh hoạt thường kỳ, không thay "
            "sinh hoạt thường kỳ. Sửa giờ họp.",
            f"The branch holds its {en} meeting at {at:%H:%M} that day; a thematic one follows the regular one and "
            "never takes its place. Correct the time.",
        ),
        GUIDANCE,
    )


def replaces_regular() -> Conflict:
    """A thematic meeting never takes the place of the regular one that members were told of."""
    return Conflict(
        "thematic-never-replaces",
        Text(
            "Đảng viên đã được thông báo về buổi sinh hoạt thường kỳ này nên không đổi nó thành chuyên đề được: chuyên "
            "đề không thay thường kỳ. Lên lịch một buổi chuyên đề riêng.",
            "Members were told of this regular meeting, so it does not become a thematic one, which never takes its "
            "place. Plan a thematic meeting beside it.",
        ),
        source=GUIDANCE,
    )


def not_superior() -> Forbidden:
    """The official score and the visit are the superior's."""
    return Forbidden(
        "not-superior",
        Text(
            "Việc này thuộc cấp uỷ cấp trên của chi bộ. Hãy dùng tài khoản của cấp trên.",
            "This belongs to the committee above the branch. Use an account of the superior.",
        ),
        source=CHARTER,
    )


def not_a_members_token() -> Forbidden:
    """What a member does in person needs the member's own token."""
    return Forbidden(
        "not-a-members-token",
        Text(
            "Việc này do chính đảng viên của chi bộ làm bằng tài khoản của mình. Đăng nhập bằng tài khoản đảng viên.",
            "A member of the branch does this in person, with their own account. Sign in as that member.",
        ),
        source=HOUSE,
    )


def unknown(what: str, vietnamese: str, english: str) -> NotFound:
    """There is no such thing of this meeting or branch."""
    return NotFound(
        f"unknown-{what}",
        Text(f"Không có {vietnamese} này. Kiểm tra mã.", f"There is no such {english}. Check the id."),
    )
