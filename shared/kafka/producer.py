"""kafka-python's idempotent producer, as the relay uses it. Nothing else in the suite produces."""

import time
from collections.abc import Sequence
from types import TracebackType
from typing import Any

from kafka import KafkaProducer
from kafka.errors import KafkaError, KafkaTimeoutError

from shared.envelope import Record


class Producer:
    """A producer that is asked for many records at a time and answers for each of them."""

    def __init__(self, bootstrap: str, *, client_id: str) -> None:
        self._producer: Any = KafkaProducer(
            bootstrap_servers=bootstrap.split(","),
            client_id=client_id,
            enable_idempotence=True,
            acks="all",
            linger_ms=2,
            batch_size=131_072,
            max_block_ms=10_000,
            delivery_timeout_ms=25_000,
            request_timeout_ms=10_000,
        )

    def __enter__(self) -> "Producer":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        # Unacknowledged records are still unsent in the outbox: there is nothing to wait for.
        self._producer.close(timeout=5)

    def send_all(self, records: Sequence[Record], *, timeout: float) -> list[Exception | None]:
        """Send `records` in order and wait up to `timeout` seconds for all: None, or what went wrong, for each.

        A topic whose broker or metadata is not to be had is waited for once (`max_block_ms`), not once a record.
        """
        futures: list[Any] = []
        away: dict[str, KafkaError] = {}
        for record in records:
            if record.topic in away:
                futures.append(away[record.topic])
                continue
            try:
                futures.append(self._producer.send(record.topic, record.value, record.key, record.headers))
            except KafkaError as error:
                futures.append(error)
                if isinstance(error, KafkaTimeoutError):
                    away[record.topic] = error
        deadline = time.monotonic() + timeout
        return [_outcome(future, deadline) for future in futures]


def _outcome(future: Any, deadline: float) -> Exception | None:
    if isinstance(future, Exception):
        return future
    try:
        future.get(timeout=max(0.001, deadline - time.monotonic()))
    except (KafkaError, TimeoutError) as error:
        failure: Exception = error
        return failure
    return None
