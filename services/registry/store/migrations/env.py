"""How Alembic reaches the registry's database: `shared.process.migrate` gives the URL."""

import sqlalchemy
from alembic import context
from sqlalchemy.pool import NullPool

_LOCK = 0x6D696772  # "migr": two migrations of one database take turns


def _run() -> None:
    engine = sqlalchemy.create_engine(context.config.attributes["url"], poolclass=NullPool)
    with engine.connect() as connection:
        connection.execute(sqlalchemy.text("select pg_advisory_lock(:lock)"), {"lock": _LOCK})
        connection.commit()
        context.configure(connection=connection, transaction_per_migration=True)
        with context.begin_transaction():
            context.run_migrations()
    engine.dispose()


_run()
