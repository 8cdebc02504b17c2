"""What the processes of notifications read from the environment."""

from typing import Annotated, Literal

from msgspec import Meta

from shared.settings import Settings


class NotificationsSettings(Settings, frozen=True, kw_only=True):
    """The house's settings, and those of the due check and of e-mail."""

    service_name: Annotated[str, Meta(description="The service this process belongs to; a label of logs.")] = (
        "notifications"
    )
    lookback_months: Annotated[
        int,
        Meta(ge=1, description="Whole months back that a due check examines; older matters are not sent by e-mail."),
    ] = 3
    watch_seconds: Annotated[
        float, Meta(gt=0, description="Seconds between two looks at what is due and what is to be sent.")
    ] = 1.0
    contact_domains: Annotated[
        str,
        Meta(description="Domains of office mailboxes, separated by commas; empty: a contact point may have any."),
    ] = ""
    smtp_host: Annotated[str, Meta(description="The mail server; empty: notices go to inboxes only.")] = ""
    smtp_port: Annotated[int, Meta(ge=1, description="The mail server's port.")] = 25
    smtp_security: Annotated[
        Literal["none", "starttls", "tls"], Meta(description="How the connection to the mail server is protected.")
    ] = "none"
    smtp_user: Annotated[str, Meta(description="The account at the mail server; empty: no sign-in.")] = ""
    smtp_password: Annotated[str, Meta(description="That account's password.")] = ""
    smtp_timeout_seconds: Annotated[
        float, Meta(gt=0, le=30, description="How long the mail server may take over one step.")
    ] = 20.0
    mail_from: Annotated[str, Meta(description="The sender's address of notices.")] = "nenep@localhost"
    mail_attempts: Annotated[int, Meta(ge=1, description="Attempts at an e-mail before it is given up.")] = 12
    mail_backoff_seconds: Annotated[
        float, Meta(gt=0, description="Seconds after the first failed attempt; each further wait is twice as long.")
    ] = 60.0
    mail_backoff_limit_seconds: Annotated[
        float, Meta(gt=0, description="The longest wait between two attempts, in seconds.")
    ] = 21_600.0

    def domains(self) -> frozenset[str]:
        """`contact_domains` as a set, in lower case."""
        return frozenset(name.strip().lower() for name in self.contact_domains.split(",") if name.strip())
