"""Put in a province's own version of a template; what was in force stays as it was."""

from datetime import date
from typing import Final
from uuid import UUID

from services.meetings.commands import saving
from services.meetings.domain import templates
from services.meetings.domain.refusals import HOUSE
from services.meetings.domain.templates import Layout, Template
from services.meetings.store import templates as store
from shared.db import Connection
from shared.errors import Conflict, Fault, Text, Unprocessable

_OWNER: Final = "province_committee"


def put(
    conn: Connection, template_id: UUID, unit_id: UUID, layout: Layout, *, by: str, today: date
) -> tuple[Template, bool]:
    """Add a version of `unit_id` under an id of the sender's choice; returns it and whether it is new.

    An open version that began earlier ends where this one begins. The same again changes nothing. Raises Conflict when
    the id is another version's, Unprocessable naming every fault and every version it overlaps.
    """
    others = store.lock_of_unit(conn, unit_id, layout.branch_type, layout.kind)
    known = store.load(conn, template_id)
    wanted = Template(template_id, unit_id, layout)
    if known is not None:
        if known == wanted:
            return known, False
        raise Conflict("template-is-kept", _KEPT)
    faults = templates.faults_of(layout, today)
    kinds = {term.kind for term in saving.branch(conn, unit_id).terms if term.holds_on(layout.valid_from)}
    if _OWNER not in kinds:
        faults.append(Fault("unit_id", "not-a-province", _NOT_A_PROVINCE, HOUSE))
    faults += [Fault("valid_from", "template-overlaps", _overlaps(other), HOUSE) for other in _met(layout, others)]
    if faults:
        raise Unprocessable.of(faults)
    for other in others:
        if templates.is_ended_by(other.layout, layout):  # one at most: open versions do not overlap
            store.end(conn, other.template_id, layout.valid_from)
    store.add(conn, wanted, by=by)
    return wanted, True


def _met(layout: Layout, others: list[Template]) -> list[Template]:
    return templates.overlapping(layout, others)


def _overlaps(other: Template) -> Text:
    first, last = other.layout.valid_from, other.layout.valid_to
    until_vi = f"đến trước {last:%d/%m/%Y}" if last else "chưa có ngày kết thúc"
    until_en = f"to before {last.isoformat()}" if last else "without an end"
    return Text(
        f"Trùng thời gian với mẫu {other.template_id} (từ {first:%d/%m/%Y}, {until_vi}). Chọn ngày khác.",
        f"It overlaps the version {other.template_id} (from {first.isoformat()}, {until_en}). Choose other days.",
    )


_KEPT: Final = Text(
    "Mã này đã thuộc một mẫu khác; mẫu đã đưa vào thì giữ nguyên. Đưa mẫu mới với mã mới.",
    "This id belongs to another version, which is kept as it is. Put the new one in under a new id.",
)
_NOT_A_PROVINCE: Final = Text(
    "Chỉ tỉnh uỷ (hoặc thành uỷ trực thuộc Trung ương) có mẫu riêng, và phải đang hoạt động vào ngày có hiệu lực. Chọn "
    "đúng đơn vị.",
    "Only a province committee has templates of its own, and must be in force on the first day. Choose the unit.",
)
