"""The life of a meeting from the notice to the official grade: facts, editions, notices, year plans, sent parts."""

from alembic import op

from shared.migrations import enter_rules

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_TABLES = """
alter table meeting
    add column edition    integer not null default 1 check (edition > 0),
    add column topic_id   uuid,
    add column regular_id uuid references meeting,
    add column facts      text,
    add column touched    text;
create index meeting_prepares on meeting (regular_id) where regular_id is not null;
comment on column meeting.edition is 'one more with each adoption that was taken back; its revisions are kept';
comment on column meeting.facts is 'steps with when and by whom, as JSON; null: none was taken';
comment on column meeting.touched is 'by part, in which version it was last changed; null: never after the first';

alter table revision
    add column edition integer not null default 1 check (edition > 0),
    drop constraint revision_pkey,
    add primary key (meeting_id, edition, revision);
comment on table revision is
    'every adopted version of the minutes, whole; rows are only ever added; those of an earlier edition were withdrawn';

alter table task
    add column carries   text,
    add column evidence  text,
    add column completed text;
comment on column task.carries is 'by which later meetings it was carried over, and to which day, as JSON';

create table notice (
    meeting_id   uuid not null references meeting,
    kind         text not null check (kind in ('call', 'conclusion')),
    version      integer not null check (version > 0),
    content      text not null,
    starts_at    timestamptz not null,
    place        text not null,
    member_ids   uuid[] not null,
    superior_ids uuid[] not null,
    sent_at      timestamptz not null,
    sent_by      text not null,
    primary key (meeting_id, kind)
);
comment on table notice is 'what members and the superior who follows the branch are told: the call, the conclusion';

create table distributed (
    document_id    uuid primary key,
    meeting_id     uuid not null references meeting,
    kind           text not null,
    title          text not null,
    classification text not null,
    attachment_id  uuid,
    sent_at        timestamptz not null,
    sent_by        text not null
);
create index distributed_of_meeting on distributed (meeting_id);

create table receipt (
    meeting_id uuid not null references meeting,
    what       text not null,
    version    integer not null,
    member_id  uuid not null,
    opened_at  timestamptz not null,
    primary key (meeting_id, what, version, member_id)
);
comment on table receipt is 'who opened which notice ("call", "conclusion") or document (its id), first';

create table arrival (
    meeting_id uuid not null references meeting,
    member_id  uuid not null,
    at         timestamptz not null,
    primary key (meeting_id, member_id)
);
comment on table arrival is 'who redeemed a roll-call code with their own token';

create table follower (
    unit_id    uuid not null,
    member_id  uuid not null,
    valid_from date not null,
    valid_to   date check (valid_to > valid_from),
    set_by     text not null,
    set_at     timestamptz not null,
    primary key (unit_id, valid_from)
);
comment on table follower is 'the superior member who follows a branch, over time';

create table year_plan (
    unit_id uuid not null,
    year    integer not null,
    version bigint not null check (version > 0),
    status  text not null check (status in ('draft', 'sent', 'approved', 'returned')),
    body    text not null,
    steps   text not null,
    primary key (unit_id, year)
);
comment on column year_plan.steps is 'every sending and decision, with the plan as it was, as JSON';

create table topic (
    topic_id uuid primary key,
    unit_id  uuid not null,
    year     integer not null,
    quarter  integer not null check (quarter between 1 and 4),
    version  bigint not null check (version > 0),
    title    text not null,
    status   text not null check (status in ('registered', 'approved', 'returned', 'withdrawn')),
    remark   text,
    set_by   text not null,
    set_at   timestamptz not null
);
create index topic_of_unit on topic (unit_id, year, quarter);

create table sent_part (
    part_id uuid primary key,
    unit_id uuid not null,
    digest  bytea not null,
    answer  text not null,
    sent_by text not null,
    sent_at timestamptz not null
);
comment on table sent_part is 'what a device sent back and how it was answered: sent again, it is answered again';
"""

_CENTRAL = "Ban Tổ chức Trung ương"
_HD_42 = "Hướng dẫn 42-HD/BTCTW ngày 28/10/2025"
_CHARTER = ("Đại hội XI", "Điều lệ Đảng ngày 19/01/2011")
_HOUSE = ("Nền nếp", "docs/meetings.md")
_SECRETS = ("Quốc hội", "Luật Bảo vệ bí mật nhà nước số 29/2018/QH14")
_BANDS = {"good": 90, "fair": 70, "average": 50}
_EARLIER = "Trước Hướng dẫn 42, mỗi tỉnh tự đặt; giá trị này lấy theo quy định hiện hành để đối chiếu."

_RULES = [
    ("vote_majority", "2011-01-19", None, {"more_than": 0.5}, *_CHARTER, "Quá nửa tổng số người có quyền biểu quyết."),
    ("undo_within_minutes", "2011-01-19", None, 10, *_HOUSE, "Để sửa một lần bấm nhầm; nơi triển khai đặt lại được."),
    ("documents_days_before", "2011-01-19", "2025-10-28", 1, *_CHARTER, _EARLIER),
    ("documents_days_before", "2025-10-28", None, 1, _CENTRAL, _HD_42, None),
    ("distributed_classes", "2011-01-19", None, ["open", "internal"], *_SECRETS,
     "Chỉ phát tài liệu thường và nội bộ; tài liệu mật, tối mật, tuyệt mật hoặc hạn chế phổ biến không phát qua hệ "
     "thống. Ngày đầu hiệu lực đặt lùi để áp dụng cho mọi buổi họp."),
    ("grade_bands", "2018-07-06", "2025-10-28", _BANDS, _CENTRAL, "Hướng dẫn 12-HD/BTCTW ngày 06/7/2018", _EARLIER),
    ("grade_bands", "2025-10-28", None, _BANDS, _CENTRAL, _HD_42, None),
]  # fmt: skip


def upgrade() -> None:
    op.execute(_TABLES)
    enter_rules(op.get_bind(), _RULES)


def downgrade() -> None:
    op.execute(
        "delete from rule where name in ('vote_majority', 'undo_within_minutes', 'documents_days_before', "
        "'distributed_classes', 'grade_bands')"
    )
    op.execute("drop table sent_part, topic, year_plan, follower, arrival, receipt, distributed, notice")
    op.execute("alter table task drop column carries, drop column evidence, drop column completed")
    op.execute("alter table revision disable trigger revision_is_kept")
    op.execute("delete from revision r using meeting m where m.meeting_id = r.meeting_id and r.edition < m.edition")
    op.execute("alter table revision enable trigger revision_is_kept")
    op.execute(
        "alter table revision drop constraint revision_pkey, drop column edition, "
        "add primary key (meeting_id, revision)"
    )
    op.execute(
        "alter table meeting drop column edition, drop column topic_id, drop column regular_id, drop column facts, "
        "drop column touched"
    )
