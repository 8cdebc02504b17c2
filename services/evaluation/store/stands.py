"""Standing parts in SQL: how they stand at the end of a month, from the changes by month that are kept of them."""

from typing import LiteralString

from psycopg import sql

from services.evaluation.figures import STANDING


def at_end(unit_id: LiteralString, month: LiteralString) -> sql.Composed:
    """What joins to a query, by name, every standing part of the unit at the end of the month that these columns of
    the query hold."""
    joins = [
        sql.SQL("cross join lateral (select {} from {} c where c.unit_id = {} and c.month <= {}) {}").format(
            sql.SQL(", ").join(
                sql.SQL("coalesce(sum(c.{}), 0)::bigint as {}").format(
                    sql.Identifier(part.column), sql.Identifier(part.name)
                )
                for part in STANDING
                if part.table == table
            ),
            sql.Identifier(table),
            sql.SQL(unit_id),
            sql.SQL(month),
            sql.Identifier(f"of_{table}"),
        )
        for table in sorted({part.table for part in STANDING})
    ]
    return sql.SQL("\n").join(joins)
