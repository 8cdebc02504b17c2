"""The rehearsed year: the published number of meetings, the faults, the order, the same seed the same year."""

from collections import Counter
from collections.abc import Iterator
from itertools import pairwise

import msgspec
import pytest

from deploy.local.demo.oracle_signals import own_words
from deploy.local.demo.province import Province, build
from deploy.local.demo.rows import Call, Completion, Meeting, NotHeld, Submission
from deploy.local.demo.year import Ids, Year
from shared.clock import local_day


@pytest.fixture(scope="module")
def province() -> Province:
    return build("Gia Lai", branches=400)


def _year(province: Province, *, months: int = 12, seed: int = 1) -> Year:
    units = {unit.code: f"unit {unit.code}" for unit in province.units}
    members = {member.code: f"member {member.code}" for here in province.members.values() for member in here}
    return Year(province, Ids(units, members), months=months, seed=seed)


def _all(year: Year) -> Iterator[Submission]:
    for window in year.windows():
        yield from window.submissions


@pytest.fixture(scope="module")
def sent(province: Province) -> list[Submission]:
    return list(_all(_year(province)))


def _first(sent: list[Submission]) -> list[Meeting]:
    rows = [submission.row for submission in sent if not submission.repeated]
    held = [row for row in rows if isinstance(row, Meeting) and row.kind != "committee"]
    return [row for row in held if row.correction_reason is None]


def test_a_full_year_has_sixteen_meetings_a_branch() -> None:
    province = build("Gia Lai")
    year = _year(province)
    slots = [slot for month in year.months for slot in year.slots(month)]
    assert len(slots) == 72_928
    assert year.expected_meetings() == pytest.approx(72_928 * 0.97, rel=0.01)


def test_what_is_announced_is_sent(province: Province, sent: list[Submission]) -> None:
    told = len(_first(sent)) + sum(isinstance(submission.row, NotHeld) for submission in sent)
    assert told == _year(province).expected_meetings()


def test_the_faults_have_their_shares(sent: list[Submission]) -> None:
    held = _first(sent)
    due = 400 * 16
    corrected = [s.row for s in sent if isinstance(s.row, Meeting) and s.row.correction_reason]
    assert 0.015 < sum(submission.repeated for submission in sent) / due < 0.025
    assert 0.015 < len(corrected) / due < 0.04
    assert 0.006 < sum(isinstance(submission.row, NotHeld) for submission in sent) / (400 * 12) < 0.015
    late = sum((local_day(row.reported_at) - local_day(row.starts_at)).days > 2 for row in held)
    assert 0.04 < late / due < 0.08
    assert {row.kind for row in held} == {"regular", "thematic"}


def test_it_is_sent_in_the_order_of_its_instants_yet_reports_are_out_of_order(sent: list[Submission]) -> None:
    assert all(one.at <= other.at for one, other in pairwise(sent))
    reported = [row.reported_at for row in _first(sent)]
    assert any(one > other for one, other in pairwise(reported))


def test_nothing_is_sent_before_it_happened(sent: list[Submission]) -> None:
    for submission in sent:
        row = submission.row
        if isinstance(row, Meeting):
            assert row.starts_at < row.minutes.ended_at < row.reported_at <= submission.at
            assert row.starts_at < row.adopted_at < row.reported_at
        elif isinstance(row, Completion):
            assert row.done_on < local_day(submission.at)


def test_what_concerns_a_meeting_comes_after_it(sent: list[Submission]) -> None:
    known: set[str] = set()
    corrected: set[str] = set()
    for submission in sent:
        is_first = isinstance(submission.row, (Call, Meeting, NotHeld)) and submission.meeting_id not in known
        assert is_first or submission.meeting_id in known
        known.add(submission.meeting_id)
        if isinstance(submission.row, Meeting) and submission.row.correction_reason:
            corrected.add(submission.meeting_id)
        assert not (submission.repeated and submission.meeting_id in corrected), "the old state after its correction"


def test_papers_agree_with_the_roster(province: Province, sent: list[Submission]) -> None:
    year = _year(province)
    for submission in sent:
        row = submission.row
        if not isinstance(row, Meeting):
            continue
        branch = year.branches[submission.branch]
        absent = {absence.member_id for absence in row.attendance.absent}
        assert absent <= set(branch.owing)
        present = set(branch.owing) - absent
        spoke = {opinion.member_id for opinion in row.minutes.opinions}
        assert {row.minutes.chair_id, row.minutes.secretary_id, *row.attendance.late} | spoke <= present
        if row.minutes.resolution:
            votes = row.minutes.resolution.votes
            assert votes.in_favour + votes.against + votes.abstaining <= len(present & branch.voters)


def test_corrections_change_something_and_repetitions_nothing(sent: list[Submission]) -> None:
    last: dict[str, bytes] = {}
    for submission in sent:
        if not isinstance(submission.row, Meeting):
            continue
        body = msgspec.json.encode(msgspec.structs.replace(submission.row, correction_reason=None))
        if submission.meeting_id in last:
            assert (body == last[submission.meeting_id]) == submission.repeated
        last[submission.meeting_id] = body


def test_about_92_of_100_attend(province: Province, sent: list[Submission]) -> None:
    year = _year(province)
    owed = present = 0
    for submission in sent:
        if isinstance(submission.row, Meeting) and not submission.repeated:
            owed += len(year.branches[submission.branch].owing)
            present += len(year.branches[submission.branch].owing) - len(submission.row.attendance.absent)
    assert 0.90 < present / owed < 0.94


def test_secretaries_of_one_committee_go_step_by_step(province: Province, sent: list[Submission]) -> None:
    parents = [unit.parent_code for unit in province.branches()]
    by_month: dict[str, set[str | None]] = {}
    for submission in sent:
        if submission.door == "steps" and isinstance(submission.row, Meeting) and submission.row.kind != "committee":
            by_month.setdefault(f"{local_day(submission.row.starts_at):%Y-%m}", set()).add(parents[submission.branch])
    assert len(by_month) == 12
    assert all(len(committees) == 1 for committees in by_month.values())


def test_what_goes_before_a_meeting_of_the_steps_comes_before_it(sent: list[Submission]) -> None:
    sent_at = {s.meeting_id: s.at for s in reversed(sent) if isinstance(s.row, Meeting)}
    by_steps = {s.meeting_id for s in sent if s.door == "steps" and isinstance(s.row, Meeting) and s.row.score}
    calls = {s.meeting_id: s for s in sent if isinstance(s.row, Call)}
    prepared = {row.regular_id: row for s in sent if isinstance(row := s.row, Meeting) and row.kind == "committee"}
    assert by_steps <= calls.keys()
    assert 0 < len(prepared) < len(calls)
    assert all(call.at < sent_at[meeting_id] for meeting_id, call in calls.items() if meeting_id in sent_at)
    assert all(sent_at[row.meeting_id] < sent_at[of] for of, row in prepared.items() if of in sent_at)
    rows = [s.row for s in calls.values() if isinstance(s.row, Call)]
    for shown in ("put_off_from", "notified", "documents", "follower_id"):
        assert 0 < sum(bool(getattr(row, shown)) for row in rows) < len(rows)


def test_some_minutes_are_in_words_of_their_own_and_some_of_those_are_a_neighbours(sent: list[Submission]) -> None:
    own = Counter(text for row in _first(sent) if (text := own_words(row)) is not None)
    shared = sum(count == 2 for count in own.values())
    assert max(own.values()) == 2
    assert 0.01 < shared / (400 * 12) < 0.04
    assert 0.02 < sum(count == 1 for count in own.values()) / (400 * 12) < 0.1


def test_the_same_seed_gives_the_same_year() -> None:
    province = build("Kon Tum", branches=40)
    one, same, other = (msgspec.json.encode(list(_all(_year(province, months=2, seed=seed)))) for seed in (3, 3, 4))
    assert one == same
    assert one != other
    assert Counter(type(s.row).__name__ for s in _all(_year(province, months=2, seed=3)))["Meeting"] > 60
