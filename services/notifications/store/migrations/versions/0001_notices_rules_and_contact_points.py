"""Notices with their deliveries, the dated rules they come from, and what units chose."""

from alembic import op

from shared.http import idempotency
from shared.kafka import positions
from shared.outbox import table
from shared.units import replica

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_TABLES = """
create table rule (
    name       text not null,
    valid_from date not null,
    valid_to   date,
    value      jsonb not null,
    issuer     text not null,
    citation   text not null,
    primary key (name, valid_from),
    check (valid_to is null or valid_from < valid_to)
);

create table meeting (
    meeting_id     uuid primary key,
    version        bigint not null,
    unit_id        uuid not null,
    kind           text not null,
    period         text not null,
    status         text not null,
    day            date not null,
    owed           integer not null,
    present        integer not null,
    has_conclusion boolean not null,
    tasks          integer not null,
    awaits_unit    boolean not null default false
);
create index meeting_settles_month on meeting (period, unit_id)
    where kind = 'regular' and status in ('adopted', 'not_held');
create index meeting_awaits_unit on meeting (unit_id) where awaits_unit;

create table notice (
    notice_id         uuid primary key,
    rule              text not null,
    subject           text not null,
    recipient_unit_id uuid not null,
    about_unit_id     uuid not null,
    period            text not null,
    day               date not null,
    meeting_id        uuid,
    facts             jsonb not null,
    source            text not null,
    raised_at         timestamptz not null,
    resolved_at       timestamptz,
    read_at           timestamptz,
    unique (rule, subject, recipient_unit_id)
);
create index notice_inbox on notice (recipient_unit_id, raised_at, notice_id);
create index notice_open_about on notice (about_unit_id) where resolved_at is null;

create table delivery (
    notice_id       uuid not null references notice on delete cascade,
    channel         text not null check (channel in ('inbox', 'email')),
    status          text not null check (status in ('pending', 'sent', 'given_up', 'withdrawn')),
    attempts        integer not null default 0,
    next_attempt_at timestamptz not null default clock_timestamp(),
    ended_at        timestamptz,
    failure         text,
    primary key (notice_id, channel)
);
create index delivery_pending on delivery (next_attempt_at) where status = 'pending';

create table contact_point (
    unit_id  uuid primary key,
    email    text not null,
    language text not null check (language in ('vi', 'en'))
);

create table preference (
    unit_id uuid not null,
    rule    text not null,
    inbox   boolean not null,
    email   boolean not null,
    primary key (unit_id, rule)
);

create table due_check (
    only_row         boolean primary key default true check (only_row),
    examined_through text
);
insert into due_check default values;
"""

# domain.md of the project gives these as published or transcribed; a province replaces them with its own text.
_RULES = """
insert into rule (name, valid_from, valid_to, value, issuer, citation) values
('minutes_missing', '2000-01-01', '2018-07-06', '{"report_days": 2}',
 'Nền nếp', 'mức mặc định khi chưa nhập hướng dẫn của tỉnh'),
('minutes_missing', '2018-07-06', '2025-10-28', '{"report_days": 2}',
 'Ban Tổ chức Trung ương', 'Hướng dẫn 12-HD/BTCTW, 06/7/2018'),
('minutes_missing', '2025-10-28', null, '{"report_days": 2}',
 'Ban Tổ chức Trung ương', 'Hướng dẫn 42-HD/BTCTW, 28/10/2025'),
('minutes_incomplete', '2000-01-01', '2018-07-06', '{"needs_conclusion": true, "least_tasks": 1}',
 'Nền nếp', 'mức mặc định khi chưa nhập hướng dẫn của tỉnh'),
('minutes_incomplete', '2018-07-06', '2025-10-28', '{"needs_conclusion": true, "least_tasks": 1}',
 'Ban Tổ chức Trung ương', 'Hướng dẫn 12-HD/BTCTW, 06/7/2018'),
('minutes_incomplete', '2025-10-28', null, '{"needs_conclusion": true, "least_tasks": 1}',
 'Ban Tổ chức Trung ương', 'Hướng dẫn 42-HD/BTCTW, 28/10/2025'),
('attendance_low', '2018-07-06', '2025-10-28', '{"percent": 85, "comparison": "over"}',
 'Ban Tổ chức Trung ương', 'Hướng dẫn 12-HD/BTCTW, 06/7/2018'),
('attendance_low', '2025-10-28', null, '{"percent": 90, "comparison": "at_least"}',
 'Ban Tổ chức Trung ương', 'Hướng dẫn 42-HD/BTCTW, 28/10/2025');
"""


def upgrade() -> None:
    """Make the tables and enter the rules."""
    for statements in (table.DDL, positions.DDL, idempotency.DDL, replica.DDL, _TABLES, _RULES):
        op.execute(statements)


def downgrade() -> None:
    """Drop every table of the service."""
    op.execute(
        "drop table due_check, preference, contact_point, delivery, notice, meeting, rule, unit_span, unit, "
        "idempotency_key, stream_position, outbox"
    )
