"""What every service's `store/migrations/env.py` does: run its revisions, one migrating process at a time."""

import json
from collections.abc import Iterable
from datetime import date
from typing import Any, TypeAlias

from alembic import context
from sqlalchemy import Connection, create_engine, text
from sqlalchemy.pool import NullPool

from shared.grants import MIGRATING

DatedRule: TypeAlias = tuple[str, str | date, str | date | None, Any, str, str, str | None]
"""Name, first day, day after the last (None: still), value, issuer, citation and note of a rule."""


def run() -> None:
    """Run the revisions against the database in `config.attributes["url"]` (shared.process.migrate sets it)."""
    engine = create_engine(context.config.attributes["url"], poolclass=NullPool)
    with engine.connect() as connection:
        connection.execute(text("select pg_advisory_lock(:lock)"), {"lock": MIGRATING})
        connection.commit()
        context.configure(connection=connection, transaction_per_migration=True)
        with context.begin_transaction():
            context.run_migrations()


def enter_rules(connection: Connection, rules: Iterable[DatedRule]) -> None:
    """Enter dated rules into a service's table `rule`."""
    columns = ("name", "valid_from", "valid_to", "value", "issuer", "citation", "note")
    connection.execute(
        text(
            "insert into rule (name, valid_from, valid_to, value, issuer, citation, note) "
            "values (:name, :valid_from, :valid_to, cast(:value as jsonb), :issuer, :citation, :note)"
        ),
        [dict(zip(columns, rule, strict=True)) | {"value": json.dumps(rule[columns.index("value")])} for rule in rules],
    )
