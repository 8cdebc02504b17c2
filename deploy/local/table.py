"""What the suite is made of: its services, their processes, ports and environment."""

import sys
import urllib.error
import urllib.request
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from deploy.local.places import PROJECT_ROOT
from deploy.local.ports import HOST
from deploy.local.process import Child, Command
from deploy.local.supervisor import Watched
from deploy.local.tokens import AUDIENCE, ISSUER

SERVICES: Mapping[str, tuple[str, ...]] = {
    "registry": ("api", "relay", "worker"),
    "meetings": ("api", "relay", "worker"),
    "evaluation": ("api", "relay", "worker"),
    "notifications": ("api", "relay", "worker"),
}
APART: Mapping[str, str] = {"registry": "registry_service"}
"""Services whose processes work as a role of their own, while `migrate` works as the owner of the tables."""
MAIL_SENDER = "nen-nep@example.invalid"

# The order is that of the ports from --port-base; an API's port is its public one.
PORTS: tuple[str, ...] = (
    *(f"{service}-api" for service in SERVICES),
    "mail",
    "kafka",
    "kafka-controller",
    "postgres",
    *(f"{service}-{command}" for service, commands in SERVICES.items() for command in commands if command != "api"),
    *(f"{service}-api-ops" for service in SERVICES),
)


@dataclass(frozen=True)
class Surroundings:
    """What every process of the suite is told; `ports` are keyed by the names in `PORTS`.

    `databases` are the URLs the services work with, `owners` those of the tables' owners where they are others.
    """

    folder: Path
    ports: Mapping[str, int]
    bootstrap: str
    jwks_file: Path
    databases: Mapping[str, str]
    owners: Mapping[str, str]
    clock_file: Path | None
    registry_keys: str
    roll_call_key: str
    log_level: str = "info"

    def environment(self, service: str, command: str) -> dict[str, str]:
        """The settings of one process, as `shared.settings` reads them."""
        port = self.ports.get(f"{service}-{command}")
        ops_port = self.ports.get(f"{service}-api-ops" if command == "api" else f"{service}-{command}")
        given = {
            "NENEP_SERVICE_NAME": service,
            "NENEP_DATABASE_URL": self.databases[service],
            "NENEP_KAFKA_BOOTSTRAP": self.bootstrap,
            "NENEP_HTTP_HOST": HOST,
            "NENEP_JWKS_FILE": str(self.jwks_file),
            "NENEP_TOKEN_ISSUER": ISSUER,
            "NENEP_TOKEN_AUDIENCE": AUDIENCE,
            "NENEP_SMTP_HOST": HOST,
            "NENEP_SMTP_PORT": str(self.ports["mail"]),
            "NENEP_SMTP_SENDER": MAIL_SENDER,
            "NENEP_LOG_LEVEL": self.log_level,
            "PYTHONUNBUFFERED": "1",
        }
        given |= {f"NENEP_{name.upper()}_URL": f"http://{HOST}:{self.ports[f'{name}-api']}" for name in SERVICES}
        if service == "meetings" and command == "api":
            given["NENEP_ATTACHMENTS_URL"] = (self.folder / "attachments").as_uri()
            given["NENEP_ROLL_CALL_KEY"] = self.roll_call_key
        if service == "registry" and command != "relay":
            given["NENEP_REGISTRY_KEYS"] = self.registry_keys
        if command == "migrate" and service in self.owners:
            given["NENEP_MIGRATION_URL"] = self.owners[service]
        if port is not None and command == "api":
            given["NENEP_HTTP_PORT"] = str(port)
        if ops_port is not None:
            given["NENEP_OPS_PORT"] = str(ops_port)
        if self.clock_file is not None:
            given["NENEP_CLOCK_FILE"] = str(self.clock_file)
        return given

    def command(self, service: str, command: str) -> Command:
        """`python -m services.<service> <command>`, its log in `logs/`."""
        name = f"{service}-{command}"
        return Command(
            name,
            [sys.executable, "-m", f"services.{service}", command],
            self.folder / "logs" / f"{name}.log",
            env=self.environment(service, command),
            cwd=PROJECT_ROOT,
        )

    def process(self, service: str, command: str) -> Watched:
        """A service's process with its probes."""
        name = f"{service}-{command}"
        ready = f"http://{HOST}:{self.ports[name]}/readyz"
        alive = f"http://{HOST}:{self.ports[f'{name}-ops' if command == 'api' else name]}/livez"
        return Watched(
            Child(self.command(service, command)), ready=lambda: answers(ready), alive=lambda: answers(alive)
        )

    def mail(self, folder: Path) -> Watched:
        """The mail sink, its messages in `folder`."""
        port = self.ports["mail"]
        argv = [sys.executable, "-m", "deploy.local.mail", f"--host={HOST}", f"--port={port}", f"--folder={folder}"]
        child = Child(Command("mail", argv, self.folder / "logs" / "mail.log", cwd=PROJECT_ROOT))
        return Watched(child, ready=lambda: _greets(port))


def answers(url: str, timeout: float = 2.0) -> bool:
    """Whether a probe at `url` answers 200 in time."""
    with suppress(urllib.error.URLError, OSError, ValueError), urllib.request.urlopen(url, timeout=timeout) as answer:  # noqa: S310 - our own address
        return bool(answer.status == 200)
    return False


def _greets(port: int) -> bool:
    import smtplib

    with suppress(OSError, smtplib.SMTPException), smtplib.SMTP(HOST, port, timeout=2) as client:
        return client.noop()[0] == 250
    return False
