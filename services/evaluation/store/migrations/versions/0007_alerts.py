"""Rules that begin and cease to hold: their dated values, the alerts, and the units that are due for a look."""

from alembic import op

revision = "0007"
down_revision = "0006"

_TABLES = """
create table alert_rule (
    name       text not null,
    valid_from date not null,
    valid_to   date,
    value      jsonb not null,
    issuer     text not null,
    citation   text not null,
    primary key (name, valid_from),
    check (valid_to is null or valid_from < valid_to)
);

create table alert (
    alert_id  uuid primary key,
    version   bigint not null,
    rule      text not null,
    unit_id   uuid not null,
    state     text not null check (state in ('begun', 'ceased', 'withdrawn')),
    since     text not null,
    until     text,
    rule_from date not null,
    began     jsonb not null,
    ended     jsonb not null,
    cause     text,
    begun_at  timestamptz not null,
    ended_at  timestamptz
);
comment on table alert is 'a rule that holds or held for a unit, in its latest state';
comment on column alert.since is 'the month whose figures made it begin';
comment on column alert.began is 'the months that decided, each with the facts it was judged by';
create index alert_of_unit on alert (unit_id, begun_at, alert_id);

create table alert_due (
    position bigint generated always as identity primary key,
    unit_ids uuid[] not null,
    months   text[]
);
comment on table alert_due is 'units of which a month changed, or (no months) time passed, since the rules looked';

create table alert_clock (
    only_row       boolean primary key default true check (only_row),
    looked_on      date,
    closed_through text,
    rules_digest   text
);
comment on column alert_clock.closed_through is
    'the last month that was closed when everything in the topics had been merged: later ones are not judged yet';
insert into alert_clock default values;
"""

# Nothing published sets these bars (the quarter's theme and the month's meeting are published as duties): a province
# enters its own. Those of one month in a row act on the first sign, because what they say is no trend.
_RULES = """
insert into alert_rule (name, valid_from, value, issuer, citation)
select name, '2000-01-01', value::jsonb, 'Nền nếp', 'mức mặc định khi chưa nhập quy định của tỉnh'
from (values
    ('attendance_falling', '{"months_before": 3, "least_owed": 5, "fall_points": 10, "begin_percent": 80,
      "cease_percent": 85, "begin_after": 2, "cease_after": 2}'),
    ('no_meeting', '{"begin_after": 2, "cease_after": 1, "kinds": ["branch", "grassroots_branch"]}'),
    ('no_theme', '{"begin_after": 1, "cease_after": 1, "kinds": ["branch", "grassroots_branch"]}'),
    ('inspection_not_begun', '{"target_kind": "inspection", "by_month": 6, "begin_value": 0, "cease_value": 1}'),
    ('self_far_from_evidence', '{"months": 3, "least_scored": 2, "begin_points": 15, "cease_points": 10,
      "begin_after": 2}'),
    ('self_far_from_official', '{"months": 3, "least_scored": 2, "begin_points": 10, "cease_points": 6,
      "begin_after": 2}'),
    ('figures_impossible', '{"begin_after": 1, "cease_after": 3}'),
    ('good_despite_attendance', '{"months": 3, "least_scored": 3, "begin_good_percent": 100, "cease_good_percent": 90,
      "begin_percent": 70, "cease_percent": 75}'),
    ('identical_scores', '{"begin_after": 5, "cease_after": 1, "kinds": ["branch", "grassroots_branch"]}')
) as seed (name, value);
"""


def upgrade() -> None:
    op.execute(_TABLES)
    op.execute(_RULES)


def downgrade() -> None:
    op.execute("drop table alert_clock, alert_due, alert, alert_rule")
