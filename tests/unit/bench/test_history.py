"""The generated log: valid, sized like the real one, and counted right by its own plain additions."""

from datetime import date

import msgspec

from bench.history import Figures, History
from bench.tree import Province, country, province
from services.evaluation import decode
from services.evaluation.facts import meeting_facts, newest, task_facts
from services.evaluation.figures import SUMMED_NAMES
from services.evaluation.fold import GradeBands
from services.evaluation.rebuild import compute
from shared.contracts.catalogue import examples
from shared.envelope import Received, Record, attributes
from shared.units import replica

BANDS = [
    GradeBands(date(2018, 7, 6), date(2025, 10, 28), 9000, 7000, 5000),
    GradeBands(date(2025, 10, 28), None, 9000, 7000, 5000),
]


def _received(record: Record) -> Received:
    return Received(record.topic, 0, 0, record.key, record.value, record.headers)


def _drawn(tree: Province, minutes: int, seed: int = 1) -> tuple[History, list[Record]]:
    history = History(tree, minutes, seed=seed)
    return history, list(history.records())


def _of(records: list[Record], topic: str) -> list[Received]:
    return [_received(record) for record in records if record.topic == topic]


def test_a_province_has_four_levels_and_parents_come_first() -> None:
    tree = province(460)
    seen: set[str] = set()
    for unit in tree.units:
        assert unit.parent is None or unit.parent.unit_id in seen
        seen.add(unit.unit_id)
    assert len(seen) == len(tree.units)
    assert {len(list(branch.path)) for branch in tree.branches} == {4}
    assert len(tree.branches) == 460


def test_a_country_has_provinces_of_its_own_below_one_root_and_counts_them_all() -> None:
    tree = country(3, 20)
    assert len({unit.unit_id for unit in tree.units}) == len(tree.units)
    provinces = [unit for unit in tree.units if unit.parent is tree.root]
    assert len(provinces) == 3
    history, _ = _drawn(tree, 120)
    truth = history.truth()
    for month in {month for _, month in truth}:
        held = [truth.get((unit.unit_id, month), {}).get("regular_held", 0) for unit in provinces]
        assert truth[tree.root.unit_id, month].get("regular_held", 0) == sum(held)


def test_counted_above_the_branches_it_is_the_same_but_for_theirs() -> None:
    tree = country(2, 20)
    whole, above = History(tree, 200), History(tree, 200, of_branches=False)
    assert len(list(whole.records())) == len(list(above.records()))
    branches = {branch.unit_id for branch in tree.branches}
    assert {at: parts for at, parts in whole.truth().items() if at[0] not in branches} == above.truth()


def test_the_service_folds_the_log_into_the_counts_kept_while_it_was_drawn() -> None:
    tree = province(60)
    history, records = _drawn(tree, 400)
    meetings = [decode.meeting(r, attributes(r)) for r in _of(records, "meetings.meetings.v1")]
    tasks = [decode.task(r, attributes(r)) for r in _of(records, "meetings.tasks.v1")]
    units = [replica.decode(r, attributes(r)) for r in map(_received, history.units())]
    rebuilt = compute(units, newest(meeting_facts(meetings), "meeting_id"), newest(task_facts(tasks), "task_id"), BANDS)
    found: Figures = {
        (row["unit_id"], row["month"]): {name: row[name] for name in SUMMED_NAMES if row[name]}
        for row in rebuilt.unit_month.iter_rows(named=True)
    }
    assert {at: parts for at, parts in found.items() if parts} == history.truth()
    assert history.branches()[tree.root.unit_id] == 60


def test_some_come_twice_some_are_corrected_and_some_of_these_too_early() -> None:
    _, records = _drawn(province(200), 3000)
    came = [decode.meeting(r, attributes(r)) for r in _of(records, "meetings.meetings.v1")]
    states = [(meeting.meeting_id, meeting.version) for meeting in came]
    ids = {meeting.meeting_id for meeting in came}
    assert len(ids) == 3000
    assert 0.03 < (len(states) - len(set(states))) / len(states) < 0.07
    assert 0.02 < len({meeting.meeting_id for meeting in came if meeting.revision == 2}) / 3000 < 0.04
    newest_so_far: dict[object, int] = {}
    early = 0
    for meeting_id, version in states:
        early += version < newest_so_far.get(meeting_id, 0)
        newest_so_far[meeting_id] = max(version, newest_so_far.get(meeting_id, 0))
    assert early > 0


def test_minutes_tell_as_much_as_those_meetings_publishes() -> None:
    _, records = _drawn(province(20), 200)
    sizes = [len(record.value or b"") for record in records if record.topic == "meetings.meetings.v1"]
    real = {name: len(msgspec.json.encode(data)) for name, data in examples("meetings.meeting.v1").items()}
    assert real["adopted.json"] <= sum(sizes) / len(sizes) <= real["graded.json"]


def test_the_same_seed_draws_the_same_log() -> None:
    def values(seed: int) -> list[bytes | None]:
        return [record.value for record in _drawn(province(20), 100, seed)[1]]

    assert values(7) == values(7)
    assert values(7) != values(8)
