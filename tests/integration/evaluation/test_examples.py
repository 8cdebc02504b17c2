"""Every example of the read API's page is sent as it stands there, and is answered as the page says."""

import re
from datetime import date
from typing import Any
from uuid import UUID

import jsonschema_rs
import pytest

from services.evaluation.api.schemas.figures import A_UNIT
from shared import db
from tests.integration.evaluation.api import PROVINCE, Api, api
from tests.integration.evaluation.figures import merge_meetings, merge_tasks, merge_units
from tests.support import events, examples, services

__all__ = ["api"]
DOORS = (
    "GET /v1/units/{unit_id}/scorecard",
    "GET /v1/units/{unit_id}/children",
    "GET /v1/units/{unit_id}/trend",
    "GET /v1/units/{unit_id}/figures",
    "GET /v1/units/{unit_id}/path",
    "GET /v1/units/{unit_id}/comparison",
    "GET /v1/units/{unit_id}/figures/{name}/evidence",
    "GET /v1/units/{unit_id}/alerts",
    "GET /v1/figures",
    "GET /v1/me",
)
SHEETS = (*DOORS[:4], *DOORS[5:7])
_BRANCH = UUID(int=11_111)


@pytest.fixture
def document(api: Api) -> dict[str, Any]:
    found: dict[str, Any] = api.app.test_client().get("/openapi.json").get_json()
    with db.connect(api.database, name="test") as conn:
        merge_units(
            conn,
            events.unit(UUID(A_UNIT), PROVINCE, kind="direct_committee", level="district"),
            events.unit(_BRANCH, UUID(A_UNIT)),
        )
        merge_meetings(conn, events.meeting(_BRANCH, "2025-06"))
        merge_tasks(conn, events.task(_BRANCH, date(2025, 6, 20)))
    return found


@pytest.mark.parametrize(
    ("name", "form"), [*((name, "application/json") for name in DOORS), *((name, "text/csv") for name in SHEETS)]
)
def test_the_example_works(api: Api, document: dict[str, Any], name: str, form: str) -> None:
    operation = dict(services.operations(document))[name]
    described = operation["responses"]["200"]["content"]
    query = examples.query_of(document, operation)
    if "format" in query:
        query["format"] = form.rpartition("/")[2]
    path = re.sub(r"^GET /v1/", "", name).format(unit_id=A_UNIT, name="attendance_rate")
    answer = api.get(f"{path}?" + "&".join(f"{key}={value}" for key, value in query.items()))
    assert answer.status_code == 200, (query, answer.text)
    assert answer.mimetype == form
    if form == "application/json":
        schema = described[form]["schema"] | {"components": document["components"]}
        jsonschema_rs.validator_for(schema).validate(answer.get_json())
        assert answer.get_json()
