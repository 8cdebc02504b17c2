"""Entering rubrics and putting them in force."""

from datetime import date
from uuid import UUID

import msgspec

from services.evaluation import merge
from services.evaluation.commands.committees import Work
from services.evaluation.domain import rubric_checks
from services.evaluation.domain.rubrics import Content, Rubric
from services.evaluation.store import committees as committee_rows
from services.evaluation.store import rubrics as rows
from services.evaluation.store import sheets as sheet_rows
from services.evaluation.store.committees import Change
from services.evaluation.store.rubrics import Entry
from shared.errors import Conflict, Fault, NotFound, Text, Unprocessable
from shared.ids import new_id


class Given(msgspec.Struct, frozen=True):
    """A rubric as it is entered; `rubric_id` names the one it is the next version of (None: a new one)."""

    rubric_id: UUID | None
    owner_id: UUID | None
    valid_from: date
    valid_to: date | None
    content: Content


def enter(work: Work, given: Given) -> Entry:
    """Keep a version as a draft: nothing is scored by it. Raises NotFound, Unprocessable with every fault."""
    rows.lock(work.conn)
    before = None
    faults = [
        msgspec.structs.replace(fault, field=f"content.{fault.field}") for fault in rubric_checks.faults(given.content)
    ]
    if given.rubric_id is not None:
        before = rows.find(work.conn, given.rubric_id, None)
        if before is None or before.state == "template":
            raise unknown_rubric()
        if (before.rubric.owner_id, before.rubric.content.sheet) != (given.owner_id, given.content.sheet):
            message = Text(
                "Phiên bản mới giữ nguyên đơn vị ban hành và loại phiếu. Hãy nhập một khung mới.",
                "A new version keeps the owner and the sheet. Enter a rubric of its own.",
            )
            faults.append(Fault("owner_id", "same-owner-and-sheet", message))
    rubric = Rubric(
        rubric_id=given.rubric_id or new_id(),
        version=before.rubric.version + 1 if before else 1,
        owner_id=given.owner_id,
        valid_from=given.valid_from,
        valid_to=given.valid_to,
        content=given.content,
    )
    faults += rubric_checks.date_faults(rubric, _beside(work, rubric))
    if faults:
        raise Unprocessable.of(faults)
    rows.add(work.conn, rubric, work.actor)
    return _recorded(work, rubric, "rubric.entered", {})


def put_in_force(work: Work, entry: Entry, *, rescore: bool) -> Entry:
    """Score by a draft from its first day on; an open version before it ends there.

    Days that have passed were scored by what was in force then: that is changed only when `rescore` asks for it.
    Raises Conflict for another state or while figures are rebuilt, Unprocessable.
    """
    rows.lock(work.conn)
    rubric = entry.rubric
    current = rows.find(work.conn, rubric.rubric_id, rubric.version)
    if current is None or current.state != "draft":
        raise Conflict(
            "state",
            Text("Chỉ bản dự thảo mới đưa vào áp dụng được.", "Only a draft can be put in force."),
        )
    _hold_off(work)
    faults = [*rubric_checks.date_faults(rubric, _beside(work, rubric))]
    if rubric.valid_from < work.today and not rescore:
        faults.append(
            Fault(
                "rescore",
                "in-the-past",
                Text(
                    f"Khung này có hiệu lực từ {rubric.valid_from:%d/%m/%Y}, các buổi họp đã qua sẽ được chấm lại. Hãy "
                    "thử trước (trial), rồi gửi rescore: true nếu đúng là vậy.",
                    f"This holds from {rubric.valid_from}: meetings that were scored would be scored again. Try it "
                    "first (trial), then send rescore: true if that is meant.",
                ),
            )
        )
    if faults:
        raise Unprocessable.of(faults)
    merge.lock_tree(work.conn, exclusive=False)
    rows.put_in_force(work.conn, rubric, work.actor, work.now)
    # Also of a day that has only begun: minutes adopted today may have been scored already.
    sheet_rows.mark_days_due(work.conn, rubric, rubric.valid_from)
    return _recorded(work, rubric, "rubric.in_force", {"rescore": rescore})


def end(work: Work, entry: Entry, valid_to: date, *, rescore: bool) -> Entry:
    """An open version in force holds until before `valid_to`, and nothing of its owner's follows it.

    Meetings of days before keep their sheets; those from that day on are scored by the next unit above that has a
    rubric in force, or by none. Days that have passed only when `rescore` asks for it.
    Raises Conflict for a version that is not in force, that ends already, or while figures are rebuilt, Unprocessable.
    """
    rows.lock(work.conn)
    current = rows.find(work.conn, entry.rubric.rubric_id, entry.rubric.version)
    if current is None or current.state != "in_force":
        raise Conflict(
            "state",
            Text("Chỉ khung đang áp dụng mới chấm dứt được.", "Only a rubric that is in force can be ended."),
        )
    rubric = current.rubric
    if rubric.valid_to is not None:
        raise Conflict(
            "ended",
            Text(
                f"Phiên bản này đã có ngày hết hiệu lực ({rubric.valid_to:%d/%m/%Y}), ngày đó giữ nguyên. Nếu khung "
                "còn áp dụng tiếp, hãy nhập một phiên bản mới từ ngày đó.",
                f"This version has its end ({rubric.valid_to}), which stays. If the rubric holds on, enter a version "
                "from that day.",
            ),
        )
    _hold_off(work)
    faults = []
    if valid_to <= rubric.valid_from:
        faults.append(
            Fault(
                "valid_to",
                "dates",
                Text(
                    f"Ngày hết hiệu lực phải sau ngày có hiệu lực ({rubric.valid_from:%d/%m/%Y}). Nếu khung này nhập "
                    "nhầm, hãy thay bằng một phiên bản có cùng ngày bắt đầu.",
                    f"It ends after it begins ({rubric.valid_from}). If it is a mistake as a whole, replace it by a "
                    "version of the same first day.",
                ),
            )
        )
    elif valid_to < work.today and not rescore:
        faults.append(
            Fault(
                "rescore",
                "in-the-past",
                Text(
                    f"Các buổi họp từ {valid_to:%d/%m/%Y} đã chấm theo khung này sẽ được chấm lại theo khung cấp trên, "
                    "hoặc không có phiếu nếu không còn khung nào. Hãy gửi rescore: true nếu đúng là vậy.",
                    f"Meetings from {valid_to} on were scored by it: they would be scored again by the rubric above, "
                    "or have no sheet where there is none. Send rescore: true if that is meant.",
                ),
            )
        )
    if faults:
        raise Unprocessable.of(faults)
    merge.lock_tree(work.conn, exclusive=False)
    rows.end(work.conn, rubric, valid_to)
    # Also of a day that has only begun, as where a rubric comes in force.
    sheet_rows.mark_days_due(work.conn, rubric, valid_to)
    return _recorded(work, msgspec.structs.replace(rubric, valid_to=valid_to), "rubric.ended", {"rescore": rescore})


def unknown_rubric() -> NotFound:
    """What is said where there is no such rubric."""
    return NotFound("rubric", Text("Không có khung chấm điểm này. Hãy kiểm tra mã.", "There is no such rubric."))


def _hold_off(work: Work) -> None:
    """No rebuild begins and nobody scores until the transaction ends. Raises Conflict while figures are rebuilt.

    What is merged between the look at what is to be scored anew and the commit would be scored by what was in force.
    """
    if not rows.hold_off_rebuilds(work.conn):
        raise Conflict(
            "rebuilding",
            Text(
                "Số liệu đang được tính lại toàn bộ. Hãy gửi lại sau ít phút.",
                "All figures are being computed again. Send this again in a few minutes.",
            ),
        )
    sheet_rows.hold_off_scoring(work.conn)


def _beside(work: Work, rubric: Rubric) -> list[Rubric]:
    return [
        other
        for other in rows.in_force(work.conn)
        if (other.owner_id, other.content.sheet) == (rubric.owner_id, rubric.content.sheet)
        and (other.rubric_id, other.version) != (rubric.rubric_id, rubric.version)
    ]


def _recorded(work: Work, rubric: Rubric, action: str, more: dict[str, bool]) -> Entry:
    detail = {"owner_id": rubric.owner_id, "valid_from": rubric.valid_from, "valid_to": rubric.valid_to, **more}
    committee_rows.record(
        work.conn,
        work.actor,
        work.request_id,
        [Change("rubric", rubric.rubric_id, rubric.version, action, detail)],
    )
    found = rows.find(work.conn, rubric.rubric_id, rubric.version)
    assert found is not None  # written above
    return found
