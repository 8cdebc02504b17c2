"""Two at once: one wins, the other is told, and versions have no gap."""

from concurrent.futures import Future, ThreadPoolExecutor
from datetime import date, datetime
from threading import Barrier
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from psycopg import errors

from services.meetings.commands import adoption, recording
from services.meetings.domain.votes import Question, Votes
from shared import db
from tests.integration.meetings import village
from tests.integration.meetings.village import Answer, Meetings
from tests.support import waiting


def _at_once(service: Meetings, *requests: tuple[str, str, object]) -> list[Answer]:
    barrier = Barrier(len(requests))

    def send(request: tuple[str, str, object]) -> Answer:
        barrier.wait()
        return service.call(*request)

    with ThreadPoolExecutor(len(requests)) as pool:
        return list(pool.map(send, requests))


def test_of_two_adoptions_one_wins(meetings: Meetings) -> None:
    meeting_id = meetings.recorded()
    answers = _at_once(meetings, *[("POST", f"/meetings/{meeting_id}/adoption", {})] * 3)
    assert sorted(answer.status for answer in answers) == [200, 409, 409]
    assert {answer.body.get("rule") for answer in answers} == {None, "adopted"}
    assert [event["version"] for event in meetings.events()] == [1, 2, 3, 4, 5]


def test_corrections_at_once_each_build_on_the_one_before(meetings: Meetings) -> None:
    meeting_id = meetings.adopted()
    corrections = [
        ("POST", f"/meetings/{meeting_id}/corrections", {"reason": "Sửa", "attendance": village.attendance(guests=10)}),
        ("POST", f"/meetings/{meeting_id}/corrections", {"reason": "Sửa", "score": village.score(time=1)}),
    ]
    answers = _at_once(meetings, *corrections)
    assert [answer.status for answer in answers] == [200, 200]
    latest = meetings.call("GET", f"/meetings/{meeting_id}").body
    assert (latest["revision"], latest["attendance"]["guests"], latest["score"]["points"]["time"]) == (3, 10, 1)
    assert [event["version"] for event in meetings.events()] == list(range(1, 8))


def test_of_two_regular_meetings_in_a_month_one_is_planned(meetings: Meetings) -> None:
    answers = _at_once(meetings, *[("PUT", f"/meetings/{uuid4()}", village.plan()) for _ in range(3)])
    assert sorted(answer.status for answer in answers) == [201, 409, 409]
    assert {answer.body.get("rule") for answer in answers} == {None, "one-regular-meeting-a-month"}


def test_a_meeting_inserted_meanwhile_is_not_overwritten(meetings: Meetings) -> None:
    meeting_id = str(uuid4())
    thematic = village.plan(kind="thematic")
    answers = _at_once(meetings, *[("PUT", f"/meetings/{meeting_id}", thematic | {"place": name}) for name in "ABCD"])
    statuses = [answer.status for answer in answers]
    assert statuses.count(201) == 1
    assert {answer.body.get("rule") for answer in answers if answer.status == 409} <= {"changed-meanwhile"}
    versions = [event["version"] for event in meetings.events()]
    assert versions == list(range(1, len(versions) + 1))
    assert len(versions) == statuses.count(201) + statuses.count(200)


def test_a_revision_is_never_changed_or_removed(meetings: Meetings) -> None:
    meetings.adopted()
    for statement in ("update revision set reason = 'x'", "delete from revision"):
        with (
            db.connect(meetings.url, name="test") as conn,
            pytest.raises(errors.RaiseException, match="never changed or removed"),
        ):
            conn.execute(statement.encode())


def _either(meetings: Meetings, done: Future[Answer]) -> bool:
    """Whether a request is answered, or waits for a lock that another transaction holds."""
    with db.connect(meetings.url, name="test") as conn:
        (row,) = conn.execute(
            "select exists (select from pg_locks l join pg_database d on d.oid = l.database "
            "where d.datname = current_database() and l.locktype = 'advisory' and not l.granted)"
        ).fetchall()
    return done.done() or bool(row[0])


def test_an_adoption_does_not_count_minutes_that_are_just_being_taken_back(meetings: Meetings) -> None:
    first = meetings.adopted()
    closed = meetings.call("GET", f"/meetings/{first}").body["steps"]["closed"]
    meetings.set_clock("2026-06-15T08:05:00+07:00")
    day = date(2026, 6, 15)
    meetings.run("update meeting set period = '2026-05', starts_at = starts_at - interval '30 days'")
    second = meetings.planned(day=day, starts_at="2026-06-15T07:00:00+07:00")
    times = {"started_at": "2026-06-15T07:00:00+07:00", "ended_at": "2026-06-15T08:00:00+07:00"}
    for part, body in (("attendance", village.attendance()), ("minutes", village.minutes(day, **times))):
        assert meetings.call("PUT", f"/meetings/{second}/{part}", body).status == 200
    now = datetime.fromisoformat("2026-06-15T08:05:00+07:00")
    with ThreadPoolExecutor(1) as pool:
        with db.connect(meetings.url, name="test") as conn:
            adoption.undo(conn, UUID(first), by=closed["by"], now=now)
            answer = pool.submit(meetings.call, "POST", f"/meetings/{second}/adoption", {})
            waiting.until(lambda: _either(meetings, answer), what="the adoption", seconds=30)
            conn.commit()
        assert answer.result().status == 200
    assert answer.result().body["steps"]["results"] is None


def test_a_vote_reads_the_branch_and_the_rules_once(meetings: Meetings) -> None:
    meeting_id = meetings.planned()
    assert meetings.call("PUT", f"/meetings/{meeting_id}/attendance", village.attendance()).status == 200
    read: list[str] = []

    class Noting(psycopg.Cursor[Any]):
        def execute(self, query: Any, *args: Any, **options: Any) -> Any:
            read.append(str(query))
            return super().execute(query, *args, **options)

    votes = Votes(for_=4, against=0, abstaining=0)
    with db.connect(meetings.url, name="test") as conn:
        conn.cursor_factory = Noting
        recording.record_vote(
            conn,
            UUID(meeting_id),
            Question(uuid4(), "Thông qua", votes),
            by="test",
            now=datetime.fromisoformat("2026-06-15T08:05:00+07:00"),
        )
    assert [sum(table in query for query in read) for table in ("from rule", "from roster")] == [1, 1]
