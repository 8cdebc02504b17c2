"""The doors of alerts: pages of a subtree, one with its reason, the rules; and the tables going and coming."""

from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from alembic import command
from alembic.config import Config

from shared import db, process
from tests.integration.evaluation.alert_looks import JUNE, looked
from tests.integration.evaluation.committees import Evaluation, opened, unit_id
from tests.integration.evaluation.conftest import MIGRATIONS

NO_MEETING = "no_meeting"


@pytest.fixture
def evaluation(database: str, tmp_path: Path) -> Iterator[Evaluation]:
    with opened(database, tmp_path) as evaluation:
        evaluation.units(province=None, d1="province", b1="d1", b2="d1", d2="province", b3="d2")
        for branch in ("b1", "b2", "b3"):
            evaluation.held(branch, "2025-01", "2025-02", "2025-03")
        with db.connect(database, name="test") as conn:
            conn.execute("delete from alert_rule where name <> 'no_meeting'")
            conn.execute("update alert_rule set valid_from = '2025-01-01'")
            looked(conn, JUNE)
        yield evaluation


def test_alerts_of_a_subtree_come_in_pages_with_their_reason(evaluation: Evaluation) -> None:
    door = f"/v1/units/{unit_id('d1')}/alerts"
    first = evaluation.get(f"{door}?limit=1").body
    second = evaluation.get(f"{door}?limit=1&cursor={first['next_cursor']}").body
    assert {one["unit"]["code"] for one in [*first["items"], *second["items"]]} == {"B1", "B2"}
    assert second["next_cursor"] is None
    (shown,) = second["items"]
    assert shown["reason"]["vi"].startswith("Đến tháng 05/2025, 2 tháng liền không có buổi sinh hoạt")
    assert "2 month(s) in a row" in shown["reason"]["en"]
    assert [month["period"] for month in shown["began"]] == ["2025-04", "2025-05"]
    assert evaluation.get(f"/v1/alerts/{shown['alert_id']}").body == shown
    assert evaluation.get(f"{door}?state=ceased").body["items"] == []
    assert len(evaluation.get(f"/v1/units/{unit_id('province')}/alerts?rule=no_meeting&state=begun").body["items"]) == 3
    assert evaluation.get(f"{door}?rule=unknown").status == 422


def test_an_alert_outside_the_rights_is_none(evaluation: Evaluation) -> None:
    (alert,) = evaluation.get(f"/v1/units/{unit_id('b3')}/alerts").body["items"]
    own, other = evaluation.officer("d2"), evaluation.officer("d1")
    assert evaluation.get(f"/v1/alerts/{alert['alert_id']}", own).status == 200
    assert evaluation.get(f"/v1/alerts/{alert['alert_id']}", other).status == 404
    assert evaluation.get(f"/v1/alerts/{uuid4()}", own).status == 404
    assert evaluation.get(f"/v1/units/{unit_id('b3')}/alerts", other).status == 403


def test_the_rules_can_be_read(evaluation: Evaluation) -> None:
    (rule,) = evaluation.get("/v1/alert-rules").body
    assert (rule["name"], rule["value"]["begin_after"], rule["issuer"]) == (NO_MEETING, 2, "Nền nếp")


def test_the_tables_go_and_come_again(fresh_database: Callable[[], str]) -> None:
    url = fresh_database()
    process.migrate(url, MIGRATIONS)
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["url"] = url.replace("postgresql://", "postgresql+psycopg://", 1)
    command.downgrade(config, "0006")
    with db.connect(url, name="test", autocommit=True) as conn:
        assert conn.execute("select to_regclass('alert'), to_regclass('alert_due')").fetchone() == (None, None)
        process.migrate(url, MIGRATIONS)
        assert conn.execute("select count(*) from alert_rule").fetchone() == (9,)
