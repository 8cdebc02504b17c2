"""Alerts: which are known, and who is told when one begins."""

from alembic import op

revision = "0003"
down_revision = "0002"

_TABLES = """
create table alert (
    alert_id    uuid primary key,
    version     bigint not null,
    unit_id     uuid not null,
    rule        text not null,
    holds       boolean not null,
    since       text not null,
    facts       jsonb not null,
    source      text not null,
    awaits_unit boolean not null default false
);
create index alert_awaits_unit on alert (unit_id) where awaits_unit;
"""
# What a branch says of itself, its superior looks into first; the rest both are told.
_RULES = """
insert into rule (name, valid_from, value, issuer, citation)
select name, '1930-02-03', value::jsonb, 'Nền nếp', 'mức mặc định khi chưa nhập quy định của tỉnh'
from (values
    ('attendance_falling', '{"unit": true, "superior": true}'),
    ('no_meeting', '{"unit": true, "superior": true}'),
    ('no_theme', '{"unit": true, "superior": true}'),
    ('inspection_not_begun', '{"unit": true, "superior": true}'),
    ('self_far_from_evidence', '{"unit": true, "superior": true}'),
    ('self_far_from_official', '{"unit": true, "superior": true}'),
    ('figures_impossible', '{"unit": true, "superior": true}'),
    ('good_despite_attendance', '{"unit": false, "superior": true}'),
    ('identical_scores', '{"unit": false, "superior": true}')
) as seed (name, value);
"""
_DOWN = """
drop table alert;
create temp table gone on commit drop as select unnest(array[
    'attendance_falling', 'no_meeting', 'no_theme', 'inspection_not_begun', 'self_far_from_evidence',
    'self_far_from_official', 'figures_impossible', 'good_despite_attendance', 'identical_scores'
]) as name;
delete from notice where rule in (select name from gone);
delete from preference where rule in (select name from gone);
delete from rule where name in (select name from gone);
delete from stream_position where topic = 'evaluation.alerts.v1';
"""


def upgrade() -> None:
    """Make the table and enter who is told."""
    op.execute(_TABLES)
    op.execute(_RULES)


def downgrade() -> None:
    """Drop the table, and the notices of alerts, which the version before has no words for; they are read anew."""
    op.execute(_DOWN)
