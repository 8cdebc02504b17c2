"""The storage of attachments: a folder, and a real S3-compatible server."""

from collections.abc import Iterator
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from services.meetings.attachments.storage import Storage, StorageAway
from tests.support import s3
from tests.support.s3 import S3

_ID = UUID("0197b6c0-0000-7000-8000-0000000009ab")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[S3]:
    with s3.running(tmp_path_factory.mktemp("s3")) as running:
        yield running


@pytest.fixture(params=["folder", "s3"])
def storage(request: pytest.FixtureRequest, tmp_path: Path) -> Storage:
    if request.param == "folder":
        return Storage(f"file://{tmp_path}/kept here")
    server: S3 = request.getfixturevalue("server")
    return Storage(server.url, endpoint=server.endpoint, key_id=server.key_id, secret_key=server.secret_key)


@pytest.mark.parametrize("size", [1, 12_000_000])
def test_what_is_put_is_got_until_it_is_deleted(storage: Storage, size: int) -> None:
    kept, content = uuid4(), bytes(range(256)) * (size // 256 + 1)
    storage.put(kept, content)
    assert storage.get(kept) == content
    storage.delete(kept)
    assert storage.get(kept) is None
    storage.delete(kept)


def test_a_name_is_the_id_and_nothing_else(tmp_path: Path, server: S3) -> None:
    Storage(f"file://{tmp_path}").put(_ID, b"1")
    Storage(f"{server.url}/a/prefix", endpoint=server.endpoint, key_id=server.key_id, secret_key=server.secret_key).put(
        _ID, b"1"
    )
    assert [path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*") if path.is_file()] == [f"ab/{_ID}"]
    assert f"a/prefix/ab/{_ID}" in server.objects()


def test_a_wrong_key_or_a_closed_door_is_said_as_away(server: S3) -> None:
    for storage in (
        Storage(server.url, endpoint=server.endpoint, key_id=server.key_id, secret_key="wrong"),
        Storage(server.url, endpoint="http://127.0.0.1:1", key_id="x", secret_key="y"),
        Storage("s3://no-such-bucket", endpoint=server.endpoint, key_id=server.key_id, secret_key=server.secret_key),
    ):
        with pytest.raises(StorageAway):
            storage.put(_ID, b"1")


def test_without_a_place_nothing_is_kept() -> None:
    with pytest.raises(StorageAway) as refused:
        Storage("").get(_ID)
    assert refused.value.rule == "no-storage"


@pytest.mark.parametrize("url", ["relative/folder", "http://bucket", "file://host/x", "s3://"])
def test_another_address_is_refused_at_once(url: str) -> None:
    with pytest.raises(ValueError, match="attachments_url"):
        Storage(url)
