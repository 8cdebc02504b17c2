"""The copies of units and rosters: newer versions only, in any order."""

from datetime import date

import pytest

from services.meetings import worker
from shared.envelope import Attributes, Received, attributes
from shared.errors import Impossible
from tests.integration.meetings import village
from tests.integration.meetings.village import BRANCH, COMMUNE, SECRETARY, Meetings
from tests.support import events


def test_a_roster_may_come_before_its_unit(empty: Meetings) -> None:
    assert empty.feed("registry.roster.v1", village.roster()) == 1
    early = empty.call("PUT", f"/meetings/{SECRETARY}", village.plan(), token=empty.root)
    assert (early.status, early.body["rule"]) == (409, "unit-not-here-yet")

    assert empty.feed("registry.unit.v1", *village.units()) == 4

    assert empty.bring_in(meetings=[village.row()]).status == 200


def test_an_older_or_repeated_version_changes_nothing(meetings: Meetings) -> None:
    only_secretary = village.roster(version=3, members=[village.entry(SECRETARY)])
    assert meetings.feed("registry.roster.v1", only_secretary) == 1
    assert meetings.feed("registry.roster.v1", village.roster(version=2), only_secretary) == 0
    closed = events.unit(BRANCH, COMMUNE, version=2, valid_to=date(2026, 1, 1))
    assert meetings.feed("registry.unit.v1", closed, events.unit(BRANCH, COMMUNE, version=1)) == 1

    refused = meetings.call("PUT", f"/meetings/{SECRETARY}", village.plan(), token=meetings.root)
    assert refused.rules == {"unit_id": "unit-not-in-force"}
    before = meetings.planned(day=date(2025, 12, 3))
    taken = meetings.call("PUT", f"/meetings/{before}/attendance", {}, token=meetings.root)
    assert taken.body["attendance"]["owed"] == 1


def test_one_batch_keeps_the_newest_of_each(empty: Meetings) -> None:
    batch = [village.roster(version=version) for version in (2, 3, 1)]
    assert empty.feed("registry.roster.v1", *batch) == 1
    assert empty.feed("registry.roster.v1", village.roster(version=3)) == 0
    assert empty.feed("registry.roster.v1", village.roster(version=4)) == 1


def test_a_meetings_day_decides_which_roster_spans_count(meetings: Meetings) -> None:
    left = village.entry(SECRETARY, valid_to="2026-06-03")
    stays = village.entry(village.DEPUTY, valid_from="2026-06-03")
    meetings.feed("registry.roster.v1", village.roster(version=2, members=[left, stays]))
    meeting_id = meetings.planned()
    absent = {"absent": [{"member_id": str(SECRETARY), "reason": None}]}
    answer = meetings.call("PUT", f"/meetings/{meeting_id}/attendance", absent)
    assert answer.rules == {"absent[0].member_id": "not-a-member"}
    assert meetings.call("PUT", f"/meetings/{meeting_id}/attendance", {}).body["attendance"]["owed"] == 1


@pytest.mark.parametrize(
    ("value", "type_", "reason"),
    [
        (b"{}", "registry.roster.v1", "malformed"),
        (b'{"unit_id": "\xff"}', "registry.roster.v1", "malformed"),
        (None, "registry.roster.v1", "unexpected-tombstone"),
        (b"{}", "registry.roster.v2", "unknown-type"),
    ],
)
def test_what_cannot_be_applied_is_impossible(value: bytes | None, type_: str, reason: str) -> None:
    sample = events.received("registry.roster.v1", village.roster())
    about = attributes(sample)
    record = Received(sample.topic, 0, 0, sample.key, value, sample.headers)
    with pytest.raises(Impossible) as refused:
        worker.decode(record, Attributes(about.id, type_, about.time, None))
    assert refused.value.reason == reason
