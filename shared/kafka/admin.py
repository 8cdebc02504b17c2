"""Topics made from the catalogue: automatic creation is off everywhere, so a topic nobody declared cannot appear."""

from typing import Any

from kafka import KafkaAdminClient
from kafka.admin import NewTopic
from kafka.errors import TopicAuthorizationFailedError

from shared.contracts.catalogue import catalogue, dead_letter_topic

# Kafka counts retention in milliseconds; tombstones outlive the longest outage of a reader (pitfalls: personal data).
_WEEK_MS = 7 * 24 * 3600 * 1000
COMPACT = {
    "cleanup.policy": "compact",
    "min.cleanable.dirty.ratio": "0.1",
    "segment.ms": str(24 * 3600 * 1000),
    "max.compaction.lag.ms": str(_WEEK_MS),
    "delete.retention.ms": str(4 * _WEEK_MS),
}
DELETE = {"cleanup.policy": "delete", "retention.ms": str(4 * _WEEK_MS)}
DEAD_LETTERS = {"cleanup.policy": "delete", "retention.ms": "-1"}


def declared_topics() -> dict[str, tuple[int, dict[str, str]]]:
    """Every topic of the suite, dead letters among them: partitions and configuration."""
    declared = {
        name: (topic.partitions, COMPACT if topic.cleanup == "compact" else DELETE)
        for name, topic in catalogue().topics.items()
    }
    return declared | {dead_letter_topic(group): (1, DEAD_LETTERS) for group in catalogue().groups}


def create_topics(bootstrap: str, *, replication_factor: int) -> list[str]:
    """Create the declared topics that do not exist yet; returns their names. Raises kafka.errors.KafkaError."""
    admin: Any = KafkaAdminClient(bootstrap_servers=bootstrap.split(","))
    try:
        present = set(admin.list_topics())
        missing = {name: declared for name, declared in declared_topics().items() if name not in present}
        if missing:
            admin.create_topics(
                [
                    NewTopic(name, partitions, replication_factor, topic_configs=config)
                    for name, (partitions, config) in missing.items()
                ]
            )
            admin.wait_for_topics(list(missing))
        return sorted(missing)
    finally:
        admin.close()


def topic_ids(bootstrap: str, topics: list[str]) -> dict[str, str]:
    """The id Kafka gave each topic when it was made: a topic made again under its old name has another.

    Raises kafka.errors.KafkaError, also when a topic is not there or hidden from us.
    """
    admin: Any = KafkaAdminClient(bootstrap_servers=bootstrap.split(","))
    try:
        ids = {topic["name"]: topic["topic_id"] for topic in admin.describe_topics(topics)}
        hidden = [name for name in topics if ids.get(name) is None]
        if hidden:
            raise TopicAuthorizationFailedError(f"no such topic, or no right to describe it: {', '.join(hidden)}")
        return {name: str(topic_id) for name, topic_id in ids.items()}
    finally:
        admin.close()
