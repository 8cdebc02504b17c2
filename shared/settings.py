"""Settings of a process, read once from the environment.

A setting is a field here: its name in the environment is `NENEP_` and the field's name in capitals, its meaning is
the description beside it, and `docs/settings.md` is written from the two (`tests/contract/test_settings.py`).
"""

import os
from collections.abc import Mapping
from typing import Annotated, TypeVar

import click
import msgspec
from msgspec import Meta

PREFIX = "NENEP_"


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """What every process of a service reads."""

    service_name: Annotated[str, Meta(description="The service this process belongs to; a label of logs.")] = "nenep"
    database_url: Annotated[str, Meta(description="The service's own PostgreSQL database, as a libpq URL.")]
    database_pool: Annotated[int, Meta(ge=1, description="Connections a process keeps to its database.")] = 8
    kafka_bootstrap: Annotated[str, Meta(description="host:port of Kafka brokers, separated by commas.")]
    http_host: Annotated[str, Meta(description="The address the public and the private port listen on.")] = "127.0.0.1"
    http_port: Annotated[int, Meta(ge=1, description="The API's port; it answers the probes and /metrics too.")] = 8000
    http_threads: Annotated[int, Meta(ge=1, description="Requests an API process serves at once.")] = 8
    http_body_limit: Annotated[int, Meta(ge=1, description="The largest request body accepted, in bytes.")] = 67_108_864
    ops_port: Annotated[int, Meta(ge=1, description="The private port of every process: probes and /metrics.")] = 9000
    jwks_file: Annotated[
        str, Meta(description="A file with the issuer's public keys (JWKS); used before jwks_url.")
    ] = ""
    jwks_url: Annotated[str, Meta(description="Where the issuer of the tokens publishes its public keys (JWKS).")] = ""
    token_issuer: Annotated[str, Meta(description="The only issuer (`iss`) whose tokens are accepted.")] = ""
    token_audience: Annotated[str, Meta(description="The audience (`aud`) a token must name.")] = "nenep"  # noqa: S105 - a name, no secret
    clock_file: Annotated[
        str,
        Meta(description="A rehearsal's clock: a file with an RFC 3339 instant that stands for now. Empty: real time."),
    ] = ""
    outbox_batch: Annotated[int, Meta(ge=1, description="Records a relay sends and marks in one round.")] = 1000
    outbox_keep_days: Annotated[int, Meta(ge=0, description="Days a sent outbox row is kept before it is deleted.")] = 7
    idempotency_keep_days: Annotated[
        int, Meta(ge=1, description="Days an Idempotency-Key and its answer are kept before they are deleted.")
    ] = 2
    log_level: Annotated[
        str, Meta(description="The least severe level that is logged: debug, info, warning, error.")
    ] = "info"


class SettingsError(click.ClickException):
    """A setting is missing or cannot be read; the sentence names it. A command prints it and ends with 1."""


S = TypeVar("S", bound=Settings)


def load(kind: type[S], environ: Mapping[str, str] | None = None) -> S:
    """The settings of `kind` as `environ` (default: the process's) gives them. Raises SettingsError."""
    environ = os.environ if environ is None else environ
    given = {
        field.name: environ[PREFIX + field.name.upper()]
        for field in msgspec.structs.fields(kind)
        if PREFIX + field.name.upper() in environ
    }
    try:
        return msgspec.convert(given, kind, strict=False)
    except msgspec.ValidationError as error:
        raise SettingsError(f"cannot start: {error} (settings are {PREFIX}*, see docs/settings.md)") from error
