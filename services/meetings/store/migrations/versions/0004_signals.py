"""Templates, signals of quality, and what searches need."""

import json

import sqlalchemy
from alembic import op

from services.meetings.store.migrations import template_seeds
from shared.migrations import enter_rules

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_TABLES = """
create table template (
    template_id     uuid primary key,
    unit_id         uuid,
    branch_type     text not null,
    kind            text not null check (kind in ('regular', 'thematic', 'committee', 'extraordinary')),
    valid_from      date not null,
    valid_to        date check (valid_to > valid_from),
    title           jsonb not null,
    agenda          jsonb not null,
    sections        jsonb not null,
    required        jsonb not null generated always as
                        (jsonb_path_query_array(sections, '$[*] ? (@.need == "required").name')) stored,
    minutes_planned integer not null check (minutes_planned > 0),
    issuer          text not null,
    citation        text not null,
    note            text,
    put_by          text,
    unique nulls not distinct (unit_id, branch_type, kind, valid_from)
);
comment on table template is 'versions of templates of minutes; those of a unit_id are a province''s own';
create index template_of_type on template (branch_type, kind);

create table minutes_text (
    meeting_id uuid primary key,
    unit_id    uuid not null,
    started_at timestamptz not null,
    ended_at   timestamptz not null,
    words      tsvector not null
);
comment on table minutes_text is 'the latest adopted minutes folded for search; written with their revision';
create index minutes_text_words on minutes_text using gin (words);
create index minutes_text_of_unit on minutes_text (unit_id, started_at);

create table copy_queue (
    queue_id   bigint generated always as identity primary key,
    meeting_id uuid not null,
    queued_at  timestamptz not null default clock_timestamp()
);
create index copy_queue_of_meeting on copy_queue (meeting_id);
comment on table copy_queue is 'minutes whose text is still to be compared; one row with each adoption or correction';

create table minutes_print (
    print_id    integer generated always as identity primary key,
    meeting_id  uuid not null,
    part        text not null check (part in ('minutes', 'conclusion')),
    province_id uuid not null,
    unit_id     uuid not null,
    adopted_at  timestamptz not null,
    signature   bytea not null,
    unique (meeting_id, part)
);
create index minutes_print_age on minutes_print (province_id, adopted_at);
create table minutes_band (
    band     bigint not null,
    print_id integer not null references minutes_print on delete cascade,
    primary key (band, print_id)
);
create index minutes_band_of_print on minutes_band (print_id);
create table common_words (
    province_id uuid primary key,
    branches    integer not null,
    made_at     timestamptz not null,
    shingles    bytea not null
);
comment on table common_words is 'what stands in the minutes of a large share of a province''s branches';

create table minutes_copy (
    meeting_id uuid not null,
    part       text not null,
    of_meeting uuid not null,
    likeness   real not null check (likeness between 0 and 1),
    primary key (meeting_id, part, of_meeting)
);
create index minutes_copy_of on minutes_copy (of_meeting);
comment on table minutes_copy is 'minutes that repeat minutes adopted before them';

create index meeting_unreported on meeting (unit_id) where status = 'planned' or reported_at is null;
create index task_open on task (unit_id) where status = 'assigned';

create table calendar_feed (
    feed_id    uuid primary key,
    unit_id    uuid not null,
    subject    text not null,
    secret     bytea not null,
    made_at    timestamptz not null,
    expires_at timestamptz not null,
    revoked_at timestamptz
);
create index calendar_feed_of_unit on calendar_feed (unit_id, subject);
comment on column calendar_feed.secret is 'SHA-256 of the secret in the address; the secret itself is not kept';
"""

_HOUSE = ("Nền nếp", "giá trị ban đầu của hệ thống")
_LONG_AGO = "2011-01-19"
_RULES = [
    (
        "signals",
        {
            "least_characters": {
                "last_month_results": 40, "next_month_direction": 40, "discussion": 40,
                "self_criticism": 30, "ideology": 30, "conclusion": 40,
            },
            "longest_minutes": 300,
            "adoption_grace_minutes": 15,
            "adoption_early_minutes": 45,
        },
        *_HOUSE,
        "Ngưỡng để nhìn lại, không phải điểm trừ; tỉnh tự đặt.",
    ),
    (
        "copies",
        {
            "likeness": 0.6,
            "least_words": {"minutes": 40, "conclusion": 15},
            "common_share": 0.05,
            "common_branches": 10,
            "months": 12,
        },
        *_HOUSE,
        "Ngưỡng để nhìn lại, không phải điểm trừ; tỉnh tự đặt.",
    ),
    (
        "expected",
        {"thematic_months": 3, "plan_month_day": [1, 31]},
        "Ban Tổ chức Trung ương",
        "Hướng dẫn 12-HD/BTCTW ngày 06/7/2018",
        "Chuyên đề mỗi quý ít nhất một lần; ngày nộp kế hoạch năm là giá trị ban đầu, tỉnh tự đặt.",
    ),
]  # fmt: skip
_SECTIONS = {
    "regular": ["opening", "last_month_results", "next_month_direction", "discussion", "self_criticism", "conclusion"],
    "thematic": ["opening", "discussion", "conclusion"],
    "committee": ["opening", "discussion", "conclusion"],
    "extraordinary": ["opening", "discussion", "conclusion"],
}
_JSON = ("title", "agenda", "sections")


def upgrade() -> None:
    op.execute(_TABLES)
    connection = op.get_bind()
    connection.execute(
        sqlalchemy.text(
            "insert into template (template_id, branch_type, kind, valid_from, valid_to, title, agenda, sections, "
            "minutes_planned, issuer, citation, note) values (:template_id, :branch_type, :kind, :valid_from, "
            ":valid_to, cast(:title as jsonb), cast(:agenda as jsonb), cast(:sections as jsonb), :minutes_planned, "
            ":issuer, :citation, :note)"
        ),
        [row | {name: json.dumps(row[name]) for name in _JSON} for row in template_seeds.rows()],
    )
    # The templates say from here on which sections are required.
    op.execute("delete from rule where name = 'required_sections'")
    enter_rules(
        connection,
        [(name, _LONG_AGO, None, value, issuer, citation, note) for name, value, issuer, citation, note in _RULES],
    )
    # The worker folds and compares what was adopted before this revision of the database.
    op.execute("insert into copy_queue (meeting_id) select meeting_id from meeting where status = 'adopted'")


def downgrade() -> None:
    op.execute(
        "drop table calendar_feed, minutes_copy, common_words, minutes_band, minutes_print, copy_queue, minutes_text, "
        "template"
    )
    op.execute("drop index meeting_unreported, task_open")
    connection = op.get_bind()
    op.execute("delete from rule where name in ('signals', 'copies', 'expected')")
    connection.execute(
        sqlalchemy.text(
            "insert into rule (name, valid_from, value, issuer, citation) values ('required_sections', '2011-01-19', "
            "cast(:value as jsonb), 'Đại hội XI', 'Điều lệ Đảng ngày 19/01/2011')"
        ),
        {"value": json.dumps(_SECTIONS)},
    )
