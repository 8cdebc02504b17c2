"""Rubrics (khung chấm điểm): how the meetings of a branch are scored and graded, as data with an issuer and dates.

A rubric's versions never change once they exist; another version is another row. Points are numbers of at most two
decimals; the groups' maxima of a sheet make 100.
"""

from collections.abc import Iterator
from datetime import date
from typing import Final, Literal
from uuid import UUID

import msgspec

Sheet = Literal["regular", "thematic"]
GradeName = Literal["good", "fair", "average", "weak"]
GRADES: Final[tuple[GradeName, ...]] = ("good", "fair", "average", "weak")
"""Tốt, Khá, Trung bình, Kém: the best first."""
By = Literal["evidence", "people", "both"]


class Interval(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A range of values; an end that is not named is open to infinity. At most one lower and one upper end."""

    at_least: float | None = None
    above: float | None = None
    at_most: float | None = None
    below: float | None = None

    def holds(self, value: float) -> bool:
        """Whether `value` lies in it."""
        return (
            (self.at_least is None or value >= self.at_least)
            and (self.above is None or value > self.above)
            and (self.at_most is None or value <= self.at_most)
            and (self.below is None or value < self.below)
        )

    @property
    def ends(self) -> tuple[float, ...]:
        """Where it begins and ends."""
        return tuple(end for end in (self.at_least, self.above, self.at_most, self.below) if end is not None)


class Band(Interval, frozen=True, kw_only=True):
    """The points of values in a range."""

    points: float


class Bands(msgspec.Struct, frozen=True, tag_field="how", tag="bands", forbid_unknown_fields=True):
    """Points by the one band a number lies in."""

    bands: tuple[Band, ...]


class YesNo(msgspec.Struct, frozen=True, tag_field="how", tag="yes_no", forbid_unknown_fields=True):
    """Points by whether a thing was so."""

    yes: float
    no: float = 0


class Line(msgspec.Struct, frozen=True, tag_field="how", tag="line", forbid_unknown_fields=True):
    """None of the item's points at `none_at` and beyond, all of them at `all_at` and beyond, in proportion between."""

    none_at: float
    all_at: float


Scoring = Bands | YesNo | Line


class Override(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Points that take the place of the others where a second measure lies in a range (`true` is 1, `false` 0)."""

    measure: str
    when: Interval
    points: float


class Evidence(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How the system scores an item: from a measure (measures.py); the first override that holds comes first."""

    measure: str
    score: Scoring
    overrides: tuple[Override, ...] = ()


class Item(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One line of the sheet.

    `by`: `evidence` decides, `people` do, or people do and evidence stands beside (`both`). Where `applies_when` (a
    condition, measures.py) does not hold, `otherwise` says whether the item is taken out and the rest of its group
    scaled to the group's maximum (`scale`), or its points are given (`full`).
    """

    code: str
    vi: str
    en: str
    max: float
    by: By
    evidence: Evidence | None = None
    applies_when: str | None = None
    otherwise: Literal["scale", "full"] = "scale"


class Group(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A group of items; people give points to groups."""

    code: str
    vi: str
    en: str
    max: float
    items: tuple[Item, ...]


class GradeBand(Interval, frozen=True, kw_only=True):
    """The grade of sums of points in a range."""

    grade: GradeName


class FullMarks(msgspec.Struct, frozen=True, tag_field="kind", tag="full_marks", forbid_unknown_fields=True):
    """A meeting has `grade` only with full marks in each of `of`: groups, or items written `group.item`."""

    grade: GradeName
    of: tuple[str, ...]


class MemberDisciplined(
    msgspec.Struct, frozen=True, tag_field="kind", tag="member_disciplined", forbid_unknown_fields=True
):
    """A year in which a member of the branch was disciplined has `grade`."""

    grade: GradeName


class YearMeetings(msgspec.Struct, frozen=True, tag_field="kind", tag="year_meetings", forbid_unknown_fields=True):
    """A year has `grade` only when every regular meeting was at least `every` and at least `count` were
    `reached` or better."""

    grade: GradeName
    every: GradeName
    count: int
    reached: GradeName


Gate = FullMarks | MemberDisciplined | YearMeetings


class Duration(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How long a meeting lasts: `minutes`, or `longer` with a theme or from `from_members` who owe attendance."""

    minutes: int
    longer: int
    from_members: int


class Content(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a rubric says, apart from whose it is. `checked`: it was compared with the issuer's full text."""

    vi: str
    en: str
    issuer: str
    citation: str
    checked: bool
    notes: str
    sheet: Sheet
    duration: Duration
    groups: tuple[Group, ...]
    grades: tuple[GradeBand, ...]
    gates: tuple[Gate, ...] = ()

    @property
    def items(self) -> Iterator[tuple[Group, Item]]:
        """Every item with its group, in the order of the sheet."""
        return ((group, item) for group in self.groups for item in group.items)


class Rubric(msgspec.Struct, frozen=True, kw_only=True):
    """A version of a rubric; `owner_id` None: the national frame. In force from `valid_from` to before `valid_to`."""

    rubric_id: UUID
    version: int
    owner_id: UUID | None
    valid_from: date
    valid_to: date | None
    content: Content

    def holds_on(self, day: date) -> bool:
        """Whether `day` lies in its dates."""
        return self.valid_from <= day and (self.valid_to is None or day < self.valid_to)


def grade_of(points: float, content: Content) -> GradeName | None:
    """The grade of a sum of points, before the gates; None for what no band holds."""
    return next((band.grade for band in content.grades if band.holds(points)), None)
