"""Every example of the committees' doors is sent as the page shows it, in the order of their work."""

import re
from datetime import date
from pathlib import Path
from typing import Final
from uuid import UUID

import jsonschema_rs

from services.evaluation.api.schemas.committees import (
    A_CAMPAIGN,
    A_MODEL,
    A_STEP,
    A_SUPERIOR,
    A_UNIT,
    A_WEAK,
)
from services.evaluation.committee_rights import COMMITTEE_RIGHTS
from shared import db
from tests.integration.evaluation.committees import Evaluation, attended, unit_id
from tests.integration.evaluation.figures import merge_meetings, merge_units
from tests.support import events, examples, services
from tests.support.waiting import until

_WEAK: Final = "/v1/weak-organisations/{weak_id}"
_CAMPAIGN: Final = "/v1/campaigns/{campaign_id}"
_UNIT: Final = "/v1/units/{unit_id}"
WEAK: Final = (UUID(int=21), UUID(int=22))
PROPOSED: Final = ("opening", "dismissal")
IN_JULY: Final = (
    "GET /v1/committee-rules",
    f"GET {_UNIT}/rankings",
    f"GET {_UNIT}/weak-candidates",
    f"POST {_UNIT}/weak-proposals",
    f"POST {_WEAK}/opening",
    f"POST {_WEAK}/dismissal",
    "POST /v1/weak-organisations",
    f"PUT {_WEAK}/plan",
)
IN_JANUARY: Final = (
    f"POST {_WEAK}/steps/{{step_id}}/done",
    f"POST {_WEAK}/entries",
    f"GET {_WEAK}",
    f"GET {_UNIT}/weak-organisations",
    f"POST {_WEAK}/closure",
    "POST /v1/classifications/proposals",
    "POST /v1/classifications/decisions",
    "POST /v1/classifications/returns",
    f"GET {_UNIT}/classifications",
    f"GET {_UNIT}/classification-groups",
    f"GET {_UNIT}/classification",
    "POST /v1/model-branches",
    f"GET {_UNIT}/model-branches",
    "POST /v1/model-branches/{model_id}/end",
    "POST /v1/campaigns",
    f"PUT {_CAMPAIGN}",
    f"PUT {_CAMPAIGN}/participants",
    f"POST {_CAMPAIGN}/start",
    f"POST {_CAMPAIGN}/interim",
    f"GET {_CAMPAIGN}/standings",
    f"POST {_CAMPAIGN}/closure",
    f"POST {_CAMPAIGN}/awards",
    f"GET {_CAMPAIGN}",
    f"GET {_UNIT}/campaigns",
    f"GET {_UNIT}/briefing",
)


def test_the_examples_work(evaluation: Evaluation, tmp_path: Path) -> None:
    months = [f"2025-{month:02}" for month in range(1, 13)]
    below = [events.unit(one, UUID(A_SUPERIOR)) for one in WEAK]
    with db.connect(evaluation.url, name="test") as conn:
        above = events.unit(UUID(A_SUPERIOR), unit_id("d1"), kind="grassroots_committee", level="grassroots")
        merge_units(conn, above, events.unit(UUID(A_UNIT), UUID(A_SUPERIOR)), *below)
        merge_meetings(conn, *(events.meeting(UUID(A_UNIT), month) for month in months))
        merge_meetings(conn, *(events.meeting(one, m, **attended(5)) for one in WEAK for m in months[:6]))
    document = evaluation.app.test_client().get("/openapi.json").get_json()
    operations = dict(services.operations(document))
    _set_clock(evaluation, tmp_path, date(2025, 7, 20))
    ids = {"weak_id": A_WEAK, "step_id": A_STEP, "model_id": A_MODEL, "campaign_id": A_CAMPAIGN, "unit_id": A_SUPERIOR}
    proposed: list[str] = []
    for name in (*IN_JULY, *IN_JANUARY):
        if name == IN_JANUARY[0]:
            _set_clock(evaluation, tmp_path, date(2026, 1, 15))
        method, path = name.split(" ")
        operation = operations[name]
        at = ids | {"weak_id": proposed.pop()} if path.endswith(PROPOSED) else ids
        query = "&".join(f"{key}={value}" for key, value in examples.query_of(document, operation).items())
        token = evaluation.issuer.mint("branch_secretary", UUID(A_UNIT)) if path.endswith("/proposals") else None
        answer = evaluation.call(method, f"{path.format(**at)}?{query}", examples.body_of(document, operation), token)
        assert answer.status in (200, 201), (name, answer.body)
        (content,) = operation["responses"][str(answer.status)]["content"].items()
        assert answer.headers["Content-Type"].startswith(content[0])
        if content[0] == "application/json":
            schema = content[1]["schema"] | {"components": document["components"]}
            jsonschema_rs.validator_for(schema).validate(answer.body)
        if path.endswith("weak-proposals"):
            proposed = [one["weak_id"] for one in answer.body["items"]]


def _set_clock(evaluation: Evaluation, folder: Path, today: date) -> None:
    (folder / "clock").write_text(f"{today}T08:00:00+07:00")
    until(lambda: evaluation.app.extensions["nenep"].clock.today() == today, what="the clock")


def test_none_is_left_out() -> None:
    every = {re.sub(r"<(?:uuid:)?(\w+)>", r"{\1}", name) for name in COMMITTEE_RIGHTS}
    assert {*IN_JULY, *IN_JANUARY} == every
