"""The evening's parts that need no suite: when reports begin, who sends how, what is counted as lost."""

import random
import threading
from datetime import UTC, date, datetime

import msgspec
import pytest

from bench.evening_figures import traffic
from bench.evening_load import Heard, Reckoning, Report, arrivals, busiest, offer_at, reckon
from bench.evening_papers import CHARACTERS, Papers, fate, meeting_of, province_with_thirties
from bench.evening_table import bar
from deploy.local.demo.sheets import Branch
from deploy.local.demo.slots import Habits
from deploy.local.errors import LocalError

_UNIT = "0197b6c0-0000-7000-8000-000000000001"
_MEMBERS = tuple(f"0197b6c0-0000-7000-8000-0000000001{number:02d}" for number in range(30))
_BRANCH = Branch(_UNIT, Habits(3, 19, 30, 0.9, 0.9), _MEMBERS, frozenset(_MEMBERS))


def _papers(*, offline: bool = False) -> Papers:
    row = meeting_of(_BRANCH, 7, "2025-06", datetime(2025, 6, 3, 15, 30, tzinfo=UTC))
    return Papers(7, _UNIT, "token", 30, row, offline, None)


def test_reports_begin_within_the_evening_and_most_after_its_first_quarter() -> None:
    moments = arrivals(4558, 7200.0, random.Random(1))
    assert len(moments) == 4558
    assert moments == sorted(moments)
    assert moments[0] >= 0
    assert moments[-1] <= 0.97 * 7200
    assert sum(moment > 1800 for moment in moments) / 4558 == pytest.approx(0.93, abs=0.01)
    assert moments == arrivals(4558, 7200.0, random.Random(1))


def test_the_busiest_stretch_excludes_its_end() -> None:
    assert busiest([0.0, 1.0, 1.5, 2.0, 3.1, 5.0], 2.0) == 3
    assert busiest([3.0, 1.0], 2.0) == 1
    assert busiest([], 2.0) == 0


def test_calls_leave_at_their_moments_though_none_is_answered() -> None:
    barrier = threading.Barrier(5)

    def send(number: int, due: float) -> tuple[int, float]:
        barrier.wait(timeout=30)  # nobody is answered until all have left
        return number, due

    began, results = offer_at(send, [0.0, 0.0, 0.01, 0.02, 0.03])
    assert [number for number, _ in results] == [0, 1, 2, 3, 4]
    assert [due - began for _, due in results] == pytest.approx([0.0, 0.0, 0.01, 0.02, 0.03])


@pytest.mark.parametrize(
    ("adopted", "kept", "expected"),
    [
        (["a", "b"], {"a": 1, "b": 1}, Reckoning(2, 0, 0, 0)),
        (["a", "b"], {"a": 1}, Reckoning(1, 1, 0, 0)),
        (["a"], {"a": 2}, Reckoning(1, 0, 1, 0)),
        (["a", "a"], {"a": 1}, Reckoning(1, 0, 1, 0)),
        (["a"], {"a": 1, "b": 1}, Reckoning(2, 0, 0, 1)),
    ],
)
def test_what_was_adopted_is_looked_for_in_what_is_kept(
    adopted: list[str], kept: dict[str, int], expected: Reckoning
) -> None:
    assert reckon(adopted, kept) == expected


def test_a_report_goes_through_the_single_doors_in_their_order() -> None:
    papers = _papers()
    doors = [letter.door for letter in papers.letters(1)]
    assert doors == ["attendance", "minutes", *(["score"] if papers.row.score else []), "adoption"]
    keys = [letter.key for letter in papers.letters(1)]
    assert len(set(keys)) == len(keys)
    assert keys == [letter.key for letter in papers.letters(1)]


def test_an_offline_notebook_sends_the_same_in_one_request_with_the_version_it_had() -> None:
    single = {letter.door: msgspec.json.decode(letter.body) for letter in _papers().letters(4)}
    (letter,) = _papers(offline=True).letters(4)
    parts = msgspec.json.decode(letter.body)["parts"]
    assert {part["kind"]: part["body"] for part in parts} == single
    assert parts[-1]["kind"] == "adoption"
    assert {part["based_on"] for part in parts} == {4}
    assert len({part["part_id"] for part in parts}) == len(parts)


def test_minutes_are_of_their_real_length_and_a_branchs_own() -> None:
    here = _papers().row.minutes.sections
    other = meeting_of(_BRANCH, 8, "2025-06", datetime(2025, 6, 3, 15, 30, tzinfo=UTC)).minutes.sections
    assert sum(map(len, here.values())) == pytest.approx(CHARACTERS, rel=0.35)
    assert here["discussion"] != other["discussion"]


def test_some_are_offline_and_some_send_a_request_of_theirs_twice() -> None:
    rng = random.Random(2)
    fates = [fate(rng, scored=False) for _ in range(4000)]
    assert sum(offline for offline, _ in fates) / 4000 == pytest.approx(0.15, abs=0.02)
    for how, share in (("answered", 0.06), ("cut", 0.04)):
        assert sum(again is not None and again[1] == how for _, again in fates) / 4000 == pytest.approx(share, abs=0.01)
    assert {again[0] for offline, again in fates if again and offline} == {"offline"}
    assert {again[0] for offline, again in fates if again and not offline} == {"attendance", "minutes", "adoption"}


def test_so_many_branches_have_thirty_members_and_the_others_their_own() -> None:
    province, chosen = province_with_thirties("Gia Lai", 60, 20, date(2025, 5, 1))
    below = province.branches()
    assert len(set(chosen)) == 20
    assert {len(province.members[below[number].code]) for number in chosen} == {30}
    others = [len(province.members[unit.code]) for number, unit in enumerate(below) if number not in chosen]
    assert len(set(others)) > 5


def test_traffic_counts_each_answer_once_and_what_was_sent_again_by_itself() -> None:
    heard = [
        Heard("bundle", 100.0, 100.2, 200, 0, 9000),
        Heard("adoption", 100.2, 100.6, 503, 2, 50),
        Heard("adoption", 100.2, 101.2, 200, 2, 700),
        Heard("adoption", 101.2, 101.3, 200, 2, 700, repeat=True),
    ]
    first = Report(_papers(), 100.0, 101.3, True, heard, ["adoption 503 busy"], 0, 0)
    second = Report(_papers(), 102.0, 102.5, False, [], ["bundle 403 outside-rights"], 0, 1)
    told = traffic([first, second], [0.0, 2.0], 100.0, 60.0)
    assert (told.reports, told.adopted, told.requests, told.repeated, told.cut_off) == (2, 1, 5, 1, 1)
    assert told.doors["adoption"].max == pytest.approx(1.0)
    assert told.doors["sent again"].max == pytest.approx(0.1)
    assert told.report.max == pytest.approx(1.3)
    assert told.refused == {"adoption 503 busy": 1, "bundle 403 outside-rights": 1}
    assert told.bundle_bytes_of_thirty is not None
    assert told.bundle_bytes_of_thirty.max == 9000
    assert told.offline_bytes is None
    assert told.last_answered_after == pytest.approx(2.5)


def test_an_evening_in_which_nobody_got_through_says_why() -> None:
    nobody = Report(_papers(), 0.0, 1.0, False, [], ["bundle 0"], 0, 0)
    with pytest.raises(LocalError, match="bundle 0"):
        traffic([nobody], [0.0], 0.0, 60.0)


def test_a_bar_says_whether_it_is_met() -> None:
    assert bar("p99 < 150 ms", True) == "bar, p99 < 150 ms: met"
    assert bar("p99 < 150 ms", False) == "bar, p99 < 150 ms: MISSED"
