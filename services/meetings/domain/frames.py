"""Frames of scores: groups with their maxima, and the bands of grades.

They come from the rubrics of evaluation.rubrics.v1, the nearest owner's first; where none is in force for a kind of
meeting, from the dated rule `score_frame`. Pure.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Annotated, Final, Literal
from uuid import UUID

import msgspec
from msgspec import Meta

from shared.months import month_of
from shared.units.paths import Spans, path_of_month

Sheet = Literal["regular", "thematic"]
Grade = Literal["good", "fair", "average", "weak"]
Count = Annotated[int, Meta(ge=1, le=2**31 - 1)]
Points = Annotated[float, Meta(ge=0)]


class Group(msgspec.Struct, frozen=True):
    """A group of a frame: people give it from 0 to `max` points. Without names where the rule gives only its code."""

    code: str
    vi: str
    en: str
    max: Points


class Band(msgspec.Struct, frozen=True):
    """The grade of sums of points in a range; an end that is not named is open."""

    grade: Grade
    at_least: float | None = None
    above: float | None = None
    at_most: float | None = None
    below: float | None = None

    def holds(self, points: float) -> bool:
        """Whether a sum of points lies in it."""
        return (
            (self.at_least is None or points >= self.at_least)
            and (self.above is None or points > self.above)
            and (self.at_most is None or points <= self.at_most)
            and (self.below is None or points < self.below)
        )


class Frame(msgspec.Struct, frozen=True, kw_only=True):
    """What points are given by. `name` is kept with the points; `source` is its issuer and citation.

    `rubric_id` and `version` are None, and `grades` empty, for a frame of the dated rules.
    """

    name: str
    vi: str
    en: str
    source: str
    groups: tuple[Group, ...]
    grades: tuple[Band, ...] = ()
    rubric_id: UUID | None = None
    version: int | None = None

    @property
    def maxima(self) -> Mapping[str, float]:
        """The most points of each group, by its code, in the order of the frame."""
        return {group.code: group.max for group in self.groups}


class Content(msgspec.Struct, frozen=True):
    """What a version of a rubric says; it never changes."""

    vi: str
    en: str
    issuer: str
    citation: str
    groups: Annotated[tuple[Group, ...], Meta(min_length=1)]
    grades: tuple[Band, ...]

    @property
    def texts(self) -> Iterator[str]:
        """Every text in it."""
        yield from (self.vi, self.en, self.issuer, self.citation)
        for group in self.groups:
            yield from (group.code, group.vi, group.en)


class Version(Content, frozen=True, kw_only=True):
    """A version of a rubric as evaluation.rubrics.v1 carries it: in force from `valid_from` to before `valid_to`."""

    version: Count
    sheet: Sheet
    valid_from: date
    valid_to: date | None


class Rubric(msgspec.Struct, frozen=True):
    """A rubric as evaluation.rubrics.v1 carries it; `owner_id` None: the national one. `version` is the event's."""

    rubric_id: UUID
    version: Annotated[int, Meta(ge=1, le=2**63 - 1)]
    owner_id: UUID | None
    versions: Annotated[tuple[Version, ...], Meta(min_length=1)]

    @property
    def fault(self) -> str | None:
        """Why it cannot be kept; None when it can. PostgreSQL keeps no U+0000, and prints of it would hold none."""
        if len({one.version for one in self.versions}) < len(self.versions):
            return "two versions have the same number"
        for one in self.versions:
            if len({group.code for group in one.groups}) < len(one.groups):
                return f"two groups of version {one.version} have the same code"
            if one.valid_to is not None and one.valid_to <= one.valid_from:
                return f"version {one.version} ends before it begins"
            if any("\0" in text for text in one.texts):
                return "a text holds the character U+0000"
        return None


class RubricGone(msgspec.Struct, frozen=True):
    """A rubric that is in force no more: its key with no value."""

    rubric_id: UUID


class Kept(msgspec.Struct, frozen=True, kw_only=True):
    """A version as it is kept here; one that is not `in_force` any more stays for what was scored by it."""

    rubric_id: UUID
    version: int
    owner_id: UUID | None
    in_force: bool
    sheet: str
    valid_from: date
    valid_to: date | None
    content: Content

    def holds_on(self, sheet: str, day: date) -> bool:
        """Whether meetings of this kind are scored by it on `day`."""
        return (
            self.in_force
            and self.sheet == sheet
            and self.valid_from <= day
            and (self.valid_to is None or day < self.valid_to)
        )

    @property
    def name(self) -> str:
        """How points that were given by it name it."""
        return f"{self.rubric_id}/{self.version}"

    @property
    def frame(self) -> Frame:
        """The frame it gives."""
        told = self.content
        return Frame(
            name=self.name,
            vi=told.vi,
            en=told.en,
            source=f"{told.issuer}, {told.citation}",
            groups=told.groups,
            grades=told.grades,
            rubric_id=self.rubric_id,
            version=self.version,
        )


class Rubrics(msgspec.Struct, frozen=True):
    """What one branch may be scored by: rubrics of units that ever stood above it, and national ones.

    `versions` in the order of their first days; `spans` of the branch and of the units above it, empty where no unit
    above has a rubric of its own.
    """

    branch_id: UUID
    versions: tuple[Kept, ...]
    spans: Spans

    def on(self, kind: str, day: date) -> Frame | None:
        """The frame of a kind of meeting on `day`: the nearest owner's that is in force, else the national one.

        The units above a branch are those of the day's month (docs/adr/0004), as evaluation scores by. None where no
        rubric is in force.
        """
        held = {one.owner_id: one for one in self.versions if one.holds_on(kind, day)}
        if not held:
            return None
        path = path_of_month(self.branch_id, month_of(day), self.spans) if held.keys() - {None} else ()
        nearest = next((held[unit_id] for unit_id in path if unit_id in held), held.get(None))
        return None if nearest is None else nearest.frame

    def named(self, name: str) -> Frame | None:
        """The frame that points name, whether it is in force or not; None when it is no rubric's, or unknown here."""
        return next((one.frame for one in self.versions if one.name == name), None)


NO_RUBRICS: Final = Rubrics(UUID(int=0), (), {})
