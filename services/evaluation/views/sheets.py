"""The sheet of a meeting: each item with its evidence beside what people gave."""

from collections.abc import Sequence
from datetime import date
from typing import Any, Final
from uuid import UUID

import msgspec
import polars as pl
from psycopg import sql

from services.evaluation import sheets
from services.evaluation.domain import bands, grading, scoring
from services.evaluation.domain.measures import CONDITIONS, MEASURES, Condition, Measure
from services.evaluation.domain.rubrics import Bands, Content, Group, Item, Line, Rubric
from services.evaluation.store import frames
from services.evaluation.store import rubrics as rubric_rows
from services.evaluation.store import sheets as sheet_rows
from shared.db import Connection

GRADED: Final = {**sheets.SCORED, **grading.PEOPLE, "month_has_theme": pl.Boolean}
"""What grades are made of, as columns."""
_CENT: Final = 0.01


class ItemShown(msgspec.Struct, frozen=True):
    """An item: the measure's value, the points evidence gives, whose the item is, and by which rule."""

    code: str
    vi: str
    en: str
    max: float
    by: str
    state: str
    measure: str | None
    measured: dict[str, str] | None
    value: float | None
    points: float | None
    rule: str | None
    applies_when: dict[str, str] | None


class GroupShown(msgspec.Struct, frozen=True):
    """A group: what evidence gives out of how much, what people gave, and how far the self score is from evidence."""

    code: str
    vi: str
    en: str
    max: float
    evidence: float
    covered: float
    self_: float | None
    official: float | None
    difference: float | None
    items: tuple[ItemShown, ...]


class SheetShown(msgspec.Struct, frozen=True):
    """A meeting's sheet; points are out of 100. `scored`: the sheet is in the figures."""

    meeting_id: UUID
    meeting_version: int
    branch_id: UUID
    month: str
    held_on: date
    rubric: Rubric
    scored: bool
    evidence: float | None
    covered: float
    gap: float | None
    self_points: float | None
    voted_points: float | None
    official_points: float | None
    points: float | None
    basis: str | None
    grade: str | None
    groups: tuple[GroupShown, ...]


def branch_of(conn: Connection, meeting_id: UUID) -> UUID | None:
    """The branch whose meeting it is; None when it is not known or not adopted."""
    row = conn.execute(
        "select branch_id from meeting_fact where meeting_id = %s and status = 'adopted'", (meeting_id,)
    ).fetchone()
    return None if row is None else msgspec.convert(row[0], UUID)


def facts(conn: Connection, where: sql.SQL | sql.Composed) -> pl.DataFrame:
    """The columns of GRADED of the adopted meetings `f` that meet a condition."""
    source = sql.SQL(
        """
        (select f.*, exists (
            select 1 from meeting_fact t where t.branch_id = f.branch_id and t.month = f.month
            and t.status = 'adopted' and (t.kind = 'thematic' or t.theme_tag is not null)
        ) as month_has_theme
        from meeting_fact f where f.status = 'adopted' and ({})) f
        """
    ).format(where)
    return frames.read_of(conn, "f", source, GRADED)


def sheet(conn: Connection, meeting_id: UUID) -> SheetShown | None:
    """A meeting's sheet by the rubric it was scored with, or will be; None where none was in force on its day."""
    found = facts(conn, sql.SQL("f.meeting_id = {}").format(sql.Literal(meeting_id)))
    if found.is_empty():
        return None
    kept = conn.execute(
        "select rubric_id, rubric_version, version from meeting_sheet where meeting_id = %s", (meeting_id,)
    ).fetchone()
    if kept is None:
        rubrics = rubric_rows.in_force(conn)
        place = sheets.choose(found, rubrics, sheet_rows.places_due(conn, rubrics, found["branch_id"].to_list())).item()
        if place is None:
            return None
        rubric, scored = rubrics[place], False
    else:
        rubric_id, number, version = msgspec.convert(kept, tuple[UUID, int, int])
        entry = rubric_rows.find(conn, rubric_id, number)
        assert entry is not None  # versions are never deleted
        rubric, scored = entry.rubric, version == found["version"].item()
    return _shown(rubric, found, scored)


def _shown(rubric: Rubric, found: pl.DataFrame, scored: bool) -> SheetShown:
    content = rubric.content
    (fact,) = found.rows(named=True)
    (of_items,) = scoring.items(content, found).rows(named=True)
    (of_sheet,) = scoring.sheets(content, found).rows(named=True)
    (graded,) = grading.graded(content, found).rows(named=True)
    given = {who: _given(found[f"{who}_groups"].item()) for who in ("self", "official")}
    form = _given(found["self_max"].item())
    return SheetShown(
        meeting_id=UUID(fact["meeting_id"]),
        meeting_version=fact["version"],
        branch_id=UUID(fact["branch_id"]),
        month=fact["month"],
        held_on=fact["held_on"],
        rubric=rubric,
        scored=scored,
        evidence=_points(of_sheet["evidence_scaled"]),
        covered=of_sheet["evidence_max"] / 100,
        gap=_points(of_sheet["gap"]),
        self_points=_points(fact["self_points"]),
        voted_points=_points(fact["voted_points"]),
        official_points=_points(fact["official_points"]),
        points=_points(graded["points"]),
        basis=graded["basis"],
        grade=graded["grade"],
        groups=tuple(_group(content, group, of_items, given, form) for group in content.groups),
    )


def _group(
    content: Content, group: Group, row: dict[str, Any], given: dict[str, dict[str, float]], form: dict[str, float]
) -> GroupShown:
    items = tuple(_item(group, item, row) for item in group.items)
    evidence = sum(item.points or 0.0 for item in items if item.state == "evidence")
    covered = sum(item.max for item in items if item.state == "evidence")
    own, most = given["self"].get(group.code), form.get(group.code, group.max)
    compared = own is not None and most > 0 and own <= most and covered > 0
    difference = round(own / most * covered - evidence, 2) if compared and own is not None else None
    return GroupShown(
        code=group.code,
        vi=group.vi,
        en=group.en,
        max=group.max,
        evidence=round(evidence, 2),
        covered=covered,
        self_=own,
        official=given["official"].get(group.code),
        difference=difference,
        items=items,
    )


def _item(group: Group, item: Item, row: dict[str, Any]) -> ItemShown:
    key = scoring.name(group, item)
    points, value = row[f"points:{key}"], row.get(f"value:{key}")
    applies = row[f"applies:{key}"]
    state = "evidence" if points is not None else "people"
    if not applies:
        state, points = ("void", None) if item.otherwise == "scale" else ("given", item.max)
    measure = MEASURES[item.evidence.measure] if item.evidence else None
    return ItemShown(
        code=item.code,
        vi=item.vi,
        en=item.en,
        max=item.max,
        by=item.by,
        state=state,
        measure=item.evidence.measure if item.evidence else None,
        measured=_words(measure) if measure else None,
        value=None if value is None else round(value, 4),
        points=points,
        rule=_rule(item, value, points) if state == "evidence" else None,
        applies_when=_words(CONDITIONS[item.applies_when]) if item.applies_when else None,
    )


def _words(named: Measure | Condition) -> dict[str, str]:
    return {"vi": named.vi, "en": named.en}


def _rule(item: Item, value: float | None, points: float | None) -> str | None:
    """The band, or what took its place, as people write it."""
    if item.evidence is None or value is None:
        return None
    score = item.evidence.score
    if isinstance(score, Bands):
        held = next((band for band in score.bands if band.holds(value)), None)
        if held is not None and held.points == points:
            return f"{bands.said(held)}: {held.points:g}"
    elif isinstance(score, Line):
        share = min(max((value - score.none_at) / (score.all_at - score.none_at), 0), 1)
        if points is not None and abs(points - share * item.max) < _CENT:
            return f"{score.none_at:g} → 0; {score.all_at:g} → {item.max:g}"
    elif points in (score.yes, score.no) and points == (score.yes if value > 0 else score.no):
        return f"1: {score.yes:g}; 0: {score.no:g}"
    named: Sequence[str] = [f"{one.measure} {bands.said(one.when)}: {one.points:g}" for one in item.evidence.overrides]
    return "; ".join(named)


def _given(text: str | None) -> dict[str, float]:
    return {} if text is None else msgspec.json.decode(text, type=dict[str, float])


def _points(hundredths: int | None) -> float | None:
    return None if hundredths is None else hundredths / 100
