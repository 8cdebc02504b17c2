"""The rubrics an installation begins with: the national frame, in force, and a ward's under it, to be copied.

No full text of either was at hand: `checked` is false, and the notes say what was added or repaired.
"""

from typing import Any, Final

NATIONAL_ID: Final = "0197b6c0-0000-7000-8000-00000000f042"
WARD_ID: Final = "0197b6c0-0000-7000-8000-00000000f043"
VALID_FROM: Final = "2025-10-28"

_DURATION: Final = {"minutes": 90, "longer": 120, "from_members": 30}
_GRADES: Final = [
    {"at_least": 90, "grade": "good"},
    {"at_least": 70, "below": 90, "grade": "fair"},
    {"at_least": 50, "below": 70, "grade": "average"},
    {"below": 50, "grade": "weak"},
]


def _group(code: str, most: float, vi: str, en: str, *items: dict[str, Any]) -> dict[str, Any]:
    return {"code": code, "max": most, "vi": vi, "en": en, "items": list(items)}


def _by_people(code: str, most: float, vi: str, en: str, **more: Any) -> dict[str, Any]:
    return {"code": code, "max": most, "vi": vi, "en": en, "by": "people", **more}


def _with_evidence(
    code: str, most: float, vi: str, en: str, measure: str, score: dict[str, Any], **more: Any
) -> dict[str, Any]:
    overrides = more.pop("overrides", [])
    evidence = {"measure": measure, "score": score, "overrides": overrides}
    return {"code": code, "max": most, "vi": vi, "en": en, "by": "both", "evidence": evidence, **more}


def _yes(points: float) -> dict[str, Any]:
    return {"how": "yes_no", "yes": points, "no": 0}


def _bands(*bands: dict[str, Any]) -> dict[str, Any]:
    return {"how": "bands", "bands": list(bands)}


def _from(points: float, at_least: float, below: float | None = None) -> dict[str, Any]:
    return {"at_least": at_least, "points": points} | ({} if below is None else {"below": below})


_PREPARED: Final = (
    _with_evidence(
        "pre_meeting", 2, "Chi uỷ họp trước, có biên bản", "The committee met before, with minutes", "pre_meeting",
        _yes(2), applies_when="has_committee", otherwise="full",
    ),
    _with_evidence(
        "notice", 1, "Thông báo cho đảng viên và cấp trên", "Notice to members and superior", "notice_given", _yes(1)
    ),
    _with_evidence(
        "documents", 2, "Gửi tài liệu trước ít nhất 1 ngày", "Documents at least a day before", "documents_day_before",
        _yes(2),
    ),
)  # fmt: skip

NATIONAL: Final[dict[str, Any]] = {
    "vi": "Khung theo Hướng dẫn 42",
    "en": "Frame of Hướng dẫn 42",
    "issuer": "Ban Tổ chức Trung ương",
    "citation": "Hướng dẫn 42-HD/BTCTW ngày 28/10/2025",
    "checked": False,
    "notes": "Chưa đối chiếu toàn văn (not checked against the full text). Nhóm và điểm tối đa của nhóm lấy từ bản ghi "
    "lại; cách chia điểm của nhóm cho từng mục, và 0 điểm khi tỷ lệ dự dưới 90 %, là đề xuất của phần mềm. Kết quả "
    "nghị quyết tháng trước tính theo tỷ lệ nhiệm vụ đã xong.",
    "sheet": "regular",
    "duration": _DURATION,
    "groups": [
        _group(
            "time", 5, "Thời gian, thời lượng", "Time and duration",
            _with_evidence("set_day", 2, "Đúng ngày đã định", "On the day set", "on_set_day", _yes(2)),
            _with_evidence("duration", 3, "Đủ 90/120 phút", "90 or 120 minutes", "duration_kept", _yes(3)),
        ),
        _group(
            "attendance", 5, "Số lượng dự họp", "Attendance",
            _with_evidence(
                "present", 5, "Từ 90 %, không ai vắng không lý do", "90 % or more, none absent without reason",
                "attendance_share", _bands(_from(5, 90), {"below": 90, "points": 0}),
                overrides=[{"measure": "absent_without_reason", "when": {"at_least": 1}, "points": 0}],
            ),
        ),
        _group(
            "preparation", 10, "Công tác chuẩn bị", "Preparation",
            _by_people("content", 5, "Nội dung chuẩn bị", "Content prepared"), *_PREPARED,
        ),
        _group(
            "conduct", 40, "Tiến hành sinh hoạt", "Conduct",
            _by_people("steps", 5, "Đủ các bước", "All steps"),
            _by_people("discussion", 25, "Nội dung, biểu dương, phê bình, nhiều ý kiến",
                       "Content, praise and criticism, many opinions"),
            _by_people("chairing", 10, "Điều hành của chủ trì", "Chairing"),
        ),
        _group(
            "principles", 5, "Nguyên tắc sinh hoạt", "Principles",
            _by_people("democratic_centralism", 3, "Tập trung dân chủ", "Democratic centralism"),
            _with_evidence(
                "self_criticism", 2, "Tự phê bình và phê bình", "Self-criticism and criticism", "self_criticisms",
                _bands(_from(2, 1), {"below": 1, "points": 0}),
            ),
        ),
        _group(
            "last_resolution", 30, "Kết quả thực hiện nghị quyết tháng trước", "Results of last month's resolution",
            _with_evidence(
                "done", 30, "Tỷ lệ nhiệm vụ đã xong", "Share done", "last_resolution_share",
                {"how": "line", "none_at": 0, "all_at": 100},
            ),
        ),
        _group(
            "closing", 5, "Kết thúc sinh hoạt", "Closing",
            _with_evidence("conclusion", 2, "Có kết luận", "A conclusion", "has_conclusion", _yes(2)),
            _with_evidence("minutes", 2, "Biên bản đủ, được thông qua", "Minutes complete and adopted",
                           "minutes_complete", _yes(2)),
            _with_evidence("upload", 1, "Cập nhật trong 2 ngày", "Uploaded within 2 days", "reported_in_time", _yes(1)),
        ),
    ],
    "grades": _GRADES,
    "gates": [],
}  # fmt: skip

WARD: Final[dict[str, Any]] = {
    "vi": "Khung của một phường theo Hướng dẫn 42 (mẫu)",
    "en": "A ward's frame under Hướng dẫn 42 (template)",
    "issuer": "Đảng uỷ phường (bản ghi lại)",
    "citation": "Khung chấm điểm của một phường theo Hướng dẫn 42-HD/BTCTW",
    "checked": False,
    "notes": "Chưa đối chiếu toàn văn (not checked against the full text). Bản gốc: đúng 50 % phát biểu không thuộc "
    "mức nào (mức cao ghi “trên 50 %”), nay thuộc mức 5 điểm; thiếu đúng 15 phút thuộc hai mức, nay thuộc mức 4 điểm, "
    "đúng 30 phút thuộc mức 3 điểm; từ trên 30 phút mà còn từ nửa thời lượng thì 2 điểm. Nội dung chuyên đề chỉ tính "
    "trong tháng có chuyên đề, tháng khác bỏ ra và quy các mục còn lại của nhóm lên 30 điểm. Bốn mục của nhóm "
    "nguyên tắc chỉ biết điểm. Các điều kiện xếp loại lấy từ nơi khác đang áp dụng.",
    "sheet": "regular",
    "duration": _DURATION,
    "groups": [
        _group(
            "time", 5, "Thời gian", "Time",
            _with_evidence(
                "duration", 5, "Đủ thời lượng", "Full duration", "minutes_short",
                _bands(
                    {"at_most": 0, "points": 5},
                    {"above": 0, "at_most": 15, "points": 4},
                    {"above": 15, "at_most": 30, "points": 3},
                    {"above": 30, "points": 2},
                ),
                overrides=[{"measure": "duration_share", "when": {"below": 50}, "points": 1}],
            ),
        ),
        _group(
            "attendance", 5, "Số lượng dự họp", "Attendance",
            _with_evidence(
                "present", 4, "Tỷ lệ dự họp", "Share present", "attendance_share",
                _bands(_from(4, 90), _from(3, 75, 90), _from(2, 65, 75), {"below": 65, "points": 1}),
                overrides=[{"measure": "absent_without_reason", "when": {"at_least": 1}, "points": 1}],
            ),
            _by_people("steady", 1, "Không ai vắng có lý do quá 3 lần liên tiếp trong năm",
                       "Nobody absent with reason more than 3 times in a row this year"),
        ),
        _group(
            "preparation", 10, "Chuẩn bị", "Preparation",
            _by_people("content", 3, "Nội dung", "Content"),
            _by_people("guide", 2, "Gợi ý thảo luận, dự thảo kết luận", "Discussion guide and draft conclusion"),
            *_PREPARED,
        ),
        _group(
            "conduct", 30, "Tiến hành", "Conduct",
            _by_people("steps", 5, "Đủ các bước", "All steps"),
            _by_people("regular_content", 10, "Nội dung thường kỳ", "Regular content"),
            _by_people("thematic_content", 5, "Nội dung chuyên đề", "Thematic content", applies_when="month_has_theme"),
            _by_people("praise", 2, "Biểu dương, nhắc nhở", "Praise and reminder"),
            _with_evidence(
                "speaking", 5, "Tỷ lệ phát biểu", "Share speaking", "speaking_share",
                _bands(_from(5, 50), _from(4, 40, 50), _from(3, 30, 40), {"below": 30, "points": 2}),
            ),
            _by_people("book", 1, "Sổ biên bản", "Minutes book"),
            _by_people("ideology", 1, "15–30 phút về tư tưởng, tự phê bình", "15–30 min of ideology, self-criticism"),
            _by_people("app", 1, "Tài liệu trên ứng dụng", "Documents on the app"),
        ),
        _group(
            "chairing", 10, "Điều hành", "Chairing",
            _by_people("flexible", 2, "Linh hoạt", "Flexible"),
            _by_people("guides", 4, "Gợi mở, định hướng", "Guides"),
            _by_people("draws_out", 3, "Phát huy ý kiến", "Draws people out"),
            _by_people("summarises", 1, "Tổng hợp", "Summarises"),
        ),
        _group(
            "principles", 5, "Nguyên tắc", "Principles",
            _by_people("first", 1, "Mục thứ nhất", "First item"),
            _by_people("second", 2, "Mục thứ hai", "Second item"),
            _by_people("third", 1, "Mục thứ ba", "Third item"),
            _by_people("fourth", 1, "Mục thứ tư", "Fourth item"),
        ),
        _group(
            "last_resolution", 30, "Nghị quyết tháng trước", "Last month's resolution",
            _with_evidence(
                "done", 30, "Tỷ lệ chỉ tiêu đạt", "Share of targets met", "last_resolution_share",
                _bands(_from(30, 90), _from(27, 80, 90), _from(24, 70, 80), _from(20, 60, 70), _from(15, 50, 60),
                       {"below": 50, "points": 10}),
            ),
        ),
        _group(
            "closing", 5, "Kết thúc", "Closing",
            _with_evidence("conclusion", 2, "Kết luận được thông qua", "Conclusion adopted", "has_conclusion", _yes(2)),
            _with_evidence(
                "minutes", 2, "Biên bản và giao nhiệm vụ", "Minutes and tasks", "minutes_complete", _yes(2),
                overrides=[{"measure": "tasks_named", "when": {"below": 1}, "points": 0}],
            ),
            _with_evidence("upload", 1, "Cập nhật trong 2 ngày", "Uploaded within 2 days", "reported_in_time", _yes(1)),
        ),
    ],
    "grades": _GRADES,
    "gates": [
        {"kind": "full_marks", "grade": "good", "of": ["attendance", "time", "conduct.speaking", "closing.minutes"]},
        {"kind": "member_disciplined", "grade": "weak"},
        {"kind": "year_meetings", "grade": "good", "every": "fair", "count": 7, "reached": "good"},
    ],
}  # fmt: skip
