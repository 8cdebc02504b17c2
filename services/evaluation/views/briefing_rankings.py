"""The ranking tables of a briefing pack, from figures that were read already."""

from collections.abc import Sequence
from itertools import groupby
from typing import Final

from services.evaluation import figures
from services.evaluation.domain.briefing import Cell, Chart, Column, Section
from services.evaluation.domain.committees import Place, Words
from services.evaluation.domain.periods import Period
from services.evaluation.domain.ranking import Minimums, Ranked, SizeBands
from services.evaluation.store import committees as rows
from services.evaluation.store import model_branches
from services.evaluation.views import ranking_figures, rankings
from services.evaluation.views.ranking_figures import Standing
from shared.db import Connection

RANKED_BY: Final = ("attendance_rate", "held_rate")
_ENDS: Final = 3
_MOST: Final = 60
_COLUMNS: Final = (
    Column(Words("Nhóm", "Group")),
    Column(Words("Hạng", "Rank"), "count"),
    Column(Words("Trong số", "Of"), "count"),
    Column(Words("Mã", "Code")),
    Column(Words("Đơn vị", "Unit")),
    Column(Words("Giá trị", "Value"), "share"),
    Column(Words("Kỳ số liệu", "Source period")),
    Column(Words("Chi bộ điểm", "Model branch")),
)


def sections(conn: Connection, unit: Place, period: Period, standings: Sequence[Standing]) -> list[Section]:
    """Committees of like size in full, and of branches of like type the best and the last of each group."""
    day = ranking_figures.end_of(period)
    bands = rows.rule_on(conn, "size_bands", day, SizeBands).value
    minimums = rows.rule_on(conn, "ranking_minimums", day, Minimums)
    models = model_branches.on(conn, day)
    made = []
    for figure in RANKED_BY:
        words = figures.BY_NAME[figure]
        committees = rankings.ranked_of(
            standings,
            rankings.Asked(unit, period, figure, frozenset({"size"}), of="committees"),
            bands,
            minimums,
        )[:_MOST]
        branches = rankings.ranked_of(
            standings, rankings.Asked(unit, period, figure, frozenset({"type"})), bands, minimums
        )
        lines = [*committees, *_ends(branches)]
        ranked = [one for one in committees if one.rank is not None and one.candidate.value is not None]
        made.append(
            Section(
                f"Xếp hạng {words.vi.lower()}"[:31],
                Words(f"Xếp hạng: {words.vi}", f"Ranking: {words.en}"),
                Words(
                    f"Kỳ {period.key}. Cấp uỷ theo nhóm quy mô; chi bộ theo loại hình, {_ENDS} đơn vị đầu và cuối mỗi "
                    f"nhóm. {minimums.source}.",
                    f"{period.key}. Committees by size; branches by type, the first and last {_ENDS} of each group.",
                ),
                _COLUMNS,
                [_row(one, period.key, one.candidate.place.unit_id in models) for one in lines],
                chart=Chart(
                    Words(f"{words.vi} theo đơn vị", f"{words.en}, by unit"),
                    [one.candidate.place.name for one in ranked],
                    [(period.key, [one.candidate.value for one in ranked])],
                    share=True,
                )
                if ranked
                else None,
            )
        )
    return made


def _ends(ranked: Sequence[Ranked]) -> list[Ranked]:
    found: list[Ranked] = []
    for _, members in groupby((one for one in ranked if one.rank is not None), key=lambda one: one.group):
        group = list(members)
        found += group if len(group) <= 2 * _ENDS else [*group[:_ENDS], *group[-_ENDS:]]
    return found


def _row(one: Ranked, period: str, is_model: bool) -> list[Cell]:
    place = one.candidate.place
    group = " · ".join(text for text in (one.group.type, one.group.size) if text)
    return [group, one.rank, one.of, place.code, place.name, one.candidate.value, period, "✓" if is_model else ""]
