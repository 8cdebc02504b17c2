"""`Idempotency-Key`: a request that is sent again is answered again, and carried out once.

draft-ietf-httpapi-idempotency-key-header. The key's row is written first, so that a second copy of the request waits
for the first one's transaction instead of racing it.
"""

import hashlib
from typing import Final

import flask
import msgspec

from shared.db import Connection
from shared.errors import Conflict, Refusal, Text

DDL: Final = """
create table idempotency_key (
    subject  text not null,
    key      text not null,
    request  bytea not null,
    status   integer,
    body     bytea,
    kept_at  timestamptz not null default clock_timestamp(),
    primary key (subject, key)
);
create index idempotency_key_age on idempotency_key (kept_at);
"""
HEADER: Final = "Idempotency-Key"
_LONGEST = 200


def begin(conn: Connection) -> flask.Response | None:
    """Take the request's key; the kept answer when the request was carried out before.

    Raises Refusal when the key is too long, Conflict when it came with another request.
    """
    key = flask.request.headers.get(HEADER)
    if key is None or flask.request.method in ("GET", "HEAD"):
        return None
    if not 1 <= len(key) <= _LONGEST:
        raise Refusal(
            "idempotency-key",
            Text(f"{HEADER} dài từ 1 đến {_LONGEST} ký tự.", f"{HEADER} has 1 to {_LONGEST} characters."),
        )
    request = _digest(flask.request)
    inserted = conn.execute(
        "insert into idempotency_key (subject, key, request) values (%s, %s, %s) on conflict do nothing",
        (flask.g.actor.subject, key, request),
    )
    if inserted.rowcount:
        flask.g.idempotency_key = key
        return None
    row = conn.execute(
        "select request, status, body from idempotency_key where subject = %s and key = %s",
        (flask.g.actor.subject, key),
    ).fetchone()
    known, status, body = msgspec.convert(row, tuple[bytes, int, bytes])
    if known != request:
        raise Conflict(
            "idempotency-key-reused",
            Text(
                f"{HEADER} này đã dùng cho một yêu cầu khác. Hãy dùng khoá mới.",
                f"This {HEADER} was used for another request. Use a new one.",
            ),
        )
    kept = flask.Response(body, status=status, content_type="application/json")
    kept.headers["Idempotent-Replayed"] = "true"
    return kept


def _digest(request: flask.Request) -> bytes:
    """The same for the same request, sent again."""
    body = request.get_data()
    if request.mimetype == "multipart/form-data":
        # The boundary between the parts is another one each time.
        parts = [(name, "", value.encode()) for name, value in request.form.items(multi=True)]
        for name, file in request.files.items(multi=True):
            parts.append((name, file.filename or "", file.read()))
            file.seek(0)
        body = msgspec.msgpack.encode(parts)
    return hashlib.sha256(b"\n".join([request.method.encode(), request.full_path.encode(), body])).digest()


def keep(conn: Connection, answer: flask.Response) -> None:
    """Keep the answer of a request that carried a key, in its own transaction."""
    key = flask.g.get("idempotency_key")
    if key is not None:
        conn.execute(
            "update idempotency_key set status = %s, body = %s where subject = %s and key = %s",
            (answer.status_code, answer.get_data(), flask.g.actor.subject, key),
        )


def purge(conn: Connection, keep_days: int, limit: int) -> int:
    """Delete up to `limit` keys, with their kept answers, taken more than `keep_days` days ago; returns how many."""
    return conn.execute(
        """
        delete from idempotency_key where (subject, key) in (
            select subject, key from idempotency_key
            where kept_at < clock_timestamp() - make_interval(days => %s) limit %s)
        """,
        (keep_days, limit),
    ).rowcount
