"""What every service's `store/migrations/env.py` does: run its revisions, one migrating process at a time."""

from alembic import context
from sqlalchemy import create_engine, text
from sqlalchemy.pool import NullPool

from shared.grants import MIGRATING


def run() -> None:
    """Run the revisions against the database in `config.attributes["url"]` (shared.process.migrate sets it)."""
    engine = create_engine(context.config.attributes["url"], poolclass=NullPool)
    with engine.connect() as connection:
        connection.execute(text("select pg_advisory_lock(:lock)"), {"lock": MIGRATING})
        connection.commit()
        context.configure(connection=connection, transaction_per_migration=True)
        with context.begin_transaction():
            context.run_migrations()
