"""Units and members over time, the rules on them, the outbox and the kept answers."""

from alembic import op

from shared.http import idempotency
from shared.outbox import table as outbox

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_TABLES = """
create table unit (
    unit_id        uuid primary key,
    code           text collate "C" not null unique,
    version        bigint not null,
    roster_version bigint not null default 0
);
comment on column unit.version is 'of registry.unit.v1; moves under the lock of this row';
comment on column unit.roster_version is 'of registry.roster.v1; moves under the lock of this row';

create table unit_span (
    unit_id     uuid not null references unit,
    valid_from  date not null,
    valid_to    date,
    kind        text not null,
    level       text not null,
    parent_id   uuid references unit,
    name        text not null,
    branch_type text,
    primary key (unit_id, valid_from),
    check (valid_from < valid_to)
);
create index unit_span_parent on unit_span (parent_id);

create table member (
    member_id  uuid primary key,
    code       text collate "C" not null unique,
    full_name  text not null,
    sort_key   text collate "C" not null,
    birth_date date not null,
    sex        text,
    ethnicity  text,
    phone      text
);
comment on column member.sort_key is 'the Vietnamese order of names, kept because not every server has ICU';

create table member_span (
    member_id  uuid not null references member,
    valid_from date not null,
    valid_to   date,
    unit_id    uuid not null references unit,
    kind       text not null,
    status     text not null,
    post       text,
    primary key (member_id, valid_from),
    check (valid_from < valid_to)
);
create index member_span_unit on member_span (unit_id);

create table rule (
    name       text not null,
    valid_from date not null,
    valid_to   date,
    value      jsonb not null,
    issuer     text not null,
    citation   text not null,
    primary key (name, valid_from),
    check (valid_from < valid_to)
);
"""

# The texts of the rules were not at hand in full: a province checks these rows against them and adds its own.
_RULES = """
insert into rule (name, valid_from, valid_to, value, issuer, citation) values
('allowed_parents', '1900-01-01', '2025-07-01', '{
    "province_committee":   [null],
    "direct_committee":     ["province_committee"],
    "grassroots_committee": ["province_committee", "direct_committee"],
    "grassroots_branch":    ["province_committee", "direct_committee"],
    "department_committee": ["grassroots_committee"],
    "branch":               ["grassroots_committee", "department_committee"],
    "group":                ["branch", "grassroots_branch"]
}', 'Đại hội đại biểu toàn quốc của Đảng', 'Điều lệ Đảng, Điều 10, 21 và 24'),
('allowed_parents', '2025-07-01', null, '{
    "province_committee":   [null],
    "direct_committee":     ["province_committee", "direct_committee"],
    "grassroots_committee": ["province_committee", "direct_committee"],
    "grassroots_branch":    ["province_committee", "direct_committee"],
    "department_committee": ["grassroots_committee"],
    "branch":               ["grassroots_committee", "department_committee"],
    "group":                ["branch", "grassroots_branch"]
}', 'Ban Chấp hành Trung ương', 'Mô hình tổ chức không còn cấp huyện, từ ngày 1/7/2025; Điều lệ Đảng, Điều 10'),
('admission_age', '1900-01-01', null, '18',
    'Đại hội đại biểu toàn quốc của Đảng', 'Điều lệ Đảng, Điều 1');
"""


def upgrade() -> None:
    """Create every table of the registry and seed the rules."""
    op.execute(_TABLES)
    op.get_bind().exec_driver_sql(_RULES)
    op.execute(outbox.DDL)
    op.execute(idempotency.DDL)


def downgrade() -> None:
    """Drop them."""
    op.execute("drop table idempotency_key, outbox, rule, member_span, member, unit_span, unit")
