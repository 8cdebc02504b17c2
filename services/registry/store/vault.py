"""Keys of personal data: each member's data under a random key of their own, that key wrapped by a key from outside.

What is sealed is `nonce (12 bytes) ‖ ciphertext and tag` of AES-256-GCM. The associated data name what it is and whose,
so that a value put into another member's row, or another column, does not open.
"""

import base64
import binascii
import hmac
import re
import secrets
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from typing import Final
from uuid import UUID

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from shared.settings import SettingsError

SETTING: Final = "NENEP_REGISTRY_KEYS"
_KEY_ID: Final = re.compile(r"[A-Za-z0-9._-]{1,32}")
_NONCE: Final = 12
_KEY: Final = 32
_HOW: Final = "32 random bytes in base64, as `openssl rand -base64 32` makes them"


class WrappedKey(msgspec.Struct, frozen=True):
    """A data key as the database holds it, and the id of the key that wraps it."""

    key_id: str
    key: bytes


class Locked(Exception):
    """Something sealed does not open: its key is not among those of the settings, or it was changed in the database."""


class Vault:
    """The key-encryption keys of the settings: the newest, the first, wraps; the others open what is not rewrapped yet.

    `text` is `id:base64` of each, separated by commas. Raises SettingsError, which never quotes a key.
    """

    def __init__(self, text: str) -> None:
        keys = _parsed(text)
        self.newest = next(iter(keys))
        self.key_ids = tuple(keys)
        self._wrapping: Mapping[str, AESGCM] = {key_id: AESGCM(key) for key_id, key in keys.items()}
        self._blinding: Mapping[str, Callable[[str], int]] = {
            key_id: _blinding(_derived(key, b"registry name index")) for key_id, key in keys.items()
        }

    def new_key(self, owner: UUID) -> tuple[bytes, WrappedKey]:
        """A new random data key for `owner`, plain and wrapped."""
        key = secrets.token_bytes(_KEY)
        return key, self.wrap(owner, key)

    def wrap(self, owner: UUID, key: bytes) -> WrappedKey:
        """`owner`'s data key under the newest key."""
        return WrappedKey(self.newest, _seal(self._wrapping[self.newest], key, b"key:" + owner.bytes))

    def unwrap(self, owner: UUID, wrapped: WrappedKey) -> bytes:
        """The data key of `owner`. Raises Locked."""
        wrapping = self._wrapping.get(wrapped.key_id)
        if wrapping is None:
            raise Locked(f"no key {wrapped.key_id!r} in {SETTING}")
        return _open(wrapping, wrapped.key, b"key:" + owner.bytes)

    def seal(self, owner: UUID, key: bytes, plain: bytes, *, what: bytes = b"person") -> bytes:
        """`plain` under the data key `key` of `owner`."""
        return _seal(AESGCM(key), plain, what + b":" + owner.bytes)

    def open(self, owner: UUID, key: bytes, sealed: bytes, *, what: bytes = b"person") -> bytes:
        """What `seal` sealed for the same owner as the same thing. Raises Locked."""
        return _open(AESGCM(key), sealed, what + b":" + owner.bytes)

    def blind(self, words: Iterable[str], key_id: str | None = None) -> list[int]:
        """The words as the index of names knows them under the newest key (or `key_id`): 64 bits of a keyed HMAC each.

        Words that differ can, rarely, meet in one number: what is found by the index is opened and compared.
        """
        blinding = self._blinding[key_id or self.newest]
        return sorted({blinding(word) for word in words})

    def knows(self, key_id: str) -> bool:
        """Whether the key of this id is among the settings' keys."""
        return key_id in self._wrapping


def _parsed(text: str) -> dict[str, bytes]:
    keys: dict[str, bytes] = {}
    for number, part in enumerate(filter(None, (part.strip() for part in text.split(","))), 1):
        key_id, _, encoded = part.partition(":")
        if not _KEY_ID.fullmatch(key_id):
            raise _wrong(f"key {number} has no id of letters, digits, “.”, “_”, “-” before its colon")
        if key_id in keys:
            raise _wrong(f"the id {key_id!r} stands there twice")
        try:
            key = base64.b64decode(encoded, validate=True)
        except binascii.Error:
            raise _wrong(f"the key {key_id!r} is not base64") from None
        if len(key) != _KEY:
            raise _wrong(f"the key {key_id!r} has {len(key)} bytes instead of {_KEY}")
        keys[key_id] = key
    if not keys:
        raise SettingsError(
            f"cannot start: không có khoá dữ liệu cá nhân. Đặt {SETTING}=id:khoá, khoá là 32 byte ngẫu nhiên dạng "
            f"base64 (openssl rand -base64 32); khoá mới nhất đứng đầu. / there is no key for personal data. Set "
            f"{SETTING}=id:key with {_HOW}; newest first, separated by commas. Keep it apart from the database's "
            "backups: without it nobody's data can be read again."
        )
    return keys


def _wrong(what: str) -> SettingsError:
    return SettingsError(
        f"cannot start: {SETTING}: {what}. Dạng đúng / the right form: id:base64[,id:base64…], each {_HOW}."
    )


def _derived(key: bytes, purpose: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=_KEY, salt=None, info=b"nenep " + purpose).derive(key)


def _blinding(key: bytes) -> Callable[[str], int]:
    @lru_cache(maxsize=16384)
    def blinded(word: str) -> int:
        return int.from_bytes(hmac.digest(key, word.encode(), "sha256")[:8], "big", signed=True)

    return blinded


def _seal(cipher: AESGCM, plain: bytes, about: bytes) -> bytes:
    nonce = secrets.token_bytes(_NONCE)
    return nonce + cipher.encrypt(nonce, plain, about)


def _open(cipher: AESGCM, sealed: bytes, about: bytes) -> bytes:
    try:
        return cipher.decrypt(sealed[:_NONCE], sealed[_NONCE:], about)
    except (InvalidTag, ValueError):
        raise Locked("a sealed value does not open: it is not the one sealed for this row") from None
