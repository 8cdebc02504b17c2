"""The embedded broker: no topic by accident, what it acknowledged survives its death."""

import uuid
from pathlib import Path

import pytest
from kafka import KafkaAdminClient, KafkaConsumer, KafkaProducer, TopicPartition
from kafka.admin import NewTopic
from kafka.errors import KafkaTimeoutError

from deploy.local.errors import LocalError
from deploy.local.kafka import EmbeddedKafka, is_ready
from deploy.local.ports import free_ports
from deploy.local.servers import Servers


def _values(bootstrap: str, topic: str, count: int) -> list[bytes]:
    consumer = KafkaConsumer(bootstrap_servers=bootstrap, auto_offset_reset="earliest", enable_auto_commit=False)
    consumer.assign([TopicPartition(topic, 0)])
    found: list[bytes] = []
    for _ in range(60):
        for records in consumer.poll(timeout_ms=500).values():
            found += [record.value for record in records]
        if len(found) >= count:
            break
    consumer.close()
    return found


def test_a_topic_is_not_made_by_asking_for_it(servers: Servers) -> None:
    name = f"absent-{uuid.uuid4()}"
    producer = KafkaProducer(bootstrap_servers=servers.bootstrap, max_block_ms=2_000)
    with pytest.raises(KafkaTimeoutError):
        producer.send(name, value=b"lost")
    producer.close()
    admin = KafkaAdminClient(bootstrap_servers=servers.bootstrap)
    assert name not in admin.list_topics()
    admin.close()


def test_records_survive_a_killed_broker(tmp_path: Path) -> None:
    kafka = EmbeddedKafka(tmp_path, short_lived=True)
    kafka.start()
    try:
        before = kafka.bootstrap
        admin = KafkaAdminClient(bootstrap_servers=before)
        admin.create_topics([NewTopic("kept", 1, 1)])
        admin.close()
        producer = KafkaProducer(bootstrap_servers=before, acks="all")
        for future in [producer.send("kept", value=str(number).encode()) for number in range(50)]:
            future.get(30)
        producer.close()
        kafka.kill()
        assert not is_ready(before)
        kafka.start()
        assert kafka.bootstrap == before
        assert _values(before, "kept", 50) == [str(number).encode() for number in range(50)]
    finally:
        kafka.stop()
    assert not is_ready(before)


def test_a_broker_that_cannot_start_says_where_to_look(tmp_path: Path, servers: Servers) -> None:
    taken = int(servers.bootstrap.rsplit(":", 1)[1])
    kafka = EmbeddedKafka(tmp_path, ports=(taken, free_ports(1)[0]), short_lived=True)
    with pytest.raises(LocalError, match=r"kafka\.log") as caught:
        kafka.start()
    assert "did not come up" in caught.value.en
    assert kafka.child is not None
    assert not kafka.child.running
