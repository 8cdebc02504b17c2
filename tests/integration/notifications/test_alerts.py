"""Alerts from their topic: told once when they begin, ended when they cease or are withdrawn."""

from datetime import date
from typing import Any

import pytest

from services.notifications import views
from services.notifications.store import choices
from services.notifications.store.choices import ContactPoint, Preference
from shared import db
from shared.ids import new_id
from tests.integration.notifications.province import BRANCH, COMMUNE, PROVINCE, Topics, unit

ALERT = "3f0d7c62-6f57-5d34-9a3e-6b1a3f8f2c55"


def alert(version: int = 10, **changes: Any) -> dict[str, Any]:
    """Two months without a meeting, as evaluation.alert.v1 carries it."""
    month = {"period": "2026-06", "facts": {"held": 0, "not_held": 0, "in_a_row": 2}}
    return {
        "alert_id": ALERT,
        "version": version,
        "rule": "no_meeting",
        "unit_id": str(BRANCH),
        "state": "begun",
        "since": "2026-06",
        "until": None,
        "rule_from": "2000-01-01",
        "source": "Nền nếp, mức mặc định",
        "began": [{**month, "period": "2026-05"}, month],
        "ended": [],
        "cause": None,
        "begun_at": "2026-07-03T00:00:05+00:00",
        "ended_at": None,
        **changes,
    }


def ceased(version: int = 11, **changes: Any) -> dict[str, Any]:
    end = {"state": "ceased", "until": "2026-07", "cause": "recovered", "ended_at": "2026-07-09T00:00:00+00:00"}
    return alert(version, **end | changes)


def told(pool: db.Pool) -> list[tuple[object, ...]]:
    """Recipient, channel, what became of the delivery, whether the notice is open."""
    with pool.connection() as conn:
        return conn.execute(
            "select n.recipient_unit_id, d.channel, d.status, n.resolved_at is null from notice n"
            " join delivery d using (notice_id) order by 1, 2"
        ).fetchall()


@pytest.fixture
def mailbox(topics: Topics, pool: db.Pool) -> None:
    with pool.connection() as conn:
        choices.put_contact_point(conn, COMMUNE, ContactPoint("vanphong@gialai.gov.vn", "vi"))


@pytest.mark.usefixtures("mailbox")
def test_the_branch_and_its_superior_are_told_once_however_often_it_comes(topics: Topics, pool: db.Pool) -> None:
    topics.alerts(alert())
    topics.alerts(alert(), alert(12))
    assert told(pool) == [
        (COMMUNE, "email", "pending", True),
        (COMMUNE, "inbox", "sent", True),
        (BRANCH, "inbox", "sent", True),
    ]
    with pool.connection() as conn:
        (notice,) = views.inbox(conn, COMMUNE, "open", None, 10)
        assert conn.execute("select count(*) from outbox").fetchone() == (2,)
    assert (notice.rule, notice.period, notice.day) == ("no_meeting", "2026-06", date(2026, 6, 30))
    assert notice.words.title.vi == "Không sinh hoạt nhiều tháng liền đến 06/2026: Chi bộ thôn 1"


@pytest.mark.usefixtures("mailbox")
@pytest.mark.parametrize("end", [ceased(), ceased(state="withdrawn", until=None, cause="figures-changed")])
def test_when_it_ends_the_notices_end_and_a_letter_that_waits_stays(
    topics: Topics, pool: db.Pool, end: dict[str, Any]
) -> None:
    topics.alerts(alert())
    topics.alerts(end)
    topics.alerts(alert())  # older than what is known
    assert told(pool) == [
        (COMMUNE, "email", "withdrawn", False),
        (COMMUNE, "inbox", "sent", False),
        (BRANCH, "inbox", "sent", False),
    ]


def test_after_a_reorganisation_the_unit_above_today_is_told(topics: Topics, pool: db.Pool) -> None:
    """June is closed in July: the committee that was above in June may be gone, and could do nothing about it."""
    merged = new_id()
    before = unit(BRANCH, "branch", COMMUNE, "Chi bộ thôn 1", version=2, valid_to="2026-07-01")
    since = unit(BRANCH, "branch", merged, "Chi bộ thôn 1", valid_from="2026-07-01")
    topics.units(
        unit(merged, "grassroots_committee", PROVINCE, "Đảng uỷ xã mới"),
        before | {"spans": [*before["spans"], *since["spans"]]},
    )
    topics.alerts(alert())
    assert {recipient for recipient, *_ in told(pool)} == {merged, BRANCH}


def test_one_that_has_ended_when_it_comes_tells_nobody(topics: Topics, pool: db.Pool) -> None:
    topics.alerts(ceased(), alert())
    assert told(pool) == []


def test_one_that_begins_again_opens_its_notice_again_and_its_facts_are_the_newest(
    topics: Topics, pool: db.Pool
) -> None:
    topics.alerts(alert())
    topics.alerts(ceased())
    again = alert(12)
    again["began"][-1]["facts"] = {"held": 0, "not_held": 1, "in_a_row": 3}
    topics.alerts(again)
    with pool.connection() as conn:
        (notice,) = views.inbox(conn, BRANCH, "all", None, 10)
    assert (notice.resolved_at, notice.facts["in_a_row"]) == (None, 3)


def test_one_of_a_unit_that_is_not_known_yet_waits_for_it(topics: Topics, pool: db.Pool) -> None:
    later = new_id()
    topics.alerts(alert(unit_id=str(later)))
    assert told(pool) == []
    topics.units(unit(later, "branch", COMMUNE, "Chi bộ thôn 3"))
    assert [recipient for recipient, *_ in told(pool)] == [COMMUNE, later]
    topics.units(unit(later, "branch", COMMUNE, "Chi bộ thôn 3", version=2))
    assert len(told(pool)) == 2


def test_one_that_ended_while_its_unit_was_not_known_tells_nobody(topics: Topics, pool: db.Pool) -> None:
    later = new_id()
    topics.alerts(alert(unit_id=str(later)))
    topics.alerts(ceased(unit_id=str(later)))
    topics.units(unit(later, "branch", COMMUNE, "Chi bộ thôn 3"))
    assert told(pool) == []


def test_by_rule_only_the_superior_is_told_and_the_highest_unit_itself(topics: Topics, pool: db.Pool) -> None:
    facts = {"scored": 3, "good": 3, "owed": 30, "present": 19, "months": 3, "begin_percent": 70}
    began = [{"period": "2026-06", "facts": facts}]
    good = alert(rule="good_despite_attendance", began=began)
    topics.alerts(good, {**good, "alert_id": str(new_id()), "unit_id": str(PROVINCE)})
    assert [recipient for recipient, *_ in told(pool)] == [PROVINCE, COMMUNE]


def test_a_preference_switches_an_alert_off(topics: Topics, pool: db.Pool) -> None:
    with pool.connection() as conn:
        choices.put_preferences(conn, BRANCH, {"no_meeting": Preference(inbox=False, email=False)})
    topics.alerts(alert())
    assert [recipient for recipient, *_ in told(pool)] == [COMMUNE]


def test_a_rule_that_is_not_known_here_is_passed_over(topics: Topics, pool: db.Pool) -> None:
    topics.alerts(alert(rule="a_rule_of_tomorrow"), ceased(rule="a_rule_of_tomorrow"))
    assert told(pool) == []
