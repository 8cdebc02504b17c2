"""The end of a rehearsal: every difference is found and named; the screen says what there is."""

from io import StringIO

from rich.console import Console

from deploy.local.demo.compare import Comparison, differences
from deploy.local.demo.oracle_parts import PARTS
from deploy.local.demo.run import Result
from deploy.local.demo.screen import Screen, print_result
from deploy.local.demo.state import Child, State


def _parts(**given: int) -> dict[str, int]:
    return dict.fromkeys(PARTS, 0) | given


def test_every_difference_is_found_and_named() -> None:
    expected = {"A": _parts(owed=3), "B": _parts(), "C": _parts()}
    answered = {"A": _parts(owed=4), "B": {name: 0 for name in PARTS if name != "speakers"}, "D": _parts()}
    found = differences("2025-06", {"A": "Chi bộ A"}, expected, answered)
    by_unit = {(one.code, one.figure): (one.expected, one.answered) for one in found}
    assert {key: by_unit[key] for key in (("A", "owed"), ("B", "speakers"))} == {
        ("A", "owed"): (3, 4),
        ("B", "speakers"): (0, None),
    }
    assert sum(code == "C" for code, _ in by_unit) == len(PARTS)
    assert sum(code == "D" for code, _ in by_unit) == len(PARTS)
    assert len(found) == 2 + 2 * len(PARTS)
    assert found[0].unit == "Chi bộ A"
    assert differences("2025-06", {}, expected, dict(expected)) == []


def test_equal_needs_everything_compared() -> None:
    whole = Comparison(units=2, months=3, figures=26, due=156, compared=156, differing=0, first=())
    assert whole.equal
    assert not Comparison(units=2, months=3, figures=26, due=156, compared=155, differing=0, first=()).equal
    assert not Comparison(units=0, months=0, figures=26, due=0, compared=0, differing=0, first=()).equal


def test_the_screen_shows_districts_rates_and_the_page() -> None:
    state = State(province="Gia Lai", phase="tháng 2025-06", expected=1000, meetings=400, month="2025-06")
    state.page = "http://127.0.0.1:8002/#token=abc"
    derived = {"missing": 2.0, "attendance_rate": 0.923, "on_time_rate": None, "conclusion_rate": 1.0, "task_rate": 0.5}
    state.children = (Child("Huyện uỷ [Chư Prông]", _parts(branches=300, regular_held=298), derived),)
    console = Console(file=StringIO(), width=120)
    console.print(Screen(state, console).picture())
    shown = console.file.getvalue()  # type: ignore[attr-defined]  # the StringIO given above
    for words in ("Huyện uỷ [Chư Prông]", "92,3 %", "400 / 1.000", "#token=abc", "–"):
        assert words in shown


def test_the_result_names_what_differs() -> None:
    found = differences("2025-06", {"A": "Chi bộ A"}, {"A": _parts(owed=3)}, {"A": _parts(owed=4)})
    result = Result(
        province="Gia Lai",
        seed=1,
        months=["2025-06"],
        branches=1,
        units=1,
        members=3,
        counts=State().measured(),
        requests=5,
        requests_sent_again=0,
        meetings_per_second=10.0,
        seconds={"total": 121.0},
        late_to_catch_up=[],
        restarts={},
        kills={},
        comparison=Comparison(units=1, months=1, figures=26, due=26, compared=26, differing=1, first=tuple(found)),
        equal=False,
    )
    console = Console(file=StringIO(), width=200)
    print_result(console, result)
    shown = console.file.getvalue()  # type: ignore[attr-defined]  # the StringIO given above
    assert "LỆCH" in shown
    assert "2025-06 Chi bộ A (A) owed: phải là 3, nhận 4" in shown
    assert "2 ph 01 s" in shown
