"""What stands behind a figure adds up to it: every part and counted figure, every unit, every month and longer period,
of a small organisation whose units move and close (tests/property/test_figures.py draws it)."""

import itertools
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings

from services.evaluation import figures, scoring
from services.evaluation.domain import periods, terms
from services.evaluation.domain.periods import Period
from services.evaluation.views import cards
from services.evaluation.views.evidence import Evidence, evidence
from services.evaluation.views.known import Asked
from shared.db import Connection
from shared.errors import NotFound
from tests.property.test_figures import BRANCHES, EAST, ROOT, WEST, Delivery, _clear, _merge, histories
from tests.support import events

NOW = datetime(2025, 7, 20, tzinfo=UTC)
UNITS = [ROOT, EAST, WEST, *BRANCHES]
PERIODS = [*map(periods.of_month, ["2025-05", "2025-06", "2025-07"]), periods.parse("2025-Q2")]
PARTS = {part.name: part for part in figures.PARTS}


def _everything(conn: Connection, asked: Asked, name: str, *, limit: int) -> list[Evidence]:
    """All rows, page by page."""
    found: list[Evidence] = []
    while True:
        after = found[-1].place if found else None
        page = evidence(conn, asked, figures.BY_NAME[name], NOW, after, limit)
        found += page
        if len(page) < limit:
            return found


def _sums(rows: list[Evidence]) -> dict[str, int]:
    sums: dict[str, int] = {}
    for name, count in itertools.chain.from_iterable(row.contributed.items() for row in rows):
        sums[name] = sums.get(name, 0) + count
    return sums


def _score(conn: Connection) -> None:
    while scoring.score_due(conn):
        pass


def _differing(conn: Connection, period: Period, *, limit: int) -> list[str]:
    """Figures whose evidence does not add up to them."""
    differing = []
    for unit_id in UNITS:
        try:
            card = cards.scorecard(conn, unit_id, period, NOW)
        except NotFound:
            continue
        counted = {name: value for name, value in card.derived.items() if name in terms.ON_READ}
        for name, value in (card.parts | counted).items():
            if name in terms.OPEN:
                continue  # of a unit and month it is no less than nothing; month by month in the test below
            rows = _everything(conn, Asked(unit_id, period), name, limit=limit if value else 100)
            if _sums(rows).get(name, 0) != (value or 0):
                differing.append(f"{name} of {unit_id} in {period.key}: {_sums(rows)} for {value}")
            assert all(row.why.vi and row.why.en for row in rows)
    return differing


@settings(max_examples=4, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(history=histories())
def test_the_rows_behind_every_figure_add_up_to_it(
    conn: Connection, history: tuple[list[Delivery], list[list[Delivery]]]
) -> None:
    _clear(conn)
    for batch in history[1]:
        _merge(conn, batch)
    _score(conn)
    assert [wrong for period in PERIODS for wrong in _differing(conn, period, limit=3)] == []
    for month in PERIODS[:3]:
        for unit_id in UNITS:
            try:
                card = cards.scorecard(conn, unit_id, month, NOW)
            except NotFound:
                continue
            for name in terms.OPEN:
                rows = _everything(conn, Asked(unit_id, month), name, limit=100)
                assert max(0, _sums(rows).get(name, 0)) == card.derived[name], (name, unit_id, month.key)


def test_the_property_can_fail(conn: Connection) -> None:
    """A sum that drifts from its facts is seen."""
    _clear(conn)
    _merge(conn, [("registry.unit.v1", events.unit(ROOT, None, kind="province_committee", level="province"))])
    _merge(conn, [("registry.unit.v1", events.unit(BRANCHES[0], ROOT))])
    _merge(conn, [("meetings.meeting.v1", events.meeting(BRANCHES[0], "2025-06"))])
    assert _differing(conn, PERIODS[1], limit=100) == []
    conn.execute("update unit_month set present = present + 1 where unit_id = %s", (ROOT,))
    assert _differing(conn, PERIODS[1], limit=100) == [f"present of {ROOT} in 2025-06: {{'present': 8}} for 9"]


@pytest.mark.parametrize("figure", figures.DERIVED, ids=lambda figure: figure.name)
def test_every_derived_figure_names_what_it_is_made_of(figure: figures.Derived) -> None:
    made_of = terms.terms_of(figure, PARTS)
    assert made_of
    assert [name for name in made_of if name not in PARTS and name not in terms.ON_READ] == []
