"""Each service alone, as its Dockerfile makes it but without Docker: its own extra, its own files, its entry points."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.deploy.dockerfile import copied, install_arguments, stages
from tests.deploy.manifests import ROOT, SERVICES, WORKERS

pytestmark = pytest.mark.packaging

# Alembic's own files run within a migration only; __main__ is run, not imported.
_IMPORT_ALL = """
import importlib, pathlib
for path in sorted(pathlib.Path().rglob("*.py")):
    if "migrations" not in path.parts and path.name != "__main__.py":
        importlib.import_module(".".join(path.with_suffix("").parts).removesuffix(".__init__"))
"""


@pytest.fixture(scope="module", params=SERVICES)
def service(request: pytest.FixtureRequest) -> str:
    """Every service in turn."""
    name: str = request.param
    return name


@pytest.fixture(scope="module")
def image(service: str, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The interpreter and the /app folder of the service's image."""
    folder = tmp_path_factory.mktemp(service)
    uv = shutil.which("uv") or str(Path(sys.executable).with_name("uv"))
    python = folder / "venv" / "bin" / "python"
    subprocess.run([uv, "venv", "--quiet", "--python", sys.executable, str(folder / "venv")], check=True)
    arguments = [str(python) if word == "/opt/venv/bin/python" else word for word in install_arguments(service)]
    assert str(python) in arguments
    subprocess.run([uv, *arguments, "--quiet"], check=True, cwd=ROOT)
    app = folder / "app"
    for source, destination in copied(stages(service)[-1]):
        target = app / destination
        if source.endswith("/"):
            shutil.copytree(ROOT / source, target, ignore=shutil.ignore_patterns("__pycache__", "Dockerfile"))
        else:
            target.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / source, target)
    return python, app


def _run(image: tuple[Path, Path], *arguments: str) -> str:
    python, app = image
    # The environment of an image: no PYTHONPATH, nothing of this checkout.
    environment = {"PATH": str(python.parent), "HOME": str(app.parent)}
    done = subprocess.run([str(python), *arguments], cwd=app, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_commands_are_those_the_pods_run(service: str, image: tuple[Path, Path]) -> None:
    help_ = _run(image, "-m", f"services.{service}", "--help")
    expected = {"api", "relay", "migrate"} | ({"worker"} if service in WORKERS else set())
    commands = {line.split()[0] for line in help_.partition("Commands:")[2].splitlines() if line.strip()}
    assert commands >= expected
    for command in expected:
        _run(image, "-m", f"services.{service}", command, "--help")


def test_every_module_is_importable(image: tuple[Path, Path]) -> None:
    _run(image, "-c", _IMPORT_ALL)


def test_migrations_are_in_the_image(service: str, image: tuple[Path, Path]) -> None:
    _, app = image
    migrations = app / "services" / service / "store" / "migrations"
    assert (migrations / "env.py").is_file()
    assert list((migrations / "versions").glob("*.py"))
