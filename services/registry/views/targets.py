"""Targets with what was reached of them, on a day."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

import msgspec

from services.registry.domain import plans
from services.registry.domain.rules import Rules
from services.registry.views.units import SUBTREE
from shared.db import Connection


class Reached(msgspec.Struct, frozen=True):
    """The newest report up to the day."""

    report_id: UUID
    on: date
    value: float


class Below(msgspec.Struct, frozen=True):
    """What the target is broken down into, and what the lowest parts have reached together.

    `difference` is the sum of the parts directly below less the target; `targets` and `reported` count the lowest
    parts, `value` is the sum of the newest reports on them. `difference` and `value` are None where parts of this kind
    do not add up.
    """

    parts: int
    difference: float | None
    targets: int
    reported: int
    value: float | None


class TargetOnDay(msgspec.Struct, frozen=True):
    """A target, its kind in words, what was reached, and how much of the time is over."""

    target_id: UUID
    unit_id: UUID
    unit_code: str
    year: int
    kind: str
    words: dict[str, str]
    measure: str
    direction: str
    value: float
    due_on: date
    set_by: UUID
    citation: str
    part_of: UUID | None
    progress: Reached | None
    percent_of_plan: float | None
    percent_of_time: float
    met: bool | None
    below: Below | None


class Reported(msgspec.Struct, frozen=True):
    """One report; `corrected_by` is the report that took its place."""

    report_id: UUID
    on: date
    value: float
    evidence: str
    reference: str | None
    reported_by: str
    at: datetime
    corrects: UUID | None
    corrected_by: UUID | None


_NEWEST: Final = """
    left join lateral (
        select r.report_id, r.reported_on, r.value from target_progress r
        where r.target_id = {of} and r.reported_on <= %(day)s
          and not exists (select 1 from target_progress c where c.corrects = r.report_id)
        order by r.reported_on desc, r.at desc limit 1
    ) {name} on true
"""
_QUERY: Final = f"""
    with recursive {SUBTREE},
    page as materialized (
        select t.*, u.code as unit_code
        from target t join unit u using (unit_id)
        where t.year = %(year)s and (%(kind)s::text is null or t.kind = %(kind)s)
          and case when %(deep)s then t.unit_id in (select unit_id from below) else t.unit_id = %(under)s end
          and (%(code)s::text is null or (u.code, t.kind) > (%(code)s, %(after_kind)s))
        order by u.code, t.kind limit %(limit)s
    ),
    down (root, target_id, height) as (
        select target_id, target_id, 0 from page
        union all
        select d.root, t.target_id, d.height + 1 from down d join target t on t.part_of = d.target_id
    ),
    parts as (
        select d.root, count(*) as parts, sum(t.value) as value
        from down d join target t using (target_id) where d.height = 1 group by d.root
    ),
    lowest as (
        select d.root, count(*) as targets, count(p.report_id) as reported, sum(p.value) as value
        from down d {_NEWEST.format(of="d.target_id", name="p")}
        where d.height > 0 and not exists (select 1 from target t where t.part_of = d.target_id)
        group by d.root
    )
    select t.target_id, t.unit_id, t.unit_code, t.year, t.kind, t.value, t.due_on, t.set_by, t.citation, t.part_of,
           p.report_id, p.reported_on, p.value, parts.parts, parts.value, lowest.targets, lowest.reported, lowest.value
    from page t
    {_NEWEST.format(of="t.target_id", name="p")}
    left join parts on parts.root = t.target_id
    left join lowest on lowest.root = t.target_id
    order by t.unit_code, t.kind
"""  # noqa: S608 - made of own constants


class Asked(msgspec.Struct, frozen=True):
    """Which targets: of a unit, or with `deep` of its whole subtree, for a year; of one kind or (None) all."""

    under: UUID
    year: int
    day: date
    kind: str | None = None
    deep: bool = False


def targets_on(
    conn: Connection, asked: Asked, rules: Rules, after: tuple[str, str] | None, limit: int
) -> list[TargetOnDay]:
    """Up to `limit` targets by unit code and kind, behind (unit code, kind)."""
    code, after_kind = after or (None, None)
    values = msgspec.structs.asdict(asked) | {"code": code, "after_kind": after_kind, "limit": limit}
    rows: Sequence[tuple[Any, ...]] = conn.execute(_QUERY, values).fetchall()
    return [_shown(row, rules, asked.day) for row in rows]


def one_on(conn: Connection, target_id: UUID, unit_id: UUID, year: int, rules: Rules, day: date) -> TargetOnDay:
    """One target of a unit and a year; it must exist."""
    found = targets_on(conn, Asked(unit_id, year, day), rules, None, 1000)
    return next(target for target in found if target.target_id == target_id)


def reports(conn: Connection, target_id: UUID, after: tuple[date, UUID] | None, limit: int) -> list[Reported]:
    """Up to `limit` reports on a target, the newest day first, corrected ones included."""
    on, report_id = after or (None, None)
    rows: Sequence[tuple[Any, ...]] = conn.execute(
        """
        select r.report_id, r.reported_on, r.value, r.evidence, r.reference, r.reported_by, r.at, r.corrects,
               c.report_id
        from target_progress r left join target_progress c on c.corrects = r.report_id
        where r.target_id = %(target)s
          and (%(on)s::date is null or (r.reported_on, r.report_id) < (%(on)s, %(report)s))
        order by r.reported_on desc, r.report_id desc limit %(limit)s
        """,
        {"target": target_id, "on": on, "report": report_id, "limit": limit},
    ).fetchall()
    return [Reported(*[*row[:2], float(row[2]), *row[3:]]) for row in rows]


def _shown(row: tuple[Any, ...], rules: Rules, day: date) -> TargetOnDay:
    (target_id, unit_id, unit_code, year, kind, value, due_on, set_by, citation, part_of, *reached) = row
    report_id, reported_on, done, parts, parts_value, leaves, reported, leaves_value = reached
    words = rules.target_kind(kind, due_on)
    below = None
    if parts is not None:
        difference = float(parts_value - value) if words.adds_up else None
        total = float(leaves_value or 0) if words.adds_up else None
        below = Below(parts, difference, leaves, reported, total)
    return TargetOnDay(
        target_id=target_id,
        unit_id=unit_id,
        unit_code=unit_code,
        year=year,
        kind=kind,
        words={"vi": words.vi, "en": words.en},
        measure=words.measure,
        direction=words.direction,
        value=float(value),
        due_on=due_on,
        set_by=set_by,
        citation=citation,
        part_of=part_of,
        progress=None if report_id is None else Reached(report_id, reported_on, float(done)),
        percent_of_plan=None if report_id is None else plans.percent(Decimal(done), Decimal(value)),
        percent_of_time=plans.percent_of_time(year, due_on, day),
        met=None if report_id is None else (done >= value if words.direction == "at_least" else done <= value),
        below=below,
    )
