"""What the system can measure of a meeting from its facts: the evidence of rubrics. Pure; polars is the arithmetic.

Every measure is null where the facts do not say; its item is then left to people, never guessed.
"""

from collections.abc import Callable, Mapping
from typing import Final

import msgspec
import polars as pl

from services.evaluation.domain.rubrics import Duration

EVIDENCE: Final[Mapping[str, type[pl.DataType]]] = {
    "theme_tag": pl.String,
    "month_has_theme": pl.Boolean,
    "owed": pl.Int64,
    "present": pl.Int64,
    "absent_with_reason": pl.Int64,
    "absent_without_reason": pl.Int64,
    "owed_committee": pl.Int64,
    "duration_minutes": pl.Int64,
    "duration_kept": pl.Boolean,
    "on_set_day": pl.Boolean,
    "pre_meeting_held": pl.Boolean,
    "notice_given": pl.Boolean,
    "documents_in_time": pl.Boolean,
    "speakers": pl.Int64,
    "self_criticisms": pl.Int64,
    "has_conclusion": pl.Boolean,
    "complete": pl.Boolean,
    "tasks_assigned": pl.Int64,
    "last_tasks": pl.Int64,
    "last_tasks_done": pl.Int64,
    "on_time": pl.Boolean,
}
"""The facts of a meeting that measures and conditions read, as columns."""


class Measure(msgspec.Struct, frozen=True):
    """A measure: its words, its least and greatest value (None: no limit), whether it is whole, and how it is had.

    `is_yes_no`: it is true or false and has no bands.
    """

    vi: str
    en: str
    of: Callable[[Duration], pl.Expr]
    low: float = 0
    high: float | None = None
    whole: bool = False
    is_yes_no: bool = False


class Condition(msgspec.Struct, frozen=True):
    """When an item applies; `of_month`: it depends on the other meetings of the branch's month."""

    vi: str
    en: str
    of: Callable[[], pl.Expr]
    of_month: bool = False


def _share(part: str, whole: str) -> Callable[[Duration], pl.Expr]:
    # First times 100: a division is exact where its result is a number of two decimals at a band's end, say 90. Bands
    # are checked up to 100: more speakers named than counted as present are all of them.
    return lambda _: pl.when(pl.col(whole) > 0).then((100 * pl.col(part) / pl.col(whole)).clip(upper_bound=100))


def _number(name: str) -> Callable[[Duration], pl.Expr]:
    return lambda _: pl.col(name).cast(pl.Float64)


def _required(duration: Duration) -> pl.Expr:
    longer = pl.col("theme_tag").is_not_null() | (pl.col("owed") >= duration.from_members)
    return pl.when(longer).then(pl.lit(duration.longer)).otherwise(pl.lit(duration.minutes))


def _minutes_short(duration: Duration) -> pl.Expr:
    return (_required(duration) - pl.col("duration_minutes")).clip(lower_bound=0).cast(pl.Float64)


def _duration_share(duration: Duration) -> pl.Expr:
    return 100 * pl.col("duration_minutes") / _required(duration)


def _flag(vi: str, en: str, name: str) -> Measure:
    return Measure(vi, en, _number(name), high=1, whole=True, is_yes_no=True)


MEASURES: Final[Mapping[str, Measure]] = {
    "attendance_share": Measure(
        "tỷ lệ dự họp, % số phải dự", "present, % of those who owed attendance", _share("present", "owed"), high=100
    ),
    "absent_with_reason": Measure(
        "số vắng có lý do", "members absent with a reason", _number("absent_with_reason"), whole=True
    ),
    "absent_without_reason": Measure(
        "số vắng không lý do", "members absent without a reason", _number("absent_without_reason"), whole=True
    ),
    "minutes_short": Measure(
        "số phút thiếu so với thời lượng quy định",
        "minutes short of the duration asked for",
        _minutes_short,
        whole=True,
    ),
    "duration_share": Measure("thời lượng, % thời lượng quy định", "duration, % of the one asked for", _duration_share),
    "duration_kept": _flag("họp đủ thời lượng quy định", "as long as the dated rule asks", "duration_kept"),
    "on_set_day": _flag("họp đúng ngày đã định", "held on the day set", "on_set_day"),
    "pre_meeting": _flag("chi uỷ đã họp trước", "the committee met before", "pre_meeting_held"),
    "notice_given": _flag("đã thông báo trước", "notice was given", "notice_given"),
    "documents_day_before": _flag("tài liệu gửi trước đúng hạn", "documents given out in time", "documents_in_time"),
    "speaking_share": Measure(
        "số phát biểu, % số có mặt", "speakers, % of those present", _share("speakers", "present"), high=100
    ),
    "self_criticisms": Measure(
        "số ý kiến tự phê bình và phê bình",
        "entries of self-criticism and criticism",
        _number("self_criticisms"),
        whole=True,
    ),
    "has_conclusion": _flag("có kết luận", "the minutes hold a conclusion", "has_conclusion"),
    "minutes_complete": _flag("biên bản đủ mục", "every required section is filled", "complete"),
    "tasks_named": Measure(
        "số nhiệm vụ giao đích danh", "tasks given to named members", _number("tasks_assigned"), whole=True
    ),
    "last_resolution_share": Measure(
        "nhiệm vụ nghị quyết tháng trước đã xong, %",
        "tasks of last month's resolution that are done, %",
        _share("last_tasks_done", "last_tasks"),
        high=100,
    ),
    "reported_in_time": _flag("báo cáo đúng hạn", "uploaded and reported in time", "on_time"),
}
"""Every measure a rubric can name."""

CONDITIONS: Final[Mapping[str, Condition]] = {
    "month_has_theme": Condition(
        "tháng có sinh hoạt chuyên đề", "the month has a thematic meeting", lambda: pl.col("month_has_theme"), True
    ),
    "has_theme": Condition(
        "buổi họp có chuyên đề", "the meeting has a theme", lambda: pl.col("theme_tag").is_not_null()
    ),
    "has_committee": Condition("chi bộ có chi uỷ", "the branch has a chi uỷ", lambda: pl.col("owed_committee") > 0),
}
"""Every condition an item can depend on."""
