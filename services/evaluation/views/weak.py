"""Weak organisations: who shows causes, and the register with its plans, teams and follow-up."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

import msgspec

from services.evaluation import rules
from services.evaluation.domain import weak as domain
from services.evaluation.domain.committees import Place, Rule
from services.evaluation.domain.periods import Period
from services.evaluation.domain.weak import Cause, Step, Weak, WeakRule
from services.evaluation.rules import Stage
from services.evaluation.store import classifications
from services.evaluation.store import committees as rows
from services.evaluation.store import weak as weak_rows
from services.evaluation.views import ranking_figures
from services.evaluation.views.ranking_figures import Standing
from shared.db import Connection
from shared.errors import Fault, Text, Unprocessable


class Candidate(msgspec.Struct, frozen=True):
    """A unit that shows causes, and whether the register has dealt with them already (see `is_dealt_with`)."""

    place: Place
    causes: tuple[Cause, ...]
    is_registered: bool

    @property
    def key(self) -> str:
        """What candidates are ordered by."""
        return self.place.code


class Line(msgspec.Struct, frozen=True):
    """One entry of the register in a list."""

    weak: Weak
    code: str
    name: str
    steps: int
    done: int
    overdue: int
    next_due_on: date | None
    last_entry_on: date | None


class Full(msgspec.Struct, frozen=True):
    """One entry with all that was kept of it."""

    weak: Weak
    code: str
    name: str
    steps: Sequence[Step]
    overdue: Sequence[UUID]
    entries: Sequence[weak_rows.Entry]
    history: Sequence[rows.Past]


class Asked(msgspec.Struct, frozen=True):
    """Which entries: of a subtree as it is today, in a state, with a cause, with steps overdue."""

    under: UUID
    today: date
    state: str | None = None
    cause: str | None = None
    overdue: bool | None = None


def candidates(conn: Connection, unit_id: UUID, period: Period, now: datetime) -> list[Candidate]:
    """The units of a subtree that show causes in `period`, by code.

    Raises Conflict where no rule is in force, Unprocessable while the period is still reported.
    """
    rule = _rule(conn, period, now)
    standings = ranking_figures.under(conn, unit_id, period, now)
    unit_ids = [one.place.unit_id for one in standings]
    grades = classifications.newest_yearly(conn, unit_ids, int(period.last[:4]))
    done = {one.unit_id for one in weak_rows.of_units(conn, unit_ids) if domain.is_dealt_with(one, period)}
    found = []
    for one in standings:
        causes = _causes(rule, period, one, grades)
        if causes:
            found.append(Candidate(one.place, causes, one.place.unit_id in done))
    return sorted(found, key=lambda one: one.key)


class Judged(msgspec.Struct, frozen=True):
    """A unit in a period: the causes it shows, those of before that too little stands behind now, and by whose rule."""

    shown: tuple[Cause, ...]
    unsaid: tuple[Cause, ...]
    source: str


def judged(conn: Connection, unit_id: UUID, period: Period, now: datetime, before: Sequence[Cause] = ()) -> Judged:
    """What one unit shows in `period`, after the causes it showed `before`; nothing where it is no longer in force.

    Raises as `candidates` does.
    """
    rule = _rule(conn, period, now)
    standing = ranking_figures.of_unit(conn, unit_id, period, now)
    if standing is None:
        return Judged((), (), rule.source)
    grades = classifications.newest_yearly(conn, [unit_id], int(period.last[:4]))
    return Judged(
        _causes(rule, period, standing, grades),
        domain.unsaid(rule, before, standing.value, standing.count),
        rule.source,
    )


def _rule(conn: Connection, period: Period, now: datetime) -> Rule[WeakRule]:
    rule = rows.rule_on(conn, "weak_causes", ranking_figures.end_of(period), WeakRule)
    if rules.stages(conn, [period.last], now) != [Stage.CLOSED]:
        message = Text(
            f"Kỳ {period.key} chưa hết hạn báo cáo nên chưa đánh giá được. Hãy chọn kỳ đã kết thúc.",
            f"Reports of {period.key} are still due, so it cannot be judged yet. Choose a period that is over.",
        )
        raise Unprocessable.of([Fault("period", "period-not-over", message)])
    return rule


def _causes(
    rule: Rule[WeakRule], period: Period, one: Standing, grades: Mapping[UUID, tuple[int, str]]
) -> tuple[Cause, ...]:
    """Figures judge branches; a committee above them is weak by its classification only."""
    value = one.value if one.place.is_branch else lambda _: None
    return domain.causes(rule, period.key, value, one.count, grades.get(one.place.unit_id))


_PREFIXED: Final = ", ".join(f"w.{name}" for name in Weak.__struct_fields__)
_REGISTER: Final = f"""
    with recursive below (unit_id) as (
        select %(under)s::uuid
        union
        select s.unit_id from below b join lateral (
            select distinct on (p.unit_id) p.unit_id, p.parent_id from unit_span p
            where p.unit_id in (select c.unit_id from unit_span c where c.parent_id = b.unit_id)
            order by p.unit_id, p.valid_from > %(today)s, abs(p.valid_from - %(today)s)
        ) s on s.parent_id = b.unit_id
    ),
    found as (
        select {_PREFIXED}, u.code, (
            select p.name from unit_span p where p.unit_id = w.unit_id
            order by p.valid_from > %(today)s, abs(p.valid_from - %(today)s) limit 1
        ) as name, coalesce(s.steps, 0) as steps, coalesce(s.done, 0) as done, coalesce(s.overdue, 0) as overdue,
        s.next_due_on, (select max(e.on_day) from weak_entry e where e.weak_id = w.weak_id) as last_entry_on
        from weak_organisation w join unit u using (unit_id) left join (
            select weak_id, count(*) as steps, count(done_on) as done,
                   count(*) filter (where done_on is null and due_on < %(today)s) as overdue,
                   min(due_on) filter (where done_on is null) as next_due_on
            from weak_step where withdrawn_on is null group by weak_id
        ) s using (weak_id)
        where w.unit_id in (select unit_id from below)
    )
"""  # noqa: S608 - made of own constants
_FILTER: Final = """
    where (%(state)s::text is null or state = %(state)s)
      and (%(cause)s::text is null or causes @> jsonb_build_array(jsonb_build_object('code', %(cause)s::text)))
      and (%(overdue)s::boolean is null or (state = 'open' and (overdue > 0) = %(overdue)s))
"""


def register(conn: Connection, asked: Asked, after: tuple[str, UUID] | None, limit: int | None) -> list[Line]:
    """Up to `limit` entries (None: all) by unit code, behind (code, id).

    Those of closed units belong where they last stood.
    """
    code, weak_id = after or (None, None)
    values = msgspec.structs.asdict(asked) | {"code": code, "weak": weak_id, "limit": limit}
    query = f"""{_REGISTER} select * from found {_FILTER}
        and (%(code)s::text is null or (code, weak_id) > (%(code)s, %(weak)s)) order by code, weak_id limit %(limit)s
    """  # noqa: S608 - made of own constants
    found: Sequence[tuple[Any, ...]] = conn.execute(query.encode(), values).fetchall()
    width = len(Weak.__struct_fields__)
    return [Line(weak_rows.weak_of(row[:width]), *row[width:]) for row in found]


def counts(conn: Connection, asked: Asked) -> dict[str, int]:
    """How many entries of the subtree are in each state, and how many open ones have steps overdue."""
    query = f"""{_REGISTER} select state, count(*), count(*) filter (where overdue > 0 and state = 'open')
        from found group by state"""  # noqa: S608 - made of own constants
    answered = conn.execute(query.encode(), msgspec.structs.asdict(asked)).fetchall()
    found = msgspec.convert(answered, list[tuple[str, int, int]])
    by_state = {state: count for state, count, _ in found}
    return {state: by_state.get(state, 0) for state in domain.STATES} | {"overdue": sum(late for _, _, late in found)}


def full(conn: Connection, weak: Weak, today: date) -> Full:
    """An entry with its plan, follow-up and history."""
    place = rows.latest_place(conn, weak.unit_id, today)
    steps = weak_rows.steps(conn, weak.weak_id)
    return Full(
        weak=weak,
        code=place.code if place else "",
        name=place.name if place else "",
        steps=steps,
        overdue=[step.step_id for step in steps if weak.state == "open" and step.is_overdue(today)],
        entries=weak_rows.entries(conn, weak.weak_id),
        history=rows.history(conn, "weak", weak.weak_id),
    )
