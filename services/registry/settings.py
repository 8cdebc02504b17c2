"""Settings of the registry's processes."""

from typing import Annotated

from msgspec import Meta

from shared.settings import Settings


class RegistrySettings(Settings, frozen=True, kw_only=True):
    """What the registry reads besides the common settings."""

    service_name: Annotated[str, Meta(description="The service this process belongs to; a label of logs.")] = "registry"
    import_rows: Annotated[
        int, Meta(ge=1, description="The most rows, units and members together, that one import may carry.")
    ] = 100_000
