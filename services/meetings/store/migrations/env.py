"""How Alembic reaches the service's database: one migrating process at a time, one transaction a revision."""

import sqlalchemy
from alembic import context

_LOCK = 0x6D656574  # "meet": the advisory lock of a migrating process


def _migrate() -> None:
    engine = sqlalchemy.create_engine(context.config.attributes["url"], poolclass=sqlalchemy.pool.NullPool)
    with engine.connect() as connection:
        # Held by the session until it closes: a second process waits, then finds nothing left to do.
        connection.execute(sqlalchemy.text("select pg_advisory_lock(:key)"), {"key": _LOCK})
        connection.commit()
        context.configure(connection=connection, transaction_per_migration=True)
        with context.begin_transaction():
            context.run_migrations()


_migrate()
