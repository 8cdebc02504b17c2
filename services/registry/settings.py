"""Settings of the registry's processes."""

from typing import Annotated

from msgspec import Meta

from shared.settings import Settings


class RegistrySettings(Settings, frozen=True, kw_only=True):
    """What the registry reads besides the common settings."""

    service_name: Annotated[str, Meta(description="The service this process belongs to; a label of logs.")] = "registry"
    migration_url: Annotated[
        str,
        Meta(
            description="The database as the role that owns its tables, for `migrate` only, which grants the role of "
            "database_url its work; left empty, one role does both and the audit trail is not append-only."
        ),
    ] = ""
    registry_keys: Annotated[
        str,
        Meta(
            description="Keys of personal data, `id:base64` of 32 bytes each, newest first, separated by commas: the "
            "first wraps, the others open what `rotate-keys` has not rewrapped yet. The API, the worker and `migrate` "
            "do not start without one; the relay needs none."
        ),
    ] = ""
    import_rows: Annotated[
        int, Meta(ge=1, description="The most rows, units and members together, that one import may carry.")
    ] = 100_000
    file_bytes: Annotated[int, Meta(ge=1, description="The largest spreadsheet file accepted, in bytes.")] = 33_554_432
    file_unpacked_bytes: Annotated[
        int, Meta(ge=1, description="The most bytes a workbook may unpack to: a small file can hold a huge one.")
    ] = 268_435_456
    file_keep_days: Annotated[
        int,
        Meta(ge=1, description="Days the report of an imported file is kept before its key and it are destroyed."),
    ] = 7
