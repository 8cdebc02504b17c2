"""Apache Kafka's jars: resolved by jgo, pinned by SHA-256 in `kafka.lock.toml`, laid once in the cache folder.

`python -m deploy.local.jars` resolves again and rewrites the lock file.
"""

import hashlib
import json
import logging
import shutil
import tomllib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from jgo.env import LockFile
from jgo.maven import MavenContext

from deploy.local.errors import LocalError
from deploy.local.places import cache_dir, exclusive

KAFKA_VERSION = "4.3.1"
ROOTS = (
    f"org.apache.kafka:kafka_2.13:jar:{KAFKA_VERSION}:compile",
    f"org.apache.kafka:kafka-tools:jar:{KAFKA_VERSION}:compile",
    # kafka-clients logs through slf4j 1.7; without a binding the broker is silent.
    "org.slf4j:slf4j-simple:jar:1.7.36:compile",
)
LOCK_FILE = Path(__file__).with_name("kafka.lock.toml")
_ATTEMPTS = 3
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class LockedJar:
    """One jar of the lock: Maven coordinates and the SHA-256 of its bytes in hexadecimal."""

    group: str
    artifact: str
    version: str
    sha256: str

    @property
    def filename(self) -> str:
        """Its name in the laid folder; the group is part of it, as artifact names repeat across groups."""
        return f"{self.group}.{self.artifact}-{self.version}.jar"


def load_lock(path: Path = LOCK_FILE) -> list[LockedJar]:
    """The pinned jars in the order of the class path.

    Raises LocalError when an entry has no checksum, because then it could not be verified.
    """
    entries = tomllib.loads(path.read_text(encoding="utf-8"))["dependencies"]
    bare = [f"{entry['groupId']}:{entry['artifactId']}" for entry in entries if not entry.get("sha256")]
    if bare:
        raise LocalError(
            f"{path.name}: {', '.join(bare)} không có mã SHA-256; chạy lại python -m deploy.local.jars.",
            f"{path.name}: {', '.join(bare)} has no SHA-256; run python -m deploy.local.jars again.",
        )
    return [LockedJar(e["groupId"], e["artifactId"], e["version"], e["sha256"]) for e in entries]


def sha256_of(path: Path) -> str:
    """The SHA-256 of a file's bytes, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def laid_dir(jars: list[LockedJar], cache: Path, name: str = f"kafka-{KAFKA_VERSION}") -> Path:
    """The folder that holds exactly these jars: its name carries a digest of the lock."""
    digest = hashlib.sha256("\n".join(f"{jar.filename} {jar.sha256}" for jar in jars).encode()).hexdigest()
    return cache / f"{name}-{digest[:12]}"


def is_laid(jars: list[LockedJar], folder: Path) -> bool:
    """Whether `folder` holds every jar, verified.

    A jar whose size and modification time are those noted when it was verified is taken as verified; any other
    is hashed again. The answer is False when one is missing or differs from the lock.
    """
    try:
        noted: dict[str, list[int]] = json.loads((folder / "verified.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    for jar in jars:
        path = folder / jar.filename
        try:
            stat = path.stat()
        except OSError:
            return False
        if noted.get(jar.filename) != [stat.st_size, stat.st_mtime_ns] and sha256_of(path) != jar.sha256:
            return False
    return True


def ensure_jars(
    say: Callable[[str], None],
    *,
    cache: Path | None = None,
    lock: Path = LOCK_FILE,
    name: str = f"kafka-{KAFKA_VERSION}",
) -> list[Path]:
    """The verified jars of a lock on this machine, downloading what is missing; `say` is told what takes time.

    `name` begins the name of their folder.

    Raises LocalError when a jar cannot be had or its bytes differ from the lock.
    """
    cache = cache or cache_dir()
    jars = load_lock(lock)
    folder = laid_dir(jars, cache, name)
    if not is_laid(jars, folder):
        with exclusive(cache / "kafka.lock"):
            if not is_laid(jars, folder):
                say(f"Đang tải Apache Kafka {KAFKA_VERSION} ({len(jars)} tệp, một lần) / downloading Kafka, once")
                _lay(jars, folder, cache)
    return [folder / jar.filename for jar in jars]


def _lay(jars: list[LockedJar], folder: Path, cache: Path) -> None:
    """Download into a folder that survives a failed attempt, verify, then rename into place."""
    repository = cache / "kafka-download"
    context = MavenContext(repo_cache=repository, timeout=60)
    with ThreadPoolExecutor(6) as pool:
        sources = list(pool.map(lambda jar: download(context, jar), jars))
    partial = Path(mkdtemp(prefix=".kafka-", dir=cache))
    partial.chmod(0o755)
    noted: dict[str, list[int]] = {}
    for jar, source in zip(jars, sources, strict=True):
        target = Path(shutil.copyfile(source, partial / jar.filename))
        stat = target.stat()
        noted[jar.filename] = [stat.st_size, stat.st_mtime_ns]
    (partial / "verified.json").write_text(json.dumps(noted), encoding="utf-8")
    if folder.exists():
        _log.warning("kafka jars in %s are damaged; laying them again", folder.name)
        shutil.rmtree(folder)
    partial.replace(folder)
    shutil.rmtree(repository, ignore_errors=True)


def download(context: MavenContext, jar: LockedJar) -> Path:
    """One jar in jgo's local repository, its bytes equal to the lock's; tried a few times."""
    coordinates = f"{jar.group}:{jar.artifact}:{jar.version}"
    artifact = context.project(jar.group, jar.artifact).at_version(jar.version).artifact()
    failure: Exception | None = None
    for _ in range(_ATTEMPTS):
        try:
            path = artifact.resolve()
        except (OSError, RuntimeError, AssertionError) as error:  # requests' errors are OSErrors
            failure = error
            continue
        if sha256_of(path) == jar.sha256:
            return path
        failure = None
        path.unlink()
    if failure is None:
        raise LocalError(
            f"{coordinates}: mã SHA-256 của tệp tải về khác {LOCK_FILE.name}; không dùng tệp này. "
            "Thử lại qua mạng khác; nếu vẫn thế, có người đã sửa tệp.",
            f"{coordinates}: the downloaded file's SHA-256 differs from {LOCK_FILE.name}; it is not used. "
            "Try another network; if it persists, the file was altered.",
        )
    raise LocalError(
        f"Không tải được {coordinates} của Apache Kafka. Kiểm tra mạng rồi chạy lại (phần đã tải được giữ), "
        "hoặc chép thư mục .cache/ từ máy đã chạy và đặt NENEP_CACHE.",
        f"Could not download {coordinates} of Apache Kafka. Check the network and run again (what came is kept), "
        f"or copy .cache/ from a machine that has it and set NENEP_CACHE. ({type(failure).__name__})",
    ) from failure


def write_lock(path: Path = LOCK_FILE) -> int:
    """Resolve `ROOTS` from the network and write the lock file; returns the number of jars."""
    scratch = Path(mkdtemp(prefix=".kafka-resolve-", dir=cache_dir()))
    try:
        context = MavenContext(repo_cache=scratch, timeout=60)
        inputs, transitive = context.resolver.resolve([context.create_dependency(root) for root in ROOTS])
        wanted: list[Any] = [*inputs, *(d for d in transitive if d.scope in ("compile", "runtime"))]
        with ThreadPoolExecutor(6) as pool:
            list(pool.map(lambda dependency: dependency.artifact.resolve(), wanted))
        lock = LockFile.from_resolved_dependencies(wanted, environment_name="kafka", min_java_version=17)
        # jgo's TOML also holds the time and its own version, which would change the file without a change of jars.
        lines = ["# Written by python -m deploy.local.jars; the order is the class path's.", ""]
        for entry in lock.dependencies:
            if entry.packaging != "jar" or entry.classifier:
                raise LocalError(f"{entry}: không phải tệp jar thường.", f"{entry}: not a plain jar.")
            lines += ["[[dependencies]]"]
            lines += [f'{key} = "{getattr(entry, key)}"' for key in ("groupId", "artifactId", "version", "sha256")]
            lines += [""]
        partial = scratch / path.name
        partial.write_text("\n".join(lines), encoding="utf-8")
        shutil.copyfile(partial, path)
        return len(wanted)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


if __name__ == "__main__":
    print(f"{LOCK_FILE.name}: {write_lock()} jars")
