"""A local mail server that delivers nothing: every message becomes a file. Run: python -m deploy.local.mail."""

import signal
import threading
import uuid
from pathlib import Path

import click
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session


class _Keeper:
    """Keeps each message as `<n>-<id>.eml`, readable by this user only, as it may name people."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._count = sum(1 for _ in folder.glob("*.eml"))

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """Called by aiosmtpd for every message."""
        self._count += 1
        path = self._folder / f"{self._count:06d}-{uuid.uuid4().hex[:8]}.eml"
        content = envelope.content or b""
        header = "".join(f"X-Envelope-To: {recipient}\r\n" for recipient in envelope.rcpt_tos)
        partial = path.with_suffix(".partial")
        partial.touch(mode=0o600)
        partial.write_bytes(header.encode() + (content if isinstance(content, bytes) else content.encode()))
        partial.replace(path)
        print(f"{path.name}: kept for {len(envelope.rcpt_tos)} recipient(s)", flush=True)
        return "250 Message accepted for delivery"


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", type=int, required=True)
@click.option("--folder", type=click.Path(path_type=Path, file_okay=False), required=True)
def main(host: str, port: int, folder: Path) -> None:
    """Accept mail on HOST:PORT until SIGTERM, a file per message in FOLDER."""
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    controller = Controller(_Keeper(folder.resolve()), hostname=host, port=port)
    controller.start()
    stop.wait()
    controller.stop()


if __name__ == "__main__":
    main()
