"""Room for sealed personal data beside the plain columns: `migrate`, which holds the keys, seals between the two."""

from alembic import op

revision = "0003a"
down_revision = "0002"
branch_labels = None
depends_on = None

_COLUMNS = """
alter table member
    add key_id    text,
    add data_key  bytea,
    add sealed    bytea,
    add words     bigint[] not null default '{}',
    add erased_at timestamptz;
comment on column member.key_id is 'the key of the settings that wraps data_key, and that words are counted with';
comment on column member.data_key is 'the member''s own key, wrapped; destroyed by an erasure';
comment on column member.sealed is 'name, birth, sex, ethnicity, phone, card number, address: JSON under data_key';
comment on column member.words is 'a keyed hash of each word of the name without marks, for search';
"""


def upgrade() -> None:
    """Add the columns."""
    op.execute(_COLUMNS)


def downgrade() -> None:
    """Drop them."""
    op.execute("alter table member drop key_id, drop data_key, drop sealed, drop words, drop erased_at")
