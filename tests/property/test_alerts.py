"""The hysteresis of alerts against a plain reading of it, and what no sequence of months may do."""

from datetime import date
from uuid import UUID

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from services.evaluation.domain.alerts import readings
from services.evaluation.domain.alerts.episodes import Episode, episodes
from services.evaluation.domain.alerts.reconcile import Alert, reconcile
from services.evaluation.domain.alerts.rules import AttendanceFalling, Version
from services.evaluation.domain.alerts.series import BRANCHES, FIGURES, PLANS, SPANS, month_at, ordinal, series
from shared.months import first_day

FIRST = ordinal("2025-01")
UNIT = UUID(int=3)
BEGIN, CEASE = 60, 75  # of a hundred: under the one it begins, from the other on it ceases
values = st.lists(st.one_of(st.none(), st.just("gone"), st.integers(40, 95)), max_size=30)
in_a_row = st.integers(1, 4)


def judged(given_: list[object], begin_after: int, cease_after: int, *, carried: bool = False) -> list[Episode]:
    rows = [
        {
            "unit_id": str(UNIT),
            "at": FIRST + place,
            "begins": isinstance(value, int) and value < BEGIN,
            "ceases": isinstance(value, int) and value >= CEASE,
            "begin_after": begin_after,
            "cease_after": cease_after,
            "valid_from": date(2000, 1, 1),
            "ends": "unit" if value == "gone" else None,
            "value": value if isinstance(value, int) else None,
        }
        for place, value in enumerate(given_)
        if value is not None
    ]
    schema = {
        "unit_id": pl.String,
        "at": pl.Int32,
        "begins": pl.Boolean,
        "ceases": pl.Boolean,
        "begin_after": pl.Int32,
        "cease_after": pl.Int32,
        "valid_from": pl.Date,
        "ends": pl.String,
        "value": pl.Int64,
    }
    before = pl.DataFrame({"unit_id": [str(UNIT)] if carried else []}, schema={"unit_id": pl.String})
    return episodes(pl.DataFrame(rows, schema=schema), before, first=FIRST)


def plainly(given_: list[object], begin_after: int, cease_after: int, *, carried: bool) -> list[tuple[str, str | None]]:
    """The same, month by month."""
    holds, low, high = carried, 0, 0
    found: list[tuple[str, str | None]] = [(month_at(FIRST - 1), None)] if carried else []
    for place, value in enumerate(given_):
        if value is None:
            continue
        low = low + 1 if isinstance(value, int) and value < BEGIN else 0
        high = high + 1 if isinstance(value, int) and value >= CEASE else 0
        if not holds and low >= begin_after:
            holds = True
            found.append((month_at(FIRST + place), None))
        elif holds and (value == "gone" or high >= cease_after):
            holds = False
            found[-1] = (found[-1][0], month_at(FIRST + place))
    return found


@settings(deadline=None)
@given(values, in_a_row, in_a_row, st.booleans())
def test_it_is_what_a_plain_reading_says(
    given_: list[object], begin_after: int, cease_after: int, carried: bool
) -> None:
    found = judged(given_, begin_after, cease_after, carried=carried)
    assert [(one.since, one.until) for one in found] == plainly(given_, begin_after, cease_after, carried=carried)


@settings(deadline=None)
@given(st.lists(st.integers(BEGIN, CEASE - 1), max_size=30), in_a_row, in_a_row, st.booleans())
def test_within_the_band_nothing_begins_and_nothing_ceases(
    given_: list[object], begin_after: int, cease_after: int, carried: bool
) -> None:
    found = judged(given_, begin_after, cease_after, carried=carried)
    assert [(one.since, one.until) for one in found] == ([(month_at(FIRST - 1), None)] if carried else [])


@settings(deadline=None)
@given(values, in_a_row, in_a_row)
def test_a_ceasing_follows_its_beginning_and_the_next_beginning_follows_that(
    given_: list[object], begin_after: int, cease_after: int
) -> None:
    turns = [month for one in judged(given_, begin_after, cease_after) for month in (one.since, one.until) if month]
    assert turns == sorted(set(turns))


@settings(deadline=None)
@given(values, values, in_a_row, in_a_row)
def test_twice_the_same_is_nothing_new_and_other_figures_leave_one_alert_a_time(
    one: list[object], other: list[object], begin_after: int, cease_after: int
) -> None:
    """Whatever was known before, what is known after says what the figures say, and nothing else holds."""
    known: dict[UUID, Alert] = {}
    for given_ in (one, other, one):
        found = judged(given_, begin_after, cease_after)
        for alert in reconcile("no_meeting", UNIT, found, list(known.values()), first="2025-01"):
            known[alert.alert_id] = alert
        assert reconcile("no_meeting", UNIT, found, list(known.values()), first="2025-01") == []
        valid = sorted((alert.since, alert.until) for alert in known.values() if alert.state != "withdrawn")
        assert valid == [(episode.since, episode.until) for episode in found]
        assert all((alert.until is None) == (alert.state != "ceased") for alert in known.values())


@settings(deadline=None)
@given(st.lists(st.integers(80, 84), min_size=6, max_size=12))
def test_attendance_between_its_bars_neither_begins_nor_ceases(percents: list[int]) -> None:
    """The rule itself, after months of 95 %: a fall is there, but it stays above the bar that begins."""
    value = AttendanceFalling(
        months_before=3, least_owed=5, fall_points=5, begin_percent=80, cease_percent=85, begin_after=1, cease_after=1
    )
    version = Version(date(2000, 1, 1), None, value, "Nền nếp", "thử")
    rows = [95, 95, 95, *percents]
    months_ = [month_at(FIRST + place) for place in range(len(rows))]
    frames = {
        "spans": pl.DataFrame([(str(UNIT), date(2020, 1, 1), None, "branch", "branch")], schema=SPANS, orient="row"),
        "branches": pl.DataFrame([(str(UNIT), "2020-01", 1)], schema=BRANCHES, orient="row"),
        "figures": pl.DataFrame(
            [
                {"unit_id": str(UNIT), "month": month, "owed": 100, "present": percent}
                for month, percent in zip(months_, rows, strict=True)
            ],
            schema=FIGURES,
        ),
    }
    found = series(frames, "2025-01", first_day(months_[-1]), closed_through=months_[-1])
    read = readings.read("attendance_falling", (version,), found, pl.DataFrame(schema=PLANS))
    for holds in (False, True):
        carried = pl.DataFrame({"unit_id": [str(UNIT)] if holds else []}, schema={"unit_id": pl.String})
        turns = [one.until or one.since for one in episodes(read, carried, first=FIRST + 3)]
        assert turns == ([month_at(FIRST + 2)] if holds else [])
