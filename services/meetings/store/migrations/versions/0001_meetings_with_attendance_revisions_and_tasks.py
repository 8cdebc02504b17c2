"""Meetings with attendance, revisions and tasks; the rules they are judged by; the copies of units and rosters."""

from alembic import op

from shared.http import idempotency
from shared.kafka import positions
from shared.migrations import enter_rules
from shared.outbox import table
from shared.units import replica

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_TABLES = """
create table roster (
    unit_id uuid primary key,
    version bigint not null,
    members text not null
);
comment on table roster is 'the branch''s roster as registry.roster.v1 carried it; may arrive before its unit';

create table rule (
    name       text not null,
    valid_from date not null,
    valid_to   date check (valid_to > valid_from),
    value      jsonb not null,
    issuer     text not null,
    citation   text not null,
    note       text,
    primary key (name, valid_from)
);

create table meeting (
    meeting_id      uuid primary key,
    version         bigint not null check (version > 0),
    unit_id         uuid not null,
    kind            text not null check (kind in ('regular', 'thematic', 'committee', 'extraordinary')),
    period          text not null check (period ~ '^[0-9]{4}-(0[1-9]|1[0-2])$'),
    starts_at       timestamptz not null,
    place           text not null,
    theme           text,
    status          text not null check (status in ('planned', 'adopted', 'not_held')),
    revision        integer not null,
    draft           text,
    adopted_at      timestamptz,
    reported_at     timestamptz,
    report_due_at   timestamptz,
    not_held_reason text,
    check ((status = 'adopted') = (revision > 0)),
    check ((status = 'adopted') = (adopted_at is not null)),
    check ((status = 'not_held') = (not_held_reason is not null)),
    check (status <> 'adopted' or draft is null)
);
create unique index meeting_one_regular on meeting (unit_id, period) where kind = 'regular' and status <> 'not_held';
create index meeting_of_unit on meeting (unit_id, period, starts_at, meeting_id);
comment on column meeting.draft is 'attendance, minutes and score until adoption; adopted ones are in revision';

create table revision (
    meeting_id uuid not null references meeting,
    revision   integer not null check (revision > 0),
    document   text not null,
    reason     text check ((reason is null) = (revision = 1)),
    made_by    text not null,
    made_at    timestamptz not null,
    primary key (meeting_id, revision)
);
comment on table revision is 'every adopted version of the minutes, whole; rows are only ever added';
create function revision_is_kept() returns trigger language plpgsql as $$
begin
    raise exception 'a revision of adopted minutes is never changed or removed';
end $$;
create trigger revision_is_kept before update or delete on revision
    for each row execute function revision_is_kept();

create table attendance (
    meeting_id uuid not null,
    member_id  uuid not null,
    state      text not null,
    reason     text,
    primary key (meeting_id, member_id)
);
comment on table attendance is 'one mark a member of each meeting, as its latest recording says';

create table task (
    task_id     uuid primary key,
    version     bigint not null check (version > 0),
    meeting_id  uuid not null references meeting,
    unit_id     uuid not null,
    member_id   uuid not null,
    content     text not null,
    assigned_on date not null,
    due_on      date not null check (due_on >= assigned_on),
    status      text not null check (status in ('assigned', 'done', 'cancelled')),
    done_on     date check (done_on >= assigned_on),
    check (status <> 'done' or done_on is not null)
);
create index task_of_meeting on task (meeting_id);
create index task_of_unit on task (unit_id, due_on, task_id);
"""

_CENTRAL = "Ban Tổ chức Trung ương"
_HD_42 = "Hướng dẫn 42-HD/BTCTW ngày 28/10/2025"
_HD_12 = "Hướng dẫn 12-HD/BTCTW ngày 06/7/2018"
_CHARTER = ("Đại hội XI", "Điều lệ Đảng ngày 19/01/2011")
_GROUPS = {
    "time": 5,
    "attendance": 5,
    "preparation": 10,
    "conduct": 40,
    "principles": 5,
    "last_resolution": 30,
    "closing": 5,
}
_OWES = {"kinds": ["official", "probationary"], "statuses": ["active", "received_temporarily"]}
_VOTES = {
    "kinds": ["official"],
    "statuses": ["active", "received_temporarily"],
    "statuses_if_present": ["exempt"],
}
_COMMITTEE = {"posts": ["secretary", "deputy_secretary", "committee_member"]}
_SECTIONS = {
    "regular": [
        "opening",
        "last_month_results",
        "next_month_direction",
        "discussion",
        "self_criticism",
        "conclusion",
    ],
    "thematic": ["opening", "discussion", "conclusion"],
    "committee": ["opening", "discussion", "conclusion"],
    "extraordinary": ["opening", "discussion", "conclusion"],
}
_DENOMINATOR_NOTE = "Theo cách tính mà địa phương công bố; chưa có toàn văn."
_EARLIER_NOTE = "Trước Hướng dẫn 42, mỗi tỉnh tự đặt; giá trị này lấy theo quy định hiện hành để đối chiếu."


def _by_kind(members: object, committee: object) -> dict[str, object]:
    return {"regular": members, "thematic": members, "extraordinary": members, "committee": committee}


_RULES = [
    ("attendance_denominator", "2011-01-19", None, _by_kind(_OWES, _OWES | _COMMITTEE), *_CHARTER, _DENOMINATOR_NOTE),
    ("vote_denominator", "2011-01-19", None, _by_kind(_VOTES, _VOTES | _COMMITTEE), *_CHARTER, _DENOMINATOR_NOTE),
    ("report_within_days", "2011-01-19", "2025-10-28", 2, *_CHARTER, _EARLIER_NOTE),
    ("report_within_days", "2025-10-28", None, 2, _CENTRAL, _HD_42, None),
    ("required_sections", "2011-01-19", None, _SECTIONS, *_CHARTER, _EARLIER_NOTE),
    ("score_frame", "2018-07-06", "2025-10-28", {"name": "hd-12-2018", "groups": _GROUPS}, _CENTRAL, _HD_12,
     "Hướng dẫn 12 để mỗi tỉnh tự đặt điểm từng nhóm; ở đây dùng cùng các nhóm của Hướng dẫn 42."),
    ("score_frame", "2025-10-28", None, {"name": "hd-42-2025", "groups": _GROUPS}, _CENTRAL, _HD_42, None),
]  # fmt: skip


def upgrade() -> None:
    for ddl in (replica.DDL, _TABLES, table.DDL, positions.DDL, idempotency.DDL):
        op.execute(ddl)
    enter_rules(op.get_bind(), _RULES)


def downgrade() -> None:
    op.execute(
        "drop table task, attendance, revision, meeting, rule, roster, unit_span, unit, outbox, stream_position, "
        "idempotency_key"
    )
    op.execute("drop function revision_is_kept()")
