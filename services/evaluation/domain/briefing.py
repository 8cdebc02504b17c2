"""The briefing pack (tài liệu giao ban, sơ kết): its sections as tables and charts, before they are a file. Pure."""

from collections.abc import Sequence
from typing import Literal

import msgspec

from services.evaluation.domain.committees import Words
from services.evaluation.domain.periods import Period

Cell = str | int | float | None
Form = Literal["text", "count", "number", "share"]


class Column(msgspec.Struct, frozen=True):
    """A column: its heading, and what its cells are; a `share` is of 1, shown in percent."""

    words: Words
    form: Form = "text"


class Chart(msgspec.Struct, frozen=True):
    """A bar chart: names along its axis, and one series of values (of 1, when `share`) for each name of `series`."""

    words: Words
    names: Sequence[str]
    series: Sequence[tuple[str, Sequence[float | None]]]
    share: bool


class Section(msgspec.Struct, frozen=True):
    """A section: what it is, what its numbers are counted from, its table, and perhaps a chart.

    A row with a form of its own in `forms` shows its numbers in that form.
    """

    sheet: str
    words: Words
    note: Words
    columns: Sequence[Column]
    rows: Sequence[Sequence[Cell]]
    forms: Sequence[Form | None] = ()
    chart: Chart | None = None

    def form_of(self, row: int, column: int) -> Form:
        """What a cell is."""
        own = self.forms[row] if row < len(self.forms) else None
        form = self.columns[column].form
        return own if own is not None and form != "text" else form


class Briefing(msgspec.Struct, frozen=True):
    """The pack of a unit and a period."""

    words: Words
    unit: str
    period: str
    made_at: str
    sections: Sequence[Section]


def title(period: Period) -> Words:
    """What the pack of a period is called."""
    if "Q" in period.key:
        return Words("Tài liệu hội nghị giao ban quý", "Briefing for the quarterly conference")
    if period.key.endswith("H1"):
        return Words("Tài liệu sơ kết sáu tháng đầu năm", "Briefing for the six-month review")
    return Words("Tài liệu đánh giá chất lượng sinh hoạt chi bộ", "Briefing on the quality of branch meetings")


def clean(text: str) -> str:
    """A text without control characters, which neither XLSX nor DOCX can hold."""
    return "".join(one if one.isprintable() else " " for one in text)
