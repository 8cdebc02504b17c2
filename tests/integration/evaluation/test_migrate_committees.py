"""The revision of the committees' books comes and goes, and what they have kept stays as it is."""

from collections.abc import Callable

import psycopg
import pytest
from alembic import command
from alembic.config import Config

from shared import db, process
from tests.integration.evaluation.committees import Evaluation, unit_id
from tests.integration.evaluation.conftest import MIGRATIONS

BOOKS = {
    "committee_change",
    "weak_organisation",
    "weak_step",
    "weak_entry",
    "classification",
    "model_branch",
    "campaign",
    "campaign_collective",
    "campaign_individual",
    "campaign_standing",
    "campaign_award",
}
RULES = {"size_bands", "ranking_minimums", "weak_causes", "classification"}


def _kept(url: str) -> tuple[set[str], set[str]]:
    """The books and the rules there are."""
    with db.connect(url, name="test") as conn:
        tables = {str(row[0]) for row in conn.execute("select tablename from pg_tables where schemaname = 'public'")}
        rules = {str(row[0]) for row in conn.execute("select distinct name from rule")}
    return tables & BOOKS, rules & RULES


def test_down_takes_back_what_up_made(fresh_database: Callable[[], str]) -> None:
    url = fresh_database()
    process.migrate(url, MIGRATIONS, to="0006")
    assert _kept(url) == (BOOKS, RULES)
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["url"] = url.replace("postgresql://", "postgresql+psycopg://", 1)
    command.downgrade(config, "0005")
    assert _kept(url) == (set(), set())
    process.migrate(url, MIGRATIONS, to="0006")
    assert _kept(url) == (BOOKS, RULES)


@pytest.mark.parametrize("change", ["update committee_change set actor = 'x'", "delete from committee_change"])
def test_the_history_can_only_be_added_to(evaluation: Evaluation, change: str) -> None:
    new = {"unit_id": str(unit_id("b1")), "period": "2025-Q3", "citation": "21-KH/ĐU", "seen": ["Thiếu cấp uỷ"]}
    assert evaluation.post("/v1/weak-organisations", new).status == 201
    with pytest.raises(psycopg.errors.RaiseException, match="committee_change stays as it is"):
        evaluation.sql(f"{change} returning 1")


def test_the_rules_can_be_read_with_their_source(evaluation: Evaluation) -> None:
    found = evaluation.get("/v1/committee-rules?on=2025-06-30", evaluation.secretary("b1")).body["items"]
    assert {one["name"] for one in found} == RULES
    limit = next(one for one in found if one["name"] == "classification")
    assert limit["value"]["percent"] == 20
    assert limit["source"].startswith("Bộ Chính trị")
    assert evaluation.get("/v1/committee-rules?on=2000-01-01").body["items"] == []
    none = evaluation.get(f"/v1/units/{unit_id('province')}/weak-candidates?period=2015")
    assert (none.status, none.body["rule"]) in {(409, "no-rule")}


def test_returned_proposals_go_and_come_again(fresh_database: Callable[[], str]) -> None:
    url = fresh_database()
    process.migrate(url, MIGRATIONS, to="0009")
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["url"] = url.replace("postgresql://", "postgresql+psycopg://", 1)
    columns = "select column_name from information_schema.columns where table_name = 'classification'"
    for revision, there in (("0008", False), ("0009", True)):
        if there:
            process.migrate(url, MIGRATIONS, to=revision)
        else:
            command.downgrade(config, revision)
        with db.connect(url, name="test") as conn:
            found = {str(name) for (name,) in conn.execute(columns.encode()).fetchall()}
        assert ({"returned_on", "return_reason"} <= found) is there
