"""Rows for workbooks, read by a cursor of the server: memory does not grow with how many there are."""

# ruff: noqa: S608 - statements are put together from constants of the code; what is asked is bound

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

import msgspec

from services.meetings.store.meetings import Document
from services.meetings.store.subtree import BELOW
from shared.clock import LOCAL
from shared.db import Connection

Cell = str | int | float | date | datetime | None
_FETCHED: Final = 1000
_NAMED: Final = f"""
    with {BELOW}, named as (
        select distinct on (unit_id) below.unit_id, unit.code, s.name
        from below join unit using (unit_id) join unit_span s using (unit_id)
        order by unit_id, s.valid_from > %(day)s, abs(s.valid_from - %(day)s)
    )
"""
_document = msgspec.json.Decoder(Document)

_KINDS: Final[Mapping[str, str]] = {
    "regular": "Thường kỳ", "thematic": "Chuyên đề", "committee": "Chi uỷ", "extraordinary": "Bất thường",
}  # fmt: skip
_STATUSES: Final[Mapping[str, str]] = {
    "planned": "Đã lên lịch", "adopted": "Đã thông qua biên bản", "not_held": "Không tổ chức",
}  # fmt: skip
_TASKS: Final[Mapping[str, str]] = {"assigned": "Đã giao", "done": "Đã xong", "cancelled": "Đã huỷ"}
NOTES: Final = (
    "Cột “Mã đảng viên” là mã, không phải họ tên: họ tên chỉ có trong sổ đảng viên (dịch vụ registry), theo quyền của "
    "người xem.",
    "The column “Mã đảng viên” holds ids, not names: names are kept by registry only, under the reader's own rights.",
    "Cột có “(mã)” là mã của hệ thống, để máy đọc. Columns with “(mã)” hold the system's codes, for programs.",
)

MEETINGS: Final = (
    "Mã chi bộ", "Chi bộ", "Tháng", "Loại", "Bắt đầu", "Địa điểm", "Chuyên đề", "Trạng thái", "Lần sửa", "Phải dự",
    "Có mặt", "Vắng có lý do", "Vắng không lý do", "Đến muộn", "Mục bắt buộc", "Mục đã ghi", "Người phát biểu",
    "Tán thành", "Không tán thành", "Ý kiến khác", "Số có quyền biểu quyết", "Nhiệm vụ giao", "Tự chấm",
    "Thông qua lúc", "Báo cáo lúc", "Hạn báo cáo", "Lý do không họp", "Mã buổi họp", "Loại (mã)", "Trạng thái (mã)",
)  # fmt: skip
TASKS: Final = (
    "Mã chi bộ", "Chi bộ", "Nhiệm vụ", "Mã đảng viên", "Giao ngày", "Hạn", "Trạng thái", "Xong ngày", "Mã nhiệm vụ",
    "Trạng thái (mã)",
)  # fmt: skip
ATTENDANCE: Final = (
    "Mã chi bộ", "Chi bộ", "Mã đảng viên", "Phải dự", "Có mặt", "Đến muộn", "Vắng có lý do", "Vắng không lý do",
)  # fmt: skip


def meetings(conn: Connection, unit_id: UUID, today: date, first: str, last: str) -> Iterator[tuple[Cell, ...]]:
    """One row a meeting of some months below a unit, in the columns of `MEETINGS`."""
    rows = _rows(
        conn,
        f"""
        {_NAMED}
        select n.code, n.name, m.period, m.kind, m.starts_at, m.place, m.theme, m.status, m.revision, m.adopted_at,
               m.reported_at, m.report_due_at, m.not_held_reason, m.meeting_id, coalesce(m.draft, r.document)
        from named n join meeting m using (unit_id)
        left join revision r on r.meeting_id = m.meeting_id and r.edition = m.edition and r.revision = m.revision
        where m.period between %(first)s and %(last)s order by n.code, m.starts_at, m.meeting_id
        """,
        {"above": [unit_id], "day": today, "first": first, "last": last},
    )
    for row in rows:
        *head, adopted_at, reported_at, due_at, reason, meeting_id, text = row
        kind, status = head[3], head[7]
        head[3], head[4], head[7] = _KINDS.get(kind, kind), _local(head[4]), _STATUSES.get(status, status)
        document = _document.decode(text) if text else Document()
        yield (
            *head,
            *_recorded(document),
            _local(adopted_at),
            _local(reported_at),
            _local(due_at),
            reason,
            str(meeting_id),
            kind,
            status,
        )


def _recorded(document: Document) -> tuple[Cell, ...]:
    came, record, score = document.attendance, document.minutes, document.score
    resolution = record.written.resolution if record else None
    votes = resolution.votes if resolution else None
    return (
        came.owed if came else None,
        len(came.present) if came else None,
        came.absent_with_reason if came else None,
        came.absent_without_reason if came else None,
        len(came.roll_call.late) if came else None,
        record.sections_required if record else None,
        record.sections_filled if record else None,
        record.speakers if record else None,
        votes.for_ if votes else None,
        votes.against if votes else None,
        votes.abstaining if votes else None,
        record.voters if record and votes else None,
        len(record.written.tasks) if record else None,
        score.total if score else None,
    )


def tasks(conn: Connection, unit_id: UUID, today: date, first: str, last: str) -> Iterator[tuple[Cell, ...]]:
    """One row a task given in some months below a unit, in the columns of `TASKS`."""
    for *head, status, done_on, task_id in _rows(
        conn,
        f"""
        {_NAMED}
        select n.code, n.name, t.content, t.member_id::text, t.assigned_on,
               coalesce((t.carries::jsonb -> -1 ->> 'due_on')::date, t.due_on), t.status, t.done_on, t.task_id::text
        from named n join task t using (unit_id)
        where to_char(t.assigned_on, 'YYYY-MM') between %(first)s and %(last)s
        order by n.code, t.due_on, t.task_id
        """,
        {"above": [unit_id], "day": today, "first": first, "last": last},
    ):
        yield (*head, _TASKS.get(status, status), done_on, task_id, status)


def attendance(conn: Connection, unit_id: UUID, today: date, first: str, last: str) -> Iterator[tuple[Cell, ...]]:
    """One row a member below a unit, over the adopted regular and thematic meetings of some months."""
    yield from _rows(
        conn,
        f"""
        {_NAMED}
        select n.code, n.name, a.member_id::text, count(*) filter (where a.state <> 'exempt_present'),
               count(*) filter (where a.state in ('present', 'late')), count(*) filter (where a.state = 'late'),
               count(*) filter (where a.state = 'absent_with_reason'),
               count(*) filter (where a.state = 'absent_without_reason')
        from named n join meeting m using (unit_id) join attendance a using (meeting_id)
        where m.period between %(first)s and %(last)s and m.status = 'adopted' and m.kind in ('regular', 'thematic')
        group by n.code, n.name, a.member_id order by n.code, a.member_id
        """,
        {"above": [unit_id], "day": today, "first": first, "last": last},
    )


def _rows(conn: Connection, query: str, asked: dict[str, Any]) -> Iterator[tuple[Any, ...]]:
    with conn.cursor(name="export") as cursor:
        cursor.itersize = _FETCHED
        yield from cursor.execute(query.encode(), asked)


def _local(instant: datetime | None) -> datetime | None:
    """A time as a workbook keeps it: that of Việt Nam, without its offset."""
    return instant.astimezone(LOCAL).replace(tzinfo=None) if instant else None
