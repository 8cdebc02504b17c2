"""What the service publishes: notifications.delivery.v1, one event for each time a delivery comes to something."""

from datetime import datetime
from typing import Final, Literal
from uuid import UUID

from services.notifications.domain.recipients import Channel
from services.notifications.domain.rules import RuleName
from shared.contracts.catalogue import catalogue
from shared.envelope import Event

_TYPE: Final = "notifications.delivery.v1"


def delivery(
    *,
    notice_id: UUID,
    rule: RuleName,
    about_unit_id: UUID,
    recipient_unit_id: UUID,
    channel: Channel,
    status: Literal["sent", "failed", "given_up"],
    attempts: int,
    at: datetime,
) -> Event:
    """The event that a notice was sent over a channel, failed (and is tried again), or was given up."""
    return Event(
        topic=catalogue().topic_of(_TYPE),
        type=_TYPE,
        source="urn:nenep:notifications",
        key=str(notice_id),
        data={
            "notice_id": str(notice_id),
            "rule": rule,
            "about_unit_id": str(about_unit_id),
            "recipient_unit_id": str(recipient_unit_id),
            "channel": channel,
            "status": status,
            "attempts": attempts,
            "at": at.isoformat(),
        },
    )
