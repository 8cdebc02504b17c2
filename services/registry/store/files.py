"""Files brought in, as rows. What they and their reports say is sealed under a key of each file's own."""

from datetime import datetime
from typing import Any, Final, Literal
from uuid import UUID

import msgspec

from services.registry.domain.sheets import FileKind, FileMapping
from services.registry.store.vault import Vault, WrappedKey
from shared.db import Connection
from shared.errors import Text

State = Literal["waiting", "running", "done", "refused", "failed"]
CHANNEL: Final = "files"
BEATS_WITHIN: Final = 15.0
"""Seconds since the last sign of life after which a job is no longer said to run."""
MOST_ATTEMPTS: Final = 5
"""Times a job is begun: what ends the worker so often would end it for ever."""


class Asked(msgspec.Struct, frozen=True):
    """What came with a file."""

    name: str
    mapping: FileMapping


class Taken(msgspec.Struct, frozen=True):
    """A file that waits, sealed, with its sender's rights as they were when they sent it."""

    file_id: UUID
    key_id: str
    data_key: bytes
    asked: bytes
    content: bytes
    kind: FileKind
    dry_run: bool
    actor: str
    request_id: str
    everything: bool
    grants: frozenset[UUID]


class Job(msgspec.Struct, frozen=True):
    """The same, opened: what came, and the key it was sealed with."""

    taken: Taken
    asked: Asked
    content: bytes
    key: bytes


class Named(msgspec.Struct, frozen=True):
    """A fault as the job's state names it."""

    place: str
    rule: str
    message: Text
    source: str | None = None


class Refused(msgspec.Struct, frozen=True):
    """Why a file was refused: the rule's stable name, and what is said."""

    rule: str
    message: Text


class Outcome(msgspec.Struct, frozen=True):
    """How a job ended."""

    state: State
    refusal: Refused | None = None
    counts: dict[str, Any] | None = None
    faults: int = 0
    named: tuple[Named, ...] = ()
    report: bytes | None = None


class Progress(msgspec.Struct, frozen=True):
    """How many rows are read, judged and saved, of how many."""

    read: int
    judged: int
    saved: int
    expected: int | None


class FileState(msgspec.Struct, frozen=True):
    """A file as its sender sees it."""

    file_id: UUID
    state: State
    dry_run: bool
    created_at: datetime
    started_at: datetime | None
    ended_at: datetime | None
    progress: Progress
    counts: dict[str, Any] | None
    refusal: Text | None
    rule: str | None
    faults: int
    first_faults: tuple[Named, ...]
    has_report: bool
    actor: str


_TakenRow = tuple[UUID, str, bytes, bytes, bytes, FileKind, bool, str, str, bool, frozenset[UUID]]
_StateRow = tuple[
    State, bool, datetime, datetime | None, datetime | None, bool, int, int, int, int | None, dict[str, Any] | None,
    Refused | None, int, bytes | None, bool, str | None, bytes | None, str,
]  # fmt: skip
_named = msgspec.json.Decoder(tuple[Named, ...])


def add(
    conn: Connection,
    vault: Vault,
    file_id: UUID,
    *,
    kind: FileKind,
    dry_run: bool,
    asked: Asked,
    content: bytes,
    actor: str,
    request_id: str,
    everything: bool,
    grants: frozenset[UUID],
) -> None:
    """Keep a file that waits for the worker, which is told of it when the transaction commits."""
    key, wrapped = vault.new_key(file_id)
    conn.execute(
        """
        insert into file
            (file_id, key_id, data_key, asked, content, kind, dry_run, actor, request_id, everything, grants)
        values (%s, %s, %b, %b, %b, %s, %s, %s, %s, %s, %s)
        """,
        (
            file_id,
            wrapped.key_id,
            wrapped.key,
            vault.seal(file_id, key, msgspec.json.encode(asked), what=b"asked"),
            vault.seal(file_id, key, content, what=b"content"),
            kind,
            dry_run,
            actor,
            request_id,
            everything,
            list(grants),
        ),
    )
    conn.execute("insert into file_progress (file_id) values (%s)", (file_id,))
    conn.execute("select pg_notify(%s, '')", (CHANNEL,))


def take(conn: Connection) -> Taken | None:
    """The file that waits longest and that no other worker works at, its row locked until the transaction ends."""
    row = conn.execute(
        """
        select file_id, key_id, data_key, asked, content, kind, dry_run, actor, request_id, everything, grants
        from file where state = 'waiting' order by created_at limit 1 for update skip locked
        """,
        binary=True,
    ).fetchone()
    return None if row is None else Taken(*msgspec.convert(row, _TakenRow))


def opened(vault: Vault, taken: Taken) -> Job:
    """What a file says. Raises Locked."""
    file_id = taken.file_id
    key = vault.unwrap(file_id, WrappedKey(taken.key_id, taken.data_key))
    asked = msgspec.json.decode(vault.open(file_id, key, taken.asked, what=b"asked"), type=Asked)
    return Job(taken, asked, vault.open(file_id, key, taken.content, what=b"content"), key)


def begin(conn: Connection, file_id: UUID) -> int:
    """Note that work at a file begins, from nothing; returns how often it has begun. On a connection of its own."""
    row = conn.execute(
        """
        update file_progress
        set attempts = attempts + 1, started_at = clock_timestamp(), beat_at = clock_timestamp(),
            read = 0, judged = 0, saved = 0, expected = null
        where file_id = %s returning attempts
        """,
        (file_id,),
    ).fetchone()
    return msgspec.convert(row, tuple[int])[0]


def beat(conn: Connection, file_id: UUID, progress: Progress) -> None:
    """A sign of life, and how far the work has come. On a connection of its own."""
    conn.execute(
        """
        update file_progress
        set beat_at = clock_timestamp(), read = %s, judged = %s, saved = %s, expected = %s where file_id = %s
        """,
        (progress.read, progress.judged, progress.saved, progress.expected, file_id),
    )


def end(conn: Connection, vault: Vault, file_id: UUID, key: bytes | None, outcome: Outcome) -> None:
    """Keep how a job ended, and what it found under `key`, the file's own; the bytes that came are deleted."""

    def sealed(plain: bytes | None, what: bytes) -> bytes | None:
        return None if plain is None or key is None else vault.seal(file_id, key, plain, what=what)

    conn.execute(
        """
        update file
        set state = %s, ended_at = clock_timestamp(), content = null, asked = null, refusal = %s, counts = %s,
            faults = %s, named = %b, report = %b
        where file_id = %s
        """,
        (
            outcome.state,
            _json(outcome.refusal),
            _json(outcome.counts),
            outcome.faults,
            sealed(msgspec.json.encode(outcome.named), b"named"),
            sealed(outcome.report, b"report"),
            file_id,
        ),
    )


def state(conn: Connection, vault: Vault, file_id: UUID) -> FileState | None:
    """A file as it is now; None when there is none."""
    row = conn.execute(
        """
        select f.state, f.dry_run, f.created_at, p.started_at, f.ended_at,
               coalesce(f.state = 'waiting' and p.beat_at > clock_timestamp() - make_interval(secs => %s), false),
               p.read, p.judged, p.saved, p.expected, f.counts, f.refusal, f.faults, f.named, f.report is not null,
               f.key_id, f.data_key, f.actor
        from file f join file_progress p using (file_id) where f.file_id = %s
        """,
        (BEATS_WITHIN, file_id),
        binary=True,
    ).fetchone()
    if row is None:
        return None
    kept, dry_run, created, started, ended, runs, *rest = msgspec.convert(row, _StateRow)
    read, judged, saved, expected, counts, refusal, faults, sealed, has_report, key_id, data_key, actor = rest
    named: tuple[Named, ...] = ()
    if key_id is not None and data_key is not None and sealed is not None:
        key = vault.unwrap(file_id, WrappedKey(key_id, data_key))
        named = _named.decode(vault.open(file_id, key, sealed, what=b"named"))
    return FileState(
        file_id=file_id,
        state="running" if runs else kept,
        dry_run=dry_run,
        created_at=created,
        started_at=started,
        ended_at=ended,
        progress=Progress(read, judged, saved, expected),
        counts=counts,
        refusal=refusal.message if refusal else None,
        rule=refusal.rule if refusal else None,
        faults=faults,
        first_faults=named,
        has_report=has_report,
        actor=actor,
    )


def report(conn: Connection, vault: Vault, file_id: UUID) -> bytes | None:
    """The report of a file; None when there is none, or none any more."""
    row = conn.execute(
        "select key_id, data_key, report from file where file_id = %s and report is not null", (file_id,), binary=True
    ).fetchone()
    if row is None:
        return None
    key_id, data_key, sealed = msgspec.convert(row, tuple[str, bytes, bytes])
    return vault.open(file_id, vault.unwrap(file_id, WrappedKey(key_id, data_key)), sealed, what=b"report")


def _json(value: object) -> str | None:
    return None if value is None else msgspec.json.encode(value).decode()


def depth(conn: Connection) -> tuple[int, float]:
    """How many files wait, and how long the oldest has, in seconds."""
    row = conn.execute(
        """
        select count(*), coalesce(extract(epoch from clock_timestamp() - min(created_at)), 0)::float
        from file where state = 'waiting'
        """
    ).fetchone()
    return msgspec.convert(row, tuple[int, float])


def purge(conn: Connection, keep_days: int, limit: int) -> int:
    """Destroy the keys and what is sealed of up to `limit` files that ended more than `keep_days` days ago.

    What was asked, by whom and with which counts stays; returns how many there were.
    """
    return conn.execute(
        """
        update file set key_id = null, data_key = null, asked = null, named = null, report = null
        where file_id in (
            select file_id from file
            where data_key is not null and ended_at < clock_timestamp() - make_interval(days => %s)
            limit %s for update skip locked)
        """,
        (keep_days, limit),
    ).rowcount
