"""Rules of the house that a tool does not check for us. Each names the hazard it keeps out."""

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def _tracked() -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return [ROOT / line for line in listed.stdout.splitlines() if (ROOT / line).is_file()]


def _python(*folders: str) -> Iterator[tuple[Path, ast.Module]]:
    for folder in folders:
        for path in sorted((ROOT / folder).rglob("*.py")):
            yield path, ast.parse(path.read_text())


def _calls(tree: ast.AST, name: str) -> list[ast.Call]:
    return [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == name
    ]


def test_acks_are_ours_alone() -> None:
    """`stream.take` acks a batch whose body raised (pitfalls, 1), a stream what it hands over, unless told not to."""
    engine = [(path, tree) for path, tree in _python("services/evaluation") if "import faust" in ast.unparse(tree)]
    assert [str(path) for path, tree in engine if _calls(tree, "take")] == []
    tree = ast.parse((ROOT / "services/evaluation/stream.py").read_text())
    set_ = [ast.unparse(node) for node in ast.walk(tree) if isinstance(node, ast.Assign)]
    assert "stream.enable_acks = False" in set_


def test_agents_are_not_concurrent_and_hold_no_tables() -> None:
    """`concurrency > 1` commits past a message in flight (faust-streaming/faust#606); Tables and batches exclude."""
    tree = ast.parse((ROOT / "services/evaluation/stream.py").read_text())
    agents = _calls(tree, "agent")
    assert agents
    for agent in agents:
        given = {keyword.arg: ast.unparse(keyword.value) for keyword in agent.keywords}
        assert given.get("concurrency") == "1"
    assert _calls(tree, "Table") == []
    assert _calls(tree, "GlobalTable") == []


def test_only_the_relay_produces() -> None:
    """A change and its event leave in one transaction, or not at all."""
    producing = [
        path.relative_to(ROOT).as_posix()
        for path, tree in _python("services", "shared")
        if any(
            isinstance(node, ast.Name) and node.id in {"KafkaProducer", "AIOKafkaProducer"} for node in ast.walk(tree)
        )
    ]
    assert producing == ["shared/kafka/producer.py"]


def test_consumers_name_their_offset_policy() -> None:
    """kafka-python commits by itself and starts at `latest` unless told otherwise (pitfalls)."""
    for path, tree in _python("services", "shared", "deploy"):
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("KafkaConsumer"):
                given = {keyword.arg: ast.unparse(keyword.value) for keyword in node.keywords}
                assert given.get("enable_auto_commit") == "False", path
                assert "group_id" not in given or given.get("auto_offset_reset") == "'earliest'", path


def test_settings_are_read_in_one_place() -> None:
    """A setting that is read anywhere else is in no list."""
    reading = [
        path.relative_to(ROOT).as_posix()
        for path, tree in _python("services", "shared")
        if any(isinstance(node, ast.Attribute) and node.attr in {"environ", "getenv"} for node in ast.walk(tree))
    ]
    assert reading == ["shared/settings.py"]


def test_metrics_are_declared_in_one_place() -> None:
    """A metric that is declared anywhere else is in no list."""
    kinds = {"Counter", "Gauge", "Histogram", "Summary"}
    declaring = [
        path.relative_to(ROOT).as_posix()
        for path, tree in _python("services", "shared")
        if any(
            isinstance(node, ast.ImportFrom)
            and node.module == "prometheus_client"
            and kinds & {alias.name for alias in node.names}
            for node in ast.walk(tree)
        )
    ]
    assert declaring == ["shared/metrics.py"]


def test_tests_wait_for_conditions() -> None:
    """A test that sleeps is slow on a good day and red on a bad one; the one sleep is between two looks."""
    sleeping = [
        path.relative_to(ROOT).as_posix()
        for path, tree in _python("tests")
        if any("sleep" in ast.unparse(call.func) for call in ast.walk(tree) if isinstance(call, ast.Call))
    ]
    assert sleeping == ["tests/support/waiting.py"]


def test_every_ignored_type_has_a_reason() -> None:
    """`# type: ignore` alone hides the next error too."""
    bare = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in _tracked()
        if path.suffix == ".py"
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if re.search(r"#\s*type:\s*ignore(?!\[[\w, -]+\]  # \w)", line) and path != Path(__file__)
    ]
    assert bare == []


@pytest.mark.parametrize(
    "secret",
    [
        "pypi" + ".org",
        "python" + "hosted",
        "repo1" + ".maven",
        "repo.maven" + ".apache",
        "maven" + "-central.storage",
        "deb.debian" + ".org",
        "registry.npm" + "js",
        "/ro" + "ot/",
        "/wo" + "rk/",
    ],
)
def test_no_registry_and_no_machine_is_named(secret: str) -> None:
    """What is installed comes from wherever the machine is told to look."""
    naming = []
    for path in _tracked():
        try:
            text = path.read_text()
        except UnicodeDecodeError:
            continue
        if secret in text:
            naming.append(path.relative_to(ROOT).as_posix())
    assert naming == []
