"""Rubrics as dated data, and the sheets they give."""

import json

import sqlalchemy
from alembic import op

from services.evaluation.store.migrations import rubric_seeds

revision = "0005"
down_revision = "0004"

_TABLES = """
create table rubric (
    rubric_id    uuid not null,
    version      integer not null check (version >= 1),
    owner_id     uuid,
    sheet        text not null check (sheet in ('regular', 'thematic')),
    state        text not null check (state in ('draft', 'in_force', 'replaced', 'template')),
    valid_from   date not null,
    valid_to     date check (valid_to > valid_from),
    content      jsonb not null,
    entered_by   text not null,
    entered_at   timestamptz not null default clock_timestamp(),
    in_force_by  text,
    in_force_at  timestamptz,
    published    boolean not null default false,
    primary key (rubric_id, version)
);
comment on table rubric is
    'versions of rubrics; owner_id null: national. Content never changes; valid_to is set once, by the next version';
create index rubric_in_force on rubric (owner_id, sheet, valid_from) where state = 'in_force';

create table meeting_sheet (
    meeting_id      uuid primary key,
    version         bigint not null,
    branch_id       uuid not null,
    month           text not null,
    kind            text not null,
    rubric_id       uuid not null,
    rubric_version  integer not null,
    evidence_points integer not null,
    evidence_max    integer not null,
    evidence_scaled integer,
    gap             integer
);
create index meeting_sheet_branch_month on meeting_sheet (branch_id, month);
comment on table meeting_sheet is
    'what evidence gives of an adopted meeting by the rubric of its day; in 1/100 point, version is the meeting''s';

create table sheet_due (
    meeting_ids uuid[] not null,
    marked_at   timestamptz not null default clock_timestamp()
);
alter table unit_month add column evidence_compared bigint not null default 0;
comment on table sheet_due is 'meetings whose facts, path or rubric changed and whose sheets do not show it yet';
"""
_SEED = """
insert into rubric (rubric_id, version, owner_id, sheet, state, valid_from, content, entered_by)
values (:id, 1, null, 'regular', :state, :valid_from, cast(:content as jsonb), 'nenep')
"""
# Those that a rubric in force is for: an installation that has counted meetings scores them without a rebuild.
_DUE = """
insert into sheet_due (meeting_ids)
select array_agg(meeting_id)
from (
    select meeting_id, row_number() over () as place
    from meeting_fact where status = 'adopted' and kind = 'regular' and held_on >= cast(:valid_from as date)
) numbered group by (place - 1) / 1000
"""


def upgrade() -> None:
    op.execute(_TABLES)
    for rubric_id, state, content in (
        (rubric_seeds.NATIONAL_ID, "in_force", rubric_seeds.NATIONAL),
        (rubric_seeds.WARD_ID, "template", rubric_seeds.WARD),
    ):
        op.get_bind().execute(
            sqlalchemy.text(_SEED),
            {"id": rubric_id, "state": state, "valid_from": rubric_seeds.VALID_FROM, "content": json.dumps(content)},
        )
    op.get_bind().execute(sqlalchemy.text(_DUE), {"valid_from": rubric_seeds.VALID_FROM})


def downgrade() -> None:
    # Without the sheets nobody could take out again what they put into the sums.
    op.execute(
        "update unit_month set evidence_scored = 0, evidence_points_hundredths = 0, evidence_gap_hundredths = 0"
        " where evidence_scored <> 0"
    )
    op.execute("alter table unit_month drop column evidence_compared")
    op.execute("drop table sheet_due, meeting_sheet, rubric")
