"""Make, read and revoke calendar feeds."""

import hashlib
import hmac
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from services.meetings.store import feeds
from services.meetings.store.feeds import Feed
from shared.db import Connection
from shared.errors import Conflict, NotFound, Text
from shared.ids import new_id

_VALID: Final = timedelta(days=400)
_SECRET_BYTES: Final = 32
_MOST: Final = 5


def make(conn: Connection, unit_id: UUID, *, by: str, now: datetime) -> tuple[Feed, str]:
    """A new feed of a branch for one person, and the token its address carries; it is told this once.

    Raises Conflict when the person has five of the branch that still answer.
    """
    answering = [feed for feed in feeds.of_unit(conn, unit_id, by) if feed.revoked_at is None and now < feed.expires_at]
    if len(answering) >= _MOST:
        raise Conflict("too-many-feeds", _TOO_MANY)
    feed = Feed(new_id(), unit_id, by, now, now + _VALID, None)
    secret = secrets.token_bytes(_SECRET_BYTES)
    feeds.add(conn, feed, hashlib.sha256(secret).digest())
    return feed, urlsafe_b64encode(feed.feed_id.bytes + secret).decode().rstrip("=")


def read(conn: Connection, token: str, *, now: datetime) -> Feed:
    """The feed an address stands for. Raises NotFound, the same for all that does not answer."""
    try:
        raw = urlsafe_b64decode(token + "=" * (-len(token) % 4))
    except ValueError:
        raise unknown() from None
    if len(raw) != 16 + _SECRET_BYTES:
        raise unknown()
    known = feeds.load(conn, UUID(bytes=raw[:16]))
    if known is None or not hmac.compare_digest(known[1], hashlib.sha256(raw[16:]).digest()):
        raise unknown()
    feed = known[0]
    if feed.revoked_at is not None or now >= feed.expires_at:
        raise unknown()
    return feed


def unknown() -> NotFound:
    """A feed that does not answer, for whatever reason."""
    return NotFound(
        "unknown-feed",
        Text(
            "Địa chỉ lịch này không còn dùng được: sai, đã thu hồi hoặc đã hết hạn. Hãy tạo địa chỉ mới.",
            "This calendar address does not answer: it is wrong, revoked or expired. Make a new one.",
        ),
    )


_TOO_MANY: Final = Text(
    f"Mỗi người có tối đa {_MOST} địa chỉ lịch đang dùng của một chi bộ. Thu hồi một địa chỉ rồi tạo lại.",
    f"A person has up to {_MOST} calendar addresses of a branch. Revoke one, then make another.",
)
