"""Attach a file, give it back, take it away; and clear what lies in the storage for nothing."""

import hashlib
from datetime import datetime, timedelta
from typing import Final, Literal
from uuid import UUID

import msgspec
from obstore.exceptions import BaseError

from services.meetings.attachments import inspection
from services.meetings.attachments.storage import Storage
from services.meetings.domain import attachment as domain
from services.meetings.domain.attachment import Attachment
from services.meetings.domain.refusals import HOUSE
from services.meetings.settings import MeetingsSettings
from services.meetings.store import attachments, rules
from shared import db
from shared.clock import local_day
from shared.db import Connection
from shared.errors import Fault, Text, Unprocessable
from shared.ids import new_id
from shared.settings import SettingsError

_AT_ONCE: Final = 20


class Cabinet(msgspec.Struct, frozen=True):
    """The storage, and what may come into it."""

    storage: Storage
    database_url: str
    types: frozenset[str]
    limit: int
    keep_deleted: timedelta


def cabinet_of(settings: MeetingsSettings) -> Cabinet:
    """The cabinet that the settings describe. Raises SettingsError for a kind of file or storage that is unknown."""
    types = frozenset(part.strip() for part in settings.attachments_types.split(",") if part.strip())
    unknown = sorted(types - inspection.KINDS.keys())
    if unknown:
        raise SettingsError(
            f"cannot start: NENEP_ATTACHMENTS_TYPES names {', '.join(unknown)}, which nothing can check"
        )
    try:
        storage = Storage(
            settings.attachments_url,
            endpoint=settings.attachments_endpoint,
            region=settings.attachments_region,
            key_id=settings.attachments_key_id,
            secret_key=settings.attachments_secret_key,
        )
    except (ValueError, OSError, BaseError) as error:
        raise SettingsError(f"cannot start: NENEP_ATTACHMENTS_URL cannot be opened ({type(error).__name__})") from error
    return Cabinet(
        storage,
        settings.database_url,
        types,
        settings.attachments_limit,
        timedelta(days=settings.attachments_keep_deleted_days),
    )


class Upload(msgspec.Struct, frozen=True):
    """A file as it was sent; `media_type` is what the sender called it, empty for nothing."""

    content: bytes
    filename: str
    media_type: str
    classification: str


def attach(
    conn: Connection,
    cabinet: Cabinet,
    upload: Upload,
    *,
    to: Literal["meeting", "task"],
    id_: UUID,
    unit_id: UUID,
    by: str,
    now: datetime,
) -> Attachment:
    """Keep a file of a meeting or a task. Raises Unprocessable for a file that may not come in, StorageAway."""
    domain.must_be_open(upload.classification, rules.load(conn).on(local_day(now)))
    if not 0 < len(upload.content) <= cabinet.limit:
        raise Unprocessable.of([Fault("file", "file-size", _size(cabinet.limit), HOUSE)])
    kind = inspection.inspect(upload.content, upload.filename, upload.media_type, cabinet.types)
    kept = Attachment(
        attachment_id=new_id(),
        meeting_id=id_ if to == "meeting" else None,
        task_id=id_ if to == "task" else None,
        unit_id=unit_id,
        filename=domain.safe_name(upload.filename),
        type=kind,
        size=len(upload.content),
        sha256=hashlib.sha256(upload.content).hexdigest(),
        classification=upload.classification,
        attached_by=by,
        attached_at=now,
    )
    # On a connection of its own: the note must stand though this transaction fails after the bytes are stored.
    with db.connect(cabinet.database_url, name="meetings-upload", autocommit=True) as own:
        attachments.note_upload(own, kept.attachment_id)
    cabinet.storage.put(kept.attachment_id, upload.content)
    attachments.add(conn, kept)
    return kept


def content_of(conn: Connection, cabinet: Cabinet, attachment_id: UUID) -> tuple[Attachment, bytes]:
    """An attachment with its bytes, as they were sent. Raises NotFound, Conflict when they are not, StorageAway."""
    kept = present(conn, attachment_id)
    content = cabinet.storage.get(attachment_id)
    if content is None or hashlib.sha256(content).hexdigest() != kept.sha256:
        raise domain.damaged()
    return kept, content


def present(conn: Connection, attachment_id: UUID) -> Attachment:
    """An attachment that was not taken away. Raises NotFound."""
    kept = attachments.load(conn, attachment_id)
    if kept is None or kept.deleted_at is not None:
        raise domain.unknown()
    return kept


def delete(conn: Connection, attachment_id: UUID, *, by: str, now: datetime) -> None:
    """Take an attachment away; its row stays, its bytes for a while. Raises NotFound, Conflict once it is settled."""
    kept = present(conn, attachment_id)
    domain.must_be_deletable(attachments.is_settled(conn, kept))
    if not attachments.delete(conn, attachment_id, by=by, at=now):
        raise domain.unknown()


def sweep(conn: Connection, cabinet: Cabinet, *, now: datetime) -> int:
    """Clear a few orphans and the bytes of what was deleted long ago; returns how many. Raises StorageAway."""
    orphaned = attachments.orphans(conn, _AT_ONCE)
    old = attachments.to_purge(conn, now - cabinet.keep_deleted, _AT_ONCE)
    for attachment_id in (*orphaned, *old):
        cabinet.storage.delete(attachment_id)
    attachments.forget_uploads(conn, orphaned)
    attachments.note_purged(conn, old, now)
    return len(orphaned) + len(old)


def _size(limit: int) -> Text:
    return Text(
        f"Tệp rỗng hoặc lớn hơn {limit // 2**20} MB. Giảm kích thước (ảnh nhỏ hơn, ít trang hơn) rồi gửi lại.",
        f"The file is empty or larger than {limit // 2**20} MB. Make it smaller and send it again.",
    )
