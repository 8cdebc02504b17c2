"""E-mail: sent once, tried again while the server is away, given up at last, and published each time."""

import json
import threading
from collections.abc import Callable
from datetime import date
from typing import Any

import msgspec
import pytest

from deploy.local.ports import free_ports
from services.notifications.delivery import Delivery
from services.notifications.settings import NotificationsSettings
from services.notifications.store import choices, deliveries
from services.notifications.store.choices import ContactPoint
from shared import db
from shared.contracts.catalogue import validate
from shared.outbox import table
from tests.integration.notifications.mailbox import Mailbox, mail_server
from tests.integration.notifications.province import BRANCH, RehearsalClock, Topics, attendance, meeting
from tests.support.waiting import until

ADDRESS = "thon1@gialai.gov.vn"


@pytest.fixture
def waiting(topics: Topics, pool: db.Pool) -> str:
    """One e-mail waits, to the branch's office, about low attendance; its notice's id."""
    with pool.connection() as conn:
        choices.put_contact_point(conn, BRANCH, ContactPoint(ADDRESS, "vi"))
    topics.meetings(meeting(date(2026, 7, 3), attendance=attendance(8)))
    with pool.connection() as conn:
        row = conn.execute("select notice_id from delivery where channel = 'email'").fetchone()
    assert row is not None
    return str(row[0])


@pytest.fixture
def deliver(pool: db.Pool, settings: NotificationsSettings, clock: RehearsalClock) -> Callable[[int], int]:
    """One turn of delivery towards a port; gives how many letters were sent."""

    def turn(port: int) -> int:
        at = msgspec.structs.replace(settings, smtp_port=port)
        return Delivery(pool, at, clock).turn(threading.Event(), lambda: None)

    return turn


def email_events(pool: db.Pool) -> list[tuple[str, int]]:
    with pool.connection() as conn:
        events: list[dict[str, Any]] = [json.loads(row.record.value or b"") for row in table.unsent(conn, 1000)]
    for event in events:
        validate("notifications.delivery.v1", event)
    return [(event["status"], event["attempts"]) for event in events if event["channel"] == "email"]


def status(pool: db.Pool) -> tuple[object, ...] | None:
    with pool.connection() as conn:
        return conn.execute("select status, attempts, failure from delivery where channel = 'email'").fetchone()


def test_a_letter_says_it_in_vietnamese_then_english_and_goes_out_once(
    waiting: str, deliver: Callable[[int], int], pool: db.Pool
) -> None:
    mailbox = Mailbox()
    with mail_server(mailbox) as port:
        assert [deliver(port), deliver(port)] == [1, 0]
    (letter,) = mailbox.letters
    assert letter["Message-ID"] == f"<{waiting}@gialai.gov.vn>"
    assert (letter["To"], letter["Auto-Submitted"]) == (ADDRESS, "auto-generated")
    assert letter["Subject"] == "Tỷ lệ dự họp ngày 03/07/2026 thấp: Chi bộ thôn 1"
    text = letter.get_content()
    assert text.index("8/10 đảng viên") < text.index("8 of 10 members")
    assert "Hướng dẫn 42-HD/BTCTW" in text
    assert email_events(pool) == [("sent", 1)]


def test_while_the_server_is_away_the_e_mail_waits_and_then_arrives(
    waiting: str, deliver: Callable[[int], int], pool: db.Pool
) -> None:
    (port,) = free_ports(1)
    assert deliver(port) == 0
    assert status(pool) == ("pending", 1, "ConnectionRefusedError")
    mailbox = Mailbox()
    with mail_server(mailbox, port):
        until(lambda: deliver(port) == 1, what="the delivery")
    assert len(mailbox.letters) == 1
    assert email_events(pool) == [("failed", 1), ("sent", 2)]


def test_after_the_last_attempt_the_e_mail_is_given_up(
    waiting: str, deliver: Callable[[int], int], pool: db.Pool
) -> None:
    mailbox = Mailbox()
    mailbox.refusals = ["451 try again later"] * 9
    with mail_server(mailbox) as port:
        until(lambda: deliver(port) == 0 and (status(pool) or ("",))[0] == "given_up", what="the delivery")
        assert deliver(port) == 0
    assert status(pool) == ("given_up", 3, "recipient-451")
    assert email_events(pool) == [("failed", 1), ("failed", 2), ("given_up", 3)]
    assert len(mailbox.refusals) == 6


def test_an_address_the_server_does_not_know_is_not_tried_again(
    waiting: str, deliver: Callable[[int], int], pool: db.Pool
) -> None:
    mailbox = Mailbox()
    mailbox.refusals = ["550 no such mailbox"]
    with mail_server(mailbox) as port:
        deliver(port)
        deliver(port)
    assert mailbox.letters == []
    assert status(pool) == ("given_up", 1, "recipient-550")
    assert email_events(pool) == [("given_up", 1)]


def test_a_refused_letter_does_not_hold_up_the_next(
    topics: Topics, waiting: str, deliver: Callable[[int], int], pool: db.Pool
) -> None:
    topics.meetings(meeting(date(2026, 7, 4), tasks_assigned=0))
    mailbox = Mailbox()
    mailbox.refusals = ["550 no such mailbox"]
    with mail_server(mailbox) as port:
        assert deliver(port) == 1
    assert [status for status, _ in email_events(pool)] == ["given_up", "sent"]


def test_an_e_mail_whose_contact_point_was_removed_is_withdrawn(
    waiting: str, deliver: Callable[[int], int], pool: db.Pool
) -> None:
    with pool.connection() as conn:
        choices.delete_contact_point(conn, BRANCH)
    mailbox = Mailbox()
    with mail_server(mailbox) as port:
        assert deliver(port) == 0
    assert (status(pool) or ("",))[0] == "withdrawn"
    assert (mailbox.letters, email_events(pool)) == ([], [])


def test_a_claimed_e_mail_is_left_alone_until_its_lease_is_over(waiting: str, pool: db.Pool) -> None:
    with pool.connection() as conn:
        first = deliveries.claim(conn, lease_seconds=3600)
    with pool.connection() as conn:
        assert first is not None
        assert deliveries.claim(conn, lease_seconds=3600) is None
        conn.execute("update delivery set next_attempt_at = clock_timestamp()")
        again = deliveries.claim(conn, lease_seconds=3600)
    assert again is not None
    assert (again.notice_id, again.attempts) == (first.notice_id, 2)


def test_two_workers_never_claim_the_same_e_mail(waiting: str, pool: db.Pool) -> None:
    with pool.connection() as one, pool.connection() as other:
        assert deliveries.claim(one, lease_seconds=3600) is not None
        assert deliveries.claim(other, lease_seconds=3600) is None
