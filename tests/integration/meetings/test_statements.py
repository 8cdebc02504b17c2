"""How often an adoption asks the database: what was read once is not read again."""

from collections import Counter
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

import psycopg

from services.meetings.commands import adoption
from shared import db
from tests.integration.meetings import scoring, village
from tests.integration.meetings.village import Meetings

_MOST: Final = 19
"""Statements of the command itself; the door adds those of rights, of the key, and the two ends of the transaction."""
_NOW: Final = datetime.fromisoformat("2026-06-15T08:05:00+07:00")


def _statements(meetings: Meetings, meeting_id: str) -> list[str]:
    """Every statement of one adoption, carried out by the command."""
    sent: list[str] = []

    class Noting(psycopg.Cursor[Any]):
        def execute(self, query: Any, *args: Any, **options: Any) -> Any:
            sent.append(" ".join(str(query).split()))
            return super().execute(query, *args, **options)

    with db.connect(meetings.url, name="test") as conn:
        conn.cursor_factory = Noting
        adoption.adopt(conn, UUID(meeting_id), by="test", now=_NOW)
    return sent


def test_an_adoption_says_nothing_twice_and_stays_within_its_statements(meetings: Meetings) -> None:
    sent = _statements(meetings, meetings.recorded())
    assert [event["status"] for event in meetings.events()][-1] == "adopted"
    assert [statement for statement, times in Counter(sent).items() if times > 1] == []
    assert len(sent) <= _MOST, "\n".join(sent)


def test_a_rubric_of_a_unit_above_takes_one_statement_more(meetings: Meetings) -> None:
    scoring.feed(meetings, scoring.national(), scoring.rubric(owner_id=village.OTHER_BRANCH))
    assert len(_statements(meetings, meetings.recorded(scoring.THIRDS))) <= _MOST
    scoring.feed(meetings, scoring.rubric(number=2))
    meeting_id = meetings.recorded(scoring.FORM, day=date(2026, 5, 20))
    sent = _statements(meetings, meeting_id)
    assert [statement for statement, times in Counter(sent).items() if times > 1] == []
    assert len(sent) <= _MOST + 1, "\n".join(sent)


def test_more_tasks_and_opinions_take_no_more_statements(meetings: Meetings) -> None:
    meeting_id = meetings.recorded()
    opinions = [{"member_id": str(village.SECRETARY), "text": f"Ý kiến {number}."} for number in range(20)]
    many = village.minutes(tasks=[village.task() for _ in range(20)], opinions=opinions)
    assert meetings.call("PUT", f"/meetings/{meeting_id}/minutes", many).status == 200
    sent = _statements(meetings, meeting_id)
    assert len(meetings.events("meetings.tasks.v1")) == 20
    assert len(sent) <= _MOST, "\n".join(sent)
