"""The rendered rights on a real broker that enforces them: enough for each service's work, and no more.

Names come by password here instead of by certificate; the rights are the same.
"""

import secrets
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from kafka import KafkaAdminClient, KafkaConsumer, KafkaProducer
from kafka.admin import (
    ACL,
    ACLFilter,
    ACLOperation,
    ACLPermissionType,
    ACLResourcePatternType,
    ResourcePattern,
    ResourcePatternFilter,
    ResourceType,
)
from kafka.errors import GroupAuthorizationFailedError, TopicAuthorizationFailedError

from deploy.k8s import render
from deploy.local.kafka import EmbeddedKafka
from deploy.local.ports import HOST, free_ports
from shared.contracts.catalogue import catalogue, dead_letter_topic
from shared.kafka.admin import create_topics
from tests.deploy.manifests import SERVICES
from tests.support.waiting import until

PATTERNS = {"literal": ACLResourcePatternType.LITERAL, "prefix": ACLResourcePatternType.PREFIXED}
GROUPS = sorted(catalogue().groups)


class Guarded(NamedTuple):
    """A broker with the rights in force, and how a service's client reaches it."""

    bootstrap: str
    password: str

    def client(self, service: str) -> dict[str, Any]:
        """The options of a client that is `service`."""
        return {
            "bootstrap_servers": self.bootstrap,
            "security_protocol": "SASL_PLAINTEXT",
            "sasl_mechanism": "PLAIN",
            "sasl_plain_username": f"nenep-{service}",
            "sasl_plain_password": self.password,
        }


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Guarded]:
    """Kafka with an authorizer, the topics, and the rights that Strimzi would set."""
    folder = tmp_path_factory.mktemp("guarded")
    kafka = EmbeddedKafka(folder, short_lived=True)
    kafka.prepare()
    (port,) = free_ports(1)
    password = secrets.token_hex(8)
    _guard(folder / "server.properties", port, password)
    try:
        kafka.start()
        create_topics(kafka.bootstrap, replication_factor=1)
        admin: Any = KafkaAdminClient(bootstrap_servers=kafka.bootstrap)
        try:
            admin.create_acls(_acls())
            _wait_in_force(admin, len(_acls()))
        finally:
            admin.close()
        yield Guarded(f"{HOST}:{port}", password)
    finally:
        kafka.stop()


def _guard(settings: Path, port: int, password: str) -> None:
    given = dict(line.partition("=")[::2] for line in settings.read_text().splitlines())
    people = " ".join(f'user_nenep-{service}="{password}"' for service in SERVICES)
    added = {
        "listeners": f"GUARDED://{HOST}:{port},{given['listeners']}",
        "advertised.listeners": f"GUARDED://{HOST}:{port},{given['advertised.listeners']}",
        "listener.security.protocol.map": f"GUARDED:SASL_PLAINTEXT,{given['listener.security.protocol.map']}",
        "inter.broker.listener.name": "PLAINTEXT",
        "sasl.enabled.mechanisms": "PLAIN",
        "listener.name.guarded.plain.sasl.jaas.config": (
            f"org.apache.kafka.common.security.plain.PlainLoginModule required {people};"
        ),
        "authorizer.class.name": "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
        "super.users": "User:ANONYMOUS",  # the broker itself, on the listener that no service knows
    }
    settings.write_text("\n".join(f"{name}={value}" for name, value in (given | added).items()) + "\n")


def _wait_in_force(admin: Any, count: int) -> None:
    """The controller answers before the broker has learned of the rights; what the broker lists is in force."""
    every = ACLFilter(
        principal=None,
        host=None,
        operation=ACLOperation.ANY,
        permission_type=ACLPermissionType.ANY,
        resource_pattern=ResourcePatternFilter(ResourceType.ANY, None, ACLResourcePatternType.ANY),
    )
    until(lambda: len(admin.describe_acls(every)[0]) >= count, what=f"{count} rights in force")


def _acls() -> list[Any]:
    return [
        ACL(
            principal=f"User:{user['metadata']['name']}",
            host="*",
            operation=ACLOperation[operation.upper()],
            permission_type=ACLPermissionType.ALLOW,
            resource_pattern=ResourcePattern(
                ResourceType[acl["resource"]["type"].upper()],
                acl["resource"]["name"],
                PATTERNS[acl["resource"]["patternType"]],
            ),
        )
        for user in render.users()
        for acl in user["spec"]["authorization"]["acls"]
        for operation in acl["operations"]
    ]


def _may_write(guarded: Guarded, service: str, topic: str) -> bool:
    # A producer to itself: after one refusal an idempotent producer sends nothing more.
    producer: Any = KafkaProducer(**guarded.client(service), enable_idempotence=True, acks="all")
    try:
        producer.send(topic, b"{}", b"key").get(timeout=20)
    except TopicAuthorizationFailedError:
        return False
    finally:
        producer.close(timeout=5)
    return True


def _read(guarded: Guarded, service: str, group: str, topics: list[str]) -> set[str]:
    consumer: Any = KafkaConsumer(
        **guarded.client(service), group_id=group, enable_auto_commit=False, auto_offset_reset="earliest"
    )
    found: set[str] = set()
    try:
        consumer.subscribe(topics)
        deadline = time.monotonic() + 30
        while found < set(topics) and time.monotonic() < deadline:
            found |= {partition.topic for partition in consumer.poll(timeout_ms=200)}
        consumer.commit()
    finally:
        consumer.close(autocommit=False)
    return found


@pytest.mark.parametrize("service", SERVICES)
def test_a_relay_may_write_its_own_topics_and_no_other(guarded: Guarded, service: str) -> None:
    letters = {dead_letter_topic(name): group.service for name, group in catalogue().groups.items()}
    owners = {name: topic.owner for name, topic in catalogue().topics.items()} | letters
    own = {topic for topic, owner in owners.items() if owner == service}
    assert {topic for topic in owners if _may_write(guarded, service, topic)} == own


@pytest.mark.parametrize("name", GROUPS)
def test_a_group_may_read_its_topics(guarded: Guarded, name: str) -> None:
    group = catalogue().groups[name]
    for topic in group.reads:
        assert _may_write(guarded, catalogue().topics[topic].owner, topic)
    assert _read(guarded, group.service, name, group.reads) == set(group.reads)


@pytest.mark.parametrize("name", GROUPS)
def test_nobody_else_may_join_a_group(guarded: Guarded, name: str) -> None:
    group = catalogue().groups[name]
    for service in set(SERVICES) - {group.service}:
        with pytest.raises(GroupAuthorizationFailedError):
            _read(guarded, service, name, group.reads)
