"""Where the bytes of attachments are kept: a folder, or a bucket of S3-compatible storage, under ids made here."""

from datetime import timedelta
from typing import Any, Final
from urllib.parse import unquote, urlsplit
from uuid import UUID

import obstore
from obstore.exceptions import BaseError
from obstore.store import LocalStore, ObjectStore, S3Store

from shared import logging
from shared.errors import Refusal, Text

_RETRIES: Final = 3
_SECONDS: Final = timedelta(seconds=20)
_log = logging.get(__name__)


class StorageAway(Refusal):
    """The storage does not answer, or none is set."""

    status = 503


class Storage:
    """The bytes of attachments by their ids."""

    def __init__(
        self, url: str, *, endpoint: str = "", region: str = "", key_id: str = "", secret_key: str = ""
    ) -> None:
        """`url` is `file:///folder`, `s3://bucket` or `s3://bucket/prefix`; empty: nothing can be kept.

        Raises ValueError for another scheme.
        """
        self._store = _open(url, endpoint, region, key_id, secret_key) if url else None

    def put(self, attachment_id: UUID, content: bytes) -> None:
        """Keep `content`. Raises StorageAway."""
        store = self._opened()
        try:
            obstore.put(store, _name(attachment_id), content)
        except (BaseError, OSError) as error:
            raise _away(error) from error

    def get(self, attachment_id: UUID) -> bytes | None:
        """What is kept under the id; None when nothing is. Raises StorageAway."""
        store = self._opened()
        try:
            return bytes(obstore.get(store, _name(attachment_id)).bytes())
        except FileNotFoundError:
            return None
        except (BaseError, OSError) as error:
            raise _away(error) from error

    def delete(self, attachment_id: UUID) -> None:
        """Forget what is kept under the id, if anything is. Raises StorageAway."""
        store = self._opened()
        try:
            obstore.delete(store, _name(attachment_id))
        except FileNotFoundError:
            return
        except (BaseError, OSError) as error:
            raise _away(error) from error

    def _opened(self) -> ObjectStore:
        if self._store is None:
            raise StorageAway("no-storage", _NONE)
        return self._store


def _name(attachment_id: UUID) -> str:
    # The first digits of a UUIDv7 are the time: the last ones spread the files over folders.
    return f"{attachment_id.hex[-2:]}/{attachment_id}"


def _open(url: str, endpoint: str, region: str, key_id: str, secret_key: str) -> ObjectStore:
    parts = urlsplit(url)
    if parts.scheme == "file" and not parts.netloc:
        return LocalStore(unquote(parts.path), mkdir=True)
    if parts.scheme != "s3" or not parts.netloc:
        raise ValueError("attachments_url is file:///folder or s3://bucket")
    options = {"endpoint": endpoint, "region": region, "access_key_id": key_id, "secret_access_key": secret_key}
    given: Any = {name: value for name, value in options.items() if value}
    return S3Store(
        parts.netloc,
        prefix=parts.path.strip("/") or None,
        client_options={"allow_http": endpoint.startswith("http://"), "timeout": _SECONDS},
        retry_config={"max_retries": _RETRIES, "retry_timeout": _SECONDS},
        # One file at a time is all that is deleted here, and not every S3-compatible storage knows the bulk door.
        disable_bulk_delete=True,
        **given,
    )


def _away(error: Exception) -> StorageAway:
    _log.warning("storage of attachments away", cause=type(error).__name__)
    return StorageAway("storage-away", _AWAY)


_NONE: Final = Text(
    "Nơi triển khai chưa đặt kho lưu tệp nên không gửi được tệp. Nhờ người quản trị đặt NENEP_ATTACHMENTS_URL.",
    "No storage for files is set here. Ask the administrator to set NENEP_ATTACHMENTS_URL.",
)
_AWAY: Final = Text(
    "Kho lưu tệp đang không trả lời; chưa có gì được lưu. Hãy thử lại sau ít phút.",
    "The storage of files does not answer; nothing was saved. Try again in a few minutes.",
)
