"""The audit trail: append-only."""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_TABLES = """
create table audit (
    audit_id    bigint generated always as identity primary key,
    at          timestamptz not null default clock_timestamp(),
    actor       text not null,
    request_id  text not null,
    decision_id uuid,
    action      text not null,
    subject     text not null,
    subject_id  uuid not null,
    unit_id     uuid,
    before      jsonb,
    after       jsonb,
    personal    bytea
);
create index audit_subject on audit (subject_id, audit_id);
create index audit_unit on audit (unit_id, audit_id);
create index audit_decision on audit (decision_id, audit_id) where decision_id is not null;
comment on column audit.personal is 'personal data of before and after, under the member''s own key';
"""


def upgrade() -> None:
    """Create the audit trail."""
    op.execute(_TABLES)


def downgrade() -> None:
    """Drop it."""
    op.execute("drop table audit")
