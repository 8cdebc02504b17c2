"""A topic's log, filled and read with nothing in between: the limit that the rest is compared with."""

import asyncio
import logging
import time
from collections.abc import Iterable
from typing import Any

import aiokafka

from deploy.local.errors import LocalError
from shared.contracts.catalogue import catalogue
from shared.envelope import Record

_IN_FLIGHT = 20_000
_SILENCE_SECONDS = 30.0


def fill(bootstrap: str, records: Iterable[Record]) -> int:
    """Put `records` into their topics in order, each to its key's partition; returns how many. Raises KafkaError.

    The one place where load goes into topics past the outbox: a log that took a province years to write.
    """
    # A broker that is new says for a moment that it does not lead its partitions; aiokafka warns and asks again.
    logging.getLogger("aiokafka").setLevel(logging.ERROR)
    return asyncio.run(_fill(bootstrap, records))


async def _fill(bootstrap: str, records: Iterable[Record]) -> int:
    producer = aiokafka.AIOKafkaProducer(
        bootstrap_servers=bootstrap, acks="all", linger_ms=20, max_batch_size=131_072, enable_idempotence=True
    )
    await producer.start()
    count = 0
    waiting: list[Any] = []
    try:
        for record in records:
            waiting.append(await producer.send(record.topic, record.value, record.key, headers=record.headers))
            count += 1
            if len(waiting) >= _IN_FLIGHT:
                await asyncio.gather(*waiting)
                waiting.clear()
        await asyncio.gather(*waiting)
    finally:
        await producer.stop()
    return count


class Passage(dict[str, int]):
    """What one reading of topics found: messages of each topic, with the bytes of their values and the seconds."""

    def __init__(self) -> None:
        super().__init__()
        self.value_bytes = 0
        self.seconds = 0.0

    @property
    def messages(self) -> int:
        """Messages of all topics."""
        return sum(self.values())


def read_raw(bootstrap: str, group: str) -> Passage:
    """Read every topic of `group` from its beginning to its end with aiokafka's getmany, doing nothing with it.

    The clock runs from the first request for records, with the connection made, to the last record.
    """
    return asyncio.run(_read_raw(bootstrap, group))


async def _read_raw(bootstrap: str, group: str) -> Passage:
    found = Passage()
    # "earliest", not seek_to_beginning: the answer to aiokafka's own reset of a fresh assignment, by default to the
    # end, can come after the seek and win (aiokafka 0.14, fetcher.py, _update_fetch_positions).
    consumer = aiokafka.AIOKafkaConsumer(
        bootstrap_servers=bootstrap,
        auto_offset_reset="earliest",
        enable_auto_commit=False,
        max_partition_fetch_bytes=4_194_304,
    )
    await consumer.start()
    try:
        places = [
            aiokafka.TopicPartition(topic, number)
            for topic in catalogue().groups[group].reads
            for number in range(catalogue().topics[topic].partitions)
        ]
        # By offsets, not by their number: what was compacted away while the log was filled does not come.
        unread = {place: end for place, end in (await consumer.end_offsets(places)).items() if end}
        began = last = time.perf_counter()
        consumer.assign(places)
        while unread:
            if time.perf_counter() - last > _SILENCE_SECONDS:
                raise LocalError(
                    f"Kafka im lặng sau {found.messages} bản ghi", f"Kafka is silent after {found.messages} messages"
                )
            for place, records in (await consumer.getmany(timeout_ms=500, max_records=20_000)).items():
                last = time.perf_counter()
                if records[-1].offset + 1 >= unread.get(place, 0):
                    unread.pop(place, None)
                found[place.topic] = found.get(place.topic, 0) + len(records)
                found.value_bytes += sum(len(record.value) for record in records)
        found.seconds = time.perf_counter() - began
    finally:
        await consumer.stop()
    return found
