"""The revision that brings templates: it comes onto a database with adopted minutes, and goes."""

from collections.abc import Callable
from datetime import UTC, date, datetime

import msgspec
from alembic import command
from alembic.config import Config

from services.meetings.commands import copying
from services.meetings.domain.meeting import Meeting, Plan
from services.meetings.store import branches, meetings, rules, texts
from services.meetings.store.meetings import Change
from services.meetings.worker import apply, decode
from shared import db, process
from tests.integration.meetings import village
from tests.integration.meetings.village import BRANCH, MIGRATIONS
from tests.support import events
from tests.unit.meetings import papers


def _step(url: str, to: str, *, down: bool = False) -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["url"] = url.replace("postgresql://", "postgresql+psycopg://", 1)
    (command.downgrade if down else command.upgrade)(config, to)


def test_minutes_adopted_before_it_are_found_and_compared_after_it(fresh_database: Callable[[], str]) -> None:
    url = fresh_database()
    process.migrate(url, MIGRATIONS, to="0003")
    adopted: Meeting = msgspec.structs.replace(
        papers.adopted(), plan=Plan(BRANCH, "regular", papers.STARTS, "Nhà văn hoá"), version=0
    )
    with db.connect(url, name="test") as conn:
        apply(conn, [events.decoded("registry.unit.v1", unit, decode) for unit in village.units()])
        conn.execute("alter table meeting add column tag text")  # what saves today writes a later revision's column too
        meetings.save(conn, [Change(None, adopted)], by="test", at=papers.NOW)
        conn.execute("alter table meeting drop column tag")

    process.migrate(url, MIGRATIONS)

    with db.connect(url, name="test") as conn:
        assert texts.not_kept(conn, [adopted.meeting_id]) == {adopted.meeting_id}
        assert copying.turn(conn, datetime(2026, 6, 15, tzinfo=UTC)) == 1
        assert texts.not_kept(conn, [adopted.meeting_id]) == set()
        branch = branches.load(conn, [BRANCH])[BRANCH]
        required = branch.rules_on(date(2026, 6, 3), rules.load(conn)).required_sections

    _step(url, "0003", down=True)

    with db.connect(url, name="test") as conn:
        (row,) = conn.execute("select value from rule where name = 'required_sections'").fetchall()
        assert {kind: tuple(names) for kind, names in msgspec.convert(row[0], dict[str, list[str]]).items()} == required
        assert conn.execute("select to_regclass('template'), to_regclass('copy_queue')").fetchone() == (None, None)
        assert conn.execute("select count(*) from revision").fetchone() == (1,)
    _step(url, "0004")
