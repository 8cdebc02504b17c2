"""Decisions, the lineage of units, their codes in other systems, and the kinds of unit as dated data."""

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_TABLES = """
alter table unit alter column code drop not null;
comment on column unit.code is 'null: a unit whose decision was withdrawn; the row keeps the versions of its events';

create table decision (
    decision_id    uuid primary key,
    number         text not null,
    issuer         text not null,
    issuer_unit_id uuid references unit,
    title          text not null,
    issued_on      date not null,
    effective_on   date not null,
    state          text not null check (state in ('draft', 'in_force', 'withdrawn', 'discarded')),
    version        bigint not null,
    operations     jsonb not null,
    drafted_by     text not null,
    drafted_at     timestamptz not null default clock_timestamp(),
    changed_by     text not null,
    changed_at     timestamptz not null default clock_timestamp(),
    forced_by      text,
    forced_at      timestamptz,
    withdrawn_by   text,
    withdrawn_at   timestamptz,
    reason         text,
    counts         jsonb
);
create unique index decision_number on decision (issuer, number, issued_on) where state in ('draft', 'in_force');
comment on column decision.reason is 'of the withdrawal';

create table decision_unit (
    decision_id uuid not null references decision on delete cascade,
    unit_id     uuid not null,
    primary key (decision_id, unit_id)
);
create index decision_unit_unit on decision_unit (unit_id, decision_id);
comment on table decision_unit is 'the units a decision names; those of a draft need not exist yet';

create table decision_image (
    decision_id uuid not null references decision,
    subject     text not null check (subject in ('unit', 'member', 'village')),
    subject_id  uuid not null,
    before      jsonb,
    after       jsonb not null,
    primary key (decision_id, subject, subject_id)
);
comment on table decision_image is 'spans before (null: made by it) and after a decision, while it is in force';

create table unit_lineage (
    from_unit   uuid not null references unit,
    to_unit     uuid not null references unit,
    on_day      date not null,
    decision_id uuid not null references decision,
    how         text not null check (how in ('merged', 'split')),
    primary key (from_unit, to_unit, decision_id)
);
create index unit_lineage_to on unit_lineage (to_unit);
create index unit_lineage_decision on unit_lineage (decision_id);

create table unit_code (
    unit_id    uuid not null references unit,
    system     text not null,
    code       text not null,
    valid_from date not null,
    valid_to   date,
    primary key (unit_id, system, valid_from),
    check (valid_from < valid_to)
);
create index unit_code_code on unit_code (system, code);
"""

# The texts were not at hand in full: a province checks these rows against them and adds its own.
_RULES = """
insert into rule (name, valid_from, valid_to, value, issuer, citation) values
('unit_kinds', '1900-01-01', '2025-07-01', '{
    "province_committee":   {"vi": "tỉnh uỷ", "en": "province committee", "levels": ["province"]},
    "direct_committee":     {"vi": "đảng uỷ trực thuộc tỉnh uỷ", "en": "committee directly under the province",
                             "levels": ["province", "district"]},
    "grassroots_committee": {"vi": "đảng bộ cơ sở", "en": "grassroots committee", "levels": ["commune", "grassroots"]},
    "grassroots_branch":    {"vi": "chi bộ cơ sở", "en": "grassroots branch",
                             "levels": ["commune", "grassroots", "branch"], "holds_members": true},
    "department_committee": {"vi": "đảng bộ bộ phận", "en": "department committee", "levels": ["department"]},
    "branch":               {"vi": "chi bộ", "en": "branch", "levels": ["branch"], "holds_members": true},
    "group":                {"vi": "tổ đảng", "en": "group", "levels": ["group"]}
}', 'Đại hội đại biểu toàn quốc của Đảng', 'Điều lệ Đảng, Điều 10, 21 và 24'),
('unit_kinds', '2025-07-01', null, '{
    "province_committee":   {"vi": "tỉnh uỷ", "en": "province committee", "levels": ["province"]},
    "direct_committee":     {"vi": "đảng uỷ trực thuộc tỉnh uỷ", "en": "committee directly under the province",
                             "levels": ["province", "commune"]},
    "grassroots_committee": {"vi": "đảng bộ cơ sở", "en": "grassroots committee", "levels": ["commune", "grassroots"]},
    "grassroots_branch":    {"vi": "chi bộ cơ sở", "en": "grassroots branch",
                             "levels": ["commune", "grassroots", "branch"], "holds_members": true},
    "department_committee": {"vi": "đảng bộ bộ phận", "en": "department committee", "levels": ["department"]},
    "branch":               {"vi": "chi bộ", "en": "branch", "levels": ["branch"], "holds_members": true},
    "group":                {"vi": "tổ đảng", "en": "group", "levels": ["group"]}
}', 'Ban Chấp hành Trung ương', 'Mô hình tổ chức không còn cấp huyện, từ ngày 1/7/2025; Điều lệ Đảng, Điều 10');
"""


def upgrade() -> None:
    """Create the tables and seed the kinds."""
    op.execute(_TABLES)
    op.get_bind().exec_driver_sql(_RULES)


def downgrade() -> None:
    """Drop them. Units that a withdrawn decision had made go with them: nothing refers to them."""
    op.execute("drop table unit_code, unit_lineage, decision_image, decision_unit, decision")
    op.execute("delete from rule where name = 'unit_kinds'")
    op.execute("delete from unit where code is null")
    op.execute("alter table unit alter column code set not null")
