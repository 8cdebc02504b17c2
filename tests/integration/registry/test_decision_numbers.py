"""A number of an issuer and day belongs to one decision, whoever asks at the same moment."""

from concurrent.futures import ThreadPoolExecutor

from shared import db
from tests.integration.registry.conftest import Registry
from tests.integration.registry.decisions import body, branch, drafted
from tests.integration.registry.rows import province
from tests.support.waiting import until

NEW_BRANCH = branch("GL-A-X-9", "GL-A-X")
WAITING = "select 1 from pg_stat_activity where wait_event_type = 'Lock' and query like '%update decision%'"


def test_two_drafts_rewritten_at_once_do_not_share_a_number(registry: Registry) -> None:
    registry.imported(province())
    first, second = drafted(registry, NEW_BRANCH), drafted(registry, NEW_BRANCH)
    wanted = body(NEW_BRANCH, number="17-QĐ/TU", expected_version=second["version"])

    with db.connect(registry.url, name="first") as conn, ThreadPoolExecutor(1) as pool:
        conn.execute("update decision set number = '17-QĐ/TU' where decision_id = %s", (first["decision_id"],))
        answer = pool.submit(registry.call, "PUT", f"/v1/decisions/{second['decision_id']}", wanted)
        until(
            lambda: registry.sql(WAITING),
            what="the second to wait for the first",
        )
        conn.commit()

    assert (answer.result().status, answer.result().body["rule"]) == (409, "decision-exists")
