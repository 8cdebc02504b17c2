"""What committees do with the figures: weak organisations, campaigns, classification, model branches."""

from alembic import op

revision = "0006"
down_revision = "0005"

_TABLES = """
create table committee_change (
    position   bigint generated always as identity primary key,
    subject    text not null,
    subject_id uuid not null,
    version    bigint not null,
    action     text not null,
    detail     jsonb not null,
    actor      text not null,
    request_id text not null,
    at         timestamptz not null default clock_timestamp()
);
create index committee_change_subject on committee_change (subject, subject_id, position);
comment on table committee_change is 'every change of what committees keep; only ever added to';

create function committee_kept() returns trigger language plpgsql as $$
begin
    raise exception 'what was kept in % stays as it is', tg_table_name;
end $$;
create trigger committee_change_kept before update or delete on committee_change
    for each row execute function committee_kept();

create table weak_organisation (
    weak_id     uuid primary key,
    unit_id     uuid not null,
    period      text not null,
    origin      text not null,
    state       text not null,
    version     bigint not null,
    causes      jsonb not null,
    proposed_on date not null,
    opened_on   date,
    ended_on    date,
    reason      text,
    citation    text,
    team        uuid[] not null default '{}'
);
create unique index weak_organisation_live on weak_organisation (unit_id) where state in ('proposed', 'open');
create index weak_organisation_unit on weak_organisation (unit_id);
comment on column weak_organisation.team is 'opaque ids of members; who they are, the registry knows';

create table weak_step (
    step_id      uuid primary key,
    weak_id      uuid not null references weak_organisation,
    place        integer not null,
    what         text not null,
    due_on       date not null,
    done_on      date,
    evidence     text,
    withdrawn_on date
);
create index weak_step_weak on weak_step (weak_id, place);
create index weak_step_due on weak_step (due_on) where done_on is null and withdrawn_on is null;

create table weak_entry (
    entry_id   uuid primary key,
    weak_id    uuid not null references weak_organisation,
    on_day     date not null,
    text       text not null,
    entered_by text not null,
    at         timestamptz not null default clock_timestamp()
);
create index weak_entry_weak on weak_entry (weak_id, on_day);

create table classification (
    classification_id uuid primary key,
    unit_id           uuid not null,
    period            text not null,
    version           bigint not null,
    proposed          text,
    proposal_reason   text,
    proposed_on       date,
    grade             text,
    superior_id       uuid,
    group_key         text,
    decided_on        date,
    citation          text,
    reason            text,
    unique (unit_id, period)
);
create index classification_group on classification (superior_id, period, group_key);
comment on table classification is 'the newest state; earlier ones are in committee_change';

create table model_branch (
    model_id   uuid primary key,
    unit_id    uuid not null,
    chosen_by  uuid not null,
    version    bigint not null,
    valid_from date not null,
    valid_to   date,
    reason     text not null,
    citation   text not null,
    ended_on   date,
    end_reason text,
    check (valid_to is null or valid_from < valid_to)
);
create index model_branch_unit on model_branch (unit_id);

create table campaign (
    campaign_id uuid primary key,
    unit_id     uuid not null,
    state       text not null,
    version     bigint not null,
    title       text not null,
    period      text not null,
    citation    text not null,
    criteria    jsonb not null
);
create index campaign_unit on campaign (unit_id);
create table campaign_collective (
    campaign_id uuid not null references campaign,
    unit_id     uuid not null,
    primary key (campaign_id, unit_id)
);
create table campaign_individual (
    campaign_id uuid not null references campaign,
    member_id   uuid not null,
    unit_id     uuid not null,
    assigned    integer not null,
    done        integer not null,
    late        integer not null,
    primary key (campaign_id, member_id)
);
create table campaign_standing (
    campaign_id uuid not null references campaign,
    kind        text not null,
    version     bigint not null,
    as_of       timestamptz not null,
    standing    jsonb not null,
    primary key (campaign_id, kind, version)
);
comment on table campaign_standing is 'standings as they were made, with the figures they stood on; never changed';
create trigger campaign_standing_kept before update or delete on campaign_standing
    for each row execute function committee_kept();
create table campaign_award (
    campaign_id uuid not null references campaign,
    subject_id  uuid not null,
    subject     text not null,
    award       text not null,
    citation    text not null,
    primary key (campaign_id, subject_id, award)
);
"""
_RULES = """
insert into rule (name, valid_from, valid_to, value, issuer, citation) values
    ('size_bands', '2018-01-01', null,
     '{"branches": {"by": "members_active", "starts": [10, 30, 50]},
       "committees": {"by": "branches", "starts": [10, 30, 100]}}',
     'Nền nếp', 'nhóm quy mô khởi đầu; thay bằng quy định của tỉnh uỷ'),
    ('ranking_minimums', '2018-01-01', null,
     '{"attendance_rate": {"of": "owed", "least": 10}, "speaking_rate": {"of": "present", "least": 10},
       "tasks_done_rate": {"of": "tasks_due", "least": 5}, "held_rate": {"of": "branches", "least": 1},
       "on_time_rate": {"of": "regular_held", "least": 1}, "complete_rate": {"of": "regular_held", "least": 1},
       "conclusion_rate": {"of": "regular_held", "least": 1}, "task_rate": {"of": "regular_held", "least": 1},
       "average_self_points": {"of": "self_scored", "least": 1}}',
     'Nền nếp', 'mức tối thiểu khởi đầu; thay bằng quy định của tỉnh uỷ'),
    ('weak_causes', '2018-01-01', null,
     '{"figures": [
        {"code": "few-meetings", "figure": "held_rate", "below": 0.75, "of": "due_begun", "least": 3,
         "vi": "Sinh hoạt thường kỳ không đủ số kỳ", "en": "too few of the regular meetings due were held"},
        {"code": "attendance", "figure": "attendance_rate", "below": 0.75, "of": "owed", "least": 10,
         "vi": "Tỷ lệ dự họp thấp", "en": "few attend"},
        {"code": "thin-minutes", "figure": "complete_rate", "below": 0.7, "of": "regular_held", "least": 2,
         "vi": "Biên bản thiếu mục bắt buộc", "en": "required sections of minutes are missing"},
        {"code": "no-tasks", "figure": "task_rate", "below": 0.5, "of": "regular_held", "least": 2,
         "vi": "Ít khi giao việc cho từng đảng viên", "en": "meetings seldom give tasks to named members"},
        {"code": "tasks-undone", "figure": "tasks_done_rate", "below": 0.5, "of": "tasks_due", "least": 5,
         "vi": "Nhiều nhiệm vụ không hoàn thành", "en": "many tasks are not done"},
        {"code": "poor-meetings", "figure": "average_self_points", "below": 50, "of": "self_scored", "least": 2,
         "vi": "Chất lượng sinh hoạt xếp loại Kém", "en": "meetings score in the band Kém"}],
       "grades": ["completed", "not_completed"]}',
     'Nền nếp', 'ngưỡng khởi đầu; thay bằng quy định của tỉnh uỷ'),
    ('classification', '2018-01-01', null,
     '{"percent": 20, "best": "excellent", "of": ["excellent", "good"], "by": ["type"]}',
     'Bộ Chính trị', 'giới hạn 20 % hoàn thành xuất sắc nhiệm vụ (đối chiếu văn bản gốc khi nhập quy định của tỉnh)');
"""
_NAMES = "'size_bands', 'ranking_minimums', 'weak_causes', 'classification'"


def upgrade() -> None:
    op.execute(_TABLES)
    op.execute(_RULES)


def downgrade() -> None:
    op.execute(
        "drop table campaign_award, campaign_standing, campaign_individual, campaign_collective, campaign,"
        " model_branch, classification, weak_entry, weak_step, weak_organisation, committee_change"
    )
    op.execute("drop function committee_kept")
    op.execute(f"delete from rule where name in ({_NAMES})")  # noqa: S608 - own constants
