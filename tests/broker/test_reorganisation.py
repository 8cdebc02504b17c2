"""1 July 2025 on a small province with everything at once: corrections, repetitions, disorder, the decision, kills.

Districts in June, communes in July, nobody lost or counted twice, and the oracle agrees on every figure of every unit.
"""

from typing import Any

from deploy.local.demo.run import Demo, Options
from deploy.local.reorganisation.run import Result, run_reorganisation

KILLS = 12


def test_june_shows_districts_and_july_communes_and_every_figure_is_right() -> None:
    seen: dict[str, list[str]] = {}

    def note_root(phase: str, demo: Demo) -> None:
        if phase == "waiting 2025-06":
            seen["root"] = [demo.root_id]

    def look(demo: Demo, _: Result) -> None:
        seen["2025-06"] = _children(demo, seen["root"][0], "2025-06")
        seen["2025-07"] = _children(demo, demo.root_id, "2025-07")

    options = Options(province="Gia Lai", branches=160, months=2, seed=5, kills=KILLS)
    result = run_reorganisation(options, note_root, stay=look)

    assert sum(result.kills.values()) == KILLS == len(result.kills), result.kills
    assert {"kafka", "postgres"} & result.kills.keys()
    assert all(result.restarts.get(name, 0) >= count for name, count in result.kills.items())
    assert min(result.counts[what] for what in ("corrections", "repeated", "out_of_order", "preparations")) > 0
    assert min(result.of_before[what] for what in ("meetings", "corrections")) > 0
    assert {"merge", "create", "move", "close"} <= set(result.operations)
    assert (result.before.branches, result.before.members) == (result.after.branches, result.after.members)
    assert result.before.districts == 17 + 11 + 8
    assert result.after.districts == 4
    assert result.comparison.left_out == {}
    assert result.comparison.differing == 0, result.comparison.first
    assert result.equal
    districts = ("Huyện uỷ", "Thành uỷ", "Thị uỷ")
    assert any(name.startswith(districts) for name in seen["2025-06"])
    assert not any(name.startswith(districts) for name in seen["2025-07"])
    assert sum(name.startswith("Đảng bộ") for name in seen["2025-07"]) == result.after.communes


def _children(demo: Demo, unit_id: str, month: str) -> list[str]:
    rows: list[dict[str, Any]] = demo.client.send(
        "GET", "evaluation", f"/v1/units/{unit_id}/children?period={month}", demo.token
    )
    return [row["scorecard"]["name"] for row in rows]
