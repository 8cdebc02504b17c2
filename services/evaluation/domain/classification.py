"""Classification of a quarter or a year: proposed by the unit, decided by its direct superior, with a limit. Pure."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date
from typing import Final, Literal
from uuid import UUID

import msgspec

from services.evaluation.domain.committees import Place, Rule, Words, listed
from shared.errors import Fault, Text

Grade = Literal["excellent", "good", "completed", "not_completed"]
GRADES: Final[tuple[Grade, ...]] = ("excellent", "good", "completed", "not_completed")
"""Best first."""
WORDS: Final[Mapping[Grade, Words]] = {
    "excellent": Words("Hoàn thành xuất sắc nhiệm vụ", "completed excellently"),
    "good": Words("Hoàn thành tốt nhiệm vụ", "completed well"),
    "completed": Words("Hoàn thành nhiệm vụ", "completed"),
    "not_completed": Words("Không hoàn thành nhiệm vụ", "not completed"),
}
PERIOD: Final = re.compile(r"(19|20|21)[0-9]{2}(-Q[1-4])?")


class Limit(msgspec.Struct, frozen=True):
    """At most `percent` of those graded one of `of` may be graded `best`; a group shares superior, kind, and `by`."""

    percent: int
    best: Grade
    of: tuple[Grade, ...]
    by: tuple[Literal["type"], ...] = ()


class Classification(msgspec.Struct, frozen=True):
    """A unit's classification of a period in its newest state: what was proposed, and what was decided (or not).

    `returned_on`: the proposal was given back with a reason, and the unit has not proposed again since.
    """

    classification_id: UUID
    unit_id: UUID
    period: str
    version: int
    proposed: Grade | None = None
    proposal_reason: str | None = None
    proposed_on: date | None = None
    grade: Grade | None = None
    superior_id: UUID | None = None
    group_key: str | None = None
    decided_on: date | None = None
    citation: str | None = None
    reason: str | None = None
    returned_on: date | None = None
    return_reason: str | None = None


class Allowance(msgspec.Struct, frozen=True):
    """A comparison group under the limit: how many are graded, how many of them may be graded best, how many are."""

    graded: int
    counted: int
    allowed: int
    best: int

    @property
    def is_kept(self) -> bool:
        """Whether no more are graded best than may be."""
        return self.best <= self.allowed


def group_of(place: Place, limit: Limit) -> str:
    """What a unit shares with those of its comparison group besides the superior."""
    return f"{place.kind}/{place.branch_type}" if "type" in limit.by and place.branch_type else place.kind


def allowance(grades: Collection[Grade], limit: Limit) -> Allowance:
    """The limit over the grades of one comparison group; parts of a unit are not rounded up."""
    counted = sum(grade in limit.of for grade in grades)
    best = sum(grade == limit.best for grade in grades)
    return Allowance(len(grades), counted, counted * limit.percent // 100, best)


def limit_faults(
    grades: Mapping[UUID, Grade | None], places: Sequence[Place], rule: Rule[Limit], field: str
) -> Iterator[Fault]:
    """What is said where a group would have more of the best grade than it may; names the group's members.

    `places` are the units of the whole group, `grades` theirs as they would be.
    """
    limit = rule.value
    graded = [(f"{place.code} {place.name}", grade) for place in places if (grade := grades.get(place.unit_id))]
    stands = allowance([grade for _, grade in graded], limit)
    if stands.is_kept:
        return
    best = listed(sorted(name for name, grade in graded if grade == limit.best))
    counted = listed(sorted(name for name, grade in graded if grade in limit.of))
    word = WORDS[limit.best]
    yield Fault(
        field,
        "over-the-limit",
        Text(
            f"Nhóm so sánh có {stands.counted} đơn vị từ mức tốt trở lên ({counted.vi}) nên được nhiều nhất "
            f"{stands.allowed} đơn vị “{word.vi}” ({limit.percent} %); quyết định này thành {stands.best} đơn vị: "
            f"{best.vi}. Hãy hạ mức, hoặc quyết định cả nhóm trong một lần.",
            f"The comparison group has {stands.counted} unit(s) graded well or better ({counted.en}), so at most "
            f"{stands.allowed} may be “{word.en}” ({limit.percent} %); this would make it {stands.best}: {best.en}. "
            "Grade some lower, or decide the whole group at once.",
        ),
        rule.source,
    )


def period_fault(period: str) -> Fault | None:
    """What is wrong with a period of classification: it is a quarter or a year."""
    if PERIOD.fullmatch(period):
        return None
    return Fault(
        "period",
        "quarter-or-year",
        Text(
            "Xếp loại theo quý (2025-Q2) hoặc theo năm (2025).",
            "Units are classified by quarter (2025-Q2) or year (2025).",
        ),
    )
