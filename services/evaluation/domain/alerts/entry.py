"""What is wrong with a version of a rule of alerts on entry: every fault named. Pure."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

import msgspec

from services.evaluation.domain.alerts.rules import Value
from shared.errors import Fault, Text


class Span(msgspec.Struct, frozen=True):
    """From when, to before when (None: still) a version of a rule is in force."""

    valid_from: date
    valid_to: date | None


def value_faults(
    kind: type[Value], given: Mapping[str, Any], kinds: Collection[str], levels: Collection[str]
) -> Iterator[Fault]:
    """What is wrong with the value of a rule of `kind`; `kinds` and `levels` are those units here have (none: unknown).

    Fields are paths into it: `value.begin_percent`.
    """
    members = {field.name: field for field in msgspec.structs.fields(kind)}
    for name in given:
        if name not in members:
            there_are = ", ".join(members)
            yield _fault(name, "unknown-member", f"Quy định này không có {name}; có: {there_are}.",
                         f"This rule has no {name}; it has: {there_are}.")  # fmt: skip
    right: dict[str, Any] = {}
    for name, field in members.items():
        if name not in given:
            if field.required:
                yield _fault(name, "required", "Thiếu mục này.", "This is missing.")
            continue
        try:
            right[name] = msgspec.convert(given[name], field.type)
        except msgspec.ValidationError as error:
            yield _fault(name, "member", f"Giá trị không hợp lệ: {error}.", f"The value cannot be: {error}.")
    yield from _band_faults(kind, right)
    for name, known in (("kinds", kinds), ("levels", levels)):
        strange = [one for one in right.get(name, ()) if known and one not in known]
        if strange:
            named, there_are = ", ".join(strange), ", ".join(sorted(known))
            yield _fault(name, "unknown-units", f"Không đơn vị nào ở đây là {named}; có: {there_are}.",
                         f"No unit here is {named}; there are: {there_are}.")  # fmt: skip


def _band_faults(kind: type[Value], right: Mapping[str, Any]) -> Iterator[Fault]:
    for low, high in kind.bands():
        if low not in right or high not in right or right[low] < right[high]:
            continue
        begins, ceases = (low, high) if low.startswith("begin") else (high, low)
        vi, en = ("trên", "above") if ceases == high else ("dưới", "below")
        yield _fault(
            ceases,
            "hysteresis",
            f"Mức chấm dứt ({right[ceases]:g}) phải ở {vi} mức bắt đầu ({begins}: {right[begins]:g}); nếu không, cảnh "
            "báo bắt đầu rồi chấm dứt ngay.",
            f"The bar at which it ceases ({right[ceases]:g}) lies {en} the one at which it begins ({begins}: "
            f"{right[begins]:g}); else an alert would begin and cease at once.",
        )


def date_faults(span: Span, others: Sequence[Span]) -> Iterator[Fault]:
    """What is wrong with a version's dates beside `others` of its rule: it ends before the next one begins.

    One that begins before it ends where it begins; one that begins on the same day is replaced.
    """
    if span.valid_to is not None and span.valid_to <= span.valid_from:
        yield Fault(
            "valid_to", "dates", Text("Ngày hết hiệu lực phải sau ngày có hiệu lực.", "It ends after it begins.")
        )
        return
    following = min((one.valid_from for one in others if one.valid_from > span.valid_from), default=None)
    if following is not None and (span.valid_to is None or span.valid_to > following):
        yield Fault(
            "valid_to",
            "dates-overlap",
            Text(
                f"Từ ngày {following:%d/%m/%Y} đã có phiên bản khác: phiên bản này hết hiệu lực muộn nhất ngày đó.",
                f"Another version begins on {following}: this one ends on that day at the latest.",
            ),
        )


def past_fault(since: date, today: date) -> Fault | None:
    """What is said where months that are over would be judged anew: those that end on `since` or later."""
    if since >= today.replace(day=1):
        return None
    return Fault(
        "rejudge",
        "in-the-past",
        Text(
            f"Các tháng đã qua, kết thúc từ ngày {since:%d/%m/%Y}, sẽ được xét lại: có cảnh báo sẽ bị rút, có cảnh báo "
            "mới. Hãy gửi rejudge: true nếu đúng là vậy, hoặc chọn ngày trong tháng này trở đi.",
            f"Months that are over, those that end on {since} or later, would be judged anew: alerts would be "
            "withdrawn, others begin. Send rejudge: true if that is meant, or choose a day of this month or later.",
        ),
    )


def _fault(member: str, rule: str, vi: str, en: str) -> Fault:
    return Fault(f"value.{member}", rule, Text(vi, en))
