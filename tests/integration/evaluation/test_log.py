"""Reading a range of a partition below aiokafka's consumer."""

import asyncio

import pytest
from aiokafka.errors import KafkaError

from deploy.local.servers import Servers
from services.evaluation import log
from shared.envelope import Received
from shared.kafka.admin import create_topics

AT = ("registry.decisions.v1", 0)


async def _read(bootstrap: str, offsets: log.Range) -> list[Received]:
    return [record async for records in log.read(bootstrap, AT, offsets) for record in records]


def test_a_log_that_was_shortened_meanwhile_is_an_error_and_not_waited_for_without_end(
    servers: Servers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(log, "_TRIES", 2)
    create_topics(servers.bootstrap, replication_factor=1)
    ((_, end),) = asyncio.run(log.ends(servers.bootstrap, [AT])).values()
    with pytest.raises(KafkaError, match=f"ends at {end}, before {end + 5}"):
        asyncio.run(asyncio.wait_for(_read(servers.bootstrap, (0, end + 5)), timeout=30))
