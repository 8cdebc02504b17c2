"""The two servers the suite and the tests need, whichever way they are run."""

from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from deploy.local.errors import LocalError
from deploy.local.kafka import EmbeddedKafka
from deploy.local.postgres import EmbeddedPostgres

STACKS = ("auto", "embedded", "containers")


class Servers(Protocol):
    """Kafka and PostgreSQL, started and stopped together."""

    @property
    def bootstrap(self) -> str:
        """`host:port` of the broker."""
        ...

    @property
    def admin_url(self) -> str:
        """A superuser's URL of PostgreSQL."""
        ...

    def start(self) -> None:
        """Start both and wait until they answer. Raises LocalError when one does not."""
        ...

    def stop(self) -> None:
        """Stop both: Kafka, then PostgreSQL."""
        ...

    def database(self, name: str, role: str | None = None, *, like: str | None = None) -> str:
        """The URL of database `name` for its owner (`role`, by default of the same name); makes what is absent.

        A new database holds what `like` holds, by default nothing.
        """
        ...

    def service_role(self, name: str, role: str) -> str:
        """The URL of database `name` for `role`, which owns nothing there: `migrate` grants it its tables' rows."""
        ...

    def drop_database(self, name: str) -> None:
        """Drop a database and end the connections to it."""
        ...


def _quiet(_: str) -> None:
    pass


class EmbeddedServers:
    """Both servers as processes of this one, their data in `folder/kafka` and `folder/postgres`.

    `kafka` and `postgres` can be killed and started again, each with its ports and data kept.
    """

    def __init__(
        self,
        folder: Path,
        *,
        ports: tuple[int, int, int] | None = None,
        short_lived: bool = False,
        say: Callable[[str], None] = _quiet,
    ) -> None:
        broker_ports = (ports[0], ports[1]) if ports else None
        self.kafka = EmbeddedKafka(folder / "kafka", ports=broker_ports, short_lived=short_lived, say=say)
        self.postgres = EmbeddedPostgres(
            folder / "postgres", port=ports[2] if ports else None, short_lived=short_lived, say=say
        )

    @property
    def bootstrap(self) -> str:
        """`host:port` of the broker."""
        return self.kafka.bootstrap

    @property
    def admin_url(self) -> str:
        """A superuser's URL of PostgreSQL."""
        return self.postgres.admin_url

    def start(self) -> None:
        """Start both from the calling thread, which must live as long as they should (see Child.spawn)."""
        try:
            self.postgres.start()
            self.kafka.start()
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """Stop Kafka, then PostgreSQL."""
        self.kafka.stop()
        self.postgres.stop()

    def database(self, name: str, role: str | None = None, *, like: str | None = None) -> str:
        """The URL of database `name` for its owner; makes what is absent, holding what `like` holds."""
        return self.postgres.databases.create(name, role, like=like)

    def service_role(self, name: str, role: str) -> str:
        """The URL of database `name` for `role`, which owns nothing there."""
        return self.postgres.databases.create_service_role(name, role)

    def drop_database(self, name: str) -> None:
        """Drop a database and end the connections to it."""
        self.postgres.databases.drop(name)


def open_servers(
    folder: Path,
    *,
    stack: str = "embedded",
    short_lived: bool = False,
    say: Callable[[str], None] = _quiet,
) -> Servers:
    """Servers for `stack`, not yet started: `embedded`, `containers`, or `auto`, which is `embedded`.

    Raises LocalError for another word, and for `containers` where no Docker API answers.
    """
    if stack not in STACKS:
        raise LocalError(
            f"--stack={stack}: chọn một trong {', '.join(STACKS)}.",
            f"--stack={stack}: choose one of {', '.join(STACKS)}.",
        )
    if stack == "containers":
        from deploy.local.containers import ContainerServers, require_docker

        require_docker()
        return ContainerServers()
    return EmbeddedServers(folder, short_lived=short_lived, say=say)
