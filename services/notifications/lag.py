"""Whether everything that lies in the group's topics has been merged."""

from typing import Any

from kafka import KafkaConsumer, TopicPartition

from shared import db
from shared.contracts.catalogue import catalogue
from shared.kafka import positions


def caught_up(bootstrap: str, pool: db.Pool, group: str) -> bool:
    """Whether `group` has merged all its topics hold now, in every worker. Raises kafka.errors.KafkaError.

    Asked of the broker and the database, not of this process's own consumer: another worker may hold the partition
    that lags. A partition that no worker has seen yet counts as lagging.
    """
    # The positions first: whatever arrives between the two questions then counts as not merged.
    with pool.connection() as conn:
        known = positions.all_positions(conn, group)
    consumer: Any = KafkaConsumer(bootstrap_servers=bootstrap.split(","), enable_auto_commit=False)
    try:
        partitions = [
            TopicPartition(topic, partition)
            for topic in catalogue().groups[group].reads
            for partition in range(catalogue().topics[topic].partitions)
        ]
        ends: dict[TopicPartition, int] = consumer.end_offsets(partitions)
    finally:
        consumer.close(autocommit=False)
    return all(
        (at.topic, at.partition) in known and known[at.topic, at.partition].next_offset >= end
        for at, end in ends.items()
    )
