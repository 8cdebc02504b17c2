"""What is wrong with a rubric on entry: every fault named, gaps and overlaps of bands with a value in them."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date

from services.evaluation.domain import bands
from services.evaluation.domain.measures import CONDITIONS, MEASURES
from services.evaluation.domain.rubrics import (
    GRADES,
    Bands,
    Content,
    Evidence,
    FullMarks,
    Gate,
    Group,
    Interval,
    Item,
    Line,
    MemberDisciplined,
    Rubric,
    YearMeetings,
    YesNo,
)
from shared.errors import Fault, Text

_HUNDRED = 100
_MOST_MEETINGS = 12


def faults(content: Content) -> list[Fault]:
    """Every rule `content` breaks on its own; fields are paths into it (`groups[3].items[4].evidence.score.bands`)."""
    found = [*_codes("groups", [group.code for group in content.groups])]
    total = round(sum(group.max for group in content.groups), 2)
    if total != _HUNDRED:
        found.append(_fault("groups", "groups-make-100", f"Các nhóm cộng lại được {total:g} điểm, phải là 100.",
                            f"The groups add up to {total:g} points; they make 100."))  # fmt: skip
    for place, group in enumerate(content.groups):
        found += _group_faults(f"groups[{place}]", group)
    found += _grade_faults(content)
    known = {group.code for group in content.groups} | {f"{group.code}.{item.code}" for group, item in content.items}
    for place, gate in enumerate(content.gates):
        found += _gate_faults(f"gates[{place}]", gate, sorted(known))
    if content.duration.longer < content.duration.minutes:
        found.append(_fault("duration.longer", "longer-is-longer", "Thời lượng dài không ngắn hơn thời lượng thường.",
                            "The longer duration is not shorter than the usual one."))  # fmt: skip
    return found


def date_faults(rubric: Rubric, others: Sequence[Rubric]) -> Iterator[Fault]:
    """What is wrong with a version's dates beside `others`: the versions in force of the same owner and sheet.

    An earlier version of the same rubric that is still open ends where this one begins; one that begins on the same
    day, and holds no longer, was a mistake: this one takes its place.
    """
    if rubric.valid_to is not None and rubric.valid_to <= rubric.valid_from:
        yield _fault("valid_to", "dates", "Ngày hết hiệu lực phải sau ngày có hiệu lực.", "It ends after it begins.")
        return
    for other in others:
        begins_later = rubric.valid_to is None or other.valid_from < rubric.valid_to
        if not begins_later or (other.valid_to is not None and other.valid_to <= rubric.valid_from):
            continue
        if _succeeds(rubric, other):
            continue
        yield _fault(
            "valid_from",
            "dates-overlap",
            f"Trùng thời gian với phiên bản {other.version} của khung “{other.content.vi}” ({_span(other)}). Mỗi ngày "
            "chỉ một khung có hiệu lực: hãy sửa ngày.",
            f"Overlaps version {other.version} of “{other.content.en}” ({_span(other)}). One rubric holds on a day: "
            "change the dates.",
        )


def _succeeds(rubric: Rubric, other: Rubric) -> bool:
    if rubric.rubric_id != other.rubric_id:
        return False
    if other.valid_from == rubric.valid_from:
        return rubric.valid_to is None or (other.valid_to is not None and other.valid_to <= rubric.valid_to)
    return other.valid_to is None and other.valid_from < rubric.valid_from


def _span(rubric: Rubric) -> str:
    return f"{_day(rubric.valid_from)} – {_day(rubric.valid_to) if rubric.valid_to else '…'}"


def _day(day: date) -> str:
    return f"{day.day}/{day.month}/{day.year}"


def _group_faults(at: str, group: Group) -> Iterator[Fault]:
    yield from _codes(f"{at}.items", [item.code for item in group.items])
    yield from _decimals_faults(at, [group.max, *(item.max for item in group.items)])
    total = round(sum(item.max for item in group.items), 2)
    if total != group.max:
        rule = "items-exceed-group" if total > group.max else "items-below-group"
        yield _fault(f"{at}.items", rule, f"Các mục của nhóm {group.code} cộng được {total:g}, nhóm có {group.max:g}.",
                     f"The items of {group.code} add up to {total:g}; the group has {group.max:g}.")  # fmt: skip
    for place, item in enumerate(group.items):
        yield from _item_faults(f"{at}.items[{place}]", item)


def _item_faults(at: str, item: Item) -> Iterator[Fault]:
    condition = CONDITIONS.get(item.applies_when) if item.applies_when is not None else None
    if item.applies_when is not None and condition is None:
        yield _unknown(f"{at}.applies_when", "unknown-condition", item.applies_when, sorted(CONDITIONS))
    if (item.evidence is None) != (item.by == "people"):
        yield _fault(f"{at}.evidence", "evidence-and-by",
                     "by là people thì không có evidence; evidence hoặc both thì phải có.",
                     "With by: people there is no evidence; with evidence or both there is.")  # fmt: skip
    if item.evidence is None:
        return
    if condition is not None and condition.of_month:
        yield _fault(f"{at}.applies_when", "condition-of-month",
                     f"{item.applies_when} phụ thuộc buổi họp khác trong tháng: chỉ dùng cho mục do người chấm.",
                     f"{item.applies_when} depends on other meetings: only for items scored by people.")  # fmt: skip
    yield from _evidence_faults(f"{at}.evidence", item.evidence, item.max)


def _evidence_faults(at: str, evidence: Evidence, most: float) -> Iterator[Fault]:
    for place, override in enumerate(evidence.overrides):
        where = f"{at}.overrides[{place}]"
        if override.measure not in MEASURES:
            yield _unknown(f"{where}.measure", "unknown-measure", override.measure, sorted(MEASURES))
        yield from _end_faults(f"{where}.when", [override.when])
        if not override.when.ends:
            yield _fault(f"{where}.when", "override-without-end", "Phải nêu ít nhất một đầu, nếu không luôn đúng.",
                         "Name at least one end: without any it always holds.")  # fmt: skip
        yield from _points_faults(where, [override.points], most)
    measure = MEASURES.get(evidence.measure)
    if measure is None:
        yield _unknown(f"{at}.measure", "unknown-measure", evidence.measure, sorted(MEASURES))
        return
    score = evidence.score
    if isinstance(score, YesNo) != measure.is_yes_no:
        kinds = ("yes_no", "yes_no") if measure.is_yes_no else ("bands hoặc line", "bands or line")
        yield _fault(f"{at}.score.how", "scoring-fits-measure", f"{evidence.measure} chấm bằng {kinds[0]}.",
                     f"{evidence.measure} is scored by {kinds[1]}.")  # fmt: skip
        return
    if isinstance(score, Line):
        if score.none_at == score.all_at:
            yield _fault(f"{at}.score", "line", "none_at và all_at phải khác nhau.", "none_at and all_at differ.")
        elif score.all_at < measure.low or (measure.high is not None and score.all_at > measure.high):
            yield _fault(f"{at}.score.all_at", "maximum-not-reached",
                         f"{evidence.measure} không bao giờ đạt {score.all_at:g}: không ai được đủ điểm.",
                         f"{evidence.measure} never reaches {score.all_at:g}: nobody is given all points.")  # fmt: skip
        return
    given = [score.yes, score.no] if isinstance(score, YesNo) else [band.points for band in score.bands]
    yield from _points_faults(f"{at}.score", given, most)
    if given and max(given) < most:
        yield _fault(f"{at}.score", "maximum-not-reached", f"Không trường hợp nào được đủ {most:g} điểm của mục.",
                     f"Nothing is given the item's {most:g} points.")  # fmt: skip
    if isinstance(score, Bands):
        yield from band_faults(f"{at}.score.bands", score.bands, measure.low, measure.high, whole=measure.whole)


def band_faults(at: str, given: Sequence[Interval], low: float, high: float | None, *, whole: bool) -> Iterator[Fault]:
    """What is wrong with bands over a range of values: impossible ends, gaps, overlaps."""
    wrong = [*_end_faults(at, given)]
    yield from wrong
    if wrong:
        return
    for flaw in bands.flaws(given, low, high, whole=whole):
        value = bands.number(flaw.example)
        if not flaw.bands:
            yield _fault(at, "bands-gap", f"Giá trị {value} không thuộc mức nào. Hãy nới một mức cho đủ.",
                         f"The value {value} lies in no band. Widen one.")  # fmt: skip
        else:
            named = "; ".join(f"[{place}] {bands.said(given[place])}" for place in flaw.bands)
            yield _fault(at, "bands-overlap", f"Giá trị {value} thuộc nhiều mức: {named}. Hãy bớt một mức.",
                         f"The value {value} lies in several bands: {named}. Narrow one.")  # fmt: skip


def _end_faults(at: str, given: Sequence[Interval]) -> Iterator[Fault]:
    for place, rule in bands.wrong_ends(given):
        if rule == "two-ends":
            yield _fault(f"{at}[{place}]", rule, "Mỗi đầu chỉ ghi một lần: at_least hoặc above, at_most hoặc below.",
                         "An end is named once: at_least or above, at_most or below.")  # fmt: skip
        else:
            yield _fault(f"{at}[{place}]", "empty-band", "Mức này không chứa giá trị nào.", "This band holds no value.")


def _points_faults(at: str, given: Sequence[float], most: float) -> Iterator[Fault]:
    for points in sorted({points for points in given if not 0 <= points <= most}):
        yield _fault(at, "points-exceed-item", f"{points:g} điểm nằm ngoài 0–{most:g} của mục.",
                     f"{points:g} points lie outside the item's 0 to {most:g}.")  # fmt: skip
    yield from _decimals_faults(at, given)


def _decimals_faults(at: str, given: Sequence[float]) -> Iterator[Fault]:
    for points in sorted({points for points in given if round(points, 2) != points}):
        yield _fault(at, "two-decimals", f"{bands.number(points)} điểm: nhiều nhất hai chữ số thập phân.",
                     f"{bands.number(points)} points: two decimals at most.")  # fmt: skip


def _grade_faults(content: Content) -> Iterator[Fault]:
    named = [band.grade for band in content.grades]
    if sorted(named) != sorted(GRADES):
        yield _fault("grades", "grades-once", "Mỗi mức xếp loại nêu đúng một lần: good, fair, average, weak.",
                     "Each grade is named once: good, fair, average, weak.")  # fmt: skip
    yield from band_faults("grades", content.grades, 0, _HUNDRED, whole=False)
    lowest = {band.grade: max([0.0, *(end for end in (band.at_least, band.above) if end is not None)])
              for band in content.grades}  # fmt: skip
    ordered = [lowest[grade] for grade in GRADES if grade in lowest]
    if ordered != sorted(ordered, reverse=True):
        yield _fault(
            "grades", "grades-in-order", "Mức cao hơn phải cần nhiều điểm hơn.", "A better grade needs more points."
        )


def _gate_faults(at: str, gate: Gate, known: Sequence[str]) -> Iterator[Fault]:
    if not isinstance(gate, MemberDisciplined) and gate.grade == GRADES[-1]:
        yield _fault(f"{at}.grade", "gate-of-the-lowest", "Mức thấp nhất không cần điều kiện. Hãy nêu mức cao hơn.",
                     "The lowest grade needs no gate. Name a better one.")  # fmt: skip
    if isinstance(gate, FullMarks):
        if not gate.of:
            yield _fault(f"{at}.of", "gate-names-nothing", "Phải nêu ít nhất một nhóm hoặc mục.",
                         "Name at least one group or item.")  # fmt: skip
        for place, name in enumerate(gate.of):
            if name not in known:
                yield _unknown(f"{at}.of[{place}]", "unknown-group", name, known)
    if isinstance(gate, YearMeetings):
        if not 1 <= gate.count <= _MOST_MEETINGS:
            yield _fault(f"{at}.count", "count", f"Số buổi từ 1 đến {_MOST_MEETINGS}.", f"From 1 to {_MOST_MEETINGS}.")
        if GRADES.index(gate.reached) > GRADES.index(gate.every):
            yield _fault(f"{at}.reached", "gate-order", "Mức của số buổi phải không thấp hơn mức của mọi buổi.",
                         "The grade of the counted meetings is not below that of every meeting.")  # fmt: skip


def _codes(at: str, codes: Sequence[str]) -> Iterator[Fault]:
    for code, count in Counter(codes).items():
        if count > 1:
            yield _fault(at, "code-twice", f"Mã {code} dùng {count} lần.", f"The code {code} is used {count} times.")


def _unknown(field: str, rule: str, name: str, known: Sequence[str]) -> Fault:
    names = ", ".join(known)
    return _fault(field, rule, f"Không có {name}; có: {names}.", f"There is no {name}; there are: {names}.")


def _fault(field: str, rule: str, vi: str, en: str) -> Fault:
    return Fault(field, rule, Text(vi, en))
