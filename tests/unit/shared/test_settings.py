"""Settings come from the environment, and what is wrong with them is named."""

from typing import Annotated

import pytest
from msgspec import Meta

from shared.settings import Settings, SettingsError, load

NEEDED = {"NENEP_DATABASE_URL": "postgresql://x", "NENEP_KAFKA_BOOTSTRAP": "localhost:9092"}


class OwnSettings(Settings, frozen=True, kw_only=True):
    """A service's own settings."""

    limit: Annotated[int, Meta(ge=1, description="A limit.")] = 3
    loud: Annotated[bool, Meta(description="A switch.")] = False


def test_a_setting_is_its_field_in_capitals_with_a_prefix() -> None:
    settings = load(
        OwnSettings, {**NEEDED, "NENEP_LIMIT": "5", "NENEP_LOUD": "true", "LIMIT": "7", "NENEP_UNKNOWN": "x"}
    )
    assert (settings.database_url, settings.limit, settings.loud, settings.http_port) == (
        "postgresql://x",
        5,
        True,
        8000,
    )


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"NENEP_DATABASE_URL": None}, "database_url"),
        ({"NENEP_LIMIT": "many"}, "limit"),
        ({"NENEP_LIMIT": "0"}, "limit"),
        ({"NENEP_HTTP_PORT": "0"}, "http_port"),
    ],
)
def test_what_is_missing_or_cannot_be_read_is_named(changes: dict[str, str | None], said: str) -> None:
    environ = {name: value for name, value in {**NEEDED, **changes}.items() if value is not None}
    with pytest.raises(SettingsError, match=said) as refused:
        load(OwnSettings, environ)
    assert "docs/settings.md" in str(refused.value)


def test_without_an_argument_the_processs_environment_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in NEEDED.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("NENEP_LIMIT", "9")
    assert load(OwnSettings).limit == 9
