"""Notices that branches give of their meetings."""

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Keep when a meeting begins and when notice of it was given; enter who is told."""
    op.execute("alter table meeting add column starts_at timestamptz, add column notified_at timestamptz")
    op.execute(
        "insert into rule (name, valid_from, value, issuer, citation) values ('meeting_notified', '1930-02-03', "
        "'{\"unit\": true, \"superior\": true}', 'Nền nếp', 'mức mặc định khi chưa nhập quy định của tỉnh')"
    )


def downgrade() -> None:
    """Drop both, and the notices the version before has no words for."""
    op.execute("delete from notice where rule = 'meeting_notified'")
    op.execute("delete from preference where rule = 'meeting_notified'")
    op.execute("delete from rule where name = 'meeting_notified'")
    op.execute("alter table meeting drop column starts_at, drop column notified_at")
