"""Two at once: one wins, the other is told, and versions have no gap."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from uuid import uuid4

import pytest
from psycopg import errors

from shared import db
from tests.integration.meetings import village
from tests.integration.meetings.village import Answer, Meetings


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
