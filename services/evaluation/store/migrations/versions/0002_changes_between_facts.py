"""Sums move by the difference between facts: no vector of a branch is kept twice, and no index changes with a sum.

What is due to be published is a list of its own. As an index on the sums' versions it made every addition to a row of
`unit_month` write into every index of the table (PostgreSQL manual, "Heap-Only Tuples"), and the publisher's marks
locked the rows every batch adds to.
"""

from alembic import op

revision = "0002"
down_revision = "0001"

_UP = """
create table scorecard_due (
    position bigint generated always as identity primary key,
    unit_ids uuid[] not null,
    months   text[] not null
);
comment on table scorecard_due is 'the (unit, month) whose sums changed and are not published since; a row a change';
insert into scorecard_due (unit_ids, months)
    select array_agg(unit_id), array_agg(month)
    from (select unit_id, month, row_number() over () as place from unit_month where version > published_version) due
    group by (place - 1) / 1000;
drop index unit_month_unpublished;
alter table unit_month drop column published_version;
drop table branch_month;
"""
_PARTS = """
select column_name from information_schema.columns
where table_schema = current_schema and table_name = 'unit_month'
  and column_name not in ('unit_id', 'month', 'version', 'computed_at') order by ordinal_position
"""


def upgrade() -> None:
    op.execute(_UP)


def downgrade() -> None:
    """Put the tables back, empty: the worker reads the log again and counts everything anew."""
    parts = [name for (name,) in op.get_bind().exec_driver_sql(_PARTS)]
    op.execute(
        """
        drop table scorecard_due;
        truncate meeting_fact, task_fact, unit_month;
        update stream_position set next_offset = 0 where topic like 'meetings.%';
        alter table unit_month add column published_version bigint not null default 0;
        create index unit_month_unpublished on unit_month (unit_id, month) where version > published_version;
        """
    )
    sums = ", ".join(f"{name} bigint not null default 0" for name in parts)
    op.execute(
        f"""
        create table branch_month (
            branch_id uuid not null,
            month     text not null,
            {sums},
            primary key (branch_id, month)
        )
        """
    )
