"""A real SMTP server on this machine, which keeps what it receives and refuses what a test tells it to."""

from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

from aiosmtpd.controller import Controller

from deploy.local.ports import HOST, free_ports


class Mailbox:
    """The letters received, in order; `refusals` are given, one after another, to the next recipients named."""

    def __init__(self) -> None:
        self.letters: list[EmailMessage] = []
        self.refusals: list[str] = []

    async def handle_RCPT(self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any) -> str:
        """aiosmtpd's hook for RCPT TO."""
        if self.refusals:
            return self.refusals.pop(0)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:
        """aiosmtpd's hook for a whole letter."""
        self.letters.append(message_from_bytes(envelope.content, policy=default))
        return "250 OK"


@contextmanager
def mail_server(mailbox: Mailbox, port: int | None = None) -> Iterator[int]:
    """Serve `mailbox` for a while; gives the port."""
    port = port or free_ports(1)[0]
    controller = Controller(mailbox, hostname=HOST, port=port)
    controller.start()
    try:
        yield port
    finally:
        controller.stop()
