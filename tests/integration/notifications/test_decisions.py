"""Decisions in force are told to the units they name: once, until they are withdrawn."""

from datetime import date
from typing import Any
from uuid import UUID

from services.notifications import views
from services.notifications.store import choices
from services.notifications.store.choices import ContactPoint, Preference
from shared import db
from shared.ids import new_id
from tests.integration.notifications.province import BRANCH, COMMUNE, OTHER_BRANCH, PROVINCE, RehearsalClock, Topics

NEW_BRANCH = UUID("0197b6c0-0000-7000-8000-000000000006")


def decision(version: int = 2, **changes: Any) -> dict[str, Any]:
    """The merger of both branches into a new one, as registry.decision.v1 carries it."""
    return {
        "decision_id": "0197b6c0-0000-7000-8000-0000000000d1",
        "version": version,
        "state": "in_force",
        "number": "05-QĐ/TU",
        "issuer": "Ban Thường vụ Tỉnh uỷ Gia Lai",
        "issuer_unit_id": str(PROVINCE),
        "title": "Hợp nhất hai chi bộ thôn",
        "issued_on": "2026-06-20",
        "effective_on": "2026-07-01",
        "operations": [
            {"op": "create", "unit_ids": [str(NEW_BRANCH), str(COMMUNE)]},
            {"op": "merge", "unit_ids": [str(BRANCH), str(OTHER_BRANCH), str(NEW_BRANCH)]},
        ],
        "lineage": [],
        "counts": {},
    } | changes


def told(pool: db.Pool) -> list[tuple[object, ...]]:
    with pool.connection() as conn:
        return conn.execute(
            """
            select n.recipient_unit_id, d.channel, n.resolved_at is null from notice n join delivery d using (notice_id)
            where n.rule = 'decision_in_force' and n.about_unit_id = n.recipient_unit_id order by 1, 2
            """
        ).fetchall()


def test_the_units_named_are_told_once_however_often_the_event_comes(topics: Topics, pool: db.Pool) -> None:
    topics.decisions(decision())
    topics.decisions(decision(), decision(3))

    assert told(pool) == [(unit, "inbox", True) for unit in (COMMUNE, BRANCH, OTHER_BRANCH, NEW_BRANCH)]


def test_a_contact_point_gets_a_letter(topics: Topics, pool: db.Pool) -> None:
    with pool.connection() as conn:
        choices.put_contact_point(conn, COMMUNE, ContactPoint("vanphong@gialai.gov.vn", "vi"))
        choices.put_contact_point(conn, BRANCH, ContactPoint("thon1@gialai.gov.vn", "vi"))
        choices.put_preferences(conn, BRANCH, {"decision_in_force": Preference(inbox=False, email=False)})

    topics.decisions(decision())

    assert [(unit, channel) for unit, channel, _ in told(pool)] == [
        (COMMUNE, "email"),
        (COMMUNE, "inbox"),
        (OTHER_BRANCH, "inbox"),
        (NEW_BRANCH, "inbox"),
    ]


def test_a_withdrawal_ends_the_notices_and_an_older_version_does_not_bring_them_back(
    topics: Topics, pool: db.Pool
) -> None:
    topics.decisions(decision(2))
    topics.decisions(decision(3, state="withdrawn"))
    topics.decisions(decision(2))

    assert {is_open for *_, is_open in told(pool)} == {False}


def test_a_withdrawn_decision_that_comes_first_tells_nobody(topics: Topics, pool: db.Pool) -> None:
    topics.decisions(decision(3, state="withdrawn"), decision(2))

    assert told(pool) == []


def test_the_notice_says_which_decision_and_from_when(topics: Topics, pool: db.Pool, clock: RehearsalClock) -> None:
    topics.decisions(decision(decision_id=str(new_id())))

    with pool.connection() as conn:
        (notice,) = views.inbox(conn, COMMUNE, "open", None, 10)
    assert (notice.rule, notice.day, notice.period) == ("decision_in_force", date(2026, 7, 1), "2026-07")
    assert "05-QĐ/TU" in notice.words.title.vi
    assert "01/07/2026" in notice.words.title.vi
    assert "Đảng uỷ xã Hoà Bình" in notice.words.text.vi
    assert "20/06/2026" in notice.words.text.en
