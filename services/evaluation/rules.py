"""The dated rules figures are counted by, as records of this service's database."""

from datetime import date, datetime

import msgspec

from services.evaluation.fold import GradeBands
from shared import months
from shared.clock import end_of_local_day
from shared.db import Connection


class _Bands(msgspec.Struct, frozen=True):
    good: int
    fair: int
    average: int


def grade_bands(conn: Connection) -> list[GradeBands]:
    """Every version of the bands of grades, in the order of their dates."""
    rows = conn.execute(
        "select valid_from, valid_to, value from rule where name = 'grade_bands' order by valid_from"
    ).fetchall()
    return [
        GradeBands(valid_from, valid_to, value.good, value.fair, value.average)
        for valid_from, valid_to, value in msgspec.convert(rows, list[tuple[date, date | None, _Bands]])
    ]


def is_closed(conn: Connection, month: str, now: datetime) -> bool:
    """Whether the last day on which a meeting of `month` could be reported in time has passed."""
    last = months.last_day(month)
    row = conn.execute(
        """
        select %s::date + (value::text)::int from rule
        where name = 'report_within_days' and valid_from <= %s and (valid_to is null or %s < valid_to)
        """,
        (last, last, last),
    ).fetchone()
    due = last if row is None else msgspec.convert(row[0], date)
    return now > end_of_local_day(due)
