"""Who may do what, and that those who may not learn nothing."""

from uuid import uuid4

import pytest

from tests.integration.meetings import village
from tests.integration.meetings.village import Meetings

_WRITES = [
    ("PUT", "", village.plan()),
    ("PUT", "/attendance", village.attendance()),
    ("PUT", "/minutes", village.minutes()),
    ("PUT", "/score", village.score()),
    ("POST", "/adoption", {}),
    ("POST", "/corrections", {"reason": "Sửa", "attendance": {}}),
    ("POST", "/not-held", {"reason": "Bão"}),
    ("POST", "/postponement", {"reason": "Bão"}),
    ("POST", "/opening", {}),
    ("POST", "/undo", {}),
    ("PUT", "/notice", {"content": "Tháng 6"}),
    ("PUT", f"/documents/{uuid4()}", {"kind": "other", "title": "Dự thảo", "classification": "open"}),
    ("PUT", f"/opinions/{uuid4()}", {"member_id": str(village.THIRD), "text": "Đồng ý."}),
    ("DELETE", f"/votes/{uuid4()}", None),
    ("PUT", "/voted-score", village.score()),
    ("POST", "/roll-call-codes", {}),
    ("POST", "/roll-call", {}),
]


@pytest.mark.parametrize(("method", "path", "body"), _WRITES)
@pytest.mark.parametrize("who", ["stranger", "member", "portal"])
def test_only_the_branch_and_its_superiors_write(
    meetings: Meetings, who: str, method: str, path: str, body: dict[str, object] | None
) -> None:
    meeting_id = meetings.recorded()
    before = meetings.tables()
    answer = meetings.call(method, f"/meetings/{meeting_id}{path}", body, token=getattr(meetings, who))
    assert answer.status == 403
    assert meetings.tables() == before


def test_the_officer_above_writes_and_the_member_reads(meetings: Meetings) -> None:
    meeting_id = meetings.recorded()
    assert meetings.call("POST", f"/meetings/{meeting_id}/adoption", {}, token=meetings.officer).status == 200
    assert meetings.call("GET", f"/meetings/{meeting_id}", token=meetings.member).status == 200
    assert meetings.call("GET", f"/tasks?unit_id={village.BRANCH}", token=meetings.member).status == 200
    assert meetings.call("GET", f"/meetings/{meeting_id}/revisions", token=meetings.member).status == 403


def test_who_lacks_rights_cannot_tell_what_exists(meetings: Meetings) -> None:
    known = meetings.adopted()
    for existing, unknown in (
        (f"/meetings/{known}", f"/meetings/{uuid4()}"),
        (f"/meetings/{known}/revisions", f"/meetings/{uuid4()}/revisions"),
    ):
        told, guessed = (meetings.call("GET", path, token=meetings.stranger) for path in (existing, unknown))
        assert told.status == guessed.status == 403
        assert told.body | {"request_id": None} == guessed.body | {"request_id": None}


def test_a_secretary_brings_nothing_in_in_bulk(meetings: Meetings) -> None:
    answer = meetings.bring_in(meetings.secretary, meetings=[village.row()])
    assert (answer.status, answer.body["rule"]) == (403, "role")
