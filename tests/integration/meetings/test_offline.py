"""A device without a network: one request out, one back, two devices in conflict, and everything idempotent."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import Any
from uuid import UUID, uuid4

import msgspec

from tests.integration.meetings import village
from tests.integration.meetings.village import SECRETARY, THIRD, Meetings

TONIGHT = f"/units/{village.BRANCH}/tonight"


def _part(kind: str, meeting_id: str | None, body: Any = None, **more: Any) -> dict[str, Any]:
    return {"part_id": str(uuid4()), "kind": kind, "meeting_id": meeting_id, "body": body, **more}


def _send(meetings: Meetings, *parts: dict[str, Any], token: str | None = None) -> list[Any]:
    answer = meetings.call("POST", TONIGHT, {"parts": list(parts)}, token=token)
    assert answer.status == 200, answer.body
    found: list[Any] = answer.body["parts"]
    return found


def test_one_request_brings_everything_for_a_branch_of_thirty_under_50_kb(meetings: Meetings) -> None:
    members = [
        village.entry(UUID(int=1000 + number), post="secretary" if number == 0 else None) for number in range(30)
    ]
    meetings.feed("registry.roster.v1", village.roster(version=2, members=members))
    first, second = UUID(int=1000), UUID(int=1001)
    may = date(2026, 5, 3)
    tasks = [village.task(may, member_id=str(UUID(int=1000 + number)), content="Vận động " * 20) for number in range(8)]
    text = dict.fromkeys(village.minutes()["sections"], "Nội dung biên bản có dấu. " * 40)
    written: dict[str, Any] = {
        "chair_id": str(first),
        "secretary_id": str(second),
        "sections": text,
        "resolution": None,
    }
    opinions = [{"member_id": str(UUID(int=1000 + number)), "text": "Đồng ý. " * 20} for number in range(15)]
    row = village.row(
        may,
        attendance=village.attendance(absent=[], late=[]),
        minutes=village.minutes(may, tasks=tasks, opinions=opinions, **written),
    )
    assert meetings.bring_in(meetings=[row]).status == 200
    meeting_id = meetings.planned()
    meetings.call("PUT", f"/meetings/{meeting_id}/attendance", village.attendance(absent=[], late=[]))
    meetings.call("PUT", f"/meetings/{meeting_id}/minutes", village.minutes(opinions=opinions, tasks=[], **written))

    answer = meetings.call("GET", f"{TONIGHT}?on=2026-06-03")

    assert answer.status == 200, answer.body
    assert len(msgspec.json.encode(answer.body)) < 50_000
    body = answer.body
    assert (len(body["roster"]), sum(one["votes"] for one in body["roster"])) == (30, 30)
    (tonight,) = body["meetings"]
    assert (tonight["meeting_id"], tonight["parts"]) == (meeting_id, {"plan": 1, "attendance": 2, "minutes": 3})
    assert (body["last_resolution"]["total"], len(body["last_resolution"]["tasks"])) == (8, 8)
    assert body["sections"]["regular"]
    (template,) = body["templates"]
    assert template["kind"] == "regular"
    assert template["agenda"]
    assert body["rules"]["score_frame"]["name"] == "hd-42-2025"


def test_everything_comes_back_in_one_request_and_once(meetings: Meetings) -> None:
    meeting_id, vote_id, opinion_id, task_id = (str(uuid4()) for _ in range(4))
    parts = [
        _part("plan", meeting_id, village.plan()),
        _part("opening", meeting_id),
        _part("attendance", meeting_id, village.attendance(), based_on=0),
        _part("minutes", meeting_id, village.minutes(opinions=[], tasks=[]), based_on=0),
        _part("opinion", meeting_id, {"member_id": str(THIRD), "text": "Đồng ý."}, item_id=opinion_id, based_on=0),
        _part("self_criticism", meeting_id, {"member_id": str(THIRD), "text": "Họp muộn."}, item_id=str(uuid4())),
        _part("conclusion", meeting_id, {"item": "Đường thôn", "text": "Làm."}, item_id=str(uuid4())),
        _part("vote", meeting_id, {"title": "Kết nạp", "hands": {"for": 3, "against": 0, "abstaining": 0}},
              item_id=vote_id),
        _part("task", meeting_id, {"member_id": str(THIRD), "content": "Hiến đất", "due_on": "2026-06-28"},
              item_id=task_id),
        _part("score", meeting_id, village.score()),
        _part("adoption", meeting_id, {"read_by": str(SECRETARY)}, based_on=0),
        _part("completion", None, {"done_on": "2026-06-10"}, task_id=task_id),
    ]  # fmt: skip

    first = _send(meetings, *parts)

    assert [one["status"] for one in first] == [200] * 12, first
    held = meetings.call("GET", f"/meetings/{meeting_id}").body
    assert (held["status"], held["items"]) == ("adopted", None)
    assert [opinion["opinion_id"] for opinion in held["minutes"]["opinions"]] == [opinion_id]
    assert [vote["vote_id"] for vote in held["minutes"]["votes"]] == [None, vote_id]
    (task,) = meetings.call("GET", f"/tasks?unit_id={village.BRANCH}").body["items"]
    assert (task["task_id"], task["status"]) == (task_id, "done")

    before = meetings.tables()
    assert _send(meetings, *parts) == first
    assert _send(meetings, *parts[6:], *parts[:3]) == [*first[6:], *first[:3]]
    assert meetings.tables() == before

    reused = _send(meetings, parts[2] | {"body": village.attendance(late=[])})
    assert (reused[0]["status"], reused[0]["rule"]) == (409, "part-id-reused")


def test_the_same_parts_sent_twice_at_once_are_taken_once(meetings: Meetings) -> None:
    meeting_id = str(uuid4())
    parts = [
        _part("plan", meeting_id, village.plan()),
        _part("attendance", meeting_id, village.attendance(), based_on=0),
        _part("minutes", meeting_id, village.minutes(), based_on=0),
        _part("adoption", meeting_id, based_on=0),
    ]
    with ThreadPoolExecutor(3) as pool:
        answers = list(pool.map(lambda _: _send(meetings, *parts), range(3)))
    assert [one["status"] for one in answers[0]] == [200] * 4, answers[0]
    assert answers[0] == answers[1] == answers[2]
    assert [event["version"] for event in meetings.events()] == [1, 2, 3, 4]


def test_each_part_is_refused_by_itself_with_its_reason(meetings: Meetings) -> None:
    meeting_id = meetings.planned()
    other = str(uuid4())
    of_another = village.plan(unit_id=str(village.OTHER_BRANCH))
    assert meetings.call("PUT", f"/meetings/{other}", of_another, token=meetings.stranger).status == 201
    stranger = village.attendance(absent=[{"member_id": str(uuid4()), "reason": None}], late=[])
    answers = _send(
        meetings,
        _part("attendance", meeting_id, stranger),
        _part("minutes", meeting_id, village.minutes()),
        _part("adoption", meeting_id),
        _part("attendance", other, village.attendance()),
        _part("plan", str(uuid4()), of_another),
        _part("vote", meeting_id, {"title": "?"}, item_id=str(uuid4())),
        _part("opinion", meeting_id, {"member_id": str(THIRD)}, item_id=str(uuid4())),
        _part("opinion", meeting_id, {"member_id": str(THIRD), "text": "x"}),
        _part("completion", None, {"done_on": "2026-06-10"}, task_id=str(uuid4())),
    )
    assert [(one["status"], one.get("rule")) for one in answers] == [
        (422, "invalid"),
        (200, None),
        (409, "part-refused-before"),
        (404, "unknown-meeting"),
        (404, "unknown-meeting"),
        (422, "invalid"),
        (422, "invalid"),
        (422, "invalid"),
        (404, "unknown-task"),
    ]
    assert answers[0]["errors"][0]["field"] == "absent[0].member_id"
    assert answers[0]["errors"][0]["source"]
    assert answers[0]["message"]["vi"] != answers[0]["message"]["en"]
    assert [error["field"] for error in answers[7]["errors"]] == ["item_id"]
    held = meetings.call("GET", f"/meetings/{meeting_id}").body
    assert (held["attendance"], held["minutes"] is None, held["status"]) == (None, False, "planned")


def test_of_two_devices_the_later_is_told_of_both_versions_and_overwrites_nothing(meetings: Meetings) -> None:
    meeting_id = meetings.planned()
    had = meetings.call("GET", f"{TONIGHT}?on=2026-06-03").body["meetings"][0]["version"]
    opinion_id = str(uuid4())
    _send(
        meetings,
        _part("attendance", meeting_id, village.attendance(), based_on=had),
        _part("opinion", meeting_id, {"member_id": str(THIRD), "text": "Một."}, item_id=opinion_id, based_on=had),
    )

    mine = village.attendance(late=[])
    stale, minutes, opinion, same, adoption = _send(
        meetings,
        _part("attendance", meeting_id, mine, based_on=had),
        _part("minutes", meeting_id, village.minutes(opinions=[]), based_on=had),
        _part("opinion", meeting_id, {"member_id": str(THIRD), "text": "Hai."}, item_id=opinion_id, based_on=had),
        _part("attendance", meeting_id, village.attendance(), based_on=had),
        _part("adoption", meeting_id, based_on=had),
    )

    assert (stale["status"], stale["rule"], stale["part"], stale["based_on"]) == (409, "stale", "attendance", had)
    assert stale["current"]["late"] == village.attendance()["late"]
    assert stale["yours"]["late"] == []
    assert minutes["status"] == 200
    assert (opinion["status"], opinion["current"]["text"], opinion["yours"]["text"]) == (409, "Một.", "Hai.")
    assert same["status"] == 200
    assert adoption["rule"] == "part-refused-before"
    held = meetings.call("GET", f"/meetings/{meeting_id}").body
    assert held["attendance"]["late"] == village.attendance()["late"]
    assert held["status"] == "planned"
    settled = _send(
        meetings,
        _part("attendance", meeting_id, mine, based_on=held["version"]),
        _part("adoption", meeting_id, based_on=held["version"]),
    )
    assert [one["status"] for one in settled] == [200, 200]


def test_single_doors_take_the_version_too(meetings: Meetings) -> None:
    meeting_id = meetings.planned()
    path = f"/meetings/{meeting_id}/attendance"
    first = meetings.call("PUT", path, village.attendance(), if_match='"1"')
    assert (first.status, first.body["version"]) == (200, 2)
    assert meetings.call("PUT", path, village.attendance(), if_match='"1"').body["version"] == 2
    stale = meetings.call("PUT", f"{path}?based_on=1", village.attendance(late=[]))
    assert (stale.status, stale.body["rule"], stale.body["version"]) == (409, "stale", 2)
    assert (stale.body["current"]["guests"], stale.body["yours"]["late"]) == (1, [])
    assert stale.headers["Content-Type"] == "application/problem+json"
    assert meetings.call("PUT", path, village.attendance(late=[]), if_match='W/"2"').status == 200
    assert meetings.call("PUT", path, village.attendance(), if_match="abc").body["rule"] == "if-match"
    plan = village.plan(place="Trường học")
    assert meetings.call("PUT", f"/meetings/{meeting_id}?based_on=1", plan).status == 200
    assert meetings.call("PUT", f"/meetings/{meeting_id}?based_on=1", village.plan()).body["part"] == "plan"
    stale = meetings.call("POST", f"/meetings/{meeting_id}/adoption?based_on=1", {})
    assert stale.body["rule"] == "stale"


def test_an_item_is_taken_out_again(meetings: Meetings) -> None:
    meeting_id, opinion_id = meetings.planned(), str(uuid4())
    path = f"/meetings/{meeting_id}/opinions/{opinion_id}"
    saved = meetings.call("PUT", path, {"member_id": str(THIRD), "text": "Một."}).body
    assert saved["items"]["opinions"][0]["opinion_id"] == opinion_id
    assert saved["parts"][f"opinion:{opinion_id}"] == 2
    gone = meetings.call("DELETE", f"{path}?based_on=2")
    assert (gone.status, gone.body["items"]) == (200, None)
    late = meetings.call("PUT", f"{path}?based_on=2", {"member_id": str(THIRD), "text": "Hai."})
    assert (late.status, late.body["current"], late.body["version"]) == (409, None, 3)


def test_a_branch_that_has_not_arrived_may_send_the_same_part_again(empty: Meetings) -> None:
    empty.feed("registry.unit.v1", *village.units())
    meeting_id = str(uuid4())
    parts = [_part("plan", meeting_id, village.plan()), _part("attendance", meeting_id, village.attendance())]
    assert [one.get("rule") for one in _send(empty, *parts)] == [None, "unit-not-here-yet"]
    empty.feed("registry.roster.v1", village.roster())
    assert [one["status"] for one in _send(empty, *parts)] == [200, 200]


def test_only_those_who_write_for_the_branch_take_and_send(meetings: Meetings) -> None:
    for token in (meetings.member, meetings.stranger, meetings.portal):
        assert meetings.call("GET", TONIGHT, token=token).status == 403
        assert meetings.call("POST", TONIGHT, {"parts": []}, token=token).status == 403
