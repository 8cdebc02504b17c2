"""The mail server: a session that carries several letters, and what its refusals mean."""

import smtplib
import ssl
from email.message import EmailMessage
from types import TracebackType

from services.notifications.settings import NotificationsSettings


class Unreachable(Exception):
    """The server cannot be talked to at all; other letters would fare no better. `code` names the cause."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Refused(Exception):
    """The server refused this letter. `permanent`: it will refuse it again, so that trying again is of no use."""

    def __init__(self, code: str, *, permanent: bool) -> None:
        super().__init__(code)
        self.code = code
        self.permanent = permanent


class Session:
    """A connection to the mail server, made when the first letter is sent."""

    def __init__(self, settings: NotificationsSettings) -> None:
        self._settings = settings
        self._server: smtplib.SMTP | None = None

    def __enter__(self) -> "Session":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._server is not None:
            try:
                self._server.quit()
            except (smtplib.SMTPException, OSError):
                self._server.close()

    def send(self, letter: EmailMessage) -> None:
        """Hand `letter` to the server, which then answers for it. Raises Refused or Unreachable."""
        try:
            if self._server is None:
                self._server = self._connect()
            self._server.send_message(letter)
        except smtplib.SMTPRecipientsRefused as refusal:
            code = next(iter(refusal.recipients.values()))[0]
            raise Refused(f"recipient-{code}", permanent=_is_permanent(code)) from None
        except smtplib.SMTPDataError as refusal:
            raise Refused(f"data-{refusal.smtp_code}", permanent=_is_permanent(refusal.smtp_code)) from None
        except smtplib.SMTPSenderRefused as refusal:
            # Our own address is refused: a matter of configuration, not of this letter.
            raise Unreachable(f"sender-{refusal.smtp_code}") from None
        except smtplib.SMTPResponseException as refusal:
            raise Unreachable(f"server-{refusal.smtp_code}") from None
        except (smtplib.SMTPException, OSError) as error:
            raise Unreachable(type(error).__name__) from None

    def _connect(self) -> smtplib.SMTP:
        at = self._settings
        if at.smtp_security == "tls":
            server: smtplib.SMTP = smtplib.SMTP_SSL(
                at.smtp_host, at.smtp_port, timeout=at.smtp_timeout_seconds, context=ssl.create_default_context()
            )
        else:
            server = smtplib.SMTP(at.smtp_host, at.smtp_port, timeout=at.smtp_timeout_seconds)
        try:
            if at.smtp_security == "starttls":
                server.starttls(context=ssl.create_default_context())
            if at.smtp_user:
                server.login(at.smtp_user, at.smtp_password)
        except BaseException:
            server.close()
            raise
        return server


def _is_permanent(code: int) -> bool:
    """RFC 5321, section 4.2.1: 5yz is a permanent negative completion reply, 4yz a transient one."""
    return code >= 500
