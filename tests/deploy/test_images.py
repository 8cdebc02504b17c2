"""Images: two stages, hashes, the service's own files only, no root, no host names."""

import re

import pytest

from tests.deploy.dockerfile import copied, install_arguments, instructions, stages
from tests.deploy.manifests import ROOT, SERVICES, rendered


@pytest.mark.parametrize("service", SERVICES)
def test_an_image_holds_its_own_service_only(service: str) -> None:
    build, final = stages(service)
    assert {source for source, _ in copied(build)} == {"pyproject.toml", "requirements.lock"}
    assert {source for source, _ in copied(final)} == {"services/__init__.py", "shared/", f"services/{service}/"}
    for source, destination in copied(final):
        assert source.startswith(destination), "a folder's path is its import path"
    assert [i.rest for i in final if i.name == "COPY" and "--from=" in i.rest] == ["--from=build /opt/venv /opt/venv"]


@pytest.mark.parametrize("service", SERVICES)
def test_packages_are_those_of_the_lock(service: str) -> None:
    install = install_arguments(service)
    assert "--require-hashes" in install
    assert install[install.index("-c") + 1] == "requirements.lock"
    assert [install[i + 1] for i, word in enumerate(install) if word == "--extra"] == [service]
    pinned = re.search(r"^UV_VERSION := (\S+)$", (ROOT / "Makefile").read_text(), flags=re.MULTILINE)
    assert pinned
    assert f"UV_VERSION={pinned[1]}" in [i.rest for i in instructions(service) if i.name == "ARG"]


@pytest.mark.parametrize("service", SERVICES)
def test_an_image_runs_its_service_without_root(service: str) -> None:
    final = stages(service)[-1]
    names = [instruction.name for instruction in final]
    (user,) = [instruction.rest for instruction in final if instruction.name == "USER"]
    assert "RUN" not in names[names.index("USER") :]
    for pod in rendered("province").pods().values():
        context = pod["spec"]["securityContext"]
        assert user == f"{context['runAsUser']}:{context['runAsGroup']}"
    assert [i.rest for i in final if i.name == "ENTRYPOINT"] == [f'["python", "-m", "services.{service}"]']


@pytest.mark.parametrize("service", SERVICES)
def test_nothing_is_fetched_by_address(service: str) -> None:
    every = instructions(service)
    assert "ADD" not in {instruction.name for instruction in every}
    assert {i.rest.partition(" AS ")[0] for i in every if i.name == "FROM"} == {"${PYTHON_IMAGE}"}
    (base,) = [i.rest for i in every if i.name == "ARG" and i.rest.startswith("PYTHON_IMAGE=")]
    assert "/" not in base, "the registry is the builder's choice"
    assert not re.search(r"https?://|\.(io|com|org|dev)\b", " ".join(i.rest for i in every))


def test_the_four_differ_in_nothing_but_the_service() -> None:
    def neutral(service: str) -> list[str]:
        own = [f"{i.name} {i.rest}".replace(service, "<service>") for i in instructions(service)]
        return [line for line in own if not line.startswith("ENV APP_DATADIR=")]

    first, *others = (neutral(service) for service in SERVICES)
    assert all(other == first for other in others)


def test_the_context_holds_what_is_copied_and_no_more() -> None:
    lines = [line for line in (ROOT / ".dockerignore").read_text().splitlines() if line and not line.startswith("#")]
    assert lines[0] == "*"
    allowed = {line[1:] for line in lines if line.startswith("!")}
    needed = {source.split("/")[0] for service in SERVICES for stage in stages(service) for source, _ in copied(stage)}
    assert allowed == needed
