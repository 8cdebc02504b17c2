"""How Alembic reaches the service's database: one connection, one process at a time, a transaction per migration."""

from alembic import context
from sqlalchemy import create_engine, text
from sqlalchemy.pool import NullPool

_LOCK = 0x6E656E6D  # "nenm": held while the schema changes, so that two `migrate` take turns


def run() -> None:
    """Apply the migrations that the database does not have yet."""
    engine = create_engine(context.config.attributes["url"], poolclass=NullPool)
    with engine.connect() as connection:
        connection.execute(text("select pg_advisory_lock(:lock)"), {"lock": _LOCK})
        connection.commit()
        try:
            context.configure(connection=connection, transaction_per_migration=True)
            with context.begin_transaction():
                context.run_migrations()
        finally:
            connection.rollback()
            connection.execute(text("select pg_advisory_unlock(:lock)"), {"lock": _LOCK})
            connection.commit()


run()
