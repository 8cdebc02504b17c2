"""What `migrate` lets a service's role do in a database it does not own."""

import threading
from collections.abc import Callable

import psycopg
import pytest

from shared import db, grants


@pytest.fixture
def urls(fresh_database: Callable[[], str], service_role: Callable[[str], str]) -> tuple[str, str]:
    """The owner's URL and the service's, of a database that was migrated once."""
    owner = fresh_database()
    with db.connect(owner, name="test") as conn:
        conn.execute("create table alembic_version (version_num text)")
        conn.execute("create table kept (kept_id bigserial primary key, word text)")
        conn.execute("create table told (told_id bigint generated always as identity primary key, word text)")
    return owner, service_role(owner)


def settle(urls: tuple[str, str]) -> None:
    """Grant as `migrate` does."""
    with db.connect(urls[0], name="migrate") as conn:
        grants.settle(conn, grants.role_of(urls[1]), ["told"])


def run(url: str, statement: bytes) -> None:
    """Run one statement as the service."""
    with db.connect(url, name="test") as conn:
        conn.execute(statement)


def refused(url: str, statement: bytes) -> bool:
    """Whether the service may not run `statement`."""
    try:
        run(url, statement)
    except psycopg.errors.InsufficientPrivilege:
        return True
    return False


def test_rows_are_worked_on_and_what_is_told_is_only_added_to(urls: tuple[str, str]) -> None:
    settle(urls)

    for statement in (b"insert into kept (word) values ('a')", b"update kept set word = 'b'", b"delete from kept"):
        run(urls[1], statement)
    run(urls[1], b"insert into told (word) values ('a')")
    for statement in (
        b"update told set word = 'b'",
        b"delete from told",
        b"truncate told",
        b"create table own (id int)",
    ):
        assert refused(urls[1], statement), statement
    assert refused(urls[1], b"update alembic_version set version_num = '9'")


def test_a_later_table_is_granted_and_a_right_given_by_hand_taken_back(urls: tuple[str, str]) -> None:
    settle(urls)
    with db.connect(urls[0], name="test") as conn:
        conn.execute("create table later (word text)")
        conn.execute("grant update on told to tester_service")
    assert refused(urls[1], b"insert into later values ('a')")
    run(urls[1], b"update told set word = 'b'")

    settle(urls)

    run(urls[1], b"insert into later values ('a')")
    assert refused(urls[1], b"update told set word = 'b'")


def test_processes_that_start_together_take_turns(urls: tuple[str, str]) -> None:
    failed: list[BaseException] = []

    def start() -> None:
        try:
            for _ in range(5):
                settle(urls)
        except psycopg.Error as error:
            failed.append(error)

    starting = [threading.Thread(target=start) for _ in range(4)]
    for one in starting:
        one.start()
    for one in starting:
        one.join()

    assert failed == []


def test_the_role_is_read_from_the_url(urls: tuple[str, str]) -> None:
    assert grants.role_of(urls[0]) == "tester"
    assert grants.role_of("postgresql://h%E1%BB%8D:x@host/db") == "họ"
