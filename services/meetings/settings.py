"""Settings of the service."""

from typing import Annotated

from msgspec import Meta

from shared.settings import Settings


class MeetingsSettings(Settings, frozen=True, kw_only=True):
    """The house's settings; this service adds none."""

    service_name: Annotated[str, Meta(description="The service this process belongs to; a label of logs.")] = "meetings"
