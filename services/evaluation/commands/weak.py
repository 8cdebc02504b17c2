"""The register of weak organisations: propose, open, dismiss, plan, follow up, close."""

from collections.abc import Sequence
from datetime import date
from typing import Any, Final
from uuid import UUID

import msgspec

from services.evaluation.commands.committees import Work, check_version, not_known, wrong_state
from services.evaluation.domain import periods
from services.evaluation.domain import weak as domain
from services.evaluation.domain.periods import Period
from services.evaluation.domain.weak import SEEN, Cause, Step, Weak
from services.evaluation.store import weak as rows
from services.evaluation.store.committees import Change
from services.evaluation.views import weak as views
from shared.errors import Conflict, Fault, NotFound, Text, Unprocessable
from shared.ids import new_id

_OPEN: Final = Text("tổ chức đang được củng cố (open)", "it is open")
_PROPOSED: Final = Text("mới được đề xuất (proposed)", "it is proposed")


def unknown() -> NotFound:
    """There is no such entry."""
    return not_known(Text("tổ chức trong sổ", "entry of the register"))


def propose(work: Work, unit_id: UUID, period: Period) -> list[Weak]:
    """The system proposes every unit of a subtree that shows causes no entry deals with; returns the new entries."""
    found = [
        Weak(new_id(), one.place.unit_id, period.key, "system", "proposed", 1, one.causes, work.today)
        for one in views.candidates(work.conn, unit_id, period, work.now)
        if not one.is_registered
    ]
    kept = rows.add(work.conn, found)
    work.record(*(_change(one, "proposed", {"causes": one.causes}) for one in kept))
    return kept


def open_new(work: Work, weak_id: UUID, unit_id: UUID, period: Period, seen: Sequence[str], citation: str) -> Weak:
    """An officer enters a unit: with the causes the figures show, and those `seen`. Raises Conflict, Unprocessable."""
    causes = (*views.judged(work.conn, unit_id, period, work.now).shown, *_seen(seen))
    if not causes:
        message = Text(
            "Số liệu kỳ này không cho thấy nguyên nhân nào. Hãy nêu ít nhất một nguyên nhân trong seen.",
            "The figures of this period show no cause. Name at least one in seen.",
        )
        raise Unprocessable.of([Fault("seen", "no-cause", message)])
    weak = Weak(
        weak_id, unit_id, period.key, "officer", "open", 1, causes, work.today, opened_on=work.today, citation=citation
    )
    if not rows.add(work.conn, [weak]):
        raise Conflict(
            "already-registered",
            Text(
                "Đơn vị đã có trong sổ, hoặc weak_id đã dùng. Hãy dùng mục đang có.",
                "The unit is in the register already, or the weak_id is taken. Use the entry there is.",
            ),
        )
    work.record(_change(weak, "opened", {"causes": causes, "citation": citation}))
    return weak


def to_change(work: Work, weak_id: UUID, expected: int | None, *, state: domain.State = "open") -> Weak:
    """The entry, locked. Raises NotFound, Conflict when it changed since `expected` or is in another state."""
    found = rows.find(work.conn, weak_id, lock=True)
    if found is None:
        raise unknown()
    check_version(expected, found.version)
    if found.state != state:
        raise wrong_state(found.state, _OPEN if state == "open" else _PROPOSED)
    return found


def open_proposed(work: Work, weak: Weak, seen: Sequence[str], citation: str) -> Weak:
    """The proposal is taken up, with more causes where an officer saw them."""
    causes = (*weak.causes, *_seen(seen))
    return _saved(
        work, weak, "opened", {"seen": seen, "citation": citation}, state="open", causes=causes,
        opened_on=work.today, citation=citation,
    )  # fmt: skip


def dismiss(work: Work, weak: Weak, reason: str) -> Weak:
    """The proposal is not taken up, and why."""
    return _saved(work, weak, "dismissed", {"reason": reason}, state="dismissed", ended_on=work.today, reason=reason)


def plan(work: Work, weak: Weak, steps: Sequence[Step], team: Sequence[UUID], citation: str) -> Weak:
    """The plan and the team, in place of those before. Steps left out are withdrawn, never deleted."""
    before = {step.step_id: step for step in rows.steps(work.conn, weak.weak_id)}
    assert weak.opened_on is not None  # it is open
    faults = [*domain.plan_faults([one for one in before.values() if not one.withdrawn_on], steps, weak.opened_on)]
    if len(set(team)) < len(team):
        faults.append(Fault("team", "member-twice", Text("Có người được nêu hai lần.", "A member is named twice.")))
    if faults:
        raise Unprocessable.of(faults)
    named = {step.step_id for step in steps}
    kept = [
        msgspec.structs.replace(before.get(step.step_id, step), what=step.what, due_on=step.due_on, withdrawn_on=None)
        for step in steps
    ]
    gone = [
        msgspec.structs.replace(step, withdrawn_on=step.withdrawn_on or work.today)
        for step in before.values()
        if step.step_id not in named
    ]
    if not rows.save_steps(work.conn, weak.weak_id, [*kept, *gone]):
        message = Text("step_id đã dùng ở kế hoạch khác.", "The step_id belongs to another plan.")
        raise Conflict("step-taken", message)
    return _saved(work, weak, "planned", {"steps": kept, "team": team, "citation": citation}, team=tuple(team))


def do_step(work: Work, weak: Weak, step_id: UUID, done_on: date, evidence: str) -> Weak:
    """A step of the plan is done. Raises NotFound, Conflict when it was done before, Unprocessable."""
    step = next((one for one in rows.steps(work.conn, weak.weak_id) if one.step_id == step_id), None)
    if step is None or step.withdrawn_on is not None:
        raise not_known(Text("bước trong kế hoạch", "step of the plan"))
    if step.done_on is not None:
        raise Conflict("step-done", Text("Bước này đã ghi hoàn thành.", "This step is done already."))
    _check_day(work, weak, "done_on", done_on)
    done = msgspec.structs.replace(step, done_on=done_on, evidence=evidence)
    every = [done if one.step_id == step_id else one for one in rows.steps(work.conn, weak.weak_id)]
    rows.save_steps(work.conn, weak.weak_id, every)
    return _saved(work, weak, "step-done", {"step_id": step_id, "done_on": done_on, "evidence": evidence})


def follow_up(work: Work, weak: Weak, entry_id: UUID, on: date, text: str) -> Weak:
    """An entry of the follow-up. Raises Conflict, Unprocessable."""
    _check_day(work, weak, "on", on)
    if not rows.add_entry(work.conn, weak.weak_id, entry_id, on, text, work.actor):
        raise Conflict("entry-exists", Text("entry_id đã dùng.", "The entry_id is taken."))
    return _saved(work, weak, "followed-up", {"entry_id": entry_id, "on": on})


def close(work: Work, weak: Weak, period: Period, reason: str, citation: str) -> Weak:
    """The unit is no longer weak: no cause holds in `period`, and its figures can tell.

    Raises Unprocessable naming every cause that holds, or of which nothing can be said.
    """
    if period.first <= periods.parse(weak.period).last:
        message = Text(
            f"Kỳ xét phải sau kỳ đưa vào sổ ({weak.period}).",
            f"The period must follow that of the entry ({weak.period}).",
        )
        raise Unprocessable.of([Fault("period", "period-before", message)])
    found = views.judged(work.conn, weak.unit_id, period, work.now, weak.causes)
    if found.shown:
        raise Unprocessable.of([domain.still_weak_fault(found.shown, found.source)])
    if found.unsaid:
        raise Unprocessable.of([domain.unsaid_fault(found.unsaid, found.source)])
    detail = {"period": period.key, "reason": reason, "citation": citation}
    return _saved(work, weak, "closed", detail, state="closed", ended_on=work.today, reason=reason, citation=citation)


def _check_day(work: Work, weak: Weak, field: str, day: date) -> None:
    faults = [*domain.day_faults(field, day, weak.opened_on or weak.proposed_on, work.today)]
    if faults:
        raise Unprocessable.of(faults)


def _seen(seen: Sequence[str]) -> tuple[Cause, ...]:
    return tuple(Cause(SEEN, text, text) for text in seen)


def _saved(work: Work, weak: Weak, action: str, detail: Any, **change: Any) -> Weak:
    after = msgspec.structs.replace(weak, version=weak.version + 1, **change)
    rows.save(work.conn, after)
    work.record(_change(after, action, detail))
    return after


def _change(weak: Weak, action: str, detail: Any) -> Change:
    return Change("weak", weak.weak_id, weak.version, action, detail)
