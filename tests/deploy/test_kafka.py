"""Strimzi's resources: the cluster, the topics and each service's rights, as the catalogue of topics states them."""

import shutil
from pathlib import Path

import pytest

from deploy.k8s import render
from deploy.local.jars import KAFKA_VERSION
from shared.contracts.catalogue import catalogue, dead_letter_topic
from shared.kafka.admin import declared_topics
from tests.deploy.manifests import COMPONENT, K8S, SERVICES, Manifests, Resource, build


@pytest.fixture
def with_access(tmp_path: Path) -> Manifests:
    """The province with client certificates and rights in Kafka."""
    shutil.copytree(K8S, tmp_path / "k8s")
    overlay = tmp_path / "k8s" / "overlays" / "province"
    kustomization = overlay / "kustomization.yaml"
    text = kustomization.read_text()
    if "components/kafka-access" not in text:
        line = "  - ../../components/kafka\n"
        assert line in text
        kustomization.write_text(text.replace(line, line + "  - ../../components/kafka-access\n"))
    return Manifests("province with kafka-access", build(overlay))


def _granted(user: Resource, kind: str, operation: str) -> set[str]:
    return {
        acl["resource"]["name"]
        for acl in user["spec"]["authorization"]["acls"]
        if acl["resource"]["type"] == kind and operation in acl["operations"]
    }


def test_rendered_files_are_fresh() -> None:
    for path, content in render.files().items():
        assert path.read_text(encoding="utf-8") == content, f"{path.name} is stale: python -m deploy.k8s.render"


def test_resources_are_of_the_one_version_strimzi_serves(manifests: Manifests) -> None:
    versions = {r["apiVersion"] for r in manifests.resources if r["apiVersion"].startswith("kafka.strimzi.io")}
    assert versions == {"kafka.strimzi.io/v1"}


def test_topics_are_those_declared(manifests: Manifests) -> None:
    topics = manifests.of("KafkaTopic")
    assert {
        name: (topic["spec"]["partitions"], {k: str(v) for k, v in topic["spec"]["config"].items()})
        for name, topic in topics.items()
    } == declared_topics()
    (kafka,) = manifests.of("Kafka")
    assert {topic["metadata"]["labels"]["strimzi.io/cluster"] for topic in topics.values()} == {kafka}


def test_the_cluster_is_the_kafka_the_tests_run_on(manifests: Manifests) -> None:
    (kafka,) = manifests.of("Kafka").values()
    assert kafka["spec"]["kafka"]["version"] == KAFKA_VERSION
    assert KAFKA_VERSION.startswith(kafka["spec"]["kafka"]["metadataVersion"].partition("-")[0])


def test_no_topic_appears_by_itself_and_none_loses_a_record(manifests: Manifests) -> None:
    (kafka,) = manifests.of("Kafka").values()
    (pool,) = manifests.of("KafkaNodePool").values()
    config = kafka["spec"]["kafka"]["config"]
    nodes = pool["spec"]["replicas"]
    assert (nodes, config["min.insync.replicas"]) == {"dev": (1, 1), "province": (3, 2)}[manifests.overlay]
    assert config["auto.create.topics.enable"] is False
    for factor in ("default", "offsets.topic", "transaction.state.log"):
        assert config[f"{factor}.replication.factor"] == nodes
    assert {"controller", "broker"} == set(pool["spec"]["roles"])
    assert all(volume["deleteClaim"] is False for volume in pool["spec"]["storage"]["volumes"])


def test_the_suite_is_told_where_kafka_listens(manifests: Manifests, with_access: Manifests) -> None:
    for each in (manifests, with_access):
        ((name, kafka),) = each.of("Kafka").items()
        (listener,) = kafka["spec"]["kafka"]["listeners"]
        for _, container in each.containers():
            told = each.environment(container)["NENEP_KAFKA_BOOTSTRAP"]
            assert told == f"{name}-kafka-bootstrap:{listener['port']}"


def test_a_topic_is_written_by_its_owner_and_read_by_its_readers(with_access: Manifests) -> None:
    users = with_access.of("KafkaUser")
    assert set(users) == {f"nenep-{service}" for service in SERVICES}
    for name, topic in catalogue().topics.items():
        writers = {user for user in users if name in _granted(users[user], "topic", "Write")}
        readers = {user for user in users if name in _granted(users[user], "topic", "Read")}
        assert writers == {f"nenep-{topic.owner}"}, name
        assert readers == {f"nenep-{reader}" for reader in topic.readers}, name


def test_dead_letters_are_written_by_their_service_and_read_by_those_who_send_back(with_access: Manifests) -> None:
    users = with_access.of("KafkaUser")
    for name, group in catalogue().groups.items():
        letters = dead_letter_topic(name)
        senders = {group.service} | {catalogue().topics[topic].owner for topic in group.reads}
        assert {u for u in users if letters in _granted(users[u], "topic", "Write")} == {f"nenep-{group.service}"}
        assert {u for u in users if letters in _granted(users[u], "topic", "Read")} == {f"nenep-{s}" for s in senders}


def test_a_service_joins_groups_of_its_own_only(with_access: Manifests) -> None:
    for service in SERVICES:
        user = with_access.of("KafkaUser")[f"nenep-{service}"]
        prefixes = _granted(user, "group", "Read")
        own = {name for name, group in catalogue().groups.items() if group.service == service}
        assert prefixes == ({f"{service}."} if own else set())
        assert all(group.startswith(f"{service}.") for group in own)
        assert not [acl for acl in user["spec"]["authorization"]["acls"] if acl["resource"]["type"] == "cluster"]


def test_certificates_reach_those_who_speak_to_kafka(with_access: Manifests) -> None:
    (kafka,) = with_access.of("Kafka").values()
    (listener,) = kafka["spec"]["kafka"]["listeners"]
    assert (listener["tls"], listener["authentication"]) == (True, {"type": "tls"})
    assert kafka["spec"]["kafka"]["authorization"] == {"type": "simple"}
    assert set(kafka["spec"]["entityOperator"]) == {"topicOperator", "userOperator"}
    for name, pod in with_access.pods().items():
        (container,) = pod["spec"]["containers"]
        mounts = {mount["mountPath"]: mount["name"] for mount in container["volumeMounts"]}
        if pod["metadata"]["labels"][COMPONENT] == "api":
            assert set(mounts) == {"/tmp"}, name
            continue
        volume = next(v for v in pod["spec"]["volumes"] if v["name"] == mounts["/etc/nenep/kafka"])
        secrets = [source["secret"]["name"] for source in volume["projected"]["sources"]]
        assert secrets == ["nenep-cluster-ca-cert", f"nenep-{name.partition('-')[0]}"], name
        files = {f"/etc/nenep/kafka/{i['path']}" for s in volume["projected"]["sources"] for i in s["secret"]["items"]}
        told = {v for k, v in with_access.environment(container).items() if k.startswith("NENEP_KAFKA_") and "/" in v}
        assert told == files, name
