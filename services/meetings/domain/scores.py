"""Scores of a meeting, by the groups and maxima of a frame, and the grade points come to."""

from collections.abc import Mapping
from typing import Final
from uuid import UUID

import msgspec

from services.meetings.domain.frames import Band, Frame, Group
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


def examine(given: SelfScore, frame: Frame | None) -> tuple[Score, list[Fault]]:
    """Lay `given` on a frame (None: none is known for the day).

    The faults name fields of the score (`points.conduct`), the group, and the frame with its citation; the score is of
    use only when there are none.
    """
    if frame is None:
        return Score(given, ""), [Fault("points", "no-frame-in-force", _NO_FRAME, HOUSE)]
    faults = [
        Fault(f"points.{group.code}", "group-without-points", _missing(group, frame), frame.source)
        for group in frame.groups
        if group.code not in given.points
    ]
    groups = {group.code: group for group in frame.groups}
    for code, points in given.points.items():
        if code not in groups:
            faults.append(Fault(f"points.{code}", "group-not-in-frame", _unknown(code, frame), frame.source))
        elif not 0 <= points <= groups[code].max:
            faults.append(Fault(f"points.{code}", "points-out-of-range", _range(groups[code], frame), frame.source))
    return Score(given, frame.name), faults


def grade(points: float, frame: Frame | None, rules: Rules) -> str | None:
    """The grade of a sum of points; None for what no band holds.

    What a rubric asks beyond the sum is judged where evidence is: by evaluation.
    """
    return next((band.grade for band in bands(frame, rules) if band.holds(points)), None)


def bands(frame: Frame | None, rules: Rules) -> tuple[Band, ...]:
    """The bands points on `frame` are graded by: its own, else those of the dated rule."""
    return frame.grades if frame is not None and frame.grades else rules.bands


_NO_FRAME: Final = Text(
    "Chưa có khung chấm điểm cho ngày họp này. Bỏ điểm tự chấm.",
    "No frame of scores is known for the day of this meeting. Leave the score out.",
)


def _missing(group: Group, frame: Frame) -> Text:
    return Text(
        f"Nhóm {_vi(group)} của khung “{frame.vi}” chưa có điểm. Ghi điểm, kể cả 0.",
        f"The group {_en(group)} of the frame “{frame.en}” has no points. Give them, zero included.",
    )


def _unknown(code: str, frame: Frame) -> Text:
    return Text(
        f"Khung “{frame.vi}” không có nhóm {code}. Các nhóm: {', '.join(map(_vi, frame.groups))}.",
        f"The frame “{frame.en}” has no group {code}. Its groups: {', '.join(map(_en, frame.groups))}.",
    )


def _range(group: Group, frame: Frame) -> Text:
    return Text(
        f"Điểm nhóm {_vi(group)} của khung “{frame.vi}” từ 0 đến {group.max:g}. Sửa điểm.",
        f"Points of {_en(group)} in the frame “{frame.en}” lie between 0 and {group.max:g}. Correct them.",
    )


def _vi(group: Group) -> str:
    return group.code if group.vi == group.code else f"{group.code} ({group.vi})"


def _en(group: Group) -> str:
    return group.code if group.en == group.code else f"{group.code} ({group.en})"
