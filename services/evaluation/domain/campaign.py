"""Emulation campaigns (thi đua): criteria from the figures, collectives and individuals, standings, awards. Pure."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final, Literal
from uuid import UUID

import msgspec

from shared.errors import Fault, Text

State = Literal["draft", "running", "interim", "closed", "awarded"]
STATES: Final[tuple[State, ...]] = ("draft", "running", "interim", "closed", "awarded")
STEPS: Final[Mapping[str, tuple[frozenset[State], State]]] = {
    "start": (frozenset({"draft"}), "running"),
    "interim": (frozenset({"running", "interim"}), "interim"),
    "close": (frozenset({"running", "interim"}), "closed"),
    "award": (frozenset({"closed"}), "awarded"),
}
"""Step → the states it can be taken in, and the one it leads to."""
Direction = Literal["highest", "lowest"]
Kind = Literal["collectives", "individuals"]
RESULTS: Final[Mapping[str, tuple[str, str]]] = {
    "assigned": ("Nhiệm vụ được giao", "tasks assigned"),
    "done_rate": ("Tỷ lệ hoàn thành", "tasks done of those assigned"),
    "on_time_rate": ("Tỷ lệ đúng hạn", "tasks done in time of those done"),
}
"""What individuals are compared by: the results of their tasks."""


class Criterion(msgspec.Struct, frozen=True):
    """One criterion: with a `weight` it gives up to so many points, with a `threshold` it must be met."""

    figure: str
    of: Kind
    direction: Direction
    weight: float | None = None
    threshold: float | None = None


class Individual(msgspec.Struct, frozen=True):
    """A member by opaque id, and the results of the tasks given in the period."""

    member_id: UUID
    unit_id: UUID
    assigned: int
    done: int
    late: int

    def value(self, figure: str) -> float | None:
        """One of RESULTS; None where there is nothing to divide by."""
        if figure == "assigned":
            return self.assigned
        if figure == "done_rate":
            return round(self.done / self.assigned, 4) if self.assigned else None
        return round((self.done - self.late) / self.done, 4) if self.done else None


class Campaign(msgspec.Struct, frozen=True):
    """A campaign held by a committee among units of its subtree and their members."""

    campaign_id: UUID
    unit_id: UUID
    state: State
    version: int
    title: str
    period: str
    citation: str
    criteria: tuple[Criterion, ...]


class Line(msgspec.Struct, frozen=True):
    """One participant in a standing: the figures it stands on, its points, its rank, and the thresholds not met.

    Equal points share a rank; who does not meet every threshold has none.
    """

    subject_id: UUID
    name: str
    values: dict[str, float | None]
    points: float
    rank: int | None
    unmet: tuple[str, ...]


class Standing(msgspec.Struct, frozen=True):
    """How collectives and individuals stand."""

    collectives: tuple[Line, ...]
    individuals: tuple[Line, ...]


class Participant(msgspec.Struct, frozen=True):
    """Who is compared, and how to ask for a figure."""

    subject_id: UUID
    name: str
    value: Callable[[str], float | None]


def criteria_faults(criteria: Sequence[Criterion], is_figure: Callable[[str], bool]) -> Iterator[Fault]:
    """What is wrong with the criteria."""
    seen: set[tuple[str, str, bool]] = set()
    for number, one in enumerate(criteria):
        field = f"criteria[{number}]"
        if (one.weight is None) == (one.threshold is None):
            message = Text("Nêu hoặc weight, hoặc threshold.", "Give either a weight or a threshold.")
            yield Fault(f"{field}.weight", "weight-or-threshold", message)
        if one.weight is not None and not 0 < one.weight <= 1000:
            message = Text("Trọng số phải trên 0, đến 1000.", "A weight lies above 0, up to 1000.")
            yield Fault(f"{field}.weight", "weight-range", message)
        known = is_figure(one.figure) if one.of == "collectives" else one.figure in RESULTS
        if not known:
            there_are = "GET /v1/figures" if one.of == "collectives" else ", ".join(RESULTS)
            message = Text(
                f"Không có chỉ số {one.figure}; xem: {there_are}.",
                f"There is no figure {one.figure}; there are: {there_are}.",
            )
            yield Fault(f"{field}.figure", "unknown-figure", message)
        key = (one.of, one.figure, one.weight is None)
        if key in seen:
            yield Fault(f"{field}.figure", "figure-twice", Text("Đã nêu ở trên.", "It is named above already."))
        seen.add(key)
    if not any(one.weight is not None for one in criteria):
        message = Text("Cần ít nhất một tiêu chí có trọng số.", "At least one criterion needs a weight.")
        yield Fault("criteria", "no-weight", message)


def uncompared(criteria: Sequence[Criterion], taking_part: Mapping[Kind, int]) -> list[Kind]:
    """Who would take part and be compared by nothing: no criterion with a weight is theirs."""
    weighted = {one.of for one in criteria if one.weight is not None}
    return [kind for kind, count in taking_part.items() if count and kind not in weighted]


def individual_faults(individuals: Sequence[Individual]) -> Iterator[Fault]:
    """What is wrong with the results of individuals."""
    seen: set[UUID] = set()
    for number, one in enumerate(individuals):
        if one.member_id in seen:
            message = Text("Đảng viên này đã nêu ở trên.", "This member is named above already.")
            yield Fault(f"individuals[{number}].member_id", "member-twice", message)
        seen.add(one.member_id)
        if not 0 <= one.late <= one.done <= one.assigned:
            message = Text(
                "Số chậm không quá số hoàn thành, số hoàn thành không quá số được giao.",
                "No more can be late than done, and no more done than assigned.",
            )
            yield Fault(f"individuals[{number}].done", "results", message)


def standing(
    criteria: Sequence[Criterion], collectives: Sequence[Participant], individuals: Sequence[Participant]
) -> Standing:
    """How they stand. A weighted criterion gives the best of all its whole weight, the worst nothing, others by where
    they lie between; all of it to all when they are equal, nothing where nothing can be said."""
    return Standing(
        _lines([one for one in criteria if one.of == "collectives"], collectives),
        _lines([one for one in criteria if one.of == "individuals"], individuals),
    )


def _lines(criteria: Sequence[Criterion], participants: Sequence[Participant]) -> tuple[Line, ...]:
    if not criteria:
        return ()
    figures = list(dict.fromkeys(one.figure for one in criteria))
    values = {one.subject_id: {name: one.value(name) for name in figures} for one in participants}
    points = dict.fromkeys(values, 0.0)
    unmet: dict[UUID, list[str]] = {subject: [] for subject in values}
    for one in criteria:
        column = {subject: row[one.figure] for subject, row in values.items()}
        if one.weight is not None:
            for subject, share in _shares(column, one.direction).items():
                points[subject] += one.weight * share
        if one.threshold is not None:
            for subject, value in column.items():
                if not _meets(value, one.threshold, one.direction):
                    unmet[subject].append(one.figure)
    rounded = {subject: round(value, 2) for subject, value in points.items()}
    ranks: dict[float, int] = {}
    best_first = sorted((value for subject, value in rounded.items() if not unmet[subject]), reverse=True)
    for number, value in enumerate(best_first, start=1):
        ranks.setdefault(value, number)
    lines = [
        Line(
            one.subject_id,
            one.name,
            values[one.subject_id],
            rounded[one.subject_id],
            None if unmet[one.subject_id] else ranks[rounded[one.subject_id]],
            tuple(unmet[one.subject_id]),
        )
        for one in participants
    ]
    return tuple(sorted(lines, key=lambda line: (line.rank or len(lines) + 1, -line.points, line.name)))


def _shares(column: Mapping[UUID, float | None], direction: Direction) -> dict[UUID, float]:
    said = [value for value in column.values() if value is not None]
    least, most = min(said, default=0.0), max(said, default=0.0)

    def share(value: float | None) -> float:
        if value is None:
            return 0.0
        if most == least:
            return 1.0
        part = (value - least) / (most - least)
        return part if direction == "highest" else 1 - part

    return {subject: share(value) for subject, value in column.items()}


def _meets(value: float | None, threshold: float, direction: Direction) -> bool:
    if value is None:
        return False
    return value >= threshold if direction == "highest" else value <= threshold
