"""The jars: pinned by checksum, verified before use, never taken when they differ."""

import hashlib
import json
import os
from pathlib import Path

import pytest
from jgo.maven import MavenContext

from deploy.local.errors import LocalError
from deploy.local.jars import LOCK_FILE, LockedJar, download, is_laid, laid_dir, load_lock

_BYTES = b"the jar"
_JAR = LockedJar("org.example", "thing", "1.0", hashlib.sha256(_BYTES).hexdigest())


def _lay(folder: Path) -> Path:
    path = folder / _JAR.filename
    path.write_bytes(_BYTES)
    stat = path.stat()
    (folder / "verified.json").write_text(json.dumps({_JAR.filename: [stat.st_size, stat.st_mtime_ns]}))
    return path


def test_every_locked_jar_has_a_checksum_and_a_name_of_its_own() -> None:
    jars = load_lock()
    assert {"kafka_2.13", "kafka-tools"} <= {jar.artifact for jar in jars}
    assert len({jar.filename for jar in jars}) == len(jars)
    assert all(len(bytes.fromhex(jar.sha256)) == 32 for jar in jars)


def test_the_lock_names_no_place() -> None:
    text = LOCK_FILE.read_text(encoding="utf-8")
    assert "://" not in text
    assert '"/' not in text


def test_a_jar_without_checksum_is_refused(tmp_path: Path) -> None:
    lock = tmp_path / "lock.toml"
    lock.write_text('[[dependencies]]\ngroupId = "g"\nartifactId = "bare"\nversion = "1"\n')
    with pytest.raises(LocalError, match="g:bare has no SHA-256"):
        load_lock(lock)


def test_the_folder_follows_from_the_checksums(tmp_path: Path) -> None:
    other = LockedJar(_JAR.group, _JAR.artifact, _JAR.version, "0" * 64)
    assert laid_dir([_JAR], tmp_path) != laid_dir([other], tmp_path)


def test_a_laid_jar_is_accepted_and_a_missing_one_not(tmp_path: Path) -> None:
    path = _lay(tmp_path)
    assert is_laid([_JAR], tmp_path)
    path.unlink()
    assert not is_laid([_JAR], tmp_path)


def test_a_touched_jar_is_hashed_again(tmp_path: Path) -> None:
    path = _lay(tmp_path)
    os.utime(path, ns=(1, 1))
    assert is_laid([_JAR], tmp_path)
    path.write_bytes(b"the jaR")
    assert not is_laid([_JAR], tmp_path)


def test_bytes_that_differ_are_thrown_away(tmp_path: Path) -> None:
    kept = tmp_path / "org/example/thing/1.0/thing-1.0.jar"
    kept.parent.mkdir(parents=True)
    kept.write_bytes(b"altered")
    with pytest.raises(LocalError, match=r"org\.example:thing:1\.0"):
        download(MavenContext(repo_cache=tmp_path, remote_repos={}), _JAR)
    assert not kept.exists()


def test_bytes_that_agree_are_used(tmp_path: Path) -> None:
    kept = tmp_path / "org/example/thing/1.0/thing-1.0.jar"
    kept.parent.mkdir(parents=True)
    kept.write_bytes(_BYTES)
    assert download(MavenContext(repo_cache=tmp_path, remote_repos={}), _JAR) == kept
