"""The central templates of minutes: ten types of branch, four kinds of meeting, before and since Hướng dẫn 42.

No full text of either guidance was at hand: the steps are as articles and local circulars report them; what each type
of branch lays weight on is a proposal, which a province replaces by a version of its own.
"""

from collections.abc import Iterator
from typing import Any, Final

_BEFORE: Final = (
    "2011-01-19", "2025-10-28", "Đại hội XI", "Điều lệ Đảng ngày 19/01/2011",
    "Trước Hướng dẫn 42 mỗi tỉnh có mẫu riêng; các bước ghi theo quy định hiện hành để đối chiếu. Chưa có toàn văn.",
)  # fmt: skip
_SINCE: Final = (
    "2025-10-28", None, "Ban Tổ chức Trung ương", "Hướng dẫn 42-HD/BTCTW ngày 28/10/2025",
    "Ghi theo các bước mà báo chí và địa phương công bố; trọng tâm theo loại hình là gợi ý. Chưa có toàn văn.",
)  # fmt: skip

_TITLES: Final = {
    "opening": ("Khai mạc", "Opening"),
    "last_month_results": ("Kết quả thực hiện nghị quyết tháng trước", "Results of last month's resolution"),
    "next_month_direction": ("Phương hướng, nhiệm vụ tháng tới", "Direction for next month"),
    "discussion": ("Thảo luận", "Discussion"),
    "self_criticism": ("Tự phê bình và phê bình", "Self-criticism and criticism"),
    "ideology": ("Tình hình tư tưởng", "Ideology"),
    "conclusion": ("Kết luận của chủ trì", "The chair's conclusion"),
}
_HINTS: Final = {
    "opening": (
        "Lý do; đại biểu; đảng viên có mặt, vắng có và không lý do; cử thư ký; đảng phí; thông qua chương trình.",
        "Reason; guests; members present, absent with and without a reason; secretary appointed; fees; agenda adopted.",
    ),
    "last_month_results": (
        "Từng nhiệm vụ của nghị quyết tháng trước: ai làm, đạt hay chưa, vì sao, chuyển tiếp thế nào.",
        "Each task of last month's resolution: by whom, reached or not, why, what is carried over.",
    ),
    "next_month_direction": (
        "Việc trọng tâm tháng tới, mỗi việc có chỉ tiêu, người phụ trách và thời hạn.",
        "The main work of next month, each with a target, a person in charge and a deadline.",
    ),
    "discussion": (
        "Từng ý kiến, ghi rõ người phát biểu; những điểm khác nhau và cách thống nhất.",
        "Each opinion with its speaker; where they differed and what was agreed.",
    ),
    "self_criticism": (
        "Ai tự phê bình, về việc gì; ai góp ý; biểu dương và nhắc nhở.",
        "Who criticised themselves and for what; who commented; praise and reminders.",
    ),
    "ideology": (
        "Tâm trạng của đảng viên và nhân dân, nêu việc cụ thể; học tập và làm theo Bác.",
        "What members and people think, by concrete matters; learning from Hồ Chí Minh.",
    ),
    "conclusion": (
        "Chủ trì kết luận từng nội dung; giao việc cho từng người, có thời hạn.",
        "The chair concludes item by item; tasks to named persons, with deadlines.",
    ),
}
_WEIGHT: Final = {
    "commune": ("sản xuất, nông thôn mới, an ninh thôn làng", "farming, the new countryside, order in the hamlet"),
    "ward": ("trật tự đô thị, tổ dân phố, an sinh", "order in the streets, neighbourhoods, welfare"),
    "township": ("đô thị hoá, kinh doanh nhỏ, vệ sinh môi trường", "urban growth, small trade, environment"),
    "state_enterprise": ("sản xuất kinh doanh, bảo toàn vốn nhà nước", "production, keeping the state's capital"),
    "joint_stock": ("sản xuất kinh doanh, phần vốn nhà nước, việc làm", "production, the state's share, jobs"),
    "private": ("chấp hành pháp luật, quyền lợi người lao động", "keeping the law, workers' rights"),
    "public_service": ("nhiệm vụ chuyên môn, chất lượng phục vụ", "professional work, quality of service"),
    "administration": ("nhiệm vụ công vụ, cải cách hành chính", "public duties, administrative reform"),
    "armed_forces": (
        "sẵn sàng chiến đấu, kỷ luật; không ghi nội dung mật vào biên bản này",
        "readiness, discipline; nothing secret is written into these minutes",
    ),
    "other": ("nhiệm vụ chính trị của đơn vị", "the unit's own political task"),
}
_KINDS: Final = {
    "regular": ("Biên bản sinh hoạt chi bộ thường kỳ", "Minutes of the regular branch meeting"),
    "thematic": ("Biên bản sinh hoạt chuyên đề", "Minutes of the thematic meeting"),
    "committee": ("Biên bản họp chi uỷ", "Minutes of the branch committee's meeting"),
    "extraordinary": ("Biên bản họp chi bộ bất thường", "Minutes of the extraordinary branch meeting"),
}
_NEEDS: Final = {
    "regular": {"ideology": "optional"},
    "thematic": {
        "last_month_results": "unused", "next_month_direction": "unused",
        "self_criticism": "optional", "ideology": "optional",
    },
    "committee": {
        "last_month_results": "optional", "next_month_direction": "optional",
        "self_criticism": "unused", "ideology": "optional",
    },
    "extraordinary": {
        "last_month_results": "unused", "next_month_direction": "optional",
        "self_criticism": "optional", "ideology": "unused",
    },
}  # fmt: skip
_AGENDA: Final = {
    "regular": (
        ("Khai mạc, kiểm diện, thu đảng phí, thông qua chương trình", "Opening, roll call, fees, agenda", 10),
        ("Đánh giá kết quả nghị quyết tháng trước", "Results of last month's resolution", 15),
        ("Phương hướng, nhiệm vụ tháng tới", "Direction for next month", 10),
        ("Thảo luận", "Discussion", 25),
        ("Tình hình tư tưởng; tự phê bình và phê bình", "Ideology; self-criticism and criticism", 15),
        ("Chủ trì kết luận, biểu quyết, giao nhiệm vụ", "Conclusion, vote, tasks", 10),
        ("Chấm điểm, đọc và thông qua biên bản", "Score, minutes read and adopted", 5),
    ),
    "thematic": (
        ("Khai mạc, kiểm diện, nêu mục đích của chuyên đề", "Opening, roll call, purpose of the theme", 10),
        ("Trình bày chuyên đề", "The theme presented", 25),
        ("Thảo luận, liên hệ với chi bộ", "Discussion, what it means for the branch", 35),
        ("Chủ trì kết luận, giao nhiệm vụ, thông qua biên bản", "Conclusion, tasks, minutes adopted", 20),
    ),
    "committee": (
        ("Kiểm tra việc thực hiện nghị quyết", "How the resolution is carried out", 15),
        ("Chuẩn bị nội dung, dự thảo kết luận của buổi họp chi bộ", "Contents and draft conclusion of the meeting", 35),
        ("Phân công, thông qua biên bản", "Assignments, minutes adopted", 10),
    ),
    "extraordinary": (
        ("Khai mạc, kiểm diện, nêu lý do họp", "Opening, roll call, why the branch meets", 10),
        ("Thảo luận", "Discussion", 35),
        ("Chủ trì kết luận, biểu quyết, thông qua biên bản", "Conclusion, vote, minutes adopted", 15),
    ),
}  # fmt: skip
_WEIGHED: Final = frozenset({"next_month_direction", "discussion"})


def rows() -> Iterator[dict[str, Any]]:
    """Every central version, as the columns of the table `template`."""
    number = 0
    for branch_type in _WEIGHT:
        for kind, (vi, en) in _KINDS.items():
            for valid_from, valid_to, issuer, citation, note in (_BEFORE, _SINCE):
                number += 1
                yield {
                    "template_id": f"0197b6c0-0000-7000-9000-{number:012d}",
                    "branch_type": branch_type,
                    "kind": kind,
                    "valid_from": valid_from,
                    "valid_to": valid_to,
                    "title": {"vi": vi, "en": en},
                    "agenda": [
                        {"title": {"vi": item_vi, "en": item_en}, "minutes": minutes}
                        for item_vi, item_en, minutes in _AGENDA[kind]
                    ],
                    "sections": [_section(name, branch_type, kind) for name in _TITLES],
                    "minutes_planned": sum(minutes for _, _, minutes in _AGENDA[kind]),
                    "issuer": issuer,
                    "citation": citation,
                    "note": note,
                }


def _section(name: str, branch_type: str, kind: str) -> dict[str, Any]:
    (title_vi, title_en), (hint_vi, hint_en) = _TITLES[name], _HINTS[name]
    if name in _WEIGHED:
        weight_vi, weight_en = _WEIGHT[branch_type]
        hint_vi, hint_en = f"{hint_vi} Trọng tâm: {weight_vi}.", f"{hint_en} Weight on: {weight_en}."
    return {
        "name": name,
        "need": _NEEDS[kind].get(name, "required"),
        "title": {"vi": title_vi, "en": title_en},
        "hint": {"vi": hint_vi, "en": hint_en},
    }
