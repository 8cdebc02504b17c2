"""The copy of rubrics: by which groups, maxima and bands branches are scored, from whom and from when to when."""

from alembic import op

revision = "0006"
down_revision = "0005"

_TABLES = """
create table rubric (
    rubric_id uuid primary key,
    version   bigint not null,
    owner_id  uuid,
    gone      boolean not null default false
);
create index rubric_of_owner on rubric (owner_id);
create table rubric_version (
    rubric_id  uuid not null references rubric,
    version    int not null,
    sheet      text not null check (sheet in ('regular', 'thematic')),
    valid_from date not null,
    valid_to   date,
    content    text not null,
    in_force   boolean not null,
    primary key (rubric_id, version)
);
comment on table rubric is 'copy of evaluation.rubrics.v1; owner null: national; version: of the last event';
comment on table rubric_version is
    'versions of rubrics, never removed: meetings name the one they were scored with as their frame';
"""


def upgrade() -> None:
    op.execute(_TABLES)


def downgrade() -> None:
    op.execute("drop table rubric_version, rubric")
    # Else the worker would stand behind what the tables, made again, no longer hold.
    op.execute("delete from stream_position where topic = 'evaluation.rubrics.v1'")
