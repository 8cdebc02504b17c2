"""The written pages say what the code says."""

import tomllib
from pathlib import Path

import msgspec
import pytest

from docs.generate import HERE, PAGES
from services.evaluation.settings import EvaluationSettings
from services.meetings.settings import MeetingsSettings
from services.notifications.settings import NotificationsSettings
from services.registry.settings import RegistrySettings
from shared.settings import Settings

ROOT = HERE.parent


@pytest.mark.parametrize("name", PAGES)
def test_generated_pages_are_fresh(name: str) -> None:
    assert (HERE / name).read_text() == PAGES[name](), f"docs/{name} is stale: run `make docs`"


@pytest.mark.parametrize("kind", [RegistrySettings, MeetingsSettings, EvaluationSettings, NotificationsSettings])
def test_every_setting_says_what_it_means(kind: type[Settings]) -> None:
    undocumented = [
        field.name
        for field in msgspec.structs.fields(kind)
        if not (getattr(msgspec.inspect.type_info(field.type), "extra_json_schema", None) or {}).get("description")
    ]
    assert undocumented == []


def test_every_dependency_earns_its_line() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    named = [
        *project["project"]["dependencies"],
        *(one for extra in project["project"]["optional-dependencies"].values() for one in extra),
        *project["dependency-groups"]["dev"],
    ]
    names = {one.split("==")[0].split("[")[0] for one in named} - {"nenep"}
    page = (ROOT / "docs" / "dependencies.md").read_text()
    assert sorted(name for name in names if f"| {name} |" not in page) == []


def test_every_adr_is_in_the_index() -> None:
    index = (HERE / "adr" / "README.md").read_text()
    pages = [page.name for page in Path(HERE / "adr").glob("[0-9]*.md")]
    assert pages
    assert [name for name in sorted(pages) if f"({name})" not in index] == []
