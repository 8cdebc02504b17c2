"""Meetings lay points on the rubric that evaluation scores the same meeting by, wherever branches move."""

from datetime import date, timedelta
from uuid import UUID

import msgspec
import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from services.evaluation import sheets
from services.evaluation.domain.rubrics import Content, Rubric
from services.evaluation.store.migrations import rubric_seeds
from services.meetings.domain import frames
from shared.months import month_of
from shared.units import paths
from shared.units.replica import Span

ROOT, BRANCH = UUID(int=1), UUID(int=9)
COMMUNES = (UUID(int=2), UUID(int=3), UUID(int=4))
FIRST = date(2026, 1, 1)
_DAYS = st.integers(0, 150).map(lambda day: FIRST + timedelta(days=day))
_WARD = msgspec.convert(rubric_seeds.WARD, Content)
_SHOWN = frames.Content("v", "e", "i", "c", (frames.Group("g", "v", "e", 100),), ())


@st.composite
def spans_of(draw: st.DrawFn, parents: tuple[UUID, ...], kind: str) -> tuple[Span, ...]:
    """Up to four spans, with holes between them or none, each below one of `parents`."""
    cuts = sorted(draw(st.lists(_DAYS, min_size=1, max_size=5, unique=True)))
    ends: list[date | None] = [*cuts[1:], draw(st.none() | st.just(cuts[-1] + timedelta(days=20)))]
    found = [
        Span(begin, end, kind, "x", draw(st.sampled_from(parents)), "x")
        for begin, end in zip(cuts, ends, strict=True)
        if draw(st.integers(0, 4))
    ]
    return tuple(found)


@st.composite
def rubrics(draw: st.DrawFn) -> list[Rubric]:
    """Versions of a few owners; those of one owner and sheet do not overlap, as evaluation lets none in that do."""
    found: list[Rubric] = []
    for owner in draw(st.sets(st.sampled_from([None, ROOT, BRANCH, *COMMUNES]))):
        for sheet in draw(st.sets(st.sampled_from(["regular", "thematic"]), min_size=1)):
            cuts = sorted(draw(st.lists(_DAYS, min_size=1, max_size=3, unique=True)))
            for number, (begin, end) in enumerate(zip(cuts, [*cuts[1:], None], strict=True), 1):
                found.append(
                    Rubric(
                        rubric_id=UUID(int=1000 + len(found)),
                        version=number,
                        owner_id=owner,
                        valid_from=begin,
                        valid_to=end,
                        content=msgspec.structs.replace(_WARD, sheet=sheet),
                    )
                )
    return sorted(found, key=lambda one: (one.valid_from, one.rubric_id, one.version))


@st.composite
def provinces(draw: st.DrawFn) -> dict[UUID, tuple[Span, ...]]:
    """A root, three communes that come and go, and a branch that moves among them."""
    root = (Span(date(2020, 1, 1), None, "province_committee", "x", None, "x"),)
    communes = {unit_id: draw(spans_of((ROOT,), "grassroots_committee")) for unit_id in COMMUNES}
    return {ROOT: root, **communes, BRANCH: draw(spans_of((*COMMUNES, ROOT), "branch"))}


def _kept(rubric: Rubric) -> frames.Kept:
    return frames.Kept(
        rubric_id=rubric.rubric_id,
        version=rubric.version,
        owner_id=rubric.owner_id,
        in_force=True,
        sheet=rubric.content.sheet,
        valid_from=rubric.valid_from,
        valid_to=rubric.valid_to,
        content=_SHOWN,
    )


@given(spans=provinces(), every=rubrics(), days=st.lists(_DAYS, min_size=1, max_size=12, unique=True))
def test_both_services_choose_the_same_rubric(
    spans: dict[UUID, tuple[Span, ...]], every: list[Rubric], days: list[date]
) -> None:
    asked = [(kind, day) for day in days for kind in ("regular", "thematic")]
    held = pl.DataFrame(
        [(str(BRANCH), month_of(day), kind, day) for kind, day in asked],
        schema={"branch_id": pl.String, "month": pl.String, "kind": pl.String, "held_on": pl.Date},
        orient="row",
    )
    below = sheets.places(paths.branch_paths(BRANCH, spans), sheets.owners(every))
    chosen = [None if place is None else every[place].rubric_id for place in sheets.choose(held, every, below)]

    known = frames.Rubrics(BRANCH, tuple(_kept(rubric) for rubric in every), spans)
    found = [frame and frame.rubric_id for frame in (known.on(kind, day) for kind, day in asked)]
    assert found == chosen
