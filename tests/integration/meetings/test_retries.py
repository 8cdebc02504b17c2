"""What is sent twice is done once, what is stale overwrites nothing, and what stands is not pulled away."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import Any
from uuid import uuid4

import pytest

from shared import db
from tests.integration.meetings import village
from tests.integration.meetings.test_offline import TONIGHT, _part, _send
from tests.integration.meetings.village import BRANCH, FIFTH, FOURTH, SECRETARY, THIRD, VETERAN, Meetings

EVENING = "2026-06-03T21:05:00+07:00"


def _done(answer: village.Answer) -> Any:
    assert answer.status in (200, 201), answer.body
    return answer.body


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("voted-score", village.score()),
        ("official-score", village.score() | {"remarks": "Tốt"}),
        ("visit", {"present": True, "remarks": "Sôi nổi"}),
    ],
)
def test_a_score_or_visit_sent_twice_is_kept_once(meetings: Meetings, path: str, body: dict[str, Any]) -> None:
    meeting_id = meetings.adopted()
    first = _done(meetings.call("PUT", f"/meetings/{meeting_id}/{path}", body, token=meetings.officer))
    meetings.set_clock("2026-06-15T08:01:00+07:00")
    again = _done(meetings.call("PUT", f"/meetings/{meeting_id}/{path}", body, token=meetings.officer))
    assert again == first


def test_a_postponement_sent_twice_is_one(meetings: Meetings) -> None:
    for until in ("2026-07-08T19:30:00+07:00", None):
        meeting_id = meetings.planned(day=date(2026, 7, 3), kind="extraordinary")
        body = {"reason": "Bão", "starts_at": until}
        path = f"/meetings/{meeting_id}/postponement"
        first, again = (_done(meetings.call("POST", path, body)) for _ in range(2))
        assert again["version"] == first["version"]
        assert again["steps"] == first["steps"]


def test_whole_minutes_that_took_an_item_in_may_be_sent_again(meetings: Meetings) -> None:
    meeting_id, opinion_id = meetings.planned(), str(uuid4())
    said = {"member_id": str(THIRD), "text": "Đồng ý."}
    before = _done(meetings.call("PUT", f"/meetings/{meeting_id}/opinions/{opinion_id}", said))["version"]
    whole = village.minutes(opinions=[{**said, "opinion_id": opinion_id}])
    path = f"/meetings/{meeting_id}/minutes?based_on={before}"
    first = _done(meetings.call("PUT", path, whole))
    assert _done(meetings.call("PUT", path, whole)) == first


def test_an_item_never_overwrites_what_whole_minutes_say_of_it_since(meetings: Meetings) -> None:
    meeting_id, opinion_id, other_id = meetings.planned(), str(uuid4()), str(uuid4())

    def whole(said: str) -> dict[str, Any]:
        opinions = [
            {"member_id": str(THIRD), "text": said, "opinion_id": opinion_id},
            {"member_id": str(FIFTH), "text": "Nhất trí.", "opinion_id": other_id},
        ]
        return village.minutes(opinions=opinions)

    based_on = _done(meetings.call("PUT", f"/meetings/{meeting_id}/minutes", whole("Đồng ý.")))["version"]
    _done(meetings.call("PUT", f"/meetings/{meeting_id}/minutes", whole("Không đồng ý.")))

    stale = meetings.call(
        "PUT",
        f"/meetings/{meeting_id}/opinions/{opinion_id}?based_on={based_on}",
        {"member_id": str(THIRD), "text": "Đồng ý một phần."},
    )

    assert (stale.status, stale.body["rule"]) == (409, "stale")
    assert (stale.body["current"]["text"], stale.body["yours"]["text"]) == ("Không đồng ý.", "Đồng ý một phần.")
    untouched = {"member_id": str(FIFTH), "text": "Nhất trí, làm ngay."}
    _done(meetings.call("PUT", f"/meetings/{meeting_id}/opinions/{other_id}?based_on={based_on}", untouched))


def test_a_second_sending_knows_what_the_first_had_saved(meetings: Meetings) -> None:
    meeting_id = meetings.planned()
    roll = _part("attendance", meeting_id, village.attendance(), based_on=1)
    _send(meetings, roll)
    later = [
        roll,
        _part("minutes", meeting_id, village.minutes(), based_on=1),
        _part("adoption", meeting_id, based_on=1),
    ]
    assert [answer["status"] for answer in _send(meetings, *later)] == [200, 200, 200]


def test_minutes_wait_for_a_part_that_an_earlier_sending_was_refused(meetings: Meetings) -> None:
    meeting_id = meetings.planned()
    good = [
        _part("attendance", meeting_id, village.attendance()),
        _part("minutes", meeting_id, village.minutes()),
    ]
    bad = _part("vote", meeting_id, {"title": "Kết nạp", "by_name": []}, item_id=str(uuid4()))
    assert [answer["status"] for answer in _send(meetings, *good, bad)] == [200, 200, 422]

    again = _send(meetings, *good, bad, _part("adoption", meeting_id))
    assert (again[3]["status"], again[3]["rule"]) == (409, "part-refused-before")

    hands = {"title": "Kết nạp", "hands": {"for": 3, "against": 0, "abstaining": 0}}
    right = _part("vote", meeting_id, hands, item_id=bad["item_id"])
    corrected = _send(meetings, *good, bad, right, _part("adoption", meeting_id))
    assert [answer["status"] for answer in corrected] == [200, 200, 422, 200, 200]


def test_a_plan_written_twice_on_one_device_is_not_stale_to_itself(meetings: Meetings) -> None:
    meeting_id = str(uuid4())
    first = _part("plan", meeting_id, village.plan(), based_on=0)
    second = _part("plan", meeting_id, village.plan(place="Nhà văn hoá thôn 2"), based_on=0)
    assert [answer["status"] for answer in _send(meetings, first, second)] == [200, 200]


def test_not_held_written_on_an_old_version_closes_nothing(meetings: Meetings) -> None:
    meeting_id = meetings.planned()
    _done(meetings.call("PUT", f"/meetings/{meeting_id}/attendance", village.attendance()))
    (answer,) = _send(meetings, _part("not_held", meeting_id, {"reason": "Bão"}, based_on=1))
    assert (answer["status"], answer["rule"], answer["part"]) == (409, "stale", "attendance")
    assert _done(meetings.call("GET", f"/meetings/{meeting_id}"))["status"] == "planned"


def test_members_told_again_of_a_time_that_came_back_are_told(meetings: Meetings) -> None:
    meeting_id = meetings.planned(day=date(2026, 7, 3))
    notice = {"content": "Tháng 7"}
    _done(meetings.call("PUT", f"/meetings/{meeting_id}/notice", notice))
    for day in (date(2026, 7, 4), date(2026, 7, 3)):
        _done(meetings.call("PUT", f"/meetings/{meeting_id}", village.plan(day)))
    assert _done(meetings.call("GET", f"/meetings/{meeting_id}"))["stage"] == "planned"
    assert _done(meetings.call("PUT", f"/meetings/{meeting_id}/notice", notice))["version"] == 2
    assert _done(meetings.call("GET", f"/meetings/{meeting_id}"))["stage"] == "notified"


def test_a_roll_call_by_code_names_only_members_and_contradicts_nobody_who_came(meetings: Meetings) -> None:
    meetings.set_clock(EVENING)
    meeting_id = meetings.planned()
    code = _done(meetings.call("POST", f"/meetings/{meeting_id}/roll-call-codes", {}))["code"]
    _done(meetings.call("POST", "/roll-call", {"code": code}, token=meetings.token_of(THIRD)))
    closing = {
        "by_hand": [str(SECRETARY), str(uuid4()), str(village.AWAY), str(VETERAN)],
        "reasons": [{"member_id": str(THIRD), "reason": "Ốm"}, {"member_id": str(FOURTH), "reason": "Ốm"}],
    }
    refused = meetings.call("POST", f"/meetings/{meeting_id}/roll-call", closing)
    assert refused.status == 422
    assert refused.rules == {
        "by_hand[1]": "not-a-member",
        "by_hand[2]": "owes-no-attendance",
        "reasons[0].member_id": "came-and-absent",
    }
    assert all(error["source"] for error in refused.body["errors"])


def test_closing_a_roll_call_on_an_old_version_overwrites_nothing(meetings: Meetings) -> None:
    meetings.set_clock(EVENING)
    meeting_id = meetings.planned()
    _done(meetings.call("PUT", f"/meetings/{meeting_id}/attendance", village.attendance()))
    stale = meetings.call("POST", f"/meetings/{meeting_id}/roll-call?based_on=1", {"by_hand": [str(SECRETARY)]})
    assert (stale.status, stale.body["rule"]) == (409, "stale")


def test_minutes_are_corrected_after_a_task_they_carried_over_is_done(meetings: Meetings) -> None:
    given = village.task(date(2026, 5, 3), due_on="2026-05-31")
    may = village.row(date(2026, 5, 3), minutes=village.minutes(date(2026, 5, 3), tasks=[given]))
    carried = village.minutes(tasks=[], carried_over=[{"task_id": given["task_id"], "due_on": "2026-06-30"}])
    june = village.row(minutes=carried)
    _done(meetings.bring_in(meetings=[may]))
    _done(meetings.bring_in(meetings=[june]))
    (task,) = _done(meetings.call("GET", f"/tasks?unit_id={BRANCH}"))["items"]
    assert [carry["due_on"] for carry in task["carried_over"]] == ["2026-06-30"]
    _done(meetings.call("POST", f"/tasks/{given['task_id']}/completion", {"done_on": "2026-06-10"}))

    path = f"/meetings/{june['meeting_id']}/corrections"
    _done(meetings.call("POST", path, {"reason": "Sửa", "minutes": carried | {"opinions": []}}))
    _done(meetings.bring_in(meetings=[june | {"correction_reason": "Sửa lại"}]))

    (task,) = _done(meetings.call("GET", f"/tasks?unit_id={BRANCH}"))["items"]
    assert (task["state"], len(task["carried_over"])) == ("done_late", 1)


def test_a_document_that_changes_is_handed_out_anew(meetings: Meetings) -> None:
    day = date(2026, 6, 17)
    meeting_id, document_id = meetings.planned(day=day), str(uuid4())
    path = f"/meetings/{meeting_id}/documents/{document_id}"
    document = {"kind": "draft_resolution", "title": "Dự thảo", "classification": "open"}
    _done(meetings.call("PUT", path, document))
    receipt = {"what": document_id}
    reader = meetings.token_of(THIRD)
    assert meetings.call("POST", f"/meetings/{meeting_id}/receipts", receipt, token=reader).status == 204
    meetings.set_clock(f"{day}T18:00:00+07:00")
    _done(meetings.call("PUT", path, document))
    (same,) = _done(meetings.call("GET", f"/meetings/{meeting_id}/receipts"))["items"]
    assert list(same["opened"]) == [str(THIRD)]
    assert _done(meetings.call("GET", f"/meetings/{meeting_id}"))["steps"]["documents"]["in_time"]

    _done(meetings.call("PUT", path, document | {"title": "Dự thảo lần 2"}))

    (anew,) = _done(meetings.call("GET", f"/meetings/{meeting_id}/receipts"))["items"]
    assert anew["opened"] == {}
    told = _done(meetings.call("GET", f"/meetings/{meeting_id}"))["steps"]["documents"]
    assert (told["count"], told["in_time"]) == (1, False)


def test_a_document_stays_once_minutes_are_adopted(meetings: Meetings) -> None:
    meetings.set_clock(EVENING)
    meeting_id, document_id = meetings.recorded(), str(uuid4())
    path = f"/meetings/{meeting_id}/documents/{document_id}"
    document = {"kind": "other", "title": "Dự thảo", "classification": "open"}
    _done(meetings.call("PUT", path, document))
    _done(meetings.call("POST", f"/meetings/{meeting_id}/adoption", {}))
    changed = meetings.call("PUT", path, document | {"title": "Khác"})
    assert (changed.status, changed.body["rule"]) == (409, "adopted")
    _done(meetings.call("PUT", path, document))


def test_a_document_is_a_file_of_its_meeting(meetings: Meetings) -> None:
    meeting_id = meetings.planned()
    document = {"kind": "other", "title": "Dự thảo", "classification": "open", "attachment_id": str(uuid4())}
    refused = meetings.call("PUT", f"/meetings/{meeting_id}/documents/{uuid4()}", document)
    assert (refused.status, refused.rules) == (422, {"attachment_id": "not-a-file-of-the-meeting"})


def test_a_pre_meeting_stays_once_the_meeting_it_prepared_is_adopted(meetings: Meetings) -> None:
    regular = meetings.recorded()
    committee = meetings.planned(kind="committee", starts_at="2026-06-03T18:00:00+07:00", regular_id=regular)
    everybody: dict[str, Any] = {"absent": [], "late": []}
    _done(meetings.call("PUT", f"/meetings/{committee}/attendance", everybody))
    written = village.minutes(tasks=[], resolution=None, opinions=[], started_at="2026-06-03T18:00:00+07:00")
    _done(meetings.call("PUT", f"/meetings/{committee}/minutes", written))
    _done(meetings.call("POST", f"/meetings/{committee}/adoption", {}))
    assert _done(meetings.call("POST", f"/meetings/{regular}/adoption", {}))["steps"]["prepared_by"] == committee
    undone = meetings.call("POST", f"/meetings/{committee}/undo", {})
    assert (undone.status, undone.body["rule"]) == (409, "undo-stood-on")
    assert "later minutes" not in undone.body["detail"]


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", f"/units/{BRANCH}/last-resolution?before=0001-01-01", None),
        ("GET", f"{TONIGHT}?on=0001-01-01", None),
        ("GET", f"{TONIGHT}?on=9999-12-31", None),
        ("GET", "/search?q=a&last=9999-12-31", None),
        ("GET", "/search?q=a&first=0001-01-01", None),
        ("GET", f"/templates?on=0001-01-01&unit_id={BRANCH}", None),
        ("POST", "postponement", {"reason": "Bão", "starts_at": "0001-01-01T00:00:00Z"}),
        ("POST", "postponement", {"reason": "Bão", "starts_at": "9999-12-31T23:59:59-12:00"}),
        ("PUT", "attendance", {"guests": 10**30}),
        ("PUT", "attendance", {"guests": 10**300}),
    ],
)
def test_what_no_calendar_or_column_holds_is_refused(
    meetings: Meetings, method: str, path: str, body: dict[str, Any] | None
) -> None:
    where = path if path.startswith("/") else f"/meetings/{meetings.planned()}/{path}"
    answer = meetings.call(method, where, body)
    assert answer.status in (200, 422), answer.body
    assert answer.status == 422 or path.startswith("/")


def test_two_officers_assign_who_follows_a_branch_at_once(meetings: Meetings) -> None:
    def assign(number: int) -> int:
        body = {"member_id": str(uuid4()), "valid_from": f"2026-06-0{1 + number % 2}"}
        return meetings.call("PUT", f"/units/{BRANCH}/follower", body, token=meetings.officer).status

    with ThreadPoolExecutor(4) as pool:
        assert set(pool.map(assign, range(12))) == {200}
    with db.connect(meetings.url, name="test") as conn:
        rows = conn.execute("select count(*) from follower where valid_to is null").fetchone()
    assert rows == (1,)
