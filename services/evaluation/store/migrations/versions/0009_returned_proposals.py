"""Proposals of classification that an office above gave back, with the reason."""

from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    op.execute("alter table classification add column returned_on date, add column return_reason text")
    op.execute(
        "comment on column classification.returned_on is"
        " 'the proposal was given back and the unit has not proposed again since; each step is in committee_change'"
    )


def downgrade() -> None:
    op.execute("alter table classification drop column returned_on, drop column return_reason")
