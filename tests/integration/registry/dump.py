"""Everything a database holds, as bytes to look for something in."""

from psycopg import sql

from shared import db


def dump(url: str) -> bytes:
    """Every column of every table: COPY's text, and the bytes of each bytea as they are."""
    found: list[bytes] = []
    with db.connect(url, name="test") as conn:
        tables = conn.execute("select tablename from pg_tables where schemaname = 'public'").fetchall()
        for (table,) in tables:
            name = sql.Identifier(str(table))
            with conn.cursor().copy(sql.SQL("copy {} to stdout").format(name)) as rows:
                found += [bytes(row) for row in rows]
            columns = conn.execute(
                "select column_name from information_schema.columns where table_name = %s and data_type = 'bytea'",
                (table,),
            ).fetchall()
            for (column,) in columns:
                query = sql.SQL("select {0} from {1} where {0} is not null").format(sql.Identifier(str(column)), name)
                found += [row[0] for row in conn.execute(query) if isinstance(row[0], bytes)]
    return b"\n".join(found)
