"""The dated rules figures are counted by, as records of this service's database."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from enum import IntEnum

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


class Stage(IntEnum):
    """Where a month stands: its last reporting day has passed; it has begun; it has not."""

    CLOSED = 0
    OPEN = 1
    TO_COME = 2


def stages(conn: Connection, months_: Sequence[str], now: datetime) -> list[Stage]:
    """Where each of `months_` stands: closed once the last day on which a meeting of it could be reported in time has
    passed."""
    rows = conn.execute(
        """
        select valid_from, valid_to, (value::text)::int from rule where name = 'report_within_days' order by valid_from
        """
    ).fetchall()
    allowed = msgspec.convert(rows, list[tuple[date, date | None, int]])
    present = months.month_of(now)

    def stage(month: str) -> Stage:
        last = months.last_day(month)
        days = next((days for begin, end, days in allowed if begin <= last and (end is None or last < end)), 0)
        if now > end_of_local_day(last + timedelta(days=days)):
            return Stage.CLOSED
        return Stage.OPEN if month <= present else Stage.TO_COME

    return [stage(month) for month in months_]
