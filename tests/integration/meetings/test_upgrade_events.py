"""The revision that makes events carry more: what is kept goes out again, with it, as the next version."""

from collections.abc import Callable
from datetime import UTC, datetime

import msgspec
from alembic import command
from alembic.config import Config

from services.meetings.commands import republishing
from services.meetings.domain.meeting import Plan
from services.meetings.store import meetings
from services.meetings.store.meetings import Change
from services.meetings.worker import apply, decode
from shared import db, process
from shared.outbox import table
from tests.integration.meetings import village
from tests.integration.meetings.village import BRANCH, MIGRATIONS
from tests.support import events
from tests.unit.meetings import papers


def test_minutes_adopted_before_it_are_published_again_and_it_goes(fresh_database: Callable[[], str]) -> None:
    url = fresh_database()
    process.migrate(url, MIGRATIONS, to="0004")
    told = papers.adopted()
    before = msgspec.structs.replace(
        told,
        plan=Plan(BRANCH, "regular", papers.STARTS, "Nhà văn hoá"),
        version=0,
        facts=msgspec.structs.replace(told.facts, groups=()),
    )
    with db.connect(url, name="test") as conn:
        apply(conn, [events.decoded("registry.unit.v1", unit, decode) for unit in village.units()])
        apply(conn, [events.decoded("registry.roster.v1", village.roster(), decode)])
        conn.execute("alter table meeting add column tag text")  # what saves today writes this revision's column too
        meetings.save(conn, [Change(None, before)], by="test", at=papers.NOW)
        conn.execute("alter table meeting drop column tag")

    process.migrate(url, MIGRATIONS)

    with db.connect(url, name="test") as conn:
        assert republishing.turn(conn, datetime(2026, 6, 15, tzinfo=UTC)) == 1
        assert republishing.turn(conn, datetime(2026, 6, 15, tzinfo=UTC)) == 0
        (sent,) = table.unsent(conn, 10)
        event = msgspec.json.decode(sent.record.value or b"null")
        assert (event["version"], event["revision"]) == (2, 1)
        assert (
            sum(group["owed"] for group in event["attendance"]["groups"] if group["by"] == "post")
            == (event["attendance"]["owed"])
        )
        assert event["superior_assigned"] is False

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["url"] = url.replace("postgresql://", "postgresql+psycopg://", 1)
    command.downgrade(config, "0004")
    with db.connect(url, name="test") as conn:
        assert conn.execute("select to_regclass('publish_queue')").fetchone() == (None,)
        assert conn.execute("select count(*) from rule where name in ('duration', 'theme_tags')").fetchone() == (0,)
    command.upgrade(config, "0005")
