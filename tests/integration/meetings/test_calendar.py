"""Calendar feeds, a month's view, and what is due."""

from datetime import date
from typing import Any
from uuid import uuid4

import icalendar
import pytest

from shared import db
from tests.integration.meetings import village
from tests.integration.meetings.village import BRANCH, COMMUNE, OTHER_BRANCH, Meetings
from tests.support import events


def made(meetings: Meetings, token: str | None = None) -> dict[str, Any]:
    """A new feed of the branch."""
    answer = meetings.call("POST", f"/units/{BRANCH}/calendar-feeds", token=token or meetings.member)
    assert answer.status == 201, answer.body
    feed: dict[str, Any] = answer.body
    return feed


def read(meetings: Meetings, path: str) -> Any:
    """A feed as a calendar program gets it, without any token: its events, or the status of a refusal."""
    answer = meetings.app.test_client().get(path)
    if answer.status_code != 200:
        return answer.status_code
    assert answer.content_type.startswith("text/calendar")
    calendar: Any = icalendar.Calendar.from_ical(answer.data)
    return list(calendar.walk("VEVENT"))


def test_a_feed_shows_the_branchs_meetings_to_whoever_has_its_address(meetings: Meetings) -> None:
    planned = meetings.planned(day=date(2026, 7, 3), place="Nhà ông Nguyễn Văn A", theme="Bí mật")
    missed = village.plan(date(2026, 5, 3)) | {"meeting_id": str(uuid4()), "reason": "Bão"}
    assert meetings.bring_in(not_held=[missed]).status == 200
    feed = made(meetings)
    assert feed["expires_at"] > "2027-06"

    first, second = read(meetings, feed["path"])

    assert (str(first["UID"]), first["STATUS"]) == (f"{missed['meeting_id']}@nenep", "CANCELLED")
    assert str(second["UID"]) == f"{planned}@nenep"
    assert (second["DTEND"].dt - second["DTSTART"].dt).total_seconds() == 90 * 60
    raw = meetings.app.test_client().get(feed["path"]).get_data(as_text=True)
    for hidden in ("Nguyễn", "Bí mật", "Bão"):
        assert hidden not in raw


def test_the_secret_of_a_feed_is_kept_nowhere(meetings: Meetings) -> None:
    path = made(meetings)["path"]
    with db.connect(meetings.url, name="test") as conn:
        (row,) = conn.execute("select calendar_feed::text, secret from calendar_feed").fetchall()
    token = path.removeprefix("/v1/calendar-feeds/").removesuffix(".ics")
    assert len(token) == 64
    assert token not in str(row)
    assert isinstance(row[1], bytes)
    assert len(row[1]) == 32


def test_a_feed_is_its_makers_and_is_revoked_for_good(meetings: Meetings) -> None:
    mine, theirs = made(meetings), made(meetings, meetings.secretary)
    listed = meetings.call("GET", f"/units/{BRANCH}/calendar-feeds", token=meetings.member).body["items"]
    assert [feed["feed_id"] for feed in listed] == [mine["feed_id"]]
    every = meetings.call("GET", f"/units/{BRANCH}/calendar-feeds", token=meetings.officer).body["items"]
    assert len(every) == 2

    def revoke(feed: dict[str, Any], token: str) -> int:
        path = f"/v1/calendar-feeds/{feed['feed_id']}"
        return meetings.app.test_client().delete(path, headers={"Authorization": f"Bearer {token}"}).status_code

    assert revoke(theirs, meetings.member) == 404
    assert revoke(mine, meetings.stranger) == 403
    assert read(meetings, mine["path"]) == []
    assert revoke(mine, meetings.member) == 204
    assert read(meetings, mine["path"]) == 404
    assert read(meetings, theirs["path"]) == []
    assert revoke(theirs, meetings.officer) == 204
    assert read(meetings, theirs["path"]) == 404


def test_a_meeting_put_off_without_a_day_is_not_confirmed_and_still_to_be_held(meetings: Meetings) -> None:
    meeting_id = meetings.planned()
    assert meetings.call("POST", f"/meetings/{meeting_id}/postponement", {"reason": "Bão"}).status == 200
    (event,) = read(meetings, made(meetings)["path"])
    assert event["STATUS"] == "TENTATIVE"
    owed = {item["what"] for item in due(meetings)["items"]}
    assert "report" not in owed
    assert "regular-meeting" in owed


def test_an_address_that_is_wrong_or_old_answers_nobody(meetings: Meetings) -> None:
    path = made(meetings)["path"]
    other = made(meetings)["path"]
    mixed = path[: len("/v1/calendar-feeds/") + 20] + other[len("/v1/calendar-feeds/") + 20 :]
    for wrong in (mixed, path.replace(".ics", "A.ics"), "/v1/calendar-feeds/x.ics", "/v1/calendar-feeds/%F0%9F.ics"):
        assert read(meetings, wrong) == 404, wrong
    meetings.set_clock("2027-08-01T08:00:00+07:00")
    assert read(meetings, path) == 404


def test_a_person_has_few_feeds_of_a_branch(meetings: Meetings) -> None:
    for _ in range(5):
        made(meetings)
    refused = meetings.call("POST", f"/units/{BRANCH}/calendar-feeds", token=meetings.member)
    assert (refused.status, refused.body["rule"]) == (409, "too-many-feeds")
    assert meetings.call("POST", f"/units/{BRANCH}/calendar-feeds", token=meetings.stranger).status == 403


def test_a_months_days_and_meetings(meetings: Meetings) -> None:
    adopted = meetings.adopted()
    planned = meetings.planned(day=date(2026, 6, 20), kind="thematic", theme="Nêu gương")
    month = meetings.call("GET", f"/units/{BRANCH}/calendar?month=2026-06").body
    assert [meeting["meeting_id"] for meeting in month["meetings"]] == [adopted, planned]
    assert month["meetings"][0]["ends_at"] == "2026-06-03T14:00:00+00:00"
    assert month["meetings"][1]["theme"] == "Nêu gương"
    days = {day["day"]: day for day in month["days"]}
    assert (days["2026-06-03"]["adopted"], days["2026-06-20"]["planned"]) == (1, 1)
    assert days["2026-06-28"]["tasks_due"] == 1
    commune = meetings.call("GET", f"/units/{COMMUNE}/calendar?month=2026-06", token=meetings.officer).body
    assert (commune["meetings"], commune["days"]) == ([], month["days"])
    assert meetings.call("GET", f"/units/{BRANCH}/calendar?month=2026-07").body["days"] == []
    assert meetings.call("GET", f"/units/{OTHER_BRANCH}/calendar?month=2026-06").status == 403


def due(meetings: Meetings, unit_id: object = BRANCH, token: str | None = None, query: str = "") -> Any:
    """What is due below a unit."""
    answer = meetings.call("GET", f"/units/{unit_id}/due{query}", token=token)
    assert answer.status == 200, answer.body
    return answer.body


def test_a_branch_that_did_nothing_yet_owes_its_meetings_and_its_plan(meetings: Meetings) -> None:
    found = due(meetings)
    assert [(item["what"], item["due_on"], item["days_left"]) for item in found["items"]] == [
        ("plan", "2026-01-31", -135),
        ("regular-meeting", "2026-06-30", 15),
        ("thematic-meeting", "2026-06-30", 15),
    ]
    assert found["counts"] == [
        {"what": "plan", "due": 1, "overdue": 1},
        {"what": "regular-meeting", "due": 1, "overdue": 0},
        {"what": "thematic-meeting", "due": 1, "overdue": 0},
    ]
    assert "12-HD/BTCTW" in found["items"][2]["source"]


def test_what_was_done_is_due_no_more(meetings: Meetings) -> None:
    meetings.adopted()
    thematic = village.row(kind="thematic", starts_at="2026-06-03T20:00:00+07:00", minutes=village.minutes(tasks=[]))
    assert meetings.bring_in(meetings=[thematic]).status == 200
    with db.connect(meetings.url, name="test") as conn:
        conn.execute(
            """
            insert into year_plan (unit_id, year, version, status, body, steps)
            values (%s, 2026, 1, 'approved', '{}', '[]')
            """,
            (BRANCH,),
        )
    whats = {item["what"]: item for item in due(meetings)["items"]}
    assert whats.keys() <= {"task", "report"}
    task = whats["task"]
    assert (task["due_on"], task["days_left"], task["vi"]) == ("2026-06-28", 13, "Vận động các hộ hiến đất")
    meetings.call("POST", f"/tasks/{task['id']}/completion", {"done_on": "2026-06-10"})
    assert "task" not in {item["what"] for item in due(meetings)["items"]}


def test_a_meeting_that_was_held_and_not_reported_is_due(meetings: Meetings) -> None:
    meeting_id = meetings.recorded()
    (report,) = due(meetings, query="?what=report")["items"]
    assert (report["id"], report["due_on"], report["days_left"]) == (meeting_id, "2026-06-05", -10)
    assert "42-HD/BTCTW" in report["source"]
    assert "thường kỳ" in report["vi"]
    meetings.set_clock("2026-06-03T12:00:00+07:00")
    assert due(meetings, query="?what=report")["items"] == []


def test_a_plan_that_was_sent_waits_for_the_superior(meetings: Meetings) -> None:
    with db.connect(meetings.url, name="test") as conn:
        conn.execute(
            """
            insert into year_plan (unit_id, year, version, status, body, steps)
            values (%s, 2026, 1, 'sent', '{}', '[]')
            """,
            (BRANCH,),
        )
    assert "plan-to-approve" in {item["what"] for item in due(meetings)["items"]}


def test_an_office_sees_what_is_due_below_it_in_pages(meetings: Meetings) -> None:
    found: list[Any] = []
    cursor = ""
    while True:
        page = due(meetings, COMMUNE, meetings.officer, f"?limit=4{cursor}")
        found += page["items"]
        if page["next_cursor"] is None:
            break
        cursor = f"&cursor={page['next_cursor']}"
    assert len(found) == 6
    assert {item["unit_id"] for item in found} == {str(BRANCH), str(OTHER_BRANCH)}
    assert [item["due_on"] for item in found] == sorted(item["due_on"] for item in found)
    assert {count["due"] for count in page["counts"]} == {2}
    assert meetings.call("GET", f"/units/{COMMUNE}/due").status == 403


def test_a_branch_that_was_closed_owes_no_meetings(meetings: Meetings) -> None:
    closed = events.unit(BRANCH, COMMUNE, version=2, valid_to=date(2026, 6, 1))
    meetings.feed("registry.unit.v1", closed)
    assert due(meetings)["items"] == []


@pytest.mark.parametrize("query", ["?what=tea", "?limit=0", "?cursor=x"])
def test_a_faulty_question_is_refused(meetings: Meetings, query: str) -> None:
    assert meetings.call("GET", f"/units/{BRANCH}/due{query}").status in (400, 422)
