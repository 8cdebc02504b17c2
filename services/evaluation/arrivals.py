"""Meetings and tasks as they arrive: a few by rows, many by columns, in one transaction for both."""

from collections.abc import Sequence
from typing import Final, cast

from services.evaluation import decode, merge
from services.evaluation.decode import Meeting, Task
from services.evaluation.domain.topics import MEETINGS, TASKS
from services.evaluation.few import merge_few
from shared.db import Connection
from shared.envelope import Attributes, Received
from shared.errors import Impossible
from shared.kafka.batch import Decoded

FEW: Final = 100
"""Up to so many events go by rows: from there on columns cost less (measured: bench/README.md)."""
TOPICS: Final = (MEETINGS, TASKS)


def decode_fact(record: Received, about: Attributes) -> Meeting | Task:
    """The meeting or task a record carries, by its topic. Raises Impossible."""
    if record.topic == MEETINGS:
        return decode.meeting(record, about)
    if record.topic == TASKS:
        return decode.task(record, about)
    raise Impossible("unknown-type", f"{record.topic} carries neither meetings nor tasks")


def apply_facts(conn: Connection, events: Sequence[Decoded[Meeting | Task]]) -> int:
    """Merge meetings and tasks; returns how many were newer than what is known."""
    if len(events) <= FEW:
        data = [event.data for event in events]
        return merge_few(
            conn, [one for one in data if isinstance(one, Meeting)], [one for one in data if isinstance(one, Task)]
        )
    meetings = [cast(Decoded[Meeting], event) for event in events if isinstance(event.data, Meeting)]
    tasks = [cast(Decoded[Task], event) for event in events if isinstance(event.data, Task)]
    return merge.apply_facts(conn, meetings, tasks)
