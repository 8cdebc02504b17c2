"""Steps around a meeting: told, opened, postponed, reported, scored by others, visited; refusals name their source."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest

from tests.integration.meetings import village
from tests.integration.meetings.village import DEPUTY, FIFTH, FOURTH, NOVICE, SECRETARY, THIRD, Meetings

SUPERIOR = UUID("0197b6c0-0000-7000-8000-000000000151")
LATER = date(2026, 6, 20)


def _done(answer: village.Answer) -> Any:
    assert answer.status in (200, 201), answer.body
    return answer.body


def test_from_the_notice_to_the_official_grade(meetings: Meetings) -> None:
    following = {"member_id": str(SUPERIOR), "valid_from": "2026-01-01"}
    _done(meetings.call("PUT", f"/units/{village.BRANCH}/follower", following, token=meetings.officer))
    meeting_id = meetings.planned(day=LATER)
    pre = str(uuid4())
    committee = village.plan(LATER, kind="committee", starts_at="2026-06-15T07:00:00+07:00", regular_id=meeting_id)
    _done(meetings.call("PUT", f"/meetings/{pre}", committee))
    everyone = village.attendance(absent=[], late=[])
    _done(meetings.call("PUT", f"/meetings/{pre}/attendance", everyone))
    written = village.minutes(
        started_at="2026-06-15T07:00:00+07:00", ended_at="2026-06-15T07:40:00+07:00", resolution=None, tasks=[],
        opinions=[],
    )  # fmt: skip
    _done(meetings.call("PUT", f"/meetings/{pre}/minutes", written))
    _done(meetings.call("POST", f"/meetings/{pre}/adoption", {}))

    document = {"kind": "draft_resolution", "title": "Dự thảo", "classification": "internal"}
    _done(meetings.call("PUT", f"/meetings/{meeting_id}/documents/{uuid4()}", document))
    notice = _done(meetings.call("PUT", f"/meetings/{meeting_id}/notice", {"content": "Tháng 6"}))
    assert (len(notice["member_ids"]), notice["superior_ids"]) == (7, [str(SUPERIOR)])
    meetings.set_clock("2026-06-20T19:30:00+07:00")
    assert _done(meetings.call("POST", f"/meetings/{meeting_id}/opening", {}))["stage"] == "opened"
    _done(meetings.call("PUT", f"/meetings/{meeting_id}/attendance", everyone))
    _done(meetings.call("PUT", f"/meetings/{meeting_id}/minutes", village.minutes(LATER)))
    _done(meetings.call("PUT", f"/meetings/{meeting_id}/score", village.score() | {"scorer_id": str(THIRD)}))
    voted = _done(meetings.call("PUT", f"/meetings/{meeting_id}/voted-score", village.score(conduct=35)))
    assert [given["total"] for given in voted["scores"]["voted"]] == [90.0]
    meetings.set_clock("2026-06-20T21:00:00+07:00")
    closed = _done(
        meetings.call("POST", f"/meetings/{meeting_id}/adoption", {"read_by": str(DEPUTY), "report_later": True})
    )
    assert (closed["stage"], closed["status"], closed["reported_at"]) == ("closed", "adopted", None)
    assert (closed["steps"]["read_by"], closed["steps"]["prepared_by"]) == (str(DEPUTY), pre)
    meetings.set_clock("2026-06-21T08:00:00+07:00")
    assert _done(meetings.call("POST", f"/meetings/{meeting_id}/report", {}))["stage"] == "reported"
    seen = {"present": True, "remarks": "Thảo luận tốt."}
    _done(meetings.call("PUT", f"/meetings/{meeting_id}/visit", seen, token=meetings.officer))
    official = village.score(conduct=30) | {"remarks": "Giao việc cụ thể hơn."}
    graded = _done(meetings.call("PUT", f"/meetings/{meeting_id}/official-score", official, token=meetings.officer))

    assert graded["stage"] == "graded"
    assert (graded["score"]["total"], graded["score"]["scorer_id"]) == (91.5, str(THIRD))
    (given,) = graded["scores"]["official"]
    assert (given["total"], given["grade"], given["remarks"]) == (85.0, "fair", "Giao việc cụ thể hơn.")
    told = meetings.events()[-1]
    assert (told["stage"], told["status"], told["superior_attended"]) == ("graded", "adopted", True)
    assert told["preparation"] == {
        "pre_meeting_held": True,
        "notice_given": True,
        "notified_at": "2026-06-15T01:00:00+00:00",
        "documents": 1,
        "documents_day_before": True,
    }
    assert {name: given["points"] for name, given in told["scores"].items()} == {
        "self": 91.5,
        "voted": 90.0,
        "official": 85.0,
    }
    assert [event["version"] for event in meetings.events() if event["meeting_id"] == meeting_id] == list(range(1, 13))


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("PUT", "official-score", village.score() | {"remarks": ""}),
        ("PUT", "visit", {"present": True}),
    ],
)
def test_only_an_office_above_the_branch_grades_and_visits(
    meetings: Meetings, method: str, path: str, body: dict[str, Any]
) -> None:
    meeting_id = meetings.adopted()
    of_branch = meetings.token_of(SUPERIOR, "committee_officer", village.BRANCH)
    before = meetings.tables()
    for token, rule in ((of_branch, "not-superior"), (meetings.secretary, "role"), (meetings.stranger, "role")):
        answer = meetings.call(method, f"/meetings/{meeting_id}/{path}", body, token=token)
        assert (answer.status, answer.body["rule"]) == (403, rule)
    assert meetings.tables() == before
    assert meetings.call(method, f"/meetings/{meeting_id}/{path}", body, token=meetings.officer).status == 200


def test_who_opened_what_is_seen(meetings: Meetings) -> None:
    following = {"member_id": str(SUPERIOR), "valid_from": "2026-01-01"}
    meetings.call("PUT", f"/units/{village.BRANCH}/follower", following, token=meetings.officer)
    meeting_id, document_id = meetings.planned(day=LATER), str(uuid4())
    meetings.call("PUT", f"/meetings/{meeting_id}/notice", {"content": "Tháng 6"})
    document = {"kind": "discussion_guide", "title": "Gợi ý", "classification": "thường"}
    meetings.call("PUT", f"/meetings/{meeting_id}/documents/{document_id}", document)
    receipts = f"/meetings/{meeting_id}/receipts"

    for member in (THIRD, THIRD, FOURTH):
        assert meetings.call("POST", receipts, {"what": "call"}, token=meetings.token_of(member)).status == 204
    superior = meetings.token_of(SUPERIOR, "committee_officer", village.COMMUNE)
    assert meetings.call("POST", receipts, {"what": document_id}, token=superior).status == 204

    call, handed_out = _done(meetings.call("GET", receipts))["items"]
    assert (call["what"], sorted(call["opened"])) == ("call", [str(THIRD), str(FOURTH)])
    assert str(SUPERIOR) in call["unread"]
    assert str(THIRD) not in call["unread"]
    assert (handed_out["what"], list(handed_out["opened"])) == (document_id, [str(SUPERIOR)])

    stranger = meetings.call("POST", receipts, {"what": "call"}, token=meetings.member)
    assert (stranger.status, stranger.body["rule"]) == (403, "not-a-members-token")
    meetings.call("PUT", f"/meetings/{meeting_id}/notice", {"content": "Đổi nội dung"})
    again = _done(meetings.call("GET", receipts))["items"][0]
    assert again["opened"] == {}


@pytest.mark.parametrize("classification", ["mật", "tối mật", "tuyệt mật", "hạn chế", "secret", "restricted"])
def test_a_secret_document_is_refused_and_leaves_no_trace(meetings: Meetings, classification: str) -> None:
    meeting_id = meetings.planned(day=LATER)
    before = meetings.tables()
    document = {"kind": "other", "title": "Công văn", "classification": classification}
    answer = meetings.call("PUT", f"/meetings/{meeting_id}/documents/{uuid4()}", document)
    (error,) = answer.body["errors"]
    assert (answer.status, error["rule"]) == (422, "classified-not-distributed")
    assert "Bảo vệ bí mật nhà nước" in error["source"]
    assert _done(meetings.call("GET", f"/meetings/{meeting_id}/documents"))["items"] == []
    assert meetings.tables() == before


def test_a_document_on_the_day_is_not_in_time(meetings: Meetings) -> None:
    meeting_id = meetings.planned(day=LATER)
    document = {"kind": "other", "title": "Gợi ý", "classification": "open"}
    meetings.call("PUT", f"/meetings/{meeting_id}/documents/{uuid4()}", document)
    meetings.set_clock("2026-06-20T08:00:00+07:00")
    meetings.call("PUT", f"/meetings/{meeting_id}/documents/{uuid4()}", document)
    told = meetings.events()[-1]["preparation"]
    assert (told["documents"], told["documents_day_before"]) == (2, False)


def test_a_meeting_put_off_without_a_day_waits_for_one(meetings: Meetings) -> None:
    meeting_id = meetings.planned()
    put_off = _done(meetings.call("POST", f"/meetings/{meeting_id}/postponement", {"reason": "Bão số 12"}))
    assert put_off["stage"] == "postponed"
    refused = meetings.call("PUT", f"/meetings/{meeting_id}/attendance", village.attendance())
    assert (refused.status, refused.body["rule"]) == (409, "postponed")
    _done(meetings.call("PUT", f"/meetings/{meeting_id}", village.plan(date(2026, 6, 10))))
    recorded = _done(meetings.call("PUT", f"/meetings/{meeting_id}/attendance", village.attendance()))
    (kept,) = recorded["steps"]["postponed"]
    assert kept["reason"] == "Bão số 12"
    assert datetime.fromisoformat(kept["until"]) == datetime(2026, 6, 10, 12, 30, tzinfo=UTC)
    assert {event["status"] for event in meetings.events()} == {"planned"}


@pytest.mark.parametrize(("path", "body"), [("attendance", village.attendance()), ("minutes", village.minutes(LATER))])
def test_nothing_is_recorded_of_a_meeting_in_the_future(meetings: Meetings, path: str, body: dict[str, Any]) -> None:
    meeting_id = meetings.planned(day=LATER)
    before = meetings.tables()
    answer = meetings.call("PUT", f"/meetings/{meeting_id}/{path}", body)
    assert (answer.status, answer.body["rule"]) == (409, "meeting-in-future")
    assert answer.body["source"]
    assert meetings.tables() == before


def test_a_thematic_meeting_follows_the_regular_one_the_same_evening(meetings: Meetings) -> None:
    meetings.planned()
    early = village.plan(kind="thematic", starts_at="2026-06-03T19:00:00+07:00")
    answer = meetings.call("PUT", f"/meetings/{uuid4()}", early)
    assert (answer.status, answer.rules) == (422, {"starts_at": "thematic-follows-regular"})
    after = village.plan(kind="thematic", starts_at="2026-06-03T21:00:00+07:00")
    assert meetings.call("PUT", f"/meetings/{uuid4()}", after).status == 201


@pytest.mark.parametrize(
    ("changes", "rules"),
    [
        ({"kind": "committee", "regular_id": str(uuid4())}, {"regular_id": "prepares-no-regular"}),
        ({"kind": "regular", "topic_id": str(uuid4())}, {"topic_id": "unknown-topic"}),
        ({"kind": "thematic", "topic_id": str(uuid4())}, {"topic_id": "unknown-topic"}),
    ],
)
def test_a_plan_links_only_what_is_there(meetings: Meetings, changes: dict[str, Any], rules: dict[str, str]) -> None:
    answer = meetings.call("PUT", f"/meetings/{uuid4()}", village.plan(**changes))
    assert (answer.status, answer.rules) == (422, rules)


def test_a_committee_meets_before_what_it_prepares(meetings: Meetings) -> None:
    regular = meetings.planned()
    late = village.plan(kind="committee", starts_at="2026-06-03T22:00:00+07:00", regular_id=regular)
    assert meetings.call("PUT", f"/meetings/{uuid4()}", late).rules == {"starts_at": "committee-meets-before"}


def test_a_dated_rule_may_ask_for_the_notice(meetings: Meetings) -> None:
    meetings.run(
        "insert into rule (name, valid_from, value, issuer, citation) values "
        "('required_steps', '2026-01-01', '{\"regular\": [\"notified\"]}', 'Tỉnh uỷ', 'Quy định 1')"
    )
    try:
        refused = meetings.call("POST", f"/meetings/{meetings.recorded()}/adoption", {})
    finally:
        meetings.run("delete from rule where name = 'required_steps'")
    assert (refused.status, refused.body["rule"]) == (409, "step-missing")
    assert refused.body["source"] == "Tỉnh uỷ, Quy định 1"


def test_the_plan_of_a_year_is_returned_then_approved_with_its_topics(meetings: Meetings) -> None:
    path, topic_id = f"/units/{village.BRANCH}/year-plan", str(uuid4())
    year = {
        "regular": [{"month": f"2026-{month:02d}", "day": 3} for month in range(1, 13)],
        "topics": [{"topic_id": topic_id, "quarter": 3, "title": "Nêu gương"}],
    }
    assert _done(meetings.call("PUT", f"{path}?year=2026", year))["status"] == "draft"
    assert _done(meetings.call("POST", f"{path}/sending?year=2026", {}))["status"] == "sent"
    waiting = meetings.call("PUT", f"{path}?year=2026", year | {"topics": []})
    assert (waiting.status, waiting.body["rule"]) == (409, "plan-sent")

    def decide(body: dict[str, Any], token: str = meetings.officer) -> village.Answer:
        return meetings.call("POST", f"{path}/decision?year=2026", body, token=token)

    assert decide({"approved": False}).rules == {"remark": "remark-missing"}
    returned = _done(decide({"approved": False, "remark": "Thêm quý IV"}))
    assert returned["status"] == "returned"
    more = year["topics"] + [{"topic_id": str(uuid4()), "quarter": 4, "title": "Xây dựng Đảng"}]
    _done(meetings.call("PUT", f"{path}?year=2026&based_on={returned['version']}", year | {"topics": more}))
    _done(meetings.call("POST", f"{path}/sending?year=2026", {}))
    assert decide({"approved": True}, meetings.secretary).status == 403
    approved = _done(decide({"approved": True}))
    assert [step["status"] for step in approved["steps"]] == ["sent", "returned", "sent", "approved"]
    assert len(approved["steps"][0]["plan"]["topics"]) == 1
    topics = _done(meetings.call("GET", f"/units/{village.BRANCH}/topics?year=2026"))["items"]
    assert [(topic["quarter"], topic["status"]) for topic in topics] == [(3, "approved"), (4, "approved")]

    themed = village.plan(date(2026, 7, 3), kind="thematic", topic_id=topic_id)
    assert _done(meetings.call("PUT", f"/meetings/{uuid4()}", themed))["topic_id"] == topic_id


def test_a_faulty_plan_of_a_year_is_named(meetings: Meetings) -> None:
    year = {
        "regular": [
            {"month": "2026-02", "day": 30},
            {"month": "2025-03", "day": 3},
            {"month": "2026-02", "day": 3},
        ]
    }
    answer = meetings.call("PUT", f"/units/{village.BRANCH}/year-plan?year=2026", year)
    assert answer.rules == {
        "regular[0].day": "no-such-day",
        "regular[1].month": "another-year",
        "regular[2].month": "one-regular-meeting-a-month",
    }


def test_a_topic_beside_the_plan_is_registered_and_decided(meetings: Meetings) -> None:
    topic = f"/units/{village.BRANCH}/topics/{uuid4()}"
    body = {"year": 2026, "quarter": 2, "title": "Chuyển đổi số"}
    assert _done(meetings.call("PUT", topic, body))["status"] == "registered"
    assert _done(meetings.call("PUT", topic, body))["version"] == 1
    assert meetings.call("POST", f"{topic}/decision", {"approved": True}).status == 403
    decided = _done(meetings.call("POST", f"{topic}/decision", {"approved": True}, token=meetings.officer))
    assert (decided["status"], decided["version"]) == ("approved", 2)
    changed = meetings.call("PUT", topic, body | {"title": "Khác"})
    assert (changed.status, changed.body["rule"]) == (409, "topic-approved")


def test_roll_call_by_code(meetings: Meetings) -> None:
    meetings.set_clock("2026-06-03T19:30:00+07:00")
    meeting_id = meetings.planned()
    code = _done(meetings.call("POST", f"/meetings/{meeting_id}/roll-call-codes", {}))
    assert code["svg"].startswith("<svg")
    assert code["expires_at"] == "2026-06-03T12:35:00+00:00"

    def redeem(member: UUID) -> village.Answer:
        return meetings.call("POST", "/roll-call", {"code": code["code"]}, token=meetings.token_of(member))

    assert [redeem(member).status for member in (SECRETARY, THIRD, village.VETERAN)] == [200, 200, 200]
    again = redeem(THIRD)
    assert (again.status, again.body["rule"]) == (409, "code-used")
    for token in (meetings.member, meetings.token_of(village.AWAY)):
        other = meetings.call("POST", "/roll-call", {"code": code["code"]}, token=token)
        assert (other.status, other.body["rule"]) == (403, "not-a-members-token")
    assert meetings.call("POST", "/roll-call", {"code": code["code"]}, token=meetings.stranger).status == 403
    meetings.set_clock("2026-06-03T19:36:00+07:00")
    assert redeem(FIFTH).body["rule"] == "code-expired"

    closing = {"by_hand": [str(DEPUTY)], "late": [str(FIFTH)], "reasons": [{"member_id": str(FOURTH), "reason": "Ốm"}]}
    taken = _done(meetings.call("POST", f"/meetings/{meeting_id}/roll-call", closing))["attendance"]
    assert (taken["owed"], taken["present"], taken["absent_with_reason"], taken["absent_without_reason"]) == (
        6,
        4,
        1,
        1,
    )
    assert taken["exempt_present"] == [str(village.VETERAN)]

    code = _done(meetings.call("POST", f"/meetings/{meeting_id}/roll-call-codes", {}))
    assert redeem(NOVICE).status == 200
    late = _done(meetings.call("GET", f"/meetings/{meeting_id}"))["attendance"]
    assert (late["present"], late["late"]) == (5, [str(FIFTH), str(NOVICE)])
    assert len(_done(meetings.call("GET", f"/meetings/{meeting_id}/roll-call"))["items"]) == 4


def test_guests_votes_self_criticism_and_conclusions_are_kept_and_none_leaves(meetings: Meetings) -> None:
    meeting_id = meetings.planned()
    guest = {"role": "Đại diện đảng uỷ", "organisation": "Đảng uỷ xã", "name": "Nguyễn Văn Nhận-Ra"}
    taken = _done(
        meetings.call("PUT", f"/meetings/{meeting_id}/attendance", village.attendance(guests=0, guest_list=[guest]))
    )
    assert (taken["attendance"]["guests"], taken["attendance"]["guest_list"]) == (1, [guest])
    questions = [
        {"vote_id": str(uuid4()), "title": "Kết nạp", "hands": {"for": 3, "against": 1, "abstaining": 0}},
        {
            "vote_id": str(uuid4()),
            "title": "Khen thưởng",
            "by_name": [{"member_id": str(SECRETARY), "choice": "for"}, {"member_id": str(THIRD), "choice": "against"}],
        },
    ]
    written = village.minutes(
        questions=questions,
        self_criticisms=[{"member_id": str(DEPUTY), "text": "Tự phê bình."}],
        conclusions=[{"item": "Đường thôn", "text": "Nhất trí."}],
        fees={"paid": 5, "owing": 1},
    )
    answer = _done(meetings.call("PUT", f"/meetings/{meeting_id}/minutes", written))["minutes"]
    resolution, taken_in, praised = answer["votes"]
    assert (resolution["title"], resolution["of"], resolution["carried"]) == ("resolution", 5, True)
    assert (taken_in["of"], taken_in["present"], taken_in["carried"], taken_in["more_than"]) == (5, 4, True, 0.5)
    assert (praised["for"], praised["against"], praised["carried"]) == (1, 1, False)
    assert "Điều lệ Đảng" in praised["source"]
    assert "Điều lệ Đảng" in praised["denominator_source"]
    assert answer["fees"] == {"paid": 5, "owing": 1, "exempt": 0}
    _done(meetings.call("POST", f"/meetings/{meeting_id}/adoption", {}))
    told = meetings.events()[-1]["minutes"]
    assert (told["self_criticisms"], told["questions"], told["questions_carried"]) == (1, 2, 1)
    assert not any("Nhận-Ra".encode() in (sent.record.value or b"") for sent in meetings.outbox())


def test_a_vote_saved_by_itself_states_its_denominator(meetings: Meetings) -> None:
    meeting_id = meetings.planned()
    meetings.call("PUT", f"/meetings/{meeting_id}/attendance", village.attendance())
    vote = f"/meetings/{meeting_id}/votes/{uuid4()}"
    hands = {"title": "Kết nạp", "hands": {"for": 2, "against": 2, "abstaining": 0}}
    saved = _done(meetings.call("PUT", vote, hands))
    assert (saved["vote"]["of"], saved["vote"]["present"], saved["vote"]["carried"]) == (5, 4, False)
    assert "Điều lệ Đảng" in saved["vote"]["denominator_source"]
    by_novice = {"title": "Kết nạp", "by_name": [{"member_id": str(NOVICE), "choice": "for"}]}
    refused = meetings.call("PUT", vote, by_novice)
    assert (refused.status, refused.rules) == (422, {"by_name[0].member_id": "may-not-vote"})
    too_many = meetings.call("PUT", vote, hands | {"hands": {"for": 6, "against": 0, "abstaining": 0}})
    assert too_many.rules == {"hands": "votes-over-denominator"}
    assert all("Điều lệ Đảng" in error["source"] for error in (*refused.body["errors"], *too_many.body["errors"]))
