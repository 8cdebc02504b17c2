"""Members that stand in units: order, batching and repetition do not matter, and incremental equals counted afresh.

https://hypothesis.readthedocs.io/ – rosters in several versions, a stay in the past changed among them, of branches
that move, end, and were never as they were said to be; every unit's members of every month are counted a second time
in plain loops over days.
"""

import itertools
from datetime import date
from typing import Any
from uuid import UUID

import polars as pl
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.evaluation import facts, registry_events, standing
from services.evaluation.rebuild import compute
from services.evaluation.registry_merge import apply_rosters
from services.evaluation.store import frames
from shared import months
from shared.db import Connection
from shared.units import replica
from tests.integration.evaluation.figures import merge_units
from tests.support import events

ROOT, EAST, WEST = UUID(int=1), UUID(int=2), UUID(int=3)
BRANCHES = [UUID(int=10 + number) for number in range(3)]
MONTHS = ["2025-03", "2025-04", "2025-05", "2025-06", "2025-07", "2025-08"]
DAYS = [date(2025, month, day) for month in (4, 5, 6, 7) for day in (1, 17, 28)] + [date(2025, 5, 31)]

Delivery = tuple[str, dict[str, Any]]


@st.composite
def stays(draw: st.DrawFn) -> dict[str, Any]:
    first, second = sorted(draw(st.lists(st.sampled_from(DAYS), min_size=2, max_size=2)))
    still = draw(st.booleans())
    return {
        "member_id": str(UUID(int=900)),
        "valid_from": str(first),
        "valid_to": None if still else str(second),
        "kind": draw(st.sampled_from(["official", "probationary"])),
        "status": draw(st.sampled_from(["active", "exempt", "temporary_elsewhere", "received_temporarily"])),
    }


@st.composite
def groups(draw: st.DrawFn) -> list[dict[str, Any]]:
    first, second = sorted(draw(st.lists(st.sampled_from(DAYS), min_size=2, max_size=2, unique=True)))
    spans: list[dict[str, Any]] = [
        {"valid_from": str(first), "valid_to": str(second), "group": "minority", "members": draw(st.integers(0, 9))},
        {"valid_from": str(second), "valid_to": None, "group": "minority", "members": draw(st.integers(0, 9))},
        {"valid_from": str(first), "valid_to": None, "group": "majority", "members": draw(st.integers(0, 9))},
    ]
    return spans if draw(st.booleans()) else []


@st.composite
def histories(draw: st.DrawFn) -> tuple[list[Delivery], list[list[Delivery]]]:
    """Units and rosters in versions, and one way they may be delivered: shuffled, partly twice, in batches."""
    history = [
        ("registry.unit.v1", events.unit(ROOT, None, kind="province_committee", level="province")),
        ("registry.unit.v1", events.unit(EAST, ROOT, kind="direct_committee", level="district")),
        ("registry.unit.v1", events.unit(WEST, ROOT, kind="direct_committee", level="district")),
    ]
    for branch in BRANCHES:
        for version in range(1, draw(st.integers(1, 3)) + 1):
            moved_on, closed_on = sorted(draw(st.lists(st.sampled_from(DAYS), min_size=2, max_size=2, unique=True)))
            first, second = draw(st.permutations([EAST, WEST]))
            still = draw(st.booleans())
            one = events.unit(branch, first, version=version, valid_to=moved_on)
            two = events.unit(branch, second, valid_from=moved_on, valid_to=None if still else closed_on)
            never = {**one, "spans": [one["spans"][0] | {"valid_to": one["spans"][0]["valid_from"]}]}
            moved = {**one, "spans": [*one["spans"], *two["spans"]]}
            history.append(("registry.unit.v1", never if draw(st.integers(0, 9)) == 0 else moved))
        for version in range(1, draw(st.integers(1, 3)) + 1):
            roster = {"unit_id": str(branch), "version": version, "members": draw(st.lists(stays(), max_size=4))}
            history.append(("registry.roster.v1", roster | {"ethnicity": draw(groups())}))
    again = draw(st.lists(st.sampled_from(history), max_size=5))
    delivered = draw(st.permutations([*history, *again]))
    cuts = sorted(draw(st.lists(st.integers(0, len(delivered)), max_size=6)))
    bounds = [0, *cuts, len(delivered)]
    return history, [list(delivered[a:b]) for a, b in itertools.pairwise(bounds) if a < b]


def newest(history: list[Delivery], type_: str, key: str) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for given_type, data in history:
        if given_type == type_ and (data[key] not in found or found[data[key]]["version"] < data["version"]):
            found[data[key]] = data
    return found


def holds(span: dict[str, Any], day: date) -> bool:
    return str(day) >= span["valid_from"] and (span["valid_to"] is None or str(day) < span["valid_to"])


def place(units: dict[str, dict[str, Any]], unit_id: str, month: str) -> dict[str, Any] | None:
    """What a unit is at the end of `month`, or was on its last day in force within it."""
    day, first = months.last_day(month), months.first_day(month)
    while day >= first:
        for span in units[unit_id]["spans"]:
            if holds(span, day):
                return dict(span)
        day = date.fromordinal(day.toordinal() - 1)
    return None


def counted(history: list[Delivery]) -> dict[tuple[str, str], dict[str, int]]:
    """Every unit's members of every month, in plain loops."""
    units = newest(history, "registry.unit.v1", "unit_id")
    found: dict[tuple[str, str], dict[str, int]] = {}
    for roster in newest(history, "registry.roster.v1", "unit_id").values():
        for month in MONTHS:
            last = months.last_day(month)
            own = [one for one in roster["members"] if holds(one, last) and one["status"] != "received_temporarily"]
            known = [one for one in roster["ethnicity"] if holds(one, last)]
            counts = {
                "members_active": sum(one["status"] == "active" for one in own),
                "members_official": sum(one["kind"] == "official" for one in own),
                "members_probationary": sum(one["kind"] == "probationary" for one in own),
                "members_exempt": sum(one["status"] == "exempt" for one in own),
                "members_minority": sum(one["members"] for one in known if one["group"] == "minority"),
                "members_ethnicity_known": sum(one["members"] for one in known),
            }
            at = place(units, roster["unit_id"], month)
            above = [roster["unit_id"]] if at else []
            while at is not None and at["parent_id"] is not None:
                above.append(at["parent_id"])
                at = place(units, at["parent_id"], month)
            for unit_id in above:
                sums = found.setdefault((unit_id, month), dict.fromkeys(standing.PARTS, 0))
                for name, count in counts.items():
                    sums[name] += count
    return {key: sums for key, sums in found.items() if any(sums.values())}


def _merge(conn: Connection, batch: list[Delivery]) -> None:
    units = [data for type_, data in batch if type_ == "registry.unit.v1"]
    rosters = [data for type_, data in batch if type_ == "registry.roster.v1"]
    if rosters:
        apply_rosters(conn, [events.decoded("registry.roster.v1", data, registry_events.roster) for data in rosters])
    if units:
        merge_units(conn, *units)


def _stored(conn: Connection) -> pl.DataFrame:
    query = frames.select("select unit_id::text, month, {} from unit_members", standing.PARTS)
    stored = frames.read(conn, query, standing.STANDING)
    return stored.filter(pl.any_horizontal(pl.col(name) != 0 for name in standing.PARTS)).sort("unit_id", "month")


def _of_months(changes: pl.DataFrame) -> dict[tuple[str, str], dict[str, int]]:
    found: dict[tuple[str, str], dict[str, int]] = {}
    for unit_id in changes["unit_id"].unique():
        for month in MONTHS:
            until = changes.filter((pl.col("unit_id") == unit_id) & (pl.col("month") <= month))
            sums = {name: int(until[name].sum()) for name in standing.PARTS}
            if any(sums.values()):
                found[unit_id, month] = sums
    return found


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(history=histories())
def test_any_delivery_gives_the_members_of_a_rebuild_and_of_plain_counting(
    conn: Connection, history: tuple[list[Delivery], list[list[Delivery]]]
) -> None:
    told, batches = history
    conn.rollback()
    conn.execute("truncate unit, unit_span, branch_path, unit_branches, unit_members, roster_fact, unit_month")
    for batch in batches:
        _merge(conn, batch)

    def of(type_: str, decode_: Any) -> list[Any]:
        return [events.decoded(type_, data, decode_).data for given_type, data in told if given_type == type_]

    none = compute(of("registry.unit.v1", replica.decode), *_no_facts(), [])
    rebuilt = compute(
        of("registry.unit.v1", replica.decode),
        *_no_facts(),
        [],
        standing.roster_facts(of("registry.roster.v1", registry_events.roster)),
    )
    assert none.unit_members.is_empty()
    assert _stored(conn).equals(rebuilt.unit_members)
    assert _of_months(_stored(conn)) == counted(told)


def _no_facts() -> tuple[pl.DataFrame, pl.DataFrame]:
    return pl.DataFrame(schema=facts.MEETING_FACT), pl.DataFrame(schema=facts.TASK_FACT)
