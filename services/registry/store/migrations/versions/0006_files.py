"""Files brought in: their bytes under keys, the job each is, and how far it has come."""

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_TABLES = """
create table file (
    file_id     uuid primary key,
    key_id      text,
    data_key    bytea,
    asked       bytea,
    content     bytea,
    kind        text not null,
    dry_run     boolean not null,
    actor       text not null,
    request_id  text not null,
    everything  boolean not null,
    grants      uuid[] not null,
    state       text not null default 'waiting',
    created_at  timestamptz not null default clock_timestamp(),
    ended_at    timestamptz,
    refusal     jsonb,
    counts      jsonb,
    faults      integer not null default 0,
    named       bytea,
    report      bytea,
    check (state in ('waiting', 'done', 'refused', 'failed')),
    check ((state = 'waiting') = (ended_at is null))
);
create index file_waiting on file (created_at) where state = 'waiting';
create index file_actor on file (actor, created_at);
create index file_ended on file (ended_at) where data_key is not null;
comment on column file.data_key is 'the key of asked, content, named and report, wrapped; destroyed when they are';
comment on column file.asked is 'name and mapping as they came, under data_key';
comment on column file.content is 'the bytes that came, under data_key; null once the job has ended';
comment on column file.named is 'the first faults, which may quote cells, under data_key';
comment on column file.report is 'the workbook with every bad cell marked, under data_key';
comment on column file.grants is 'the units on which the sender held the right to import, when they sent it';

create table file_progress (
    file_id    uuid primary key references file on delete cascade,
    attempts   integer not null default 0,
    started_at timestamptz,
    beat_at    timestamptz,
    read       integer not null default 0,
    judged     integer not null default 0,
    saved      integer not null default 0,
    expected   integer
);
comment on table file_progress is 'apart from file, whose row the running job keeps locked until it has ended';
"""


def upgrade() -> None:
    """Create the tables."""
    op.execute(_TABLES)


def downgrade() -> None:
    """Drop them."""
    op.execute("drop table file_progress, file")
