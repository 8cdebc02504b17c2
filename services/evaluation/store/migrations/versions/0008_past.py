"""Figures as they were known at a past moment, why a report was late, and what changed lately, for those who listen.

The newest event of each task is read once more, as revision 0003 has it for meetings.
"""

from alembic import op

revision = "0008"
down_revision = "0007"

_UP = """
lock table stream_position in exclusive mode;
alter table meeting_fact add column reported_on date, add column report_due_on date;
comment on column meeting_fact.reported_on is 'the local day of the report; with report_due_on it says why it was late';

alter table task_fact add column known_at timestamptz not null default clock_timestamp();
alter table task_fact alter known_at drop default;
comment on column task_fact.known_at is 'when the event was made that this state is known by';

create table meeting_fact_past (like meeting_fact);
alter table meeting_fact_past add column until timestamptz not null, add primary key (meeting_id, version);
create index meeting_fact_past_branch_month on meeting_fact_past (branch_id, month);
comment on table meeting_fact_past is
    'versions of facts that others replaced; known from known_at to before until. No rebuild touches it';

create table task_fact_past (like task_fact);
alter table task_fact_past add column until timestamptz not null, add primary key (task_id, version);
create index task_fact_past_branch_month on task_fact_past (branch_id, month);
comment on table task_fact_past is
    'versions of facts that others replaced; known from known_at to before until. No rebuild touches it';

create table scorecard_change (
    position bigint generated always as identity primary key,
    at       timestamptz not null default clock_timestamp(),
    unit_ids uuid[] not null,
    months   text[] not null,
    versions bigint[] not null
);
comment on table scorecard_change is
    'scorecards that were published, in the order of commits (one publisher at a time); kept for an hour';

update task_fact set version = version - 1;
update stream_position set next_offset = 0, rejected_run = 0 where topic = 'meetings.tasks.v1';

-- Rules that other services count by, kept here for citing.
insert into rule (name, valid_from, valid_to, value, issuer, citation) values
    ('attendance_denominator', '2011-01-19', null, 'null', 'Đại hội XI', 'Điều lệ Đảng ngày 19/01/2011'),
    ('required_sections', '2011-01-19', null, 'null', 'Đại hội XI', 'Điều lệ Đảng ngày 19/01/2011'),
    ('meeting_each_month', '2011-01-19', null, 'null', 'Đại hội XI', 'Điều lệ Đảng ngày 19/01/2011'),
    ('theme_each_quarter', '2018-07-06', null, 'null', 'Ban Tổ chức Trung ương',
     'Hướng dẫn 12-HD/BTCTW ngày 06/7/2018'),
    ('duration', '2018-07-06', '2025-10-28', 'null', 'Ban Tổ chức Trung ương',
     'Hướng dẫn 12-HD/BTCTW ngày 06/7/2018'),
    ('duration', '2025-10-28', null, 'null', 'Ban Tổ chức Trung ương', 'Hướng dẫn 42-HD/BTCTW ngày 28/10/2025');
"""


def upgrade() -> None:
    op.execute(_UP)


def downgrade() -> None:
    op.execute(
        "delete from rule where name in"
        " ('attendance_denominator', 'required_sections', 'meeting_each_month', 'theme_each_quarter', 'duration')"
    )
    op.execute("drop table scorecard_change, task_fact_past, meeting_fact_past")
    op.execute("alter table task_fact drop column known_at")
    op.execute("alter table meeting_fact drop column reported_on, drop column report_due_on")
