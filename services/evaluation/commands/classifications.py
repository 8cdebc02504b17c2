"""Classification of units: proposed by the unit, returned from above or decided, withdrawn by a new decision."""

from collections.abc import Mapping, Sequence
from datetime import date
from uuid import UUID

import msgspec

from services.evaluation.commands.committees import Work, check_version, locked, places_on, wrong_state
from services.evaluation.domain import classification as domain
from services.evaluation.domain import periods
from services.evaluation.domain.classification import Classification, Grade, Limit
from services.evaluation.domain.committees import Place, Rule
from services.evaluation.store import classifications as rows
from services.evaluation.store import committees as committee_rows
from services.evaluation.store.committees import Change
from services.evaluation.views.ranking_figures import end_of
from shared import months
from shared.errors import Fault, Text, Unprocessable
from shared.ids import new_id


class Decided(msgspec.Struct, frozen=True):
    """The grade of one unit in a decision; None withdraws the grade it has. `based_on` is the version looked at."""

    unit_id: UUID
    grade: Grade | None
    reason: str | None = None
    based_on: int | None = None


def propose(work: Work, unit_id: UUID, period: str, grade: Grade, reason: str, expected: int | None) -> Classification:
    """The unit proposes its own grade; a decision stays as it is. Raises Conflict, Unprocessable."""
    day = last_day(period)
    if months.first_day(periods.parse(period).first) > work.today:
        message = Text(f"Kỳ {period} chưa bắt đầu.", f"The period {period} has not begun.")
        raise Unprocessable.of([Fault("period", "period-to-come", message)])
    locked(work, f"classification:{unit_id}")
    places_on(work, [unit_id], day)
    before = rows.of_units(work.conn, [unit_id], period).get(unit_id) or _new(unit_id, period)
    check_version(expected, before.version)
    after = msgspec.structs.replace(
        before,
        version=before.version + 1,
        proposed=grade,
        proposal_reason=reason,
        proposed_on=work.today,
        returned_on=None,
        return_reason=None,
    )
    rows.save(work.conn, [after])
    work.record(_change(after, "proposed", {"grade": grade, "reason": reason}))
    return after


def give_back(work: Work, unit_id: UUID, period: str, reason: str, expected: int | None) -> Classification:
    """An office above returns the unit's proposal with a reason: it stays as it is until the unit proposes again.

    What was decided stays. Raises Conflict where nothing waits, Unprocessable.
    """
    last_day(period)
    locked(work, f"classification:{unit_id}")
    before = rows.of_units(work.conn, [unit_id], period).get(unit_id) or _new(unit_id, period)
    check_version(expected, before.version)
    if before.proposed is None or before.returned_on is not None:
        state = "none" if before.proposed is None else "returned"
        raise wrong_state(state, Text("đơn vị có đề nghị chưa trả lại", "a proposal of the unit is there to return"))
    after = msgspec.structs.replace(before, version=before.version + 1, returned_on=work.today, return_reason=reason)
    rows.save(work.conn, [after])
    work.record(_change(after, "returned", {"proposed": before.proposed, "reason": reason}))
    return after


def decide(
    work: Work, superior_id: UUID, period: str, given: Sequence[Decided], citation: str, decided_on: date
) -> list[Classification]:
    """The direct superior decides the grades of several units at once, all or nothing.

    Raises Unprocessable: a unit that is not directly below, and each comparison group that would have more of the
    best grade than it may, with its members and how many are allowed.
    """
    day = last_day(period)
    rule = committee_rows.rule_on(work.conn, "classification", day, Limit)
    locked(work, f"classification:{superior_id}", *(f"classification:{one.unit_id}" for one in given))
    places = places_on(work, [one.unit_id for one in given], day, "decisions[{}].unit_id")
    known = rows.of_units(work.conn, list(places), period)
    faults = [*_decision_faults(given, superior_id, places, known)]
    if not months.first_day(periods.parse(period).first) <= decided_on <= work.today:
        message = Text(
            f"Ngày quyết định phải từ khi kỳ {period} bắt đầu đến hôm nay.",
            f"The day of the decision lies from the beginning of {period} to today.",
        )
        faults.append(Fault("decided_on", "decision-day", message))
    if faults:
        raise Unprocessable.of(faults)
    made = []
    for one in given:
        before = known.get(one.unit_id) or _new(one.unit_id, period)
        check_version(one.based_on, before.version)
        made.append(
            msgspec.structs.replace(
                before,
                version=before.version + 1,
                grade=one.grade,
                superior_id=superior_id,
                group_key=domain.group_of(places[one.unit_id], rule.value),
                decided_on=decided_on,
                citation=citation,
                reason=one.reason,
            )
        )
    faults = _limit_faults(work, superior_id, made, rule)
    if faults:
        raise Unprocessable.of(faults)
    rows.save(work.conn, made)
    work.record(*(_change(one, "withdrawn" if one.grade is None else "decided", _told(one)) for one in made))
    return made


def _decision_faults(
    given: Sequence[Decided],
    superior_id: UUID,
    places: Mapping[UUID, Place],
    known: Mapping[UUID, Classification],
) -> list[Fault]:
    faults: list[Fault] = []
    seen: set[UUID] = set()
    for number, one in enumerate(given):
        field = f"decisions[{number}].unit_id"
        if one.unit_id in seen:
            faults.append(
                Fault(field, "unit-twice", Text("Đơn vị này đã nêu ở trên.", "This unit is named above already."))
            )
        seen.add(one.unit_id)
        if places[one.unit_id].parent_id != superior_id:
            message = Text(
                "Cuối kỳ, đơn vị này không trực thuộc cấp uỷ ra quyết định. Chỉ cấp trên trực tiếp được quyết định.",
                "At the period's end this unit does not stand directly below the committee that decides. Only its "
                "direct superior may.",
            )
            faults.append(Fault(field, "not-directly-below", message))
        if one.grade is None and (one.unit_id not in known or known[one.unit_id].grade is None):
            nothing = Text("Đơn vị chưa được xếp loại nên không có gì để huỷ.", "There is no grade to withdraw.")
            faults.append(Fault(f"decisions[{number}].grade", "nothing-to-withdraw", nothing))
    return faults


def _limit_faults(work: Work, superior_id: UUID, made: Sequence[Classification], rule: Rule[Limit]) -> list[Fault]:
    """The limit in each group that the decision touches, as it would be afterwards.

    A group is what stands below the superior at the period's end as it is known now, not when others were decided:
    a reorganisation that came late moves its units in and out.
    """
    period = made[0].period
    places = committee_rows.children(work.conn, superior_id, last_day(period))
    before = rows.of_units(work.conn, [place.unit_id for place in places], period)
    after = {unit_id: one.grade for unit_id, one in before.items()} | {one.unit_id: one.grade for one in made}
    faults: list[Fault] = []
    for group in sorted({one.group_key or "" for one in made}):
        members = [place for place in places if domain.group_of(place, rule.value) == group]
        faults += domain.limit_faults(after, members, rule, "decisions")
    return faults


def last_day(period: str) -> date:
    """The last day of a period of classification. Raises Unprocessable when it is neither a quarter nor a year."""
    fault = domain.period_fault(period)
    if fault:
        raise Unprocessable.of([fault])
    return end_of(periods.parse(period))


def _new(unit_id: UUID, period: str) -> Classification:
    return Classification(new_id(), unit_id, period, 0)


def _told(one: Classification) -> dict[str, object]:
    return {
        "grade": one.grade,
        "superior_id": one.superior_id,
        "decided_on": one.decided_on,
        "citation": one.citation,
        "reason": one.reason,
    }


def _change(one: Classification, action: str, detail: object) -> Change:
    return Change("classification", one.classification_id, one.version, action, detail)
