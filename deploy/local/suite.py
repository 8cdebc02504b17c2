"""The whole suite on this machine: both servers, four services, a mail sink, one supervisor.

with Suite(Path("data")) as suite:
    httpx.get(suite.url("evaluation") + "/livez")
"""

import os
import shutil
import signal
import time
import uuid
from collections.abc import Callable, Collection
from datetime import timedelta
from pathlib import Path
from types import TracebackType
from typing import Self

from deploy.local.errors import LocalError
from deploy.local.ports import HOST, fixed_ports, free_ports
from deploy.local.process import Child
from deploy.local.progress import Progress
from deploy.local.servers import EmbeddedServers, Servers, open_servers
from deploy.local.state import forget_state, take_lock, write_state
from deploy.local.supervisor import Supervisor, Watched
from deploy.local.table import APART, PORTS, SERVICES, Surroundings
from deploy.local.tokens import TokenIssuer
from deploy.local.vault import registry_keys, roll_call_key

READY_SECONDS = 180.0
_SERVER_NAMES = ("kafka", "postgres")


class Suite:
    """The suite with its data in `data_dir`.

    `port_base` fixes the ports (see table.PORTS), otherwise free ones are taken. `clock_file` holds the instant that
    stands for now (a rehearsal). `ephemeral` removes the data at the end and gives up safety against loss of power.
    `say` is told, in a few words, what is being waited for.
    """

    def __init__(
        self,
        data_dir: Path,
        *,
        stack: str = "embedded",
        port_base: int | None = None,
        clock_file: Path | None = None,
        ephemeral: bool = False,
        progress: bool = True,
        log_level: str = "info",
        say: Callable[[str], None] | None = None,
    ) -> None:
        self.folder = data_dir.resolve()
        self.mail_dir = self.folder / "mail"
        self._stack = stack
        self._port_base = port_base
        self._clock_file = clock_file.resolve() if clock_file else None
        self._ephemeral = ephemeral
        self._log_level = log_level
        self._progress = Progress(progress and say is None)
        self._say = say or self._progress.say
        self._lock: int | None = None
        self._servers: Servers | None = None
        self._supervisor: Supervisor | None = None
        self._around: Surroundings | None = None
        self._issuer: TokenIssuer | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def start(self, only: Collection[str] | None = None) -> None:
        """Start everything, or the services named in `only`, and wait until all answer. Raises LocalError."""
        services = {name: commands for name, commands in SERVICES.items() if only is None or name in only}
        unknown = set(only or ()) - set(SERVICES)
        if unknown:
            listed, known = ", ".join(sorted(unknown)), ", ".join(SERVICES)
            raise LocalError(f"Không có dịch vụ {listed}; có: {known}.", f"No service {listed}; there are: {known}.")
        self._lock = take_lock(self.folder)
        try:
            with self._progress:
                self._start(services)
        except BaseException:
            self.stop()
            raise

    def _start(self, services: dict[str, tuple[str, ...]]) -> None:
        numbers = fixed_ports(self._port_base, len(PORTS)) if self._port_base else free_ports(len(PORTS))
        ports = dict(zip(PORTS, numbers, strict=True))
        self._supervisor = Supervisor(self.folder, self._write_state)
        self._start_servers(ports)
        self._issuer = TokenIssuer(self.folder / "keys")
        databases = {name: self._running_servers.database(name) for name in SERVICES}
        self._around = Surroundings(
            folder=self.folder,
            ports=ports,
            bootstrap=self.bootstrap,
            jwks_file=self._issuer.jwks_file,
            databases=databases
            | {name: self._running_servers.service_role(name, role) for name, role in APART.items()},
            owners={name: databases[name] for name in APART},
            clock_file=self._clock_file,
            registry_keys=registry_keys(self.folder / "keys"),
            roll_call_key=roll_call_key(self.folder / "keys"),
            log_level=self._log_level,
        )
        self._prepare(list(services))
        processes = [self._around.process(name, command) for name in services for command in services[name]]
        self._supervisor.add([self._around.mail(self.mail_dir), *processes])
        self._supervisor.wait_ready(
            ["mail", *(process.name for process in processes)],
            READY_SECONDS,
            lambda rest: self._say(f"chờ / wait: {rest}"),
        )
        self._write_state()

    def _waiting(self, rest: str) -> None:
        self._say(f"chờ / wait: {rest}")

    def _start_servers(self, ports: dict[str, int]) -> None:
        supervisor = self._running
        if self._stack == "containers":
            self._say("PostgreSQL, Kafka (containers)")
            self._servers = open_servers(self.folder, stack=self._stack)
            self._servers.start()
            return
        numbers = (ports["kafka"], ports["kafka-controller"], ports["postgres"])
        embedded = EmbeddedServers(self.folder, ports=numbers, short_lived=self._ephemeral, say=self._say)
        self._servers = embedded
        # One after the other, so that PostgreSQL starts while Kafka's storage is made ready.
        supervisor.add([Watched(embedded.postgres.prepare(), ready=embedded.postgres.is_ready)])
        supervisor.add([Watched(embedded.kafka.prepare(), ready=embedded.kafka.is_ready)])
        supervisor.wait_ready(_SERVER_NAMES, READY_SECONDS, self._waiting)

    def _prepare(self, services: list[str]) -> None:
        """Topics, then every service's migrations at once."""
        from shared.kafka.admin import create_topics

        self._say("tạo chủ đề, cập nhật cơ sở dữ liệu / topics, migrations")
        create_topics(self.bootstrap, replication_factor=1)
        assert self._around is not None
        runs = [Child(self._around.command(name, "migrate")) for name in services]
        for run in runs:
            run.spawn()
        deadline = time.monotonic() + READY_SECONDS
        for run in runs:
            ended = run.wait(max(0.0, deadline - time.monotonic()))
            if not ended or run.exit_code != 0:
                for other in runs:
                    other.kill_tree()
                raise LocalError(
                    f"{run.command.name} không xong. Xem {run.command.log}. Cuối nhật ký:\n{run.tail()}",
                    f"{run.command.name} failed. See {run.command.log}; its end is above.",
                )

    def stop(self) -> None:
        """Stop the services, then Kafka, then PostgreSQL. What they stored stays, unless the suite is ephemeral."""
        if self._supervisor is not None:
            services = [name for name in self._supervisor.processes if name not in _SERVER_NAMES]
            self._supervisor.stop(services, ["kafka"], ["postgres"])
            self._supervisor = None
        if self._servers is not None:
            self._servers.stop()
            self._servers = None
        if self._lock is not None:
            forget_state(self.folder)
            if self._ephemeral:
                shutil.rmtree(self.folder, ignore_errors=True)
            os.close(self._lock)
            self._lock = None

    def _write_state(self) -> None:
        if self._around is None or self._supervisor is None:
            return
        write_state(
            self.folder,
            {
                "pid": os.getpid(),
                "bootstrap": self.bootstrap,
                "urls": {name: self.url(name) for name in SERVICES},
                "ports": dict(self._around.ports),
                "clock_file": str(self._clock_file) if self._clock_file else None,
                "mail_dir": str(self.mail_dir),
                "processes": {
                    name: {"pid": w.pid, "state": w.state, "restarts": w.restarts, "started_at": w.child.started_at}
                    for name, w in self._supervisor.processes.items()
                },
            },
        )

    @property
    def _running(self) -> Supervisor:
        if self._supervisor is None:
            raise RuntimeError("the suite is not started")
        return self._supervisor

    @property
    def _running_servers(self) -> Servers:
        if self._servers is None:
            raise RuntimeError("the suite is not started")
        return self._servers

    @property
    def bootstrap(self) -> str:
        """`host:port` of the broker."""
        return self._running_servers.bootstrap

    @property
    def admin_url(self) -> str:
        """A superuser's URL of PostgreSQL."""
        return self._running_servers.admin_url

    @property
    def processes(self) -> dict[str, Watched]:
        """Every process by name (`kafka`, `postgres`, `mail`, `<service>-<command>`): pid, state, restarts."""
        return self._running.processes

    def url(self, service: str) -> str:
        """The base URL of a service's API."""
        if self._around is None:
            raise RuntimeError("the suite is not started")
        return f"http://{HOST}:{self._around.ports[f'{service}-api']}"

    def ops_url(self, name: str) -> str:
        """Where a process (`meetings-relay`) answers /livez, /readyz and /metrics."""
        if self._around is None:
            raise RuntimeError("the suite is not started")
        return f"http://{HOST}:{self._around.ports[name]}"

    def database_url(self, service: str) -> str:
        """The URL of a service's database for its own role."""
        if self._around is None:
            raise RuntimeError("the suite is not started")
        return self._around.databases[service]

    def kill(self, name: str, number: int = signal.SIGKILL) -> None:
        """Send a signal to a process; the supervisor starts it again when that ends it."""
        self._running.kill(name, number)

    def hold(self, name: str) -> None:
        """Stop a process and keep it stopped until `release`."""
        self._running.hold(name)

    def release(self, name: str, timeout: float = READY_SECONDS) -> None:
        """Let a held process run again and wait until it is ready."""
        self._running.release(name)
        self._running.wait_ready([name], timeout)

    def wait_ready(self, *names: str, timeout: float = READY_SECONDS) -> None:
        """Wait until the named processes, by default all, are ready. Raises LocalError when one is not in time."""
        self._running.wait_ready(names or list(self.processes), timeout)

    def mint_token(
        self,
        role: str,
        unit_id: uuid.UUID | str | None = None,
        subject: uuid.UUID | str | None = None,
        ttl: timedelta = timedelta(hours=12),
    ) -> str:
        """A bearer token of the local issuer (see TokenIssuer.mint)."""
        if self._issuer is None:
            raise RuntimeError("the suite is not started")
        return self._issuer.mint(role, unit_id, subject, ttl)
