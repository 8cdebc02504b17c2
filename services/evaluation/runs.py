"""Records of one partition in runs: each goes through Faust as one message.

For a message Faust makes four tasks and waits for the first of them, takes a lock, turns the loop for the stream and
notes a dozen things for its monitor (0.15.3: faust/transport/consumer.py `_drain_messages`, mode/services.py
`wait_first`, faust/_cython/streams.pyx `next`), which takes longer than merging what the message carries. Here it does
so once for hundreds of records. It goes by where they stand all the same: a run has the offset of its last record,
and Faust takes the offsets since the run before for a gap like those in a compacted topic, acked with it.
"""

from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from typing import Any, Final

import msgspec
from faust.transport.drivers import aiokafka
from faust.types import TP, Message
from faust.types.transports import SchedulingStrategyT

MOST: Final = 500


class Run(msgspec.Struct, frozen=True):
    """Records of one partition, in order, as Faust reads one record of aiokafka (`Consumer._to_message`)."""

    topic: str
    partition: int
    offset: int
    timestamp: int
    timestamp_type: int
    value: Sequence[Any]
    headers: None = None
    key: None = None
    checksum: None = None
    serialized_key_size: int = 0
    serialized_value_size: int = 0


def run(records: Sequence[Any]) -> Run:
    """One run of `records`, of which there is at least one."""
    last = records[-1]
    return Run(last.topic, last.partition, last.offset, last.timestamp, last.timestamp_type, records)


def in_runs_of(most: int) -> type[SchedulingStrategyT]:
    """How Faust's consumer hands over what it fetched: runs of up to `most` records, from the partitions in turn."""

    class Runs(SchedulingStrategyT):
        def __init__(self) -> None:
            pass

        def iterate(self, records: Mapping[TP, list[Any]]) -> Iterator[tuple[TP, Run]]:
            for begin in range(0, max(map(len, records.values()), default=0), most):
                for at, found in records.items():
                    if part := found[begin : begin + most]:
                        yield at, run(part)

    return Runs


class Consumer(aiokafka.Consumer):
    """Faust's, which acks what lies before a run together with it, wherever that is.

    Its bookkeeping of gaps has two faults that matter here (0.15.3, transport/consumer.py).
    """

    async def getmany(self, timeout: float) -> AsyncIterator[tuple[TP, Message]]:
        """What was fetched, as Faust's; `timeout` in seconds."""
        async for at, message in super().getmany(timeout):
            # `_drain_messages` takes a partition of which it has read offset 0 for one of which it has read nothing:
            # what lies between that and a run is never acked, and nothing is committed any more.
            if self._read_offset[at] == 0 and message.offset > 1:
                await self._add_gap(at, 1, message.offset)
            yield at, message

    async def _add_gap(self, tp: TP, offset_from: int, offset_to: int) -> None:
        # The message after a gap is counted among it. It is then acked twice, and `_new_offset` commits up to the first
        # offset that is there twice: a run a second.
        await super()._add_gap(tp, offset_from, offset_to - 1)


class Transport(aiokafka.Transport):
    """Faust's, with the consumer above."""

    Consumer = Consumer
