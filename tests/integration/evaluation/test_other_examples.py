"""Every example of the doors of rubrics, sheets, alerts and the registry's facts is sent as the page shows it."""

from typing import Final
from uuid import UUID

from services.evaluation.api.schemas.committees import A_SUPERIOR
from services.evaluation.rights import RIGHTS
from services.evaluation.scoring import score_due
from shared import db
from tests.integration.evaluation.alert_looks import JUNE, looked
from tests.integration.evaluation.committees import Evaluation, unit_id
from tests.integration.evaluation.figures import merge_meetings, merge_units
from tests.integration.evaluation.test_committee_examples import IN_JANUARY, IN_JULY
from tests.integration.evaluation.test_examples import DOORS
from tests.support import events, examples, services

_ENTER: Final = "POST /v1/rubrics"
_RUBRIC: Final = "/v1/rubrics/{rubric_id}"
_UNIT: Final = "/v1/units/{unit_id}"
IN_ORDER: Final = (
    _ENTER,
    "GET /v1/rubrics",
    f"GET {_RUBRIC}",
    f"POST {_RUBRIC}/trial",
    f"POST {_RUBRIC}/in-force",
    f"POST {_RUBRIC}/end",
    "GET /v1/meetings/{meeting_id}/sheet",
    f"GET {_UNIT}/year-grade",
    "GET /v1/alert-rules",
    "POST /v1/alert-rules",
    "POST /v1/alert-rules/{name}/end",
    "GET /v1/alerts/{alert_id}",
    f"GET {_UNIT}/targets",
    f"GET {_UNIT}/villages",
    f"GET {_UNIT}/discipline",
)
STREAM: Final = f"GET {_UNIT}/changes"
"""Never ends: test_changes.py."""
_BRANCH: Final = UUID(int=31)
_MEETING: Final = UUID(int=32)


def test_the_examples_work(evaluation: Evaluation) -> None:
    with db.connect(evaluation.url, name="test") as conn:
        above = events.unit(UUID(A_SUPERIOR), unit_id("d1"), kind="grassroots_committee", level="grassroots")
        merge_units(conn, above, events.unit(_BRANCH, UUID(A_SUPERIOR)))
        merge_meetings(conn, events.meeting(_BRANCH, "2025-12", meeting_id=_MEETING))
        while score_due(conn):
            pass
        conn.execute("update alert_rule set valid_from = '2025-01-01'")
        alert = looked(conn, JUNE)[0]
    document = evaluation.app.test_client().get("/openapi.json").get_json()
    operations = dict(services.operations(document))
    known = {"unit_id": A_SUPERIOR, "meeting_id": str(_MEETING), "alert_id": alert["alert_id"]}
    known["name"] = "attendance_falling"
    for name in IN_ORDER:
        operation = operations[name]
        method, path = name.split(" ")
        answer = evaluation.app.test_client().open(
            path.format(**known),
            method=method,
            query_string=examples.query_of(document, operation),
            json=examples.body_of(document, operation),
            headers={"Authorization": f"Bearer {evaluation.admin}", "Accept-Language": "en"},
        )
        assert answer.status_code in (200, 201), (name, answer.text)
        examples.agree(document, operation, answer)
        if name == _ENTER:
            known["rubric_id"] = answer.get_json()["rubric_id"]


def test_no_door_of_evaluation_is_left_out() -> None:
    sent = {*DOORS, *IN_JULY, *IN_JANUARY, *IN_ORDER}
    assert sent | {STREAM} == set(examples.names_of(RIGHTS))
