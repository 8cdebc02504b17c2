"""A rubric that ends without a successor: who holds from then on, what is scored anew, what is told."""

from typing import Any
from uuid import UUID

import msgspec
import pytest

from services.evaluation.store.migrations import rubric_seeds
from shared import db
from shared.contracts.catalogue import validate
from tests.integration.evaluation.committees import Evaluation, unit_id
from tests.integration.evaluation.test_rubrics import NATIONAL, given, held, score


def in_force(evaluation: Evaluation, **more: Any) -> str:
    """The id of an open rubric of the district d1, in force since November 2025."""
    entered = evaluation.post("/v1/rubrics", given(valid_from="2025-11-01", **more))
    assert entered.status == 201, entered.body
    rubric_id = str(entered.body["rubric_id"])
    put = evaluation.post(f"/v1/rubrics/{rubric_id}/in-force", {"version": 1, "rescore": True})
    assert put.status == 200, put.body
    score(evaluation)
    return rubric_id


def rubric_of(evaluation: Evaluation, meeting_id: UUID) -> str | None:
    """Which rubric a meeting's sheet is by; None: it has no sheet."""
    sheet = evaluation.get(f"/v1/meetings/{meeting_id}/sheet")
    return str(sheet.body["rubric"]["rubric_id"]) if sheet.status == 200 else None


def told(evaluation: Evaluation) -> dict[str, Any]:
    """The newest event of the rubrics."""
    rows = evaluation.sql(
        "select value from outbox where topic = 'evaluation.rubrics.v1' order by position desc limit 1"
    )
    data: dict[str, Any] = msgspec.json.decode(rows[0][0])
    return data


def test_the_next_one_above_holds_from_the_day_on_and_earlier_sheets_stay(evaluation: Evaluation) -> None:
    before, after = held(evaluation, "b1", "2025-11"), held(evaluation, "b1", "2025-12")
    held(evaluation, "b3", "2025-12")
    rubric_id = in_force(evaluation)
    version = told(evaluation)["version"]
    assert [rubric_of(evaluation, one) for one in (before, after)] == [rubric_id, rubric_id]

    end = {"version": 1, "valid_to": "2025-12-01"}
    refused = evaluation.post(f"/v1/rubrics/{rubric_id}/end", end, Accept_Language="vi")
    assert (refused.status, refused.rules) == (422, {"rescore": "in-the-past"})
    assert "01/12/2025" in refused.said
    ended = evaluation.post(f"/v1/rubrics/{rubric_id}/end", end | {"rescore": True}, evaluation.officer("d1"))

    assert (ended.status, ended.body["state"], ended.body["valid_to"]) == (200, "in_force", "2025-12-01")
    assert evaluation.sql("select meeting_ids from sheet_due") == [([after],)]
    score(evaluation)
    assert [rubric_of(evaluation, one) for one in (before, after)] == [rubric_id, rubric_seeds.NATIONAL_ID]
    newest = told(evaluation)
    validate("evaluation.rubric.v1", newest)
    assert (newest["rubric_id"], newest["versions"][0]["valid_to"]) == (rubric_id, "2025-12-01")
    assert newest["version"] > version
    changes = evaluation.sql(
        "select action, detail ->> 'valid_to' from committee_change order by position desc limit 1"
    )
    assert changes == [("rubric.ended", "2025-12-01")]


def test_where_none_is_above_there_is_no_sheet(evaluation: Evaluation) -> None:
    before, after = held(evaluation, "b1", "2025-11"), held(evaluation, "b1", "2025-12")
    end = {"version": 1, "valid_to": "2025-12-01", "rescore": True}
    administrator = evaluation.issuer.mint("province_admin", unit_id("province"))
    assert evaluation.post(f"{NATIONAL}/end", end, administrator).status == 403
    assert evaluation.post(f"{NATIONAL}/end", end).status == 200
    score(evaluation)
    assert [rubric_of(evaluation, one) for one in (before, after)] == [rubric_seeds.NATIONAL_ID, None]
    assert evaluation.get(f"/v1/meetings/{after}/sheet").body["rule"] == "no-rubric"


def test_a_day_to_come_needs_no_more_and_a_version_may_begin_there(evaluation: Evaluation) -> None:
    past = held(evaluation, "b1", "2025-12")
    rubric_id = in_force(evaluation)
    end = {"version": 1, "valid_to": "2026-07-01"}
    first, again = (
        evaluation.post(f"/v1/rubrics/{rubric_id}/end", end, Idempotency_Key="end-of-the-ward-frame") for _ in range(2)
    )
    assert (first.status, again.status, again.body) == (200, 200, first.body)
    assert evaluation.sql("select count(*) from committee_change where action = 'rubric.ended'") == [(1,)]
    score(evaluation)
    assert rubric_of(evaluation, past) == rubric_id
    within = evaluation.post("/v1/rubrics", given(rubric_id=rubric_id, valid_from="2026-06-01"))
    assert within.rules == {"valid_from": "dates-overlap"}
    assert evaluation.post("/v1/rubrics", given(rubric_id=rubric_id, valid_from="2026-07-01")).status == 201


@pytest.mark.parametrize("day", ["2025-10-31", "2025-11-01"])
def test_it_ends_after_it_begins(evaluation: Evaluation, day: str) -> None:
    rubric_id = in_force(evaluation)
    end = {"version": 1, "valid_to": day, "rescore": True}
    assert evaluation.post(f"/v1/rubrics/{rubric_id}/end", end).rules == {"valid_to": "dates"}


def test_only_what_is_in_force_and_open_is_ended_by_its_owner(evaluation: Evaluation) -> None:
    draft = evaluation.post("/v1/rubrics", given()).body["rubric_id"]
    end = {"version": 1, "valid_to": "2026-08-01"}
    assert evaluation.post(f"/v1/rubrics/{draft}/end", end).body["rule"] == "state"
    rubric_id = in_force(evaluation)
    path = f"/v1/rubrics/{rubric_id}/end"
    assert evaluation.post(path, end, evaluation.officer("d2")).status == 403
    assert evaluation.post(path, end, evaluation.secretary("b1")).status == 403
    assert evaluation.post(path, end | {"version": 7}).status == 404
    with db.connect(evaluation.url, name="rebuild") as rebuilding:
        rebuilding.execute("select pg_advisory_lock(%s)", (0x72656275,))
        assert evaluation.post(path, end).body["rule"] == "rebuilding"
    assert evaluation.post(path, end).status == 200
    twice = evaluation.post(path, end | {"valid_to": "2026-09-01"}, Accept_Language="vi")
    assert (twice.status, twice.body["rule"]) == (409, "ended")
    assert "01/08/2026" in twice.body["detail"]
