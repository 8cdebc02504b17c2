"""Papers made of meetings, their numbers within a committee's term, and attachments."""

from alembic import op

from shared.migrations import enter_rules

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_TABLES = """
create table committee_term (
    unit_id   uuid not null,
    first_day date not null,
    last_day  date check (last_day >= first_day),
    name      text not null,
    set_by    text not null,
    set_at    timestamptz not null,
    primary key (unit_id, first_day)
);
comment on table committee_term is 'terms (nhiệm kỳ) of a unit''s committee: papers number continuously within one';

create table paper_number (
    unit_id uuid not null,
    kind    text not null,
    term    date not null,
    last    integer not null check (last > 0),
    primary key (unit_id, kind, term)
);
comment on table paper_number is 'the last number given, by unit, kind of paper and first day of the term';

create table paper (
    paper_id   uuid primary key,
    meeting_id uuid not null references meeting,
    unit_id    uuid not null,
    kind       text not null check (kind in ('minutes', 'resolution', 'conclusion_notice', 'score_sheet')),
    day        date not null,
    term       date not null,
    number     integer check (number > 0),
    sign       text,
    unique (meeting_id, kind),
    unique (unit_id, kind, term, number),
    check ((number is null) = (sign is null)),
    foreign key (unit_id, term) references committee_term (unit_id, first_day)
);

create table paper_issue (
    hash       text primary key check (hash ~ '^[0-9a-f]{64}$'),
    paper_id   uuid not null references paper,
    correction integer not null check (correction >= 0),
    revision   integer not null,
    signed     text not null,
    issued_at  timestamptz not null,
    issued_by  text not null,
    unique (paper_id, correction)
);
comment on table paper_issue is 'what was signed, as canonical JSON without names; rows are only ever added';
create function paper_is_kept() returns trigger language plpgsql as $$
begin
    raise exception 'an issued paper is never changed or removed';
end $$;
create trigger paper_is_kept before update or delete on paper_issue
    for each row execute function paper_is_kept();
create trigger paper_is_kept before update or delete on paper
    for each row execute function paper_is_kept();

create table attachment (
    attachment_id  uuid primary key,
    meeting_id     uuid references meeting,
    task_id        uuid references task,
    unit_id        uuid not null,
    filename       text not null,
    type           text not null,
    size           bigint not null check (size > 0),
    sha256         text not null,
    classification text not null,
    attached_by    text not null,
    attached_at    timestamptz not null,
    deleted_by     text,
    deleted_at     timestamptz,
    purged_at      timestamptz,
    check ((meeting_id is null) <> (task_id is null)),
    check ((deleted_by is null) = (deleted_at is null)),
    check (purged_at is null or deleted_at is not null)
);
create index attachment_of_meeting on attachment (meeting_id) where meeting_id is not null;
create index attachment_of_task on attachment (task_id) where task_id is not null;
create index attachment_to_purge on attachment (deleted_at) where deleted_at is not null and purged_at is null;

create table attachment_upload (
    attachment_id uuid primary key,
    begun_at      timestamptz not null default clock_timestamp()
);
comment on table attachment_upload is
    'noted on a connection of its own before bytes are stored: what has no attachment an hour later is an orphan';
"""

_OFFICE = "Văn phòng Trung ương Đảng"
_NOTE = "Ký hiệu loại văn bản và tên chi bộ; phiếu chấm điểm kèm biên bản nên không đánh số."
_FORMS = {
    "abbreviations": {"minutes": "BB", "resolution": "NQ", "conclusion_notice": "TB", "score_sheet": None},
    "issuer": "CB",
}
_RULES = [
    ("paper_forms", "2004-05-28", "2018-04-03", _FORMS, _OFFICE, "Hướng dẫn 11-HD/VPTW ngày 28/5/2004", _NOTE),
    ("paper_forms", "2018-04-03", None, _FORMS, _OFFICE, "Hướng dẫn 36-HD/VPTW ngày 03/4/2018", _NOTE),
]


def upgrade() -> None:
    op.execute(_TABLES)
    enter_rules(op.get_bind(), _RULES)


def downgrade() -> None:
    op.execute("delete from rule where name = 'paper_forms'")
    op.execute("drop table attachment_upload, attachment, paper_issue, paper, paper_number, committee_term")
    op.execute("drop function paper_is_kept()")
