"""Whose calendar addresses of a branch somebody sees and revokes: a role of writing counts on that branch alone."""

from typing import Any
from uuid import UUID, uuid4

from shared import db
from tests.integration.meetings.test_calendar import made, read
from tests.integration.meetings.village import BRANCH, OTHER_BRANCH, Meetings


def _both(meetings: Meetings, subject: UUID) -> str:
    """A member of the branch who is the secretary of another one."""
    return meetings.token_with(subject, ("member", BRANCH), ("branch_secretary", OTHER_BRANCH))


def _revoke(meetings: Meetings, feed: dict[str, Any], token: str) -> int:
    path = f"/v1/calendar-feeds/{feed['feed_id']}"
    return meetings.app.test_client().delete(path, headers={"Authorization": f"Bearer {token}"}).status_code


def test_a_role_elsewhere_opens_nobody_elses_addresses(meetings: Meetings) -> None:
    theirs = made(meetings, meetings.secretary)
    token = _both(meetings, uuid4())
    assert meetings.call("GET", f"/units/{BRANCH}/calendar-feeds", token=token).body["items"] == []
    assert _revoke(meetings, theirs, token) == 404
    assert read(meetings, theirs["path"]) == []


def test_who_left_the_branch_still_revokes_what_is_theirs(meetings: Meetings) -> None:
    subject = uuid4()
    mine = made(meetings, meetings.token_of(subject))
    assert _revoke(meetings, mine, meetings.token_of(subject, unit_id=OTHER_BRANCH)) == 204
    assert read(meetings, mine["path"]) == 404


def test_an_address_is_not_kept_with_an_idempotency_key(meetings: Meetings) -> None:
    answer = meetings.app.test_client().post(
        f"/v1/units/{BRANCH}/calendar-feeds",
        headers={"Authorization": f"Bearer {meetings.member}", "Idempotency-Key": "k"},
    )
    assert answer.status_code == 201
    token = answer.get_json()["path"].removeprefix("/v1/calendar-feeds/").removesuffix(".ics")
    with db.connect(meetings.url, name="test") as conn:
        kept = str(conn.execute("select encode(body, 'escape') from idempotency_key").fetchall())
    assert token not in kept
