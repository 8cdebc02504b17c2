"""The sections of a briefing pack that stand on the committees' own books: weak units, targets, classification."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from services.evaluation.domain import classification
from services.evaluation.domain import weak as domain
from services.evaluation.domain.briefing import Chart, Column, Section
from services.evaluation.domain.committees import Place, Words
from services.evaluation.domain.periods import Period
from services.evaluation.store import committees as rows
from services.evaluation.store import model_branches
from services.evaluation.views import classifications, ranking_figures, registry_facts, weak
from services.evaluation.views.ranking_figures import Standing
from shared.clock import LOCAL
from shared.db import Connection

UNIT: Final = Column(Words("Đơn vị", "Unit"))
CODE: Final = Column(Words("Mã", "Code"))
PERIOD: Final = Column(Words("Kỳ số liệu", "Source period"))


def weak_ones(conn: Connection, unit: Place, now: datetime) -> Section:
    """The open entries of the register in the unit's subtree, with their causes."""
    today = now.astimezone(LOCAL).date()
    lines = weak.register(conn, weak.Asked(unit.unit_id, today, "open"), None, None)
    return Section(
        "Tổ chức yếu kém",
        Words("Tổ chức yếu kém đang củng cố", "Weak organisations being consolidated"),
        Words(
            f"Sổ theo dõi đến ngày {today:%d/%m/%Y}; nguyên nhân theo kỳ đưa vào sổ.",
            f"The register on {today}; causes by the period of the entry.",
        ),
        [
            CODE,
            UNIT,
            PERIOD,
            Column(Words("Nguyên nhân", "Causes")),
            Column(Words("Số bước", "Steps"), "count"),
            Column(Words("Đã xong", "Done"), "count"),
            Column(Words("Quá hạn", "Overdue"), "count"),
        ],
        [
            [
                line.code,
                line.name,
                line.weak.period,
                "; ".join(domain.said(cause).vi for cause in line.weak.causes),
                line.steps,
                line.done,
                line.overdue,
            ]
            for line in lines
        ],
    )


def targets(conn: Connection, unit: Place, period: Period) -> Section:
    """The unit's targets of the year against plan and time, at the period's end."""
    day = ranking_figures.end_of(period)
    found = registry_facts.targets(conn, unit.unit_id, day.year, day)
    return Section(
        "Chỉ tiêu",
        Words(f"Chỉ tiêu năm {day.year} so với kế hoạch và thời gian", f"Targets of {day.year} against plan and time"),
        Words(f"Đến hết ngày {day:%d/%m/%Y}.", f"To the end of {day}."),
        [
            Column(Words("Chỉ tiêu", "Target")),
            Column(Words("Đơn vị tính", "Measure")),
            Column(Words("Kế hoạch", "Plan"), "number"),
            Column(Words("Thực hiện", "Reached"), "number"),
            Column(Words("Báo cáo đến ngày", "Reported up to")),
            Column(Words("So với kế hoạch", "Of the plan"), "share"),
            Column(Words("Thời gian đã qua", "Of the time"), "share"),
            Column(Words("Đánh giá", "Standing")),
        ],
        [
            [
                one.kind,
                one.measure,
                one.value,
                one.reached,
                f"{one.reported_on:%d/%m/%Y}" if one.reported_on else "",
                one.share_of_plan,
                one.share_of_time,
                _STANDINGS.get(one.standing or "", ""),
            ]
            for one in found
        ],
        chart=Chart(
            Words("Thực hiện so với thời gian", "Reached against time"),
            [one.kind for one in found],
            [
                ("Thực hiện / Reached", [one.share_of_plan for one in found]),
                ("Thời gian / Time", [one.share_of_time for one in found]),
            ],
            share=True,
        )
        if found
        else None,
    )


_STANDINGS: Final = {
    "reached": "Đạt / reached",
    "ahead": "Nhanh hơn tiến độ / ahead",
    "behind": "Chậm hơn tiến độ / behind",
    "within": "Trong mức / within",
    "exceeded": "Vượt mức / exceeded",
}


def classified(conn: Connection, unit: Place, period: Period) -> Section:
    """How many units have each grade: the year before, the period's quarters, the year."""
    year = period.last[:4]
    keys = list(dict.fromkeys([str(int(year) - 1), *(one.key for one in period.quarters()), year]))
    day = ranking_figures.end_of(period)
    counted = classifications.counts(conn, unit.unit_id, keys, day)
    grades = classification.GRADES
    shown = [key for key in keys if any(counted[key][grade] for grade in grades)]
    return Section(
        "Xếp loại",
        Words("Xếp loại quý, năm", "Quarterly and yearly classification"),
        Words(
            f"Các đơn vị trong toàn đảng bộ theo cơ cấu ngày {day:%d/%m/%Y}.",
            f"All units of the subtree as it stood on {day}.",
        ),
        [
            PERIOD,
            *(Column(classification.WORDS[grade], "count") for grade in grades),
            Column(Words("Mới đề nghị", "Only proposed"), "count"),
            Column(Words("Đã trả lại", "Returned"), "count"),
            Column(Words("Chưa có", "Nothing"), "count"),
        ],
        [[key, *(counted[key][name] for name in (*grades, "proposed", "returned", "none"))] for key in keys],
        chart=Chart(
            Words("Số đơn vị theo mức xếp loại", "Units by grade"),
            [classification.WORDS[grade].vi for grade in grades],
            [(key, [counted[key][grade] for grade in grades]) for key in shown],
            share=False,
        )
        if shown
        else None,
    )


def models(conn: Connection, period: Period, standings: Sequence[Standing]) -> Section:
    """The model branches at the period's end, with figures of the period."""
    day = ranking_figures.end_of(period)
    by_id: dict[UUID, Standing] = {one.place.unit_id: one for one in standings}
    chosen = [by_id[unit_id] for unit_id in model_branches.on(conn, day) if unit_id in by_id]
    chosen.sort(key=lambda one: one.place.code)
    above = rows.places(conn, [one.place.parent_id for one in chosen if one.place.parent_id], day)
    return Section(
        "Chi bộ điểm",
        Words("Chi bộ điểm", "Model branches"),
        Words(f"Ngày {day:%d/%m/%Y}, số liệu kỳ {period.key}.", f"On {day}, with figures of {period.key}."),
        [
            CODE,
            UNIT,
            Column(Words("Trực thuộc", "Below")),
            Column(Words("Tỷ lệ đã họp", "Held"), "share"),
            Column(Words("Tỷ lệ dự họp", "Attendance"), "share"),
            Column(Words("Điểm tự chấm", "Self score"), "number"),
        ],
        [
            [
                one.place.code,
                one.place.name,
                above[one.place.parent_id].name if one.place.parent_id in above else "",
                *(one.value(name) for name in ("held_rate", "attendance_rate", "average_self_points")),
            ]
            for one in chosen
        ],
    )
