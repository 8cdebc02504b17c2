"""Attachments in PostgreSQL, and notes of uploads begun: their bytes lie in the storage under the same ids."""

from datetime import datetime
from typing import Literal
from uuid import UUID

import msgspec

from services.meetings.domain.attachment import Attachment
from shared.db import Connection


def note_upload(conn: Connection, attachment_id: UUID) -> None:
    """Note, before its bytes are stored, that an upload begins."""
    conn.execute("insert into attachment_upload (attachment_id) values (%s)", (attachment_id,))


def add(conn: Connection, attachment: Attachment) -> None:
    """Keep a new attachment; its upload has ended."""
    conn.execute("delete from attachment_upload where attachment_id = %s", (attachment.attachment_id,))
    conn.execute(
        """
        insert into attachment (attachment_id, meeting_id, task_id, unit_id, filename, type, size, sha256,
                                classification, attached_by, attached_at, deleted_by, deleted_at)
        values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
        """,
        msgspec.structs.astuple(attachment),
    )


def load(conn: Connection, attachment_id: UUID) -> Attachment | None:
    """An attachment, deleted ones included."""
    rows = conn.execute(
        """
        select attachment_id, meeting_id, task_id, unit_id, filename, type, size, sha256, classification, attached_by,
               attached_at, deleted_by, deleted_at
        from attachment where attachment_id = %s
        """,
        (attachment_id,),
    )
    found = _attachments(rows.fetchall())
    return found[0] if found else None


def of(conn: Connection, what: Literal["meeting", "task"], id_: UUID) -> list[Attachment]:
    """The attachments of a meeting or a task, in the order they came; deleted ones are left out."""
    rows = conn.execute(
        """
        select attachment_id, meeting_id, task_id, unit_id, filename, type, size, sha256, classification, attached_by,
               attached_at, deleted_by, deleted_at
        from attachment
        where case %s when 'meeting' then meeting_id else task_id end = %s and deleted_at is null
        order by attachment_id
        """,
        (what, id_),
    )
    return _attachments(rows.fetchall())


def _attachments(rows: list[tuple[object, ...]]) -> list[Attachment]:
    names = Attachment.__struct_fields__
    return msgspec.convert([dict(zip(names, row, strict=True)) for row in rows], list[Attachment])


def is_settled(conn: Connection, attachment: Attachment) -> bool:
    """Whether the minutes are adopted, the file handed out, or the task done.

    The meeting or task stays as it is until the end.
    """
    if attachment.meeting_id is not None:
        row = conn.execute(
            """
            select revision > 0 or exists (select from distributed where attachment_id = %s)
            from meeting where meeting_id = %s for share
            """,
            (attachment.attachment_id, attachment.meeting_id),
        ).fetchone()
    else:
        row = conn.execute(
            "select status = 'done' from task where task_id = %s for share", (attachment.task_id,)
        ).fetchone()
    return row is not None and row[0] is True


def delete(conn: Connection, attachment_id: UUID, *, by: str, at: datetime) -> bool:
    """Mark an attachment as deleted; whether it was not yet."""
    done = conn.execute(
        "update attachment set deleted_by = %s, deleted_at = %s where attachment_id = %s and deleted_at is null",
        (by, at, attachment_id),
    )
    return done.rowcount == 1


def orphans(conn: Connection, limit: int) -> list[UUID]:
    """Uploads that began more than an hour ago and never became an attachment, locked."""
    rows = conn.execute(
        """
        select attachment_id from attachment_upload
        where begun_at < clock_timestamp() - interval '1 hour'
        order by begun_at limit %s for update skip locked
        """,
        (limit,),
    )
    return [one for (one,) in msgspec.convert(rows.fetchall(), list[tuple[UUID]])]


def forget_uploads(conn: Connection, attachment_ids: list[UUID]) -> None:
    """Drop the notes of uploads whose bytes are gone."""
    conn.execute("delete from attachment_upload where attachment_id = any(%s)", (attachment_ids,))


def to_purge(conn: Connection, before: datetime, limit: int) -> list[UUID]:
    """Attachments deleted before an instant whose bytes are still stored, locked."""
    rows = conn.execute(
        """
        select attachment_id from attachment
        where deleted_at < %s and purged_at is null
        order by deleted_at limit %s for update skip locked
        """,
        (before, limit),
    )
    return [one for (one,) in msgspec.convert(rows.fetchall(), list[tuple[UUID]])]


def note_purged(conn: Connection, attachment_ids: list[UUID], at: datetime) -> None:
    """Note that the bytes of deleted attachments are gone; who sent and deleted them stays known."""
    conn.execute("update attachment set purged_at = %s where attachment_id = any(%s)", (at, attachment_ids))
