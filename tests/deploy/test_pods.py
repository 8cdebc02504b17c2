"""Pods: confined, sized, probed, told the settings they know, and found by what selects them."""

import importlib
import inspect

import pytest
from msgspec import structs

from shared.settings import PREFIX, Settings
from tests.deploy.manifests import COMPONENT, NAME, ROOT, SERVICES, WORKERS, Manifests, matches, rendered

GRACEFUL_TIMEOUT_OF_THE_API = 20  # shared/process.py


def settings_of(service: str) -> set[str]:
    module = importlib.import_module(f"services.{service}.settings")
    own = [
        kind
        for _, kind in inspect.getmembers(module, inspect.isclass)
        if issubclass(kind, Settings) and kind is not Settings
    ]
    assert len(own) == 1, f"services/{service}/settings.py has one class of settings"
    return {PREFIX + field.name.upper() for field in structs.fields(own[0])}


def test_every_process_of_every_service_is_deployed(manifests: Manifests) -> None:
    expected = {f"{service}-{part}" for service in SERVICES for part in ("api", "relay")}
    expected |= {f"{service}-worker" for service in WORKERS}
    assert set(manifests.of("Deployment")) == expected


def test_pods_are_confined(manifests: Manifests) -> None:
    for name, pod in manifests.pods().items():
        spec = pod["spec"]
        assert spec["automountServiceAccountToken"] is False, name
        assert spec["enableServiceLinks"] is False, name
        assert spec["securityContext"]["runAsNonRoot"] is True, name
        assert spec["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}, name
        assert not {"hostNetwork", "hostPID", "hostIPC"} & set(spec), name
        assert all(set(volume) & {"emptyDir", "projected"} for volume in spec["volumes"]), name
        assert spec["serviceAccountName"] == name
        assert manifests.of("ServiceAccount")[name]["automountServiceAccountToken"] is False


def test_containers_are_confined_and_sized(manifests: Manifests) -> None:
    for name, container in manifests.containers():
        assert container["securityContext"] == {
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"]},
        }, name
        assert {"name": "tmp", "mountPath": "/tmp"} in container["volumeMounts"], name
        for amount in ("requests", "limits"):
            assert set(container["resources"][amount]) == {"cpu", "memory"}, name


def test_processes_are_probed_where_they_answer(manifests: Manifests) -> None:
    for name, pod in manifests.pods().items():
        component = pod["metadata"]["labels"][COMPONENT]
        (container,) = pod["spec"]["containers"]
        given = manifests.environment(container)
        assert container["args"] == [component]
        ports = (
            {"http": "NENEP_HTTP_PORT", "ops": "NENEP_OPS_PORT"} if component == "api" else {"ops": "NENEP_OPS_PORT"}
        )
        assert container["ports"] == [
            {"name": port, "containerPort": int(given[number])} for port, number in ports.items()
        ], name
        assert given["NENEP_HTTP_HOST"] == "0.0.0.0", f"{name} must listen where the kubelet asks"
        paths = {probe: container[probe]["httpGet"] for probe in ("startupProbe", "livenessProbe", "readinessProbe")}
        assert paths == {
            "startupProbe": {"path": "/livez", "port": "ops"},
            "livenessProbe": {"path": "/livez", "port": "ops"},
            "readinessProbe": {"path": "/readyz", "port": next(iter(ports))},
        }, name


def test_pods_have_time_to_finish(manifests: Manifests) -> None:
    for name, pod in manifests.pods().items():
        grace = pod["spec"]["terminationGracePeriodSeconds"]
        assert 30 <= grace <= 40, name
        (container,) = pod["spec"]["containers"]
        if container["args"] == ["api"]:
            assert grace > container["lifecycle"]["preStop"]["sleep"]["seconds"] + GRACEFUL_TIMEOUT_OF_THE_API


def test_code_that_names_columns_waits_for_the_migration(manifests: Manifests) -> None:
    for name, pod in manifests.pods().items():
        before = pod["spec"].get("initContainers", [])
        if pod["metadata"]["labels"][COMPONENT] == "relay":
            assert before == [], name
            continue
        (migrate,) = before
        (main,) = pod["spec"]["containers"]
        assert migrate["args"] == ["migrate"], name
        assert (migrate["image"], migrate["envFrom"]) == (main["image"], main["envFrom"]), name
        given = [v for v in migrate["env"] if v["name"] != "NENEP_MIGRATION_URL"]
        assert given == [v for v in main["env"] if v["name"] in {"NENEP_DATABASE_URL", "NENEP_REGISTRY_KEYS"}], name


def test_only_a_migration_may_work_as_the_owner_of_the_registrys_tables(manifests: Manifests) -> None:
    owning = {
        name: v["valueFrom"]["secretKeyRef"]
        for name, container in manifests.containers()
        for v in container["env"]
        if v["name"] == "NENEP_MIGRATION_URL"
    }
    key = {"name": "nenep-registry-database", "key": "migration_url"}
    assert owning == {
        f"{name}/migrate": key for name in manifests.pods() if name in ("registry-api", "registry-worker")
    }


@pytest.mark.parametrize("service", SERVICES)
def test_every_variable_is_a_setting(manifests: Manifests, service: str) -> None:
    known = settings_of(service)
    for name, container in manifests.containers():
        if name.startswith(f"{service}-"):
            given = {variable for variable in manifests.environment(container) if variable.startswith(PREFIX)}
            assert given - known == set(), name
            assert given >= {"NENEP_DATABASE_URL", "NENEP_KAFKA_BOOTSTRAP", "NENEP_TOKEN_ISSUER", "NENEP_JWKS_URL"}
            assert manifests.environment(container)["NENEP_SERVICE_NAME"] == service


def test_a_service_is_given_its_own_secrets_only(manifests: Manifests) -> None:
    documented = (ROOT / "docs" / "kubernetes.md").read_text(encoding="utf-8")
    for name, container in manifests.containers():
        service = name.partition("-")[0]
        secrets = {v["name"]: v["valueFrom"]["secretKeyRef"] for v in container["env"] if "valueFrom" in v}
        assert secrets["NENEP_DATABASE_URL"] == {"name": f"nenep-{service}-database", "key": "url"}, name
        for secret in secrets.values():
            assert secret["name"].startswith(f"nenep-{service}-"), name
            assert f"| `{secret['name']}` |" in documented


def test_what_passes_through_the_registrys_temporary_files_stays_off_the_disk(manifests: Manifests) -> None:
    for process in ("api", "worker"):
        pod = manifests.pods()[f"registry-{process}"]["spec"]
        (temporary,) = [volume for volume in pod["volumes"] if volume["name"] == "tmp"]
        assert temporary["emptyDir"]["medium"] == "Memory"


def test_a_deployment_selects_its_own_pods(manifests: Manifests) -> None:
    labels = {name: pod["metadata"]["labels"] for name, pod in manifests.pods().items()}
    for name, deployment in manifests.of("Deployment").items():
        selected = [other for other in labels if matches(deployment["spec"]["selector"], labels[other])]
        assert selected == [name]
        (spread,) = deployment["spec"]["template"]["spec"]["topologySpreadConstraints"]
        assert spread["labelSelector"] == deployment["spec"]["selector"]


def test_services_and_budgets_select_one_deployment(manifests: Manifests) -> None:
    pods = manifests.pods()
    assert set(manifests.of("Service")) == {f"{service}-api" for service in SERVICES}
    for name, service in manifests.of("Service").items():
        selected = [n for n, p in pods.items() if matches({"matchLabels": service["spec"]["selector"]}, _labels(p))]
        assert selected == [name]
        ports = {port["name"] for port in pods[name]["spec"]["containers"][0]["ports"]}
        assert {port["targetPort"] for port in service["spec"]["ports"]} <= ports
    assert set(manifests.of("PodDisruptionBudget")) == set(pods)
    for name, budget in manifests.of("PodDisruptionBudget").items():
        assert [n for n, p in pods.items() if matches(budget["spec"]["selector"], _labels(p))] == [name]
        # minAvailable 1 would keep a node with a single replica from ever being drained.
        assert budget["spec"]["maxUnavailable"] == 1


def test_images_are_of_the_service_and_of_this_version(manifests: Manifests) -> None:
    version = next(
        line.split('"')[1] for line in (ROOT / "pyproject.toml").read_text().splitlines() if line.startswith("version")
    )
    for name, pod in manifests.pods().items():
        service = pod["metadata"]["labels"][NAME]
        spec = pod["spec"]
        for container in [*spec.get("initContainers", []), *spec["containers"]]:
            assert container["image"] == f"nenep-{service}:{version}", name


def test_a_province_loses_no_api_or_relay_with_one_node() -> None:
    for name, deployment in rendered("province").of("Deployment").items():
        if not name.endswith("-worker"):
            assert deployment["spec"]["replicas"] >= 2, name
            (spread,) = deployment["spec"]["template"]["spec"]["topologySpreadConstraints"]
            assert spread["whenUnsatisfiable"] == "DoNotSchedule"


def _labels(pod: dict[str, dict[str, dict[str, str]]]) -> dict[str, str]:
    return pod["metadata"]["labels"]
