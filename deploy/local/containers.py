"""The two servers as containers, where a Docker API answers (`--stack=containers`)."""

import importlib
from pathlib import Path
from typing import Any

from deploy.local.databases import Databases
from deploy.local.errors import LocalError
from deploy.local.postgres import ADMIN

# The module drives the start scripts of the Confluent 7 images (they hold Apache Kafka 3.9); the images of Apache
# Kafka itself and Confluent 8 do not have them (testcontainers-dotnet#1353).
KAFKA_IMAGE = "confluentinc/cp-kafka:7.9.0"
POSTGRES_IMAGE = "postgres:18"
_INITDB = "--locale=C --locale-provider=builtin --builtin-locale=C.UTF-8 --encoding=UTF8"


def docker_answers() -> bool:
    """Whether a Docker API answers here, at the address that the environment names or the default one."""
    docker: Any = importlib.import_module("docker")
    try:
        client = docker.from_env(timeout=5)
    except docker.errors.DockerException:
        return False
    try:
        return bool(client.ping())
    except (docker.errors.DockerException, OSError):
        return False
    finally:
        client.close()


def require_docker() -> None:
    """Raise LocalError, saying what to do, where no Docker API answers."""
    if not docker_answers():
        raise LocalError(
            "--stack=containers: không có Docker API nào trả lời. Khởi động Docker hoặc đặt DOCKER_HOST, "
            "hoặc dùng --stack=embedded (không cần Docker).",
            "--stack=containers: no Docker API answers. Start Docker or set DOCKER_HOST, "
            "or use --stack=embedded, which needs none.",
        )


class ContainerServers:
    """Kafka (KRaft, one node) and PostgreSQL as two containers; their data goes with them.

    `secrets_file` keeps the passwords of the roles; without it they live as long as this object.
    """

    def __init__(self, secrets_file: Path | None = None) -> None:
        from testcontainers.community.kafka import KafkaContainer
        from testcontainers.community.postgres import PostgresContainer

        self._kafka = KafkaContainer(KAFKA_IMAGE).with_kraft()
        for key, value in {
            "KAFKA_AUTO_CREATE_TOPICS_ENABLE": "false",
            "KAFKA_TRANSACTION_STATE_LOG_REPLICATION_FACTOR": "1",
            "KAFKA_TRANSACTION_STATE_LOG_MIN_ISR": "1",
        }.items():
            self._kafka.with_env(key, value)
        self._postgres = PostgresContainer(POSTGRES_IMAGE, username=ADMIN, dbname=ADMIN, driver=None)
        self._postgres.with_env("POSTGRES_INITDB_ARGS", _INITDB)
        self._postgres.with_command(["-c", "max_connections=200", "-c", "timezone=UTC"])
        self._secrets_file = secrets_file
        self._databases: Databases | None = None

    @property
    def bootstrap(self) -> str:
        """`host:port` of the broker."""
        return str(self._kafka.get_bootstrap_server())

    @property
    def admin_url(self) -> str:
        """A superuser's URL of PostgreSQL."""
        return str(self._postgres.get_connection_url())

    def start(self) -> None:
        """Start both containers and wait until the servers in them answer; the images are pulled at first."""
        try:
            self._postgres.start()
            self._kafka.start(timeout=120)
        except BaseException:
            self.stop()
            raise
        address = (str(self._postgres.get_container_host_ip()), int(self._postgres.get_exposed_port(5432)))
        self._databases = Databases(self.admin_url, address, self._secrets_file)

    def stop(self) -> None:
        """Remove both containers and what they stored."""
        self._kafka.stop()
        self._postgres.stop()

    def database(self, name: str, role: str | None = None, *, like: str | None = None) -> str:
        """The URL of database `name` for its owner; makes what is absent, holding what `like` holds."""
        return self._started().create(name, role, like=like)

    def service_role(self, name: str, role: str) -> str:
        """The URL of database `name` for `role`, which owns nothing there."""
        return self._started().create_service_role(name, role)

    def drop_database(self, name: str) -> None:
        """Drop a database and end the connections to it."""
        self._started().drop(name)

    def _started(self) -> Databases:
        if self._databases is None:
            raise RuntimeError("the containers are not started")
        return self._databases
