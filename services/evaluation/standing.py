"""How many members stand in a branch, as changes by month; and what these come to on dated paths. Pure, columnar.

A member counts in the months on whose last day they stand in the branch; guests count at home. What a unit has in a
month is the sum of its changes up to it, so a stay that changes, a branch that moves or ends and a path that is
corrected are differences, added like any other.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Final

import polars as pl

from services.evaluation.registry_events import Roster

PARTS: Final = (
    "members_active",
    "members_official",
    "members_probationary",
    "members_exempt",
    "members_minority",
    "members_ethnicity_known",
)
ROSTER_FACT: Final = {
    "branch_id": pl.String,
    "version": pl.Int64,
    "changes": pl.String,
    "disciplined_on": pl.String,
}
CHANGES: Final = {"branch_id": pl.String, "month": pl.String, **dict.fromkeys(PARTS, pl.Int64)}
STANDING: Final = {"unit_id": pl.String, "month": pl.String, **dict.fromkeys(PARTS, pl.Int64)}
_GUEST: Final = "received_temporarily"
_NONE: Final = (0,) * len(PARTS)


def roster_facts(rosters: Sequence[Roster]) -> pl.DataFrame:
    """One fact a branch: its newest roster among `rosters`."""
    frame = pl.DataFrame(
        {
            "branch_id": [str(roster.unit_id) for roster in rosters],
            "version": [roster.version for roster in rosters],
            "changes": [_written(roster) for roster in rosters],
            "disciplined_on": [_days(roster) for roster in rosters],
        },
        schema=ROSTER_FACT,
    )
    return frame.sort("branch_id", "version").unique("branch_id", keep="last", maintain_order=True)


def _written(roster: Roster) -> str:
    changes: defaultdict[int, list[int]] = defaultdict(lambda: [*_NONE])
    for begin, end, counts in _counted(roster):
        # Who comes and goes within a month stood on no month's last day.
        if end is None or _month(begin) < _month(end):
            for month, sign in ((_month(begin), 1), (None if end is None else _month(end), -1)):
                if month is not None:
                    at = changes[month]
                    for place, members in counts:
                        at[place] += sign * members
    return ";".join(
        f"{month // 12:04d}-{month % 12 + 1:02d} {' '.join(map(str, changes[month]))}"
        for month in sorted(changes)
        if any(changes[month])
    )


def _counted(roster: Roster) -> Iterator[tuple[date, date | None, tuple[tuple[int, int], ...]]]:
    for stay in roster.members:
        if stay.status != _GUEST:
            kind = (1 if stay.kind == "official" else 2, 1)
            status = {"active": ((0, 1),), "exempt": ((3, 1),)}.get(stay.status, ())
            yield stay.valid_from, stay.valid_to, (kind, *status)
    for span in roster.ethnicity:
        known = (5, span.members)
        counts = ((4, span.members), known) if span.group == "minority" else (known,)
        yield span.valid_from, span.valid_to, counts


def _month(day: date) -> int:
    return day.year * 12 + day.month - 1


def _days(roster: Roster) -> str:
    """An array of PostgreSQL, each day as often as members were disciplined on it."""
    days = [str(one.on) for one in roster.discipline for _ in range(one.members)]
    return "{" + ",".join(sorted(days)) + "}"


def changes(facts: pl.DataFrame) -> pl.DataFrame:
    """The changes that facts of rosters hold, one row a branch and month."""
    rows = (
        facts.select("branch_id", pl.col("changes").fill_null("").str.split(";"))
        .explode("changes")
        .filter(pl.col("changes") != "")
    )
    fields = pl.col("changes").str.split_exact(" ", len(PARTS))
    return (
        rows.select("branch_id", fields.struct.rename_fields(["month", *PARTS]))
        .unnest("changes")
        .with_columns(pl.col(PARTS).cast(pl.Int64))
    )


def difference(new: pl.DataFrame, old: pl.DataFrame) -> pl.DataFrame:
    """`new` less `old`; what is the same leaves no row."""
    return _added([new, _negative(old)], "branch_id")


def roll_up(changed: pl.DataFrame, paths: pl.DataFrame) -> pl.DataFrame:
    """What `changed` come to for every unit on the branches' `paths`, in the order of (unit, month).

    A branch joins the units of a path with all it had before, and leaves them with all it has.
    """
    there = changed.join(paths, on="branch_id", how="inner").filter(
        pl.col("to_month").is_null() | (pl.col("month") < pl.col("to_month"))
    )
    later = pl.when(pl.col("month") < pl.col("from_month")).then(pl.col("from_month")).otherwise(pl.col("month"))
    joins = there.with_columns(later.alias("month"))
    leaves = _negative(there.filter(pl.col("to_month").is_not_null()).with_columns(pl.col("to_month").alias("month")))
    return _added([joins, leaves], "unit_id")


def less(one: pl.DataFrame, other: pl.DataFrame) -> pl.DataFrame:
    """What `one` has of every (unit, month) more than `other`."""
    return _added([one, _negative(other)], "unit_id")


def _negative(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.with_columns(-pl.col(name) for name in PARTS)


def _added(frames: Iterable[pl.DataFrame], key: str) -> pl.DataFrame:
    names = [key, "month", *PARTS]
    together = pl.concat([frame.select(names) for frame in frames])
    total = together.group_by(key, "month").agg(pl.col(name).sum() for name in PARTS)
    return total.filter(pl.any_horizontal(pl.col(name) != 0 for name in PARTS)).select(names).sort(key, "month")
