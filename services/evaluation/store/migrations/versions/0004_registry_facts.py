"""What registry tells besides units: rosters in counts, villages, targets."""

from alembic import op

revision = "0004"
down_revision = "0003"

# The parts as they were when this revision was written; one added since has a revision of its own.
_PARTS = "members_active members_official members_probationary members_exempt members_minority members_ethnicity_known"
_COUNTS = ", ".join(f"{name} bigint not null default 0" for name in _PARTS.split())
_UP = f"""
create table roster_fact (
    branch_id      uuid primary key,
    version        bigint not null,
    changes        text not null,
    disciplined_on date[] not null
);
comment on column roster_fact.changes is
    'month and what changes in it, separated by semicolons: {_PARTS.replace(" ", ", ")}';
comment on column roster_fact.disciplined_on is 'each day as often as members were disciplined on it';
create index roster_fact_disciplined on roster_fact (branch_id) where disciplined_on <> '{{}}';

create table unit_members (
    unit_id uuid not null,
    month   text not null,
    {_COUNTS},
    primary key (unit_id, month)
);
comment on table unit_members is 'members that join less those that leave; members of a month = sum up to it';

create table village (
    village_id uuid primary key,
    version    bigint not null
);
create table village_span (
    village_id uuid not null references village on delete cascade,
    valid_from date not null,
    valid_to   date,
    unit_id    uuid not null,
    branch_id  uuid,
    head       text not null,
    primary key (village_id, valid_from)
);
create index village_span_unit on village_span (unit_id);
create index village_span_branch on village_span (branch_id) where branch_id is not null;

create table target (
    target_id uuid primary key,
    version   bigint not null,
    unit_id   uuid not null,
    year      integer not null,
    kind      text not null,
    measure   text not null,
    direction text not null,
    adds_up   boolean not null,
    value     double precision not null,
    due_on    date not null,
    part_of   uuid,
    progress  jsonb not null
);
create index target_unit on target (unit_id, year);
create index target_part on target (part_of) where part_of is not null;
comment on column target.progress is 'by day: reached from the beginning of the year to the end of that day';
"""


def upgrade() -> None:
    op.execute(_UP)


def downgrade() -> None:
    """Drop them; the worker reads the topics anew when they come back."""
    op.execute("drop table target, village_span, village, unit_members, roster_fact")
    op.execute(
        "delete from stream_position where topic in"
        " ('registry.rosters.v1', 'registry.villages.v1', 'registry.targets.v1')"
    )
