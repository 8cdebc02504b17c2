"""What several doors read out of a request."""

from datetime import datetime
from typing import Any

from shared.errors import Fault, Text, Unprocessable
from shared.http.context import service


def moment_of(query: dict[str, Any]) -> datetime | None:
    """The past moment the figures are asked of; None: now. Raises Unprocessable when it is still to come."""
    moment: datetime | None = query["known_at"]
    if moment is not None and moment > service().clock.now():
        fault = Text(
            "Thời điểm này chưa đến; bỏ known_at để xem số liệu hiện tại.",
            "This instant is still to come; leave known_at out for the figures as they are now.",
        )
        raise Unprocessable.of([Fault("known_at", "known-at-to-come", fault)])
    return moment
