"""What papers say in words: dates, hours, figures, kinds of meeting, groups of scores."""

import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Final

from services.meetings.domain.rules import MeetingKind
from shared.clock import LOCAL

DOTS: Final = "…" * 12
"""A place to be filled in by hand."""

MEETINGS: Final[Mapping[MeetingKind, str]] = {
    "regular": "sinh hoạt chi bộ thường kỳ",
    "thematic": "sinh hoạt chi bộ chuyên đề",
    "committee": "họp chi uỷ",
    "extraordinary": "họp chi bộ bất thường",
}
SECTIONS: Final[Mapping[str, str]] = {
    "opening": "Khai mạc",
    "last_month_results": "Kết quả thực hiện nghị quyết tháng trước",
    "next_month_direction": "Phương hướng, nhiệm vụ tháng tới",
    "discussion": "Thảo luận",
    "self_criticism": "Tự phê bình và phê bình",
    "ideology": "Tình hình tư tưởng",
}
GROUPS: Final[Mapping[str, str]] = {
    "time": "Thời gian, thời lượng",
    "attendance": "Đảng viên dự sinh hoạt",
    "preparation": "Công tác chuẩn bị",
    "conduct": "Tổ chức sinh hoạt",
    "principles": "Thực hiện nguyên tắc",
    "last_resolution": "Kết quả thực hiện nghị quyết tháng trước",
    "closing": "Kết thúc sinh hoạt",
}
GRADES: Final[Mapping[str, str]] = {"good": "Tốt", "fair": "Khá", "average": "Trung bình", "weak": "Kém"}
CHOICES: Final[Mapping[str, str]] = {"for": "tán thành", "against": "không tán thành", "abstaining": "ý kiến khác"}

_UNPRINTABLE: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ufffe\uffff]")


def day(value: date) -> str:
    """`03/6/2026`: as Party documents write it, months 1 and 2 with a nought."""
    return f"{value.day:02d}/{_month(value.month)}/{value.year}"


def long_day(value: date) -> str:
    """`ngày 03 tháng 6 năm 2026`."""
    return f"ngày {value.day:02d} tháng {_month(value.month)} năm {value.year}"


def _month(number: int) -> str:
    return f"{number:02d}" if number < 3 else str(number)


def hour(value: datetime) -> str:
    """`19 giờ 35 phút` in Việt Nam."""
    local = value.astimezone(LOCAL)
    return f"{local.hour:02d} giờ {local.minute:02d} phút"


def figure(value: float) -> str:
    """`91,5`."""
    return f"{value:g}".replace(".", ",")


def share(part: int, whole: int) -> str:
    """`75,0 %`; empty when there is nothing to take it of."""
    return f"{100 * part / whole:.1f} %".replace(".", ",") if whole else ""


def paragraphs(text: str) -> list[str]:
    """The paragraphs of a text, without what neither XML nor a printer can take."""
    lines = (line(part) for part in text.splitlines())
    return [part for part in lines if part]


def line(text: str) -> str:
    """A text on one line, without what neither XML nor a printer can take."""
    return " ".join(_UNPRINTABLE.sub(" ", text).split())


def head_of(name: str) -> str:
    """A unit's name as it stands in the head of a paper: the organisation (đảng bộ), not its committee (đảng uỷ)."""
    return re.sub(r"^đảng (uỷ|ủy)\b", "Đảng bộ", line(name), flags=re.IGNORECASE).upper()


def place_of(name: str) -> str:
    """Where an organisation sits, by its name: `Ia Băng` of `Đảng bộ xã Ia Băng`; dots when it does not say."""
    found = re.search(r"\b(?:xã|phường|thị trấn|đặc khu)\s+(.+)$", line(name), flags=re.IGNORECASE)
    return found[1] if found else DOTS
