"""The service of meetings on a database of its own, emptied before each test, with the copies of a small province."""

import secrets
from collections.abc import Iterator

import pytest

from deploy.local.servers import Servers
from deploy.local.tokens import AUDIENCE, ISSUER, TokenIssuer
from services.meetings.api.app import build
from services.meetings.settings import MeetingsSettings
from shared import db, process
from tests.integration.meetings.village import MIGRATIONS, Meetings, roster, units


@pytest.fixture(scope="package")
def installation(servers: Servers, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Meetings]:
    """The migrated service; migrating a database for each test would take longer than all of them."""
    folder = tmp_path_factory.mktemp("meetings")
    name = f"test_{secrets.token_hex(6)}"
    url = servers.database(name, "tester")
    process.migrate(url, MIGRATIONS)
    issuer = TokenIssuer(folder / "issuer")
    clock_file = folder / "clock"
    clock_file.write_text("2026-06-15T08:00:00+07:00")
    app = build(
        MeetingsSettings(
            database_url=url,
            database_pool=4,
            kafka_bootstrap="unused:9092",
            jwks_file=str(issuer.jwks_file),
            token_issuer=ISSUER,
            token_audience=AUDIENCE,
            clock_file=str(clock_file),
            roll_call_key="khoá của bài thử",
            attachments_url=f"file://{folder}/attachments",
        )
    )
    yield Meetings(app, url, issuer, clock_file)
    app.extensions["nenep"].pool.close()
    servers.drop_database(name)


@pytest.fixture
def empty(installation: Meetings) -> Meetings:
    """The service before any unit has arrived, on 15 June 2026."""
    with db.connect(installation.url, name="test") as conn:
        conn.execute(
            "truncate meeting, revision, attendance, task, outbox, roster, unit, unit_span, idempotency_key, follower, "
            "year_plan, topic, sent_part, minutes_text, copy_queue, minutes_print, common_words, minutes_copy, "
            "calendar_feed, committee_term, paper_number, attachment_upload, rubric, rubric_version cascade"
        )
        conn.execute("delete from template where unit_id is not null")
    installation.set_clock("2026-06-15T08:00:00+07:00")
    return installation


@pytest.fixture
def meetings(empty: Meetings) -> Meetings:
    """The service with its copies of the province, the branch's roster among them."""
    empty.feed("registry.unit.v1", *units())
    empty.feed("registry.roster.v1", roster())
    return empty
