"""Signals over HTTP and in events."""

from uuid import uuid4

from services.meetings.domain.minutes import Sections
from shared import db
from tests.integration.meetings import village
from tests.integration.meetings.village import Meetings

_FULL = {name: f"Nội dung của mục {name}, đủ dài để không bị coi là sơ sài." for name in Sections.__struct_fields__}


def test_good_minutes_give_no_signal(meetings: Meetings) -> None:
    row = village.row(minutes=village.minutes(sections=_FULL))
    assert meetings.bring_in(meetings=[row]).status == 200
    (event,) = meetings.events()
    assert event["signals"] == {"codes": [], "sections_empty": 0, "sections_short": 0, "speakers_not_named": 0}
    shown = meetings.call("GET", f"/meetings/{row['meeting_id']}/signals")
    assert (shown.body["items"], shown.body["copies"], shown.body["copies_pending"]) == ([], None, True)


def test_thin_minutes_give_codes_in_the_event_and_words_at_the_door(meetings: Meetings) -> None:
    discussion = "Có 07 ý kiến phát biểu; " + "x" * 40
    thin = _FULL | {"conclusion": "Nhất trí.", "self_criticism": " ", "discussion": discussion}
    written = village.minutes(sections=thin, tasks=[], ended_at="2026-06-04T02:00:00+07:00")
    row = village.row(minutes=written, adopted_at="2026-06-04T02:30:00+07:00", reported_at="2026-06-04T02:31:00+07:00")
    assert meetings.bring_in(meetings=[row]).status == 200

    (event,) = meetings.events()
    assert event["signals"] == {
        "codes": [
            "adopted-after-the-end", "no-task", "outside-its-day", "section-empty", "section-short",
            "speakers-not-named", "too-long",
        ],
        "sections_empty": 1,
        "sections_short": 1,
        "speakers_not_named": 5,
    }  # fmt: skip
    shown = meetings.call("GET", f"/meetings/{row['meeting_id']}/signals").body["items"]
    items = {item["code"]: item for item in shown}
    assert set(items) == set(event["signals"]["codes"])
    empty = items["section-empty"]
    assert (empty["field"], empty["rule"]) == ("sections.self_criticism", "template")
    assert "Tự phê bình và phê bình" in empty["vi"]
    assert "42-HD/BTCTW" in empty["source"]
    short = items["section-short"]
    assert (short["count"], short["limit"], short["rule"]) == (9, 40, "signals")
    assert short["source"] == "Nền nếp, giá trị ban đầu của hệ thống"
    assert all(item["vi"] != item["en"] for item in items.values())


def test_minutes_that_should_be_adopted_by_now(meetings: Meetings) -> None:
    meeting_id = meetings.recorded()
    codes = [item["code"] for item in meetings.call("GET", f"/meetings/{meeting_id}/signals").body["items"]]
    assert "not-adopted" in codes
    assert meetings.events()[-1].get("signals") is None


def test_two_meetings_of_a_branch_at_once(meetings: Meetings) -> None:
    regular = village.row(minutes=village.minutes(sections=_FULL))
    thematic = village.row(
        kind="thematic",
        starts_at="2026-06-03T20:00:00+07:00",
        minutes=village.minutes(sections=_FULL, tasks=[village.task()]),
    )
    later = {"started_at": "2026-06-03T21:00:00+07:00", "ended_at": "2026-06-03T22:00:00+07:00"}
    after = village.row(
        kind="extraordinary",
        starts_at="2026-06-03T21:00:00+07:00",
        minutes=village.minutes(sections=_FULL, tasks=[village.task()]) | later,
        adopted_at="2026-06-03T21:55:00+07:00",
    )
    assert meetings.bring_in(meetings=[regular, thematic, after]).status == 200
    codes = {event["meeting_id"]: event["signals"]["codes"] for event in meetings.events()}
    assert codes == {
        regular["meeting_id"]: ["two-at-once"],
        thematic["meeting_id"]: ["two-at-once"],
        after["meeting_id"]: [],
    }


def test_a_dated_rule_sets_the_bar(meetings: Meetings) -> None:
    row = village.row(minutes=village.minutes(sections=_FULL))
    assert meetings.bring_in(meetings=[row]).status == 200
    path = f"/meetings/{row['meeting_id']}/signals"
    assert meetings.call("GET", path).body["items"] == []
    with db.connect(meetings.url, name="test") as conn:
        conn.execute("update rule set valid_to = '2026-06-01' where name = 'signals'")
        conn.execute(
            """
            insert into rule (name, valid_from, value, issuer, citation)
            select name, '2026-06-01', jsonb_set(value, '{least_characters,conclusion}', '500'), 'Tỉnh uỷ', 'HD 9'
            from rule where name = 'signals'
            """
        )
    try:
        (item,) = meetings.call("GET", path).body["items"]
        assert (item["code"], item["limit"], item["source"]) == ("section-short", 500, "Tỉnh uỷ, HD 9")
    finally:
        with db.connect(meetings.url, name="test") as conn:
            conn.execute("delete from rule where name = 'signals' and valid_from = '2026-06-01'")
            conn.execute("update rule set valid_to = null where name = 'signals'")


def test_signals_are_for_the_branch_and_its_superiors(meetings: Meetings) -> None:
    meeting_id = meetings.adopted()
    for token in (meetings.secretary, meetings.officer, meetings.member):
        assert meetings.call("GET", f"/meetings/{meeting_id}/signals", token=token).status == 200
    for token in (meetings.stranger, meetings.portal):
        assert meetings.call("GET", f"/meetings/{meeting_id}/signals", token=token).status == 403
    unknown = meetings.call("GET", f"/meetings/{uuid4()}/signals", token=meetings.root)
    assert (unknown.status, unknown.body["rule"]) == (404, "unknown-meeting")


def test_a_correction_is_judged_anew(meetings: Meetings) -> None:
    row = village.row(minutes=village.minutes(sections=_FULL | {"conclusion": ""}))
    assert meetings.bring_in(meetings=[row]).status == 200
    assert "no-conclusion" in meetings.events()[-1]["signals"]["codes"]
    better = village.minutes(sections=_FULL, tasks=row["minutes"]["tasks"])
    corrected = meetings.call(
        "POST", f"/meetings/{row['meeting_id']}/corrections", {"reason": "Ghi sót kết luận", "minutes": better}
    )
    assert corrected.status == 200
    assert meetings.events()[-1]["signals"]["codes"] == []
