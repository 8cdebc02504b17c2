"""Villages and targets are published, rosters tell ethnicity and discipline in counts; discipline of members."""

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_TABLES = """
alter table village add version bigint not null default 0;
comment on column village.version is 'of registry.village.v1; moves under the lock of this row';
alter table target add version bigint not null default 0;
comment on column target.version is 'of registry.target.v1; moves under the lock of this row';

create table discipline (
    discipline_id uuid primary key,
    member_id     uuid not null references member,
    on_day        date not null,
    sealed        bytea not null,
    recorded_at   timestamptz not null default clock_timestamp(),
    withdrawn_at  timestamptz
);
create index discipline_member on discipline (member_id, on_day);
comment on column discipline.sealed is 'form and decision number under the member''s data key; unreadable once erased';
comment on column discipline.withdrawn_at is 'not null: taken back, it was recorded by mistake';

create table untold (
    topic text not null,
    key   uuid not null,
    primary key (topic, key)
);
comment on table untold is 'aggregates whose state is due to be published again; `republish` empties it in batches';
insert into untold (topic, key)
    select 'registry.villages.v1', village_id from village
    union all select 'registry.targets.v1', target_id from target
    union all select 'registry.rosters.v1', unit_id from unit where roster_version > 0;
"""

# The texts were not at hand in full: a province checks these rows against them and adds its own.
_RULES = """
insert into rule (name, valid_from, valid_to, value, issuer, citation) values
('discipline_forms', '1900-01-01', null, '{
    "reprimand": {"vi": "Khiển trách", "en": "Reprimand", "kinds": ["official", "probationary"]},
    "warning":   {"vi": "Cảnh cáo", "en": "Warning", "kinds": ["official", "probationary"]},
    "dismissal": {"vi": "Cách chức", "en": "Dismissal from a post", "kinds": ["official"]},
    "expulsion": {"vi": "Khai trừ", "en": "Expulsion", "kinds": ["official"]}
}', 'Đại hội đại biểu toàn quốc của Đảng', 'Điều lệ Đảng, Điều 35'),
('majority_ethnicities', '1900-01-01', null, '["kinh", "việt", "kinh (việt)"]',
    'Tổng cục Thống kê', 'Danh mục các thành phần dân tộc Việt Nam (121-TCTK/PPCĐ, 1979)');
"""


def upgrade() -> None:
    """Add the versions and the tables, seed the rules, and note what is kept already as due to be published."""
    op.execute(_TABLES)
    op.get_bind().exec_driver_sql(_RULES)


def downgrade() -> None:
    """Drop them."""
    op.execute("drop table untold, discipline")
    op.execute("alter table village drop version")
    op.execute("alter table target drop version")
    op.execute("delete from rule where name in ('discipline_forms', 'majority_ethnicities')")
