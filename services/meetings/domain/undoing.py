"""A wrong click taken back: within minutes, by who made it, and while nothing stands on it. Nothing is lost."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from msgspec.structs import replace

from services.meetings.domain.facts import Mark, Undone
from services.meetings.domain.items import Items
from services.meetings.domain.meeting import Meeting
from services.meetings.domain.refusals import HOUSE
from services.meetings.domain.rules import Rules
from services.meetings.domain.task import Task, taken_back
from shared.errors import Conflict, Text


def meeting(known: Meeting, rules: Rules, *, by: str, now: datetime, stands: Sequence[str] = ()) -> Meeting:
    """The meeting before it was adopted, or before it was recorded as not held.

    The revision stays, as one of an earlier edition. `stands` names what was built on the minutes meanwhile.
    Raises Conflict when there is nothing to take back, when it is too late, another's, or stood on.
    """
    facts = known.facts
    if known.status == "adopted" and facts.closed is not None:
        built = [*stands, *_built_on(known)]
        _may(facts.closed, rules, by, now, built)
        undone = Undone("adoption", facts.closed, now, by)
        return replace(
            known,
            status="planned",
            revision=0,
            edition=known.edition + 1,
            adopted_at=None,
            reported_at=None,
            report_due_at=None,
            items=Items(),
            facts=replace(
                facts,
                closed=None,
                reported=None,
                read_by=None,
                results=None,
                prepared_by=None,
                groups=(),
                undone=(*facts.undone, undone),
            ),
        )
    if known.status == "not_held" and facts.cancelled is not None:
        _may(facts.cancelled, rules, by, now, stands)
        undone = Undone("not_held", facts.cancelled, now, by)
        return replace(
            known,
            status="planned",
            not_held_reason=None,
            facts=replace(facts, cancelled=None, undone=(*facts.undone, undone)),
        )
    raise nothing()


def tasks_of(known: Meeting, tasks: Mapping[UUID, Task]) -> list[Task]:
    """What becomes of the tasks that the withdrawn minutes gave or carried over: given ones wait, cancelled."""
    back = []
    for task in tasks.values():
        withdrawn = taken_back(task, known.meeting_id)
        if withdrawn != task:
            back.append(withdrawn)
    return back


def completion(task: Task, rules: Rules, *, by: str, now: datetime, stands: Sequence[str] = ()) -> Task:
    """The task not done. Raises Conflict as `meeting` does."""
    if task.status != "done" or task.completed is None:
        raise nothing()
    _may(task.completed, rules, by, now, stands)
    return replace(task, status="assigned", done_on=None, completed=None)


def _built_on(known: Meeting) -> list[str]:
    facts = known.facts
    closed = facts.closed
    assert closed is not None
    return [
        *(["correction"] if known.revision > 1 else []),
        *(["official score"] if facts.official else []),
        *(["conclusion notice"] if facts.concluded is not None else []),
        *(["voted score"] if facts.voted and facts.voted[-1].at > closed.at else []),
        *(["visit"] if facts.visit is not None and facts.visit.at > closed.at else []),
        *(["report"] if facts.reported is not None and facts.reported.at > closed.at else []),
    ]


def _may(done: Mark, rules: Rules, by: str, now: datetime, stands: Sequence[str]) -> None:
    minutes, source = rules.undo_within_minutes or 0, rules.sources.get("undo_within_minutes", HOUSE)
    if done.by != by:
        raise Conflict("undo-by-another", _ANOTHER, source=source)
    if now - done.at > timedelta(minutes=minutes):
        raise Conflict(
            "undo-too-late",
            Text(
                f"Chỉ hoàn tác được trong {minutes} phút. Với biên bản đã thông qua, hãy gửi bản đính chính.",
                f"A wrong click can be undone within {minutes} minutes. For adopted minutes, send a correction.",
            ),
            source=source,
        )
    if stands:
        named = ", ".join(_STANDS.get(one, one) for one in stands)
        raise Conflict(
            "undo-stood-on",
            Text(
                f"Đã có việc khác dựa trên bước này ({named}) nên không hoàn tác được. Hãy gửi bản đính chính.",
                f"Something stands on this step already ({', '.join(stands)}), so it cannot be undone. Send a "
                "correction.",
            ),
            source=source,
        )


def nothing() -> Conflict:
    """There is no step of a person's that could be taken back."""
    return Conflict(
        "nothing-to-undo",
        Text(
            "Không có bước nào để hoàn tác ở đây. Tải lại để xem trạng thái.",
            "There is no step to undo here. Load it again to see its state.",
        ),
        source=HOUSE,
    )


_STANDS: Final[Mapping[str, str]] = {
    "later minutes": "biên bản buổi họp sau",
    "tasks": "nhiệm vụ đã xong hoặc đã chuyển tiếp",
    "papers": "văn bản đã đánh số",
    "correction": "bản đính chính",
    "official score": "điểm chấm chính thức",
    "conclusion notice": "thông báo kết luận",
    "voted score": "điểm chi bộ biểu quyết",
    "visit": "nhận xét của cấp trên dự họp",
    "report": "báo cáo lên cấp trên",
}
_ANOTHER = Text(
    "Chỉ người đã bấm mới hoàn tác được. Hãy nhờ người đó, hoặc gửi bản đính chính.",
    "Only who took the step can undo it. Ask them, or send a correction.",
)
