"""Every change leaves a record, which nobody can take away and which is read within one's rights."""

from uuid import uuid4

import psycopg
import pytest

from services.registry.__main__ import APPEND_ONLY
from shared import db
from tests.integration.registry.conftest import Registry
from tests.integration.registry.rows import Row, new_member, province

FORBIDDEN = [
    "update {} set {} = {}",
    "delete from {}",
    "truncate {}",
    "alter table {} disable trigger all",
    "alter table {} add column more text",
    "create rule quiet as on insert to {} do instead nothing",
    "drop table {}",
    "alter table {} owner to current_user",
    "grant update on {} to current_user",
]


@pytest.mark.parametrize("statement", FORBIDDEN)
@pytest.mark.parametrize("table", APPEND_ONLY)
def test_what_happened_cannot_be_changed_by_the_services_role(registry: Registry, table: str, statement: str) -> None:
    (column,) = registry.sql(
        "select column_name from information_schema.columns "
        f"where table_name = '{table}' and is_identity = 'NO' order by ordinal_position limit 1"
    )[0]
    with db.connect(registry.url, name="test") as conn:
        if statement.startswith("grant"):
            conn.add_notice_handler(lambda _: None)
            conn.execute("set client_min_messages = error")
            conn.execute(statement.format(table).encode())  # PostgreSQL only warns, and grants nothing
            conn.commit()
            granted = conn.execute("select has_table_privilege(%s, 'update')", (table,)).fetchone()
            assert granted == (False,)
            return
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            conn.execute(statement.format(table, column, column).encode())


def test_the_services_role_owns_nothing_and_may_add_and_read(registry: Registry) -> None:
    owned = "select count(*) from pg_class where relowner = (select oid from pg_roles where rolname = current_user)"
    assert registry.sql(owned) == [(0,)]
    for table in APPEND_ONLY:
        rights = ", ".join(f"has_table_privilege('{table}', '{right}')" for right in ("select", "insert", "update"))
        assert registry.sql(f"select {rights}") == [(True, True, False)]


def test_a_change_is_recorded_with_who_when_before_and_after(registry: Registry) -> None:
    ids = registry.imported(province())
    change = {"valid_from": "2026-05-01", "name": "Chi bộ thôn Hoà Bình"}
    done = registry.post(f"/v1/units/{ids['GL-A-X-1']}/changes", change)

    (newest, *_) = registry.get(f"/v1/audit?subject_id={ids['GL-A-X-1']}").body["items"]

    assert newest["action"] == "unit.changed"
    assert newest["request_id"] == done.headers["X-Request-Id"]
    assert [span["name"] for span in newest["before"]["spans"]] == ["Đơn vị GL-A-X-1"]
    assert [span["name"] for span in newest["after"]["spans"]] == ["Đơn vị GL-A-X-1", "Chi bộ thôn Hoà Bình"]


def test_the_trail_comes_newest_first_in_pages_without_loss(registry: Registry) -> None:
    registry.imported(province())
    everything = registry.get("/v1/audit?limit=1000").body["items"]

    seen: list[Row] = []
    cursor: str | None = ""
    while cursor is not None:
        page = registry.get(f"/v1/audit?limit=7{cursor and f'&cursor={cursor}'}").body
        seen += page["items"]
        cursor = page["next_cursor"]

    assert len(everything) >= 21
    assert seen == everything
    assert [record["audit_id"] for record in seen] == sorted((r["audit_id"] for r in seen), reverse=True)


def test_an_officer_reads_of_their_own_subtree_only(registry: Registry) -> None:
    ids = registry.imported(province())
    below = {ids[code] for code in ids if code.startswith("GL-A")}
    officer = registry.issuer.mint("committee_officer", ids["GL-A"])

    read = registry.get("/v1/audit?limit=1000", token=officer).body["items"]

    assert {record["unit_id"] for record in read} == below
    assert registry.get(f"/v1/audit?unit_id={ids['GL-A']}&limit=1000").body["items"] == read
    assert registry.get(f"/v1/audit?subject_id={ids['GL-B']}", token=officer).body["items"] == []
    assert registry.get(f"/v1/audit?unit_id={ids['GL-B']}", token=officer).status == 403
    for role in ("branch_secretary", "member", "portal"):
        assert registry.get("/v1/audit", token=registry.issuer.mint(role, ids["GL-A"])).status == 403
    assert registry.get(f"/v1/audit?unit_id={uuid4()}").status == 404


def test_days_and_decisions_narrow_the_trail(registry: Registry) -> None:
    registry.imported(province())

    assert registry.get("/v1/audit?from=2000-01-01&to=2001-01-01").body["items"] == []
    assert registry.get("/v1/audit?from=2000-01-01&limit=3").body["next_cursor"]
    assert registry.get(f"/v1/audit?decision_id={uuid4()}").body["items"] == []
    assert registry.get("/v1/audit?cursor=Zm9v").body["rule"] == "cursor"


def test_the_trail_holds_nothing_personal(registry: Registry) -> None:
    ids = registry.imported(province())
    person = {"full_name": "Rơ Châm Mẫu H’Lan", "birth_date": "1977-03-08", "phone": "0269 3 111 222"}
    made = registry.post("/v1/members", new_member("N1", ids["GL-A-X-1"], **person)).body
    registry.post(f"/v1/members/{made['member_id']}/changes", {"valid_from": "2026-05-01", "post": "secretary"})

    trail = str(registry.get(f"/v1/audit?subject_id={made['member_id']}").body)

    assert trail.count("'action'") == 2
    assert not [value for value in person.values() if value in trail]
