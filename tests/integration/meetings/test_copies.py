"""Copies of minutes: planted ones are found, everybody's words accuse nobody, and only who may read sees the text."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest

from services.meetings.commands import copying
from services.meetings.domain.folding import words
from shared import db
from tests.integration.meetings import minutes, village
from tests.integration.meetings.village import BRANCH, COMMUNE, OTHER_BRANCH, Meetings
from tests.support import events

_NOW = datetime(2026, 6, 15, tzinfo=UTC)


def compare(meetings: Meetings) -> int:
    """Compare all that is queued, as the worker does; returns how many meetings it was."""
    compared = 0
    while True:
        with db.connect(meetings.url, name="test") as conn:
            count = copying.turn(conn, _NOW)
        if not count:
            return compared
        compared += count


@pytest.fixture
def branches(meetings: Meetings) -> list[UUID]:
    """Thirty branches of one member each below the commune, beside the village's two."""
    ids = [uuid4() for _ in range(30)]
    meetings.feed("registry.unit.v1", *(events.unit(unit_id, COMMUNE) for unit_id in ids))
    meetings.feed("registry.roster.v1", *(minutes.roster(unit_id) for unit_id in ids))
    return ids


def told(meetings: Meetings, unit_id: UUID, day: date, discussion: str, conclusion: str) -> str:
    """The id of a meeting brought in with these texts."""
    row = minutes.row(unit_id, day, discussion=discussion, conclusion=conclusion)
    answer = meetings.bring_in(meetings=[row])
    assert answer.status == 200, answer.body
    return str(row["meeting_id"])


def repeats(meetings: Meetings, meeting_id: str, token: str | None = None) -> list[dict[str, Any]]:
    """What a meeting's minutes repeat, as an officer above is told."""
    answer = meetings.call("GET", f"/meetings/{meeting_id}/copies", token=token or meetings.officer)
    assert answer.status == 200, answer.body
    items: list[dict[str, Any]] = answer.body["items"]
    return items


def _paraphrased(sentence: str) -> str:
    said = sentence.split()
    return " ".join([*said[:5], "khác", *said[6:]])


_AS_COPIED: list[Callable[[list[str]], list[str]]] = [
    lambda original: original,
    lambda original: list(reversed(original)),
    lambda original: [_paraphrased(sentence) for sentence in original],
    lambda original: [sentence.upper() for sentence in original],
]


@pytest.mark.parametrize("copied", _AS_COPIED, ids=["exact", "reordered", "paraphrased", "capitals"])
def test_a_planted_copy_of_another_branch_is_found(
    meetings: Meetings, branches: list[UUID], copied: Callable[[list[str]], list[str]]
) -> None:
    rows = [
        minutes.row(
            unit_id,
            date(2026, 6, 3),
            discussion=minutes.text(seed),
            conclusion=minutes.text(seed + 500, 3),
            form=minutes.FORM,
        )
        for seed, unit_id in enumerate(branches)
    ]
    assert meetings.bring_in(meetings=rows).status == 200
    planted = ". ".join(copied(minutes.sentences(4)))
    copy = told(meetings, branches[7], date(2026, 5, 4), minutes.text(900), minutes.text(901, 3))
    thief = told(meetings, uuid_of(meetings), date(2026, 6, 5), planted, minutes.text(777, 3))

    assert compare(meetings) >= 32

    (found,) = repeats(meetings, thief)
    assert (found["part"], found["of_meeting_id"], found["of_unit_id"]) == (
        "minutes",
        rows[4]["meeting_id"],
        str(branches[4]),
    )
    assert found["likeness"] >= 0.6
    assert found["passages"]
    for passage in found["passages"]:
        assert passage["where"] == passage["of_where"] == "discussion"
        assert passage["of_text"] in minutes.text(4)
        assert passage["text"] in planted
    assert repeats(meetings, copy) == []
    assert all(repeats(meetings, row["meeting_id"]) == [] for row in rows)


def uuid_of(meetings: Meetings) -> UUID:
    """A branch of one that came later."""
    unit_id = uuid4()
    meetings.feed("registry.unit.v1", events.unit(unit_id, COMMUNE))
    meetings.feed("registry.roster.v1", minutes.roster(unit_id))
    return unit_id


def test_a_branch_that_repeats_its_own_conclusion_months_later_is_found(
    meetings: Meetings, branches: list[UUID]
) -> None:
    conclusion = minutes.text(1, 3)
    ids = [
        told(meetings, branches[0], date(2026, month, 3), minutes.text(100 + month), conclusion) for month in (2, 4, 6)
    ]
    compare(meetings)

    assert repeats(meetings, ids[0]) == []
    (second,) = repeats(meetings, ids[1])
    assert (second["part"], second["same_branch"], second["of_meeting_id"]) == ("conclusion", True, ids[0])
    assert second["of_period"] == "2026-02"
    assert {one["of_meeting_id"] for one in repeats(meetings, ids[2])} == set(ids[:2])


def test_the_later_repeats_the_earlier_whichever_was_brought_in_first(meetings: Meetings, branches: list[UUID]) -> None:
    later = told(meetings, branches[0], date(2026, 6, 3), minutes.text(1), minutes.text(2, 3))
    compare(meetings)
    earlier = told(meetings, branches[1], date(2026, 5, 3), minutes.text(1), minutes.text(2, 3))
    compare(meetings)

    assert repeats(meetings, earlier) == []
    assert {one["of_meeting_id"] for one in repeats(meetings, later)} == {earlier}


def test_what_lies_a_year_back_is_not_looked_at(meetings: Meetings, branches: list[UUID]) -> None:
    told(meetings, branches[0], date(2025, 5, 3), minutes.text(1), minutes.text(2, 3))
    again = told(meetings, branches[1], date(2026, 6, 3), minutes.text(1), minutes.text(2, 3))
    compare(meetings)
    assert repeats(meetings, again) == []


def test_the_templates_words_accuse_nobody(meetings: Meetings, branches: list[UUID]) -> None:
    (template,) = meetings.call("GET", f"/templates?unit_id={BRANCH}&kind=regular").body["items"]
    form = " ".join(f"{part['title']['vi']}. {part['hint']['vi']}" for part in template["sections"])
    assert len(words(form)) > 100
    ids = [
        told(meetings, unit_id, date(2026, 6, 3), form, "Chủ trì kết luận từng nội dung; giao việc cho từng người.")
        for unit_id in branches[:4]
    ]
    compare(meetings)
    assert all(repeats(meetings, meeting_id) == [] for meeting_id in ids)


def test_what_many_branches_write_accuses_nobody_even_those_accused_before(
    meetings: Meetings, branches: list[UUID]
) -> None:
    borrowed = minutes.text(3)
    early = [
        told(meetings, unit_id, date(2026, 6, 1 + number), borrowed, minutes.text(600 + number, 3))
        for number, unit_id in enumerate(branches[:2])
    ]
    compare(meetings)
    assert len(repeats(meetings, early[1])) == 1

    rows = [
        minutes.row(unit_id, date(2026, 6, 4), discussion=borrowed, conclusion=minutes.text(seed, 3))
        for seed, unit_id in enumerate(branches[2:], 700)
    ]
    assert meetings.bring_in(meetings=rows).status == 200
    compare(meetings)

    assert repeats(meetings, early[1]) == []
    assert all(repeats(meetings, row["meeting_id"]) == [] for row in rows)
    last = [event for event in meetings.events() if event["meeting_id"] == early[1]][-1]
    assert last["copies"] is None


def test_the_result_goes_out_as_the_next_version_without_text(meetings: Meetings, branches: list[UUID]) -> None:
    first = told(meetings, branches[0], date(2026, 5, 3), minutes.text(1), minutes.text(2, 3))
    second = told(meetings, branches[1], date(2026, 6, 3), minutes.text(1), minutes.text(2, 3))
    assert [event["copies"] for event in meetings.events()] == [None, None]
    compare(meetings)

    (published,) = meetings.events()[2:]
    assert (published["meeting_id"], published["version"], published["revision"]) == (second, 2, 1)
    assert published["copies"] == {"count": 1, "likeness": 1.0}
    assert published["signals"] == meetings.events()[1]["signals"]
    shown = meetings.call("GET", f"/meetings/{second}/signals", token=meetings.officer).body
    assert (shown["copies"], shown["copies_pending"]) == ({"count": 1, "likeness": 1.0}, False)
    assert meetings.call("GET", f"/meetings/{first}", token=meetings.officer).body["version"] == 1
    assert len(meetings.tables()["revision"]) == 2
    needle = minutes.sentences(1)[0].encode()
    assert all(needle not in (sent.record.value or b"") for sent in meetings.outbox())


def test_a_correction_is_compared_again(meetings: Meetings, branches: list[UUID]) -> None:
    told(meetings, branches[0], date(2026, 5, 3), minutes.text(1), minutes.text(2, 3))
    row = minutes.row(branches[1], date(2026, 6, 3), discussion=minutes.text(1), conclusion=minutes.text(9, 3))
    assert meetings.bring_in(meetings=[row]).status == 200
    compare(meetings)
    assert len(repeats(meetings, row["meeting_id"])) == 1
    found = meetings.events()[-1]["copies"]
    assert found["count"] == 1

    row["minutes"]["sections"]["discussion"] = minutes.text(50)
    assert meetings.bring_in(meetings=[row | {"correction_reason": "Chép nhầm biên bản"}]).status == 200
    assert meetings.events()[-1]["copies"] == found
    pending = meetings.call("GET", f"/meetings/{row['meeting_id']}/signals", token=meetings.officer).body
    assert pending["copies_pending"]
    compare(meetings)

    assert repeats(meetings, row["meeting_id"]) == []
    assert meetings.events()[-1]["copies"] is None


def test_only_who_may_read_both_branches_sees_the_passages(meetings: Meetings) -> None:
    meetings.feed("registry.roster.v1", minutes.roster(OTHER_BRANCH))
    meetings.feed("registry.roster.v1", minutes.roster(BRANCH) | {"version": 2})
    original = told(meetings, OTHER_BRANCH, date(2026, 6, 3), minutes.text(1), minutes.text(2, 3))
    copy = told(meetings, BRANCH, date(2026, 6, 4), minutes.text(1), minutes.text(2, 3))
    compare(meetings)

    for hidden in (repeats(meetings, copy, meetings.secretary), repeats(meetings, copy, meetings.member)):
        assert {one["part"] for one in hidden} == {"minutes", "conclusion"}
        for one in hidden:
            named = (one["of_meeting_id"], one["of_unit_id"], one["of_period"], one["passages"])
            assert named == (None, None, None, None)
            assert one["likeness"] == 1.0
    seen = repeats(meetings, copy, meetings.officer)
    assert all(one["of_meeting_id"] == original and one["passages"] for one in seen)
    assert meetings.call("GET", f"/meetings/{copy}/copies", token=meetings.stranger).status == 403


def test_the_queue_is_filled_by_one_row_an_adoption_and_emptied_once(meetings: Meetings) -> None:
    meetings.adopted()
    assert compare(meetings) == 1
    assert compare(meetings) == 0


def test_one_worker_at_a_time_compares(meetings: Meetings) -> None:
    meetings.adopted()
    with db.connect(meetings.url, name="first") as first:
        assert copying.turn(first, _NOW) == 1
        with db.connect(meetings.url, name="second") as second:
            assert copying.turn(second, _NOW) == 0
    assert compare(meetings) == 0


def test_a_request_never_waits_for_the_worker(meetings: Meetings) -> None:
    meeting_id = meetings.adopted()
    correction = {"reason": "Ghi sót", "minutes": village.minutes(ended_at="2026-06-03T21:05:00+07:00")}
    with db.connect(meetings.url, name="worker") as worker:
        assert copying.turn(worker, _NOW) == 1
        assert meetings.call("POST", f"/meetings/{meeting_id}/corrections", correction).status == 200
    assert compare(meetings) == 1
