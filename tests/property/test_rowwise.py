"""What a fact counts for is the same by columns and by rows, whatever it leaves out.

https://hypothesis.readthedocs.io/
"""

from datetime import date
from typing import Any

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from services.evaluation import facts, fold, rowwise

_DAYS = st.dates(date(2025, 9, 1), date(2025, 12, 31))
_OF_TYPE: dict[type[pl.DataType], st.SearchStrategy[Any]] = {
    pl.Int64: st.integers(0, 12_000),
    pl.Boolean: st.booleans(),
    pl.Date: _DAYS,
    pl.String: st.text(max_size=3),
}
_NAMED: dict[str, st.SearchStrategy[Any]] = {
    "kind": st.sampled_from(["regular", "thematic", "committee", "extraordinary"]),
    "status": st.sampled_from(["planned", "not_held", "adopted", "assigned", "done", "cancelled"]),
}
_BANDS = [
    fold.GradeBands(date(2018, 7, 6), date(2025, 10, 28), 9000, 7000, 5000),
    fold.GradeBands(date(2025, 10, 28), date(2025, 12, 1), 8500, 6500, 4500),
]


def _rows(schema: Any) -> st.SearchStrategy[dict[str, Any]]:
    def of(name: str, dtype: type[pl.DataType]) -> st.SearchStrategy[Any]:
        return _NAMED[name] if name in _NAMED else st.none() | _OF_TYPE[dtype]

    return st.fixed_dictionaries({name: of(name, dtype) for name, dtype in schema.items()})


@settings(max_examples=300, deadline=None)
@given(row=_rows(facts.COUNTED))
def test_a_meeting_counts_for_the_same(row: dict[str, Any]) -> None:
    by_columns = fold.meeting_parts(pl.DataFrame([row], schema=facts.COUNTED), _BANDS).row(0, named=True)
    for name, part in fold.parts_of_meetings(rowwise, _BANDS).items():
        assert part.read(row) == by_columns[name], name


@settings(max_examples=100, deadline=None)
@given(row=_rows(facts.TASK_FACT))
def test_a_task_counts_for_the_same(row: dict[str, Any]) -> None:
    by_columns = fold.task_parts(pl.DataFrame([row], schema=facts.TASK_FACT)).row(0, named=True)
    for name, part in fold.parts_of_tasks(rowwise).items():
        assert part.read(row) == by_columns[name], name
