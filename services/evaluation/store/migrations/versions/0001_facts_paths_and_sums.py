"""Facts, branch paths, the sums of every unit and month, and the dated rules they are counted by."""

from alembic import op

from shared.http import idempotency
from shared.kafka import positions
from shared.outbox import table as outbox
from shared.units import replica

revision = "0001"
down_revision = None

# The parts as they were when this revision was written; a part added since has a revision of its own.
_PARTS = (
    "not_held regular_held regular_on_time regular_late thematic_held other_held corrected owed present"
    " absent_with_reason absent_without_reason minutes_complete with_conclusion with_tasks speakers tasks_assigned"
    " tasks_due tasks_done tasks_done_late self_scored self_points_hundredths grade_good grade_fair grade_average"
    " grade_weak"
)
_SUMS = ", ".join(f"{name} bigint not null default 0" for name in _PARTS.split())
_TABLES = f"""
create table branch_path (
    branch_id  uuid not null,
    from_month text not null,
    to_month   text,
    path       uuid[] not null,
    primary key (branch_id, from_month)
);
comment on table branch_path is 'the branch and every unit above it, by month; to_month is the first month no longer';

create table unit_branches (
    unit_id uuid not null,
    month   text not null,
    change  bigint not null,
    primary key (unit_id, month)
);
comment on table unit_branches is 'branches that join less those that leave; branches of a month = sum up to it';

create table meeting_fact (
    meeting_id            uuid primary key,
    version               bigint not null,
    branch_id             uuid not null,
    month                 text not null,
    kind                  text not null,
    status                text not null,
    held_on               date not null,
    on_time               boolean not null,
    corrected             boolean not null,
    owed                  integer not null,
    present               integer not null,
    absent_with_reason    integer not null,
    absent_without_reason integer not null,
    complete              boolean not null,
    has_conclusion        boolean not null,
    speakers              integer not null,
    tasks_assigned        integer not null,
    self_points           integer
);
create index meeting_fact_branch_month on meeting_fact (branch_id, month);

create table task_fact (
    task_id   uuid primary key,
    version   bigint not null,
    branch_id uuid not null,
    month     text not null,
    status    text not null,
    due_on    date not null,
    done_on   date
);
create index task_fact_branch_month on task_fact (branch_id, month);

create table branch_month (
    branch_id uuid not null,
    month     text not null,
    {_SUMS},
    primary key (branch_id, month)
);
comment on table branch_month is 'the vector of a branch and month, as fold.py computes it from all its facts';

create table unit_month (
    unit_id           uuid not null,
    month             text not null,
    version           bigint not null default 1,
    published_version bigint not null default 0,
    computed_at       timestamptz not null default clock_timestamp(),
    {_SUMS},
    primary key (unit_id, month)
) with (fillfactor = 70);
comment on table unit_month is 'sum of branch_month over the branches whose path of the month runs through the unit';
create index unit_month_unpublished on unit_month (unit_id, month) where version > published_version;

create table rule (
    name       text not null,
    valid_from date not null,
    valid_to   date,
    value      jsonb not null,
    issuer     text not null,
    citation   text not null,
    primary key (name, valid_from)
);
"""

_RULES = """
insert into rule (name, valid_from, valid_to, value, issuer, citation) values
    ('grade_bands', '2018-07-06', '2025-10-28', '{"good": 9000, "fair": 7000, "average": 5000}',
     'Ban Tổ chức Trung ương', 'HD 12-HD/BTCTW'),
    ('grade_bands', '2025-10-28', null, '{"good": 9000, "fair": 7000, "average": 5000}',
     'Ban Tổ chức Trung ương', 'HD 42-HD/BTCTW'),
    ('report_within_days', '2018-07-06', null, '2', 'Ban Tổ chức Trung ương', 'HD 12-HD/BTCTW; HD 42-HD/BTCTW');
comment on column rule.value is 'grade_bands: the least self score of a band, in 1/100 point; below the last is weak';
"""


def upgrade() -> None:
    for statements in (outbox.DDL, positions.DDL, idempotency.DDL, replica.DDL, _TABLES, _RULES):
        op.execute(statements)


def downgrade() -> None:
    op.execute(
        "drop table rule, unit_month, branch_month, task_fact, meeting_fact, unit_branches, branch_path,"
        " unit_span, unit, idempotency_key, stream_position, outbox"
    )
