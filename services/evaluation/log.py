"""Reading a range of a topic's partition as fast as it can be read, record batch by record batch.

Below aiokafka's consumer: its `getmany` makes a Python object with eleven members of every record, two thirds of the
time of reading a log. Here its client fetches and its compiled reader walks the record batches (aiokafka 0.14.0,
consumer/fetcher.py does the same); what is not read from a record costs nothing.
"""

import asyncio
from collections.abc import AsyncIterator, Sequence
from typing import Any, Final

import aiokafka
from aiokafka import errors
from aiokafka.client import AIOKafkaClient
from aiokafka.protocol.fetch import FetchRequest
from aiokafka.record.memory_records import MemoryRecords

from shared.envelope import Received, headers_of
from shared.kafka.positions import Partition

_FETCH_BYTES: Final = 8_388_608
_WAIT_MS: Final = 500
_TRIES: Final = 60
_PAUSE_SECONDS: Final = 0.25
Range = tuple[int, int]
"""Offsets from the first to before the second."""


async def ends(bootstrap: str, partitions: Sequence[Partition]) -> dict[Partition, Range]:
    """Where each of `partitions` begins and ends now. Raises aiokafka.errors.KafkaError."""
    consumer: Any = aiokafka.AIOKafkaConsumer(bootstrap_servers=bootstrap.split(","), enable_auto_commit=False)
    await consumer.start()
    try:
        at = [aiokafka.TopicPartition(*partition) for partition in partitions]
        first, last = await consumer.beginning_offsets(at), await consumer.end_offsets(at)
        return {(one.topic, one.partition): (first[one], last[one]) for one in at}
    finally:
        await consumer.stop()


async def read(bootstrap: str, partition: Partition, offsets: Range) -> AsyncIterator[list[Received]]:
    """What `partition` holds of `offsets`, in order, some thousands at a time.

    A broker that is away, hands its partition over, or does not have the range's end is asked again for 15 seconds and
    what its answers take. Raises aiokafka.errors.KafkaError.
    """
    position, end = offsets
    if position >= end:
        return
    client: Any = AIOKafkaClient(bootstrap_servers=bootstrap.split(","))
    await client.bootstrap()
    try:
        await client.set_topics([partition[0]])
        asked = asyncio.ensure_future(_fetch(client, partition, position, end))
        while position < end:
            batches = await asked
            begin = position
            if batches:
                position = batches[-1].next_offset
            if position < end:
                # Asked for while this one is decoded.
                asked = asyncio.ensure_future(_fetch(client, partition, position, end))
            records = [
                Received(*partition, record.offset, record.key, record.value, headers_of(record.headers))
                for batch in batches
                if not batch.is_control_batch
                for record in batch
                if begin <= record.offset < end
            ]
            if records:
                yield records
    finally:
        asked.cancel()
        await client.close()


async def _fetch(client: Any, partition: Partition, position: int, end: int) -> list[Any]:
    topic, number = partition
    for left in reversed(range(_TRIES)):
        try:
            leader = client.cluster.leader_for_partition(aiokafka.TopicPartition(topic, number))
            if leader is None or leader == -1:
                raise errors.LeaderNotAvailableError(f"{topic} {number}")
            answer = await client.send(
                leader, FetchRequest(_WAIT_MS, 1, _FETCH_BYTES, 0, [(topic, [(number, position, _FETCH_BYTES)])])
            )
            ((_, ((_, error, last, *_, data),)),) = answer.topics
            if error:
                raise errors.for_code(error)(f"{topic} {number} at {position}")
            return _batches(data) or _require_more(f"{topic} {number}", last, end)
        except errors.KafkaError as error:
            if not left or isinstance(error, errors.OffsetOutOfRangeError):
                raise
            await asyncio.sleep(_PAUSE_SECONDS)
            await client.force_metadata_update()
    raise AssertionError


def _require_more(name: str, last: int, end: int) -> list[Any]:
    """No batches yet; where none can come, they would be waited for without end."""
    if last < end:
        raise errors.KafkaError(f"{name} ends at {last}, before {end}: it was shortened, or made again")
    return []


def _batches(data: bytes) -> list[Any]:
    records = MemoryRecords(data)
    found = []
    while records.has_next():
        batch = records.next_batch()
        if not batch.validate_crc():
            raise errors.CorruptRecordException("a record batch does not match its checksum")
        found.append(batch)
    return found
