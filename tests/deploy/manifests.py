"""Overlays, rendered by kubectl's Kustomize, and the questions the tests ask them."""

import os
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from shared.contracts.catalogue import catalogue

ROOT = Path(__file__).parents[2]
K8S = ROOT / "deploy" / "k8s"
OVERLAYS = ("dev", "province")
SERVICES = tuple(dict.fromkeys(topic.owner for topic in catalogue().topics.values()))
WORKERS = {group.service for group in catalogue().groups.values()} | {"registry"}
"""Those that read topics, and the one that carries out files."""
NAME, COMPONENT = "app.kubernetes.io/name", "app.kubernetes.io/component"

Resource = dict[str, Any]


class Manifests:
    """The resources of one overlay."""

    def __init__(self, overlay: str, resources: list[Resource]) -> None:
        self.overlay = overlay
        self.resources = resources

    def of(self, kind: str) -> dict[str, Resource]:
        """Resources of `kind`, by name."""
        return {r["metadata"]["name"]: r for r in self.resources if r["kind"] == kind}

    def pods(self) -> dict[str, Resource]:
        """The pod template of every Deployment, by the Deployment's name."""
        return {name: deployment["spec"]["template"] for name, deployment in self.of("Deployment").items()}

    def containers(self) -> Iterator[tuple[str, Resource]]:
        """Every container and init container, with a name to show."""
        for name, pod in self.pods().items():
            for container in [*pod["spec"].get("initContainers", []), *pod["spec"]["containers"]]:
                yield f"{name}/{container['name']}", container

    def environment(self, container: Resource) -> dict[str, str]:
        """The variables a container is given; those from a Secret have no value here."""
        maps = self.of("ConfigMap")
        given: dict[str, str] = {}
        for source in container["envFrom"]:
            given |= maps[source["configMapRef"]["name"]]["data"]
        return given | {variable["name"]: variable.get("value", "") for variable in container["env"]}


def matches(selector: Mapping[str, Any], labels: Mapping[str, str]) -> bool:
    """Whether a label selector (matchLabels, matchExpressions with In) selects `labels`; an empty one selects all."""
    expressions = selector.get("matchExpressions", [])
    assert all(expression["operator"] == "In" for expression in expressions)
    return all(labels.get(key) == value for key, value in selector.get("matchLabels", {}).items()) and all(
        labels.get(expression["key"]) in expression["values"] for expression in expressions
    )


@cache
def rendered(overlay: str) -> Manifests:
    """The overlay of that name."""
    return Manifests(overlay, build(K8S / "overlays" / overlay))


def build(folder: Path) -> list[Resource]:
    """What `kubectl kustomize` makes of `folder`. Without kubectl the test is skipped, but not where CI is set."""
    kubectl = shutil.which("kubectl")
    if kubectl is None:
        absent = "kubectl is needed to render deploy/k8s: NOTHING about the Kubernetes resources was checked"
        if os.environ.get("CI"):
            pytest.fail(absent)
        pytest.skip(absent)
    done = subprocess.run([kubectl, "kustomize", str(folder)], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return [resource for resource in yaml.safe_load_all(done.stdout) if resource]
