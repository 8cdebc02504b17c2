"""What a briefing pack says of a unit and a period: every number with the period it is counted from."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from services.evaluation import figures
from services.evaluation.domain import briefing as domain
from services.evaluation.domain import periods
from services.evaluation.domain.briefing import Briefing, Cell, Chart, Column, Form, Section
from services.evaluation.domain.committees import Place, Words
from services.evaluation.domain.periods import Period
from services.evaluation.views import briefing_rankings, briefing_sections, cards, ranking_figures
from services.evaluation.views.briefing_sections import CODE, PERIOD, UNIT
from services.evaluation.views.ranking_figures import Standing
from shared.clock import LOCAL
from shared.db import Connection

HEADLINES: Final = (
    "due_begun",
    "regular_held",
    "missing",
    "thematic_held",
    "held_rate",
    "on_time_rate",
    "attendance_rate",
    "complete_rate",
    "conclusion_rate",
    "task_rate",
    "tasks_done_rate",
    "speaking_rate",
    "superior_attendance_rate",
    "thematic_coverage",
    "average_self_points",
    "average_official_points",
    "evidence_gap",
)
"""The figures of the first page."""


def briefing(conn: Connection, unit: Place, period: Period, now: datetime) -> Briefing:
    """The pack. Raises Conflict where a rule is not in force."""
    standings = ranking_figures.under(conn, unit.unit_id, period, now)
    return Briefing(
        words=domain.title(period),
        unit=unit.name,
        period=period.key,
        made_at=f"{now.astimezone(LOCAL):%H:%M %d/%m/%Y}",
        sections=[
            _headline(conn, unit, period, now),
            *briefing_rankings.sections(conn, unit, period, standings),
            briefing_sections.weak_ones(conn, unit, now),
            _themes(unit, period, standings),
            briefing_sections.targets(conn, unit, period),
            briefing_sections.classified(conn, unit, period),
            briefing_sections.models(conn, period, standings),
        ],
    )


def form_of(figure: str) -> Form:
    """How a figure is shown."""
    if figure.endswith(("_rate", "_coverage")) or figure == "task_share_of_members":
        return "share"
    return "number" if figure.startswith(("average_", "self_", "evidence_")) else "count"


def _headline(conn: Connection, unit: Place, period: Period, now: datetime) -> Section:
    asked = [period, period.previous(), periods.year_before(period)]
    found = {card.period: card for card in cards.trend(conn, unit.unit_id, asked, now)}
    names = [name for name in HEADLINES if name in figures.BY_NAME]
    table: list[list[Cell]] = []
    for name in names:
        values = [_value(found.get(one.key), name) for one in asked]
        now_, before = values[0], values[1]
        change = None if now_ is None or before is None else round(now_ - before, 4)
        table.append([figures.BY_NAME[name].vi, figures.BY_NAME[name].en, *values, change])
    rates = [number for number, name in enumerate(names) if form_of(name) == "share" and table[number][2] is not None]
    chart = Chart(
        Words("Các tỷ lệ so với kỳ trước và cùng kỳ năm trước", "Rates against the period and the year before"),
        [str(table[number][0]) for number in rates],
        [
            (
                one.key,
                [value if isinstance(value := table[number][2 + place], float | int) else None for number in rates],
            )
            for place, one in enumerate(asked)
        ],
        share=True,
    )
    return Section(
        "Tổng hợp",
        Words("Số liệu chính", "Headline figures"),
        Words(
            f"Kỳ {period.key}, so với kỳ trước ({asked[1].key}) và cùng kỳ năm trước ({asked[2].key}).",
            f"{period.key}, against the period before ({asked[1].key}) and a year before ({asked[2].key}).",
        ),
        [
            Column(Words("Chỉ số", "Figure")),
            Column(Words("Ý nghĩa", "Meaning")),
            *(Column(Words(one.key, one.key), "number") for one in asked),
            Column(Words(f"Tăng, giảm so với {asked[1].key}", f"Change on {asked[1].key}"), "number"),
        ],
        table,
        [form_of(name) for name in names],
        chart if rates else None,
    )


def _value(card: cards.Scorecard | None, name: str) -> float | None:
    if card is None:
        return None
    return card.parts[name] if name in card.parts else card.derived.get(name)


def _themes(unit: Place, period: Period, standings: Sequence[Standing]) -> Section:
    below = [one for one in standings if one.place.parent_id == unit.unit_id or one.place.unit_id == unit.unit_id]
    below.sort(key=lambda one: (one.place.unit_id != unit.unit_id, one.place.code))
    shown = [one for one in below if one.place.unit_id != unit.unit_id and one.value("thematic_coverage") is not None]
    return Section(
        "Chuyên đề",
        Words("Sinh hoạt chuyên đề (ít nhất một lần mỗi quý)", "Thematic meetings (at least one a quarter)"),
        Words(
            f"Kỳ {period.key}; tỷ lệ chi bộ có chuyên đề tính theo quý trọn trong kỳ.",
            f"{period.key}; the coverage is of whole quarters of the period.",
        ),
        [
            CODE,
            UNIT,
            PERIOD,
            Column(Words("Buổi chuyên đề", "Thematic meetings"), "count"),
            Column(Words("Lượt quý phải có", "Quarters due"), "count"),
            Column(Words("Lượt quý đã có", "Quarters with one"), "count"),
            Column(Words("Tỷ lệ", "Coverage"), "share"),
        ],
        [
            [
                one.place.code,
                one.place.name,
                period.key,
                *(_number(one.value(name)) for name in ("thematic_held", "quarters_due", "quarters_with_theme")),
                one.value("thematic_coverage"),
            ]
            for one in below
        ],
        chart=Chart(
            Words("Tỷ lệ có chuyên đề", "Coverage by themes"),
            [one.place.name for one in shown],
            [(period.key, [one.value("thematic_coverage") for one in shown])],
            share=True,
        )
        if shown
        else None,
    )


def _number(value: float | None) -> Cell:
    return None if value is None else int(value)
