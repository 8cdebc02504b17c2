"""Scores of a meeting, by the groups and maxima of the frame in force on its day, and the grade points come to."""

from collections.abc import Mapping
from typing import Final
from uuid import UUID

import msgspec

from services.meetings.domain.refusals import HOUSE
from services.meetings.domain.rules import Rules
from shared.errors import Fault, Text


class SelfScore(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Points by group, as the member assigned to score (`scorer_id`) gave them."""

    points: Mapping[str, float]
    scorer_id: UUID | None = None


class Score(msgspec.Struct, frozen=True):
    """A score, with the frame it was given by."""

    given: SelfScore
    frame: str

    @property
    def total(self) -> float:
        """The sum of the groups, to a hundredth of a point."""
        return round(sum(self.given.points.values()), 2)


def examine(given: SelfScore, rules: Rules) -> tuple[Score, list[Fault]]:
    """Lay `given` on the frame of the day.

    The faults name fields of the score (`points.conduct`); the score is of use only when there are none.
    """
    frame = rules.score_frame
    if frame is None:
        return Score(given, ""), [Fault("points", "no-frame-in-force", _NO_FRAME, HOUSE)]
    source = rules.sources["score_frame"]
    faults = [
        Fault(f"points.{group}", "group-without-points", _MISSING, source)
        for group in frame.groups
        if group not in given.points
    ]
    for group, points in given.points.items():
        if group not in frame.groups:
            faults.append(Fault(f"points.{group}", "group-not-in-frame", _unknown(frame.groups), source))
        elif not 0 <= points <= frame.groups[group]:
            faults.append(Fault(f"points.{group}", "points-out-of-range", _range(frame.groups[group]), source))
    return Score(given, frame.name), faults


def grade(points: float, rules: Rules) -> str | None:
    """The grade of a sum of points by the bands of the day: the highest whose least points are reached."""
    if rules.grade_bands is None:
        return None
    reached = [(least, name) for name, least in rules.grade_bands.items() if points >= least]
    return max(reached)[1] if reached else "weak"


_NO_FRAME: Final = Text(
    "Chưa có khung chấm điểm cho ngày họp này. Bỏ điểm tự chấm.",
    "No frame of scores is known for the day of this meeting. Leave the score out.",
)
_MISSING: Final = Text(
    "Nhóm tiêu chí này chưa có điểm. Ghi điểm, kể cả 0.",
    "This group has no points. Give them, zero included.",
)


def _unknown(groups: Mapping[str, float]) -> Text:
    names = ", ".join(groups)
    return Text(
        f"Khung chấm điểm không có nhóm này. Các nhóm: {names}.",
        f"The frame has no such group. Its groups: {names}.",
    )


def _range(maximum: float) -> Text:
    return Text(
        f"Điểm của nhóm này từ 0 đến {maximum:g}. Sửa điểm.",
        f"Points of this group lie between 0 and {maximum:g}. Correct them.",
    )
