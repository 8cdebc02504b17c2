"""Which months are due for a look at what is missing."""

from datetime import date, datetime, timedelta

import msgspec

from services.notifications.domain.rules import Missing, Version, in_force
from shared import months
from shared.clock import end_of_local_day


class DueMonth(msgspec.Struct, frozen=True):
    """A month whose last reporting day, `due_on`, is over, and the version of the rule that set that day."""

    period: str
    last_day: date
    due_on: date
    rule: Version[Missing]


def due_months(
    now: datetime, examined_through: str | None, lookback_months: int, rule: tuple[Version[Missing], ...]
) -> list[DueMonth]:
    """The months to examine at `now`, oldest first: after `examined_through`, at most `lookback_months` back.

    A month without a version of the rule on its last day is passed over.
    """
    this_month = months.month_of(now)
    first = months.add(this_month, -lookback_months)
    if examined_through is not None:
        first = max(first, months.add(examined_through, 1))
    due = []
    for period in months.between(first, months.add(this_month, -1)):
        last_day = months.last_day(period)
        version = in_force(rule, last_day)
        if version is None:
            continue
        due_on = last_day + timedelta(days=version.value.report_days)
        if now <= end_of_local_day(due_on):
            break
        due.append(DueMonth(period, last_day, due_on, version))
    return due
