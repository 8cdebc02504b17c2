"""Calendar feeds: an address a person, whose secret is kept as a hash only."""

# ruff: noqa: S608 - statements are put together from constants of the code; what is asked is bound

from datetime import datetime
from uuid import UUID

import msgspec

from shared.db import Connection


class Feed(msgspec.Struct, frozen=True):
    """A feed of one branch's calendar, made by the bearer of a token."""

    feed_id: UUID
    unit_id: UUID
    subject: str
    made_at: datetime
    expires_at: datetime
    revoked_at: datetime | None


_COLUMNS = "feed_id, unit_id, subject, made_at, expires_at, revoked_at"


def add(conn: Connection, feed: Feed, secret: bytes) -> None:
    """Keep a new feed and the hash of its secret."""
    conn.execute(
        """
        insert into calendar_feed (feed_id, unit_id, subject, secret, made_at, expires_at)
        values (%s, %s, %s, %s, %s, %s)
        """,
        (feed.feed_id, feed.unit_id, feed.subject, secret, feed.made_at, feed.expires_at),
    )


def of_unit(conn: Connection, unit_id: UUID, subject: str | None) -> list[Feed]:
    """The feeds of a branch, the newest first: of one person, or (None) of all."""
    rows = conn.execute(
        f"""
        select {_COLUMNS} from calendar_feed
        where unit_id = %(unit)s and (%(subject)s::text is null or subject = %(subject)s)
        order by made_at desc, feed_id
        """,
        {"unit": unit_id, "subject": subject},
    ).fetchall()
    return [msgspec.convert(dict(zip(Feed.__struct_fields__, row, strict=True)), Feed) for row in rows]


def load(conn: Connection, feed_id: UUID) -> tuple[Feed, bytes] | None:
    """A feed and the hash of its secret."""
    row = conn.execute(f"select {_COLUMNS}, secret from calendar_feed where feed_id = %s", (feed_id,)).fetchone()
    if row is None:
        return None
    *feed, secret = row
    kept = msgspec.convert(dict(zip(Feed.__struct_fields__, feed, strict=True)), Feed)
    return kept, msgspec.convert(secret, bytes)


def revoke(conn: Connection, feed_id: UUID, at: datetime) -> None:
    """Let a feed answer nobody from here on; one revoked before keeps its time."""
    conn.execute("update calendar_feed set revoked_at = %s where feed_id = %s and revoked_at is null", (at, feed_id))
