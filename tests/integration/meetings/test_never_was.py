"""A branch that a withdrawn decision had made was in force on no day: no meeting is planned in it."""

from datetime import date
from uuid import uuid4

from tests.integration.meetings import village
from tests.integration.meetings.village import COMMUNE, Meetings
from tests.support import events


def test_a_branch_that_never_was_holds_no_meeting(meetings: Meetings) -> None:
    made, day = uuid4(), date(2026, 6, 1)
    meetings.feed("registry.unit.v1", events.unit(made, COMMUNE, valid_from=day))
    meetings.feed("registry.roster.v1", village.roster(made))
    plan = village.plan(unit_id=str(made))
    assert meetings.call("PUT", f"/meetings/{uuid4()}", plan, token=meetings.root).status == 201

    meetings.feed("registry.unit.v1", events.unit(made, COMMUNE, version=2, valid_from=day, valid_to=day))

    refused = meetings.call(
        "PUT", f"/meetings/{uuid4()}", village.plan(date(2026, 7, 3), unit_id=str(made)), token=meetings.root
    )
    assert refused.rules == {"unit_id": "unit-not-in-force"}
