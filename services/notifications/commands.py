"""What people change: contact points, preferences, and whether a notice was read. One function a command."""

from collections.abc import Callable, Mapping, Set
from datetime import datetime
from uuid import UUID

from services.notifications import refusals
from services.notifications.domain.rules import RuleName
from services.notifications.store import choices, notices
from services.notifications.store.choices import ContactPoint, Preference
from shared.db import Connection
from shared.errors import Fault, Text, Unprocessable


def set_contact_point(conn: Connection, unit_id: UUID, point: ContactPoint, domains: Set[str]) -> None:
    """Set where the unit's office is written to.

    `domains` are those of office mailboxes (empty: any). Raises Unprocessable when the address is in none of them.
    """
    domain = point.email.rpartition("@")[2].lower()
    if domains and domain not in domains:
        allowed = ", ".join(sorted(domains))
        raise Unprocessable.of(
            [
                Fault(
                    "email",
                    "office-mailbox",
                    Text(
                        f"Phải là hộp thư cơ quan, thuộc một trong các tên miền: {allowed}. Không dùng thư cá nhân.",
                        f"The mailbox must be an office's, in one of these domains: {allowed}. No person's mailbox.",
                    ),
                )
            ]
        )
    choices.put_contact_point(conn, unit_id, point)


def remove_contact_point(conn: Connection, unit_id: UUID) -> None:
    """Stop writing to the unit's office. Raises NotFound when it has no contact point."""
    if not choices.delete_contact_point(conn, unit_id):
        raise refusals.no_contact_point()


def choose_channels(conn: Connection, unit_id: UUID, chosen: Mapping[RuleName, Preference]) -> None:
    """Replace the unit's preferences; a rule that is not named goes by every channel."""
    choices.put_preferences(conn, unit_id, chosen)


def mark_read(conn: Connection, notice_id: UUID, now: datetime, require: Callable[[UUID], None]) -> None:
    """Note that the recipient read a notice; the first time counts.

    `require` refuses a unit outside the reader's rights. Raises NotFound when there is no such notice in an inbox.
    """
    recipient = notices.recipient(conn, notice_id)
    if recipient is None:
        raise refusals.no_notice()
    require(recipient)
    notices.mark_read(conn, notice_id, now)
