"""Keys of personal data: what is sealed opens for its owner only, and a wrong setting is said at the start."""

import base64
from uuid import UUID, uuid4

import pytest

from services.registry.store.vault import Locked, Vault, WrappedKey
from shared.settings import SettingsError


def key(number: int) -> str:
    """A key of 32 equal bytes."""
    return base64.b64encode(bytes([number]) * 32).decode()


OLD, BOTH, NEW = f"old:{key(1)}", f"new:{key(2)},old:{key(1)}", f"new:{key(2)}"
OWNER = UUID(int=7)


def test_what_is_sealed_opens_for_its_owner_and_as_what_it_is() -> None:
    vault = Vault(OLD)
    plain, wrapped = vault.new_key(OWNER)
    sealed = vault.seal(OWNER, plain, "Nguyễn Mẫu An".encode())

    assert vault.open(OWNER, vault.unwrap(OWNER, wrapped), sealed) == "Nguyễn Mẫu An".encode()
    assert sealed != vault.seal(OWNER, plain, "Nguyễn Mẫu An".encode())
    for owner, what, spoilt in (
        (uuid4(), b"person", sealed),
        (OWNER, b"audit", sealed),
        (OWNER, b"person", sealed[:-1] + bytes([sealed[-1] ^ 1])),
        (OWNER, b"person", b""),
    ):
        with pytest.raises(Locked):
            vault.open(owner, plain, spoilt, what=what)
    with pytest.raises(Locked):
        vault.unwrap(uuid4(), wrapped)


def test_while_keys_are_rotated_both_open_and_the_newest_wraps() -> None:
    plain, wrapped = Vault(OLD).new_key(OWNER)
    both = Vault(BOTH)

    rewrapped = both.wrap(OWNER, both.unwrap(OWNER, wrapped))

    assert (wrapped.key_id, rewrapped.key_id) == ("old", "new")
    assert Vault(NEW).unwrap(OWNER, rewrapped) == plain
    with pytest.raises(Locked, match="no key 'old'"):
        Vault(NEW).unwrap(OWNER, wrapped)
    with pytest.raises(Locked):
        Vault(NEW).unwrap(OWNER, WrappedKey("new", wrapped.key))


def test_words_are_blind_without_the_key() -> None:
    vault = Vault(BOTH)

    assert vault.blind(["an", "mau", "an"]) == sorted(set(vault.blind(["an"]) + vault.blind(["mau"])))
    assert vault.blind(["an"]) != vault.blind(["an"], "old") == Vault(OLD).blind(["an"])


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "không có khoá"),
        (" , ", "there is no key for personal data"),
        (key(1), "key 1 has no id"),
        ("a:", "has 0 bytes"),
        ("a:c2hvcnQ=", "has 5 bytes"),
        ("a:???", "is not base64"),
        (f"a:{key(1)},a:{key(2)}", "stands there twice"),
        (f"a b:{key(1)}", "has no id of letters"),
    ],
)
def test_a_wrong_setting_is_named_and_no_key_is_quoted(text: str, said: str) -> None:
    with pytest.raises(SettingsError) as refused:
        Vault(text)

    message = refused.value.format_message()
    assert said in message
    assert "NENEP_REGISTRY_KEYS" in message
    assert key(1) not in message
    assert "base64" in message
