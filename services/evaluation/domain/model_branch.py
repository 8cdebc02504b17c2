"""Model branches (chi bộ điểm): chosen by a committee for a time, with a reason. Pure."""

from collections.abc import Iterator, Sequence
from datetime import date
from uuid import UUID

import msgspec

from services.evaluation.domain.committees import Place, vi_day
from shared.errors import Fault, Text


class ModelBranch(msgspec.Struct, frozen=True):
    """A branch chosen from `valid_from` to the day before `valid_to` (None: until it is ended)."""

    model_id: UUID
    unit_id: UUID
    chosen_by: UUID
    version: int
    valid_from: date
    valid_to: date | None
    reason: str
    citation: str
    ended_on: date | None = None
    end_reason: str | None = None


def faults(chosen: ModelBranch, place: Place, others: Sequence[ModelBranch]) -> Iterator[Fault]:
    """What is wrong with choosing a branch; `others` are the times it was chosen for before."""
    if not place.is_branch:
        yield Fault(
            "unit_id",
            "not-a-branch",
            Text("Chỉ chi bộ mới được chọn làm chi bộ điểm.", "Only a branch can be a model branch."),
        )
    if chosen.valid_to is not None and chosen.valid_to <= chosen.valid_from:
        yield Fault(
            "valid_to",
            "ends-before-it-begins",
            Text(
                f"Ngày kết thúc phải sau ngày {vi_day(chosen.valid_from)}.",
                f"The end must lie after {chosen.valid_from}.",
            ),
        )
        return
    for other in others:
        if (other.valid_to is None or chosen.valid_from < other.valid_to) and (
            chosen.valid_to is None or other.valid_from < chosen.valid_to
        ):
            yield Fault(
                "valid_from",
                "already-model",
                Text(
                    f"Chi bộ đã là chi bộ điểm từ ngày {vi_day(other.valid_from)}. Hãy kết thúc lần chọn đó trước.",
                    f"It is a model branch already, from {other.valid_from}. End that first.",
                ),
            )


def end_fault(chosen: ModelBranch, ended_on: date) -> Fault | None:
    """What is wrong with ending it on `ended_on`, its first day as an ordinary branch again."""
    if ended_on > chosen.valid_from and (chosen.valid_to is None or ended_on <= chosen.valid_to):
        return None
    return Fault(
        "ended_on",
        "end-day",
        Text(
            f"Ngày kết thúc phải sau ngày {vi_day(chosen.valid_from)} và không sau thời hạn đã chọn.",
            f"The end must lie after {chosen.valid_from}, and no later than the time it was chosen for.",
        ),
    )
