"""Decisions on the organisation: which are known, and who is told of them."""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_TABLES = """
create table decision (
    decision_id uuid primary key,
    version     bigint not null
);
insert into rule (name, valid_from, valid_to, value, issuer, citation) values
('decision_in_force', '1930-02-03', null,
 '{"operations": ["create", "rename", "move", "change_kind", "merge", "split", "close"]}',
 'Nền nếp', 'mức mặc định khi chưa nhập quy định của tỉnh');
"""


def upgrade() -> None:
    """Make the table and enter the rule."""
    op.execute(_TABLES)


def downgrade() -> None:
    """Drop the table, and the notices of decisions, which the version before has no words for."""
    op.execute("drop table decision")
    op.execute("delete from notice where rule = 'decision_in_force'")
    op.execute("delete from preference where rule = 'decision_in_force'")
    op.execute("delete from rule where name = 'decision_in_force'")
