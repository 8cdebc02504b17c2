"""Meetings become notices: once, to the right units, until the cause is gone."""

import json
from datetime import UTC, date, datetime
from typing import Any

import pytest

from services.notifications import views
from services.notifications.domain.recipients import Choice
from services.notifications.settings import NotificationsSettings
from services.notifications.store import choices
from services.notifications.store.choices import ContactPoint, Preference
from shared import db
from shared.contracts.catalogue import validate
from shared.ids import new_id
from shared.outbox import table
from tests.integration.notifications.province import (
    BRANCH,
    COMMUNE,
    OTHER_BRANCH,
    PROVINCE,
    RehearsalClock,
    Topics,
    attendance,
    meeting,
    unit,
    units,
)

DAY = date(2026, 7, 3)


def deliveries(pool: db.Pool) -> list[tuple[object, ...]]:
    with pool.connection() as conn:
        return conn.execute(
            """
            select n.rule, n.recipient_unit_id, d.channel, d.status from notice n join delivery d using (notice_id)
            order by 1, 2, 3
            """
        ).fetchall()


def published(pool: db.Pool) -> list[dict[str, Any]]:
    with pool.connection() as conn:
        return [json.loads(row.record.value or b"") for row in table.unsent(conn, 1000)]


def states(pool: db.Pool) -> list[tuple[object, ...]]:
    with pool.connection() as conn:
        return conn.execute("select rule, recipient_unit_id, resolved_at is null from notice order by 1, 2").fetchall()


def test_the_branch_and_the_unit_above_are_told_once_however_often_the_event_comes(
    topics: Topics, pool: db.Pool
) -> None:
    low = meeting(DAY, attendance=attendance(8))
    topics.meetings(low)
    topics.meetings(low, low)
    topics.meetings({**low, "version": 2})
    assert deliveries(pool) == [
        ("attendance_low", COMMUNE, "inbox", "sent"),
        ("attendance_low", BRANCH, "inbox", "sent"),
    ]
    assert len(published(pool)) == 2


def test_a_record_below_the_position_is_dropped(topics: Topics, pool: db.Pool) -> None:
    records = topics.records("meetings.meeting.v1", [meeting(DAY, attendance=attendance(8))])
    assert [topics.merge(records), topics.merge(records)] == [1, 0]
    assert len(states(pool)) == 2


def test_what_inboxes_received_is_published_by_the_contract(topics: Topics, pool: db.Pool) -> None:
    topics.meetings(meeting(DAY, tasks_assigned=0))
    events = published(pool)
    for event in events:
        validate("notifications.delivery.v1", event)
    assert [(event["rule"], event["channel"], event["status"], event["attempts"]) for event in events] == [
        ("minutes_incomplete", "inbox", "sent", 1)
    ] * 2


def test_a_correction_ends_the_notice_and_a_worse_one_opens_it_again(
    topics: Topics, pool: db.Pool, clock: RehearsalClock
) -> None:
    first = meeting(DAY, attendance=attendance(8))
    topics.meetings(first)
    with pool.connection() as conn:
        assert views.inbox(conn, BRANCH, "open", None, 10)[0].facts["present"] == 8

    clock.instant = datetime(2026, 7, 11, tzinfo=UTC)
    topics.meetings({**first, "version": 2, "revision": 2, "attendance": attendance(10)})
    with pool.connection() as conn:
        assert views.inbox(conn, BRANCH, "open", None, 10) == []
        (resolved,) = views.inbox(conn, BRANCH, "resolved", None, 10)
        assert resolved.resolved_at == clock.instant

    topics.meetings({**first, "version": 3, "revision": 3, "attendance": attendance(7)})
    with pool.connection() as conn:
        (again,) = views.inbox(conn, BRANCH, "all", None, 10)
        assert (again.notice_id, again.resolved_at, again.facts["present"]) == (resolved.notice_id, None, 7)


def test_an_open_notice_shows_the_newest_figures_without_a_second_one(topics: Topics, pool: db.Pool) -> None:
    first = meeting(DAY, attendance=attendance(5))
    topics.meetings(first)
    topics.meetings({**first, "version": 2, "attendance": attendance(8)})
    with pool.connection() as conn:
        (notice,) = views.inbox(conn, BRANCH, "all", None, 10)
    assert "8/10" in notice.words.text.vi
    assert len(published(pool)) == 2


def test_an_older_version_changes_nothing(topics: Topics, pool: db.Pool) -> None:
    newer = meeting(DAY, version=5)
    topics.meetings(newer)
    topics.meetings({**newer, "version": 4, "attendance": attendance(1)})
    assert states(pool) == []


def test_of_two_versions_in_one_batch_the_newest_counts(topics: Topics, pool: db.Pool) -> None:
    state = meeting(DAY)
    topics.meetings({**state, "version": 2}, {**state, "version": 1, "attendance": attendance(1)})
    assert states(pool) == []


@pytest.mark.parametrize(
    "harmless",
    [
        {"kind": "thematic", "attendance": attendance(1)},
        {"status": "planned", "attendance": None, "minutes": None, "adopted_at": None, "tasks_assigned": 0},
        {"status": "not_held", "attendance": None, "minutes": None, "adopted_at": None, "tasks_assigned": 0},
        {"attendance": attendance(0, 0)},
        {"attendance": attendance(9)},
    ],
    ids=["thematic", "planned", "not held", "nobody owes attendance", "exactly 90 %"],
)
def test_nobody_is_told_of_what_breaks_no_rule(topics: Topics, pool: db.Pool, harmless: dict[str, Any]) -> None:
    topics.meetings(meeting(DAY, **harmless))
    assert states(pool) == []


def test_the_bar_is_the_one_in_force_on_the_day(topics: Topics, pool: db.Pool) -> None:
    topics.meetings(
        meeting(date(2025, 10, 27), attendance=attendance(88, 100)),
        meeting(date(2025, 10, 28), attendance=attendance(88, 100)),
    )
    with pool.connection() as conn:
        (notice,) = views.inbox(conn, BRANCH, "all", None, 10)
    assert (notice.day, notice.source) == (
        date(2025, 10, 28),
        "Ban Tổ chức Trung ương, Hướng dẫn 42-HD/BTCTW, 28/10/2025",
    )


def test_a_meeting_that_comes_before_its_branch_is_told_of_when_the_branch_comes(
    pool: db.Pool, settings: NotificationsSettings, clock: RehearsalClock
) -> None:
    topics = Topics(pool, settings, clock)
    topics.meetings(meeting(DAY, attendance=attendance(8)), meeting(DAY, unit_id=str(new_id()), tasks_assigned=0))
    assert states(pool) == []
    topics.units(*units())
    assert states(pool) == [("attendance_low", COMMUNE, True), ("attendance_low", BRANCH, True)]
    topics.units(unit(BRANCH, "branch", COMMUNE, "Chi bộ thôn 1", version=2))
    assert len(states(pool)) == 2


def test_the_unit_above_is_the_one_of_that_day(topics: Topics, pool: db.Pool) -> None:
    moved = unit(BRANCH, "branch", COMMUNE, "Chi bộ thôn 1", version=2, valid_to="2026-07-05")
    moved["spans"].append({**moved["spans"][0], "valid_from": "2026-07-05", "valid_to": None})
    moved["spans"][1]["parent_id"] = str(PROVINCE)
    topics.units(moved)
    topics.meetings(meeting(DAY, tasks_assigned=0), meeting(date(2026, 7, 6), attendance=attendance(1)))
    assert states(pool) == [
        ("attendance_low", PROVINCE, True),
        ("attendance_low", BRANCH, True),
        ("minutes_incomplete", COMMUNE, True),
        ("minutes_incomplete", BRANCH, True),
    ]


def test_channels_are_those_the_unit_chose(topics: Topics, pool: db.Pool) -> None:
    with pool.connection() as conn:
        choices.put_contact_point(conn, COMMUNE, ContactPoint("xa@gialai.gov.vn", "vi"))
        choices.put_contact_point(conn, BRANCH, ContactPoint("thon1@gialai.gov.vn", "vi"))
        choices.put_preferences(conn, BRANCH, {"attendance_low": Preference(inbox=False, email=False)})
        choices.put_preferences(conn, COMMUNE, {"attendance_low": Preference(inbox=False, email=True)})
        assert choices.load(conn, [BRANCH, COMMUNE, OTHER_BRANCH]) == {
            BRANCH: Choice(True, frozenset({("attendance_low", "inbox"), ("attendance_low", "email")})),
            COMMUNE: Choice(True, frozenset({("attendance_low", "inbox")})),
        }
    topics.meetings(meeting(DAY, attendance=attendance(8), tasks_assigned=0))
    assert deliveries(pool) == [
        ("attendance_low", COMMUNE, "email", "pending"),
        ("minutes_incomplete", COMMUNE, "email", "pending"),
        ("minutes_incomplete", COMMUNE, "inbox", "sent"),
        ("minutes_incomplete", BRANCH, "email", "pending"),
        ("minutes_incomplete", BRANCH, "inbox", "sent"),
    ]


def test_a_log_read_from_its_start_fills_no_mailboxes_with_last_year(topics: Topics, pool: db.Pool) -> None:
    with pool.connection() as conn:
        choices.put_contact_point(conn, BRANCH, ContactPoint("thon1@gialai.gov.vn", "vi"))
    topics.meetings(meeting(date(2026, 3, 31), tasks_assigned=0), meeting(date(2026, 4, 1), attendance=attendance(1)))
    assert [row for row in deliveries(pool) if row[2] == "email"] == [("attendance_low", BRANCH, "email", "pending")]


def test_an_e_mail_that_waits_is_withdrawn_with_its_cause_and_waits_again_with_it(
    topics: Topics, pool: db.Pool
) -> None:
    with pool.connection() as conn:
        choices.put_contact_point(conn, BRANCH, ContactPoint("thon1@gialai.gov.vn", "vi"))
    first = meeting(DAY, tasks_assigned=0)
    seen = []
    for version, tasks in ((1, 0), (2, 3), (3, 0)):
        topics.meetings({**first, "version": version, "tasks_assigned": tasks})
        seen += [row[3] for row in deliveries(pool) if row[2] == "email"]
    assert seen == ["pending", "withdrawn", "pending"]


def test_a_malformed_meeting_becomes_a_dead_letter_and_the_rest_is_merged(topics: Topics, pool: db.Pool) -> None:
    good, bad = topics.records("meetings.meeting.v1", [meeting(DAY, tasks_assigned=0), meeting(DAY)])
    broken = type(bad)(bad.topic, bad.partition, bad.offset, bad.key, b'{"meeting_id": 7}', bad.headers)
    assert topics.merge([good, broken]) == 2
    assert len(states(pool)) == 2
    with pool.connection() as conn:
        (letter,) = [row.record for row in table.unsent(conn, 10) if row.record.topic == "notifications.notices.dlq"]
    assert letter.value == broken.value
    assert dict(letter.headers)["dlt-reason"] == b"malformed"


def test_a_year_of_a_province_passes_in_batches(topics: Topics, pool: db.Pool) -> None:
    branches = [new_id() for _ in range(500)]
    topics.units(*(unit(branch, "branch", COMMUNE, f"Chi bộ {n}") for n, branch in enumerate(branches)))
    for month in range(1, 7):
        topics.meetings(
            *(
                meeting(date(2026, month, 3), unit_id=str(branch), attendance=attendance(8 if n % 10 == 0 else 10))
                for n, branch in enumerate(branches)
            )
        )
    assert len(states(pool)) == 6 * 50 * 2


def _called(day: date, version: int = 1, **changes: Any) -> dict[str, Any]:
    """A planned meeting that members were told of."""
    planned: dict[str, Any] = {
        "status": "planned",
        "revision": 0,
        "adopted_at": None,
        "reported_at": None,
        "tasks_assigned": 0,
    }
    told = {"notice_given": True, "notified_at": "2026-07-01T01:00:00Z"}
    return {**meeting(day, version=version, **planned, attendance=None, minutes=None), "preparation": told} | changes


def test_notice_of_a_meeting_is_told_to_the_branch_and_the_unit_above_until_it_is_held(
    topics: Topics, pool: db.Pool
) -> None:
    called = _called(DAY)
    topics.meetings(called)
    topics.meetings(called | {"version": 2})
    told = [("meeting_notified", COMMUNE, "inbox", "sent"), ("meeting_notified", BRANCH, "inbox", "sent")]
    assert deliveries(pool) == told
    with pool.connection() as conn:
        (notice,) = views.inbox(conn, COMMUNE, "open", None, 10)
    assert notice.facts == {"kind": "regular", "hour": "19:30"}
    moved = called | {"version": 3, "preparation": {"notice_given": False, "notified_at": None}}
    topics.meetings(moved)
    assert [still_open for *_, still_open in states(pool)] == [False, False]
    topics.meetings(called | {"version": 4, "starts_at": "2026-07-03T13:00:00Z"})
    with pool.connection() as conn:
        (again,) = views.inbox(conn, COMMUNE, "open", None, 10)
    assert again.facts["hour"] == "20:00"
    topics.meetings(meeting(DAY, version=5) | {"meeting_id": called["meeting_id"]})
    assert [still_open for *_, still_open in states(pool)] == [False, False]


def test_a_meeting_nobody_was_told_of_is_no_notice(topics: Topics, pool: db.Pool) -> None:
    topics.meetings(_called(DAY, preparation={"notice_given": False, "notified_at": None}))
    assert states(pool) == []
