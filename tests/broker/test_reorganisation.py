"""1 July 2025 on a small province, with kills: districts in June, communes in July, nobody lost or counted twice."""

import signal
from typing import Any

from deploy.local.demo.run import Demo, Options
from deploy.local.reorganisation.run import Result, run_reorganisation

VICTIMS = {
    "deciding": "registry-api",
    "reorganising": "registry-relay",
    "settling": "evaluation-worker",
    "waiting 2025-07": "evaluation-worker",
}


def test_june_shows_districts_and_july_communes_and_every_figure_is_right() -> None:
    killed: list[str] = []
    seen: dict[str, list[str]] = {}

    def kill(phase: str, demo: Demo) -> None:
        if (victim := VICTIMS.get(phase)) is not None:
            demo.suite.kill(victim, signal.SIGKILL)
            killed.append(victim)
        if phase == "waiting 2025-06":
            seen["root"] = [demo.root_id]

    def look(demo: Demo, _: Result) -> None:
        seen["2025-06"] = _children(demo, seen["root"][0], "2025-06")
        seen["2025-07"] = _children(demo, demo.root_id, "2025-07")

    result = run_reorganisation(Options(province="Gia Lai", branches=160, months=2, seed=5), kill, stay=look)

    assert sorted(killed) == sorted(VICTIMS.values())
    assert {"merge", "create", "move", "close"} <= set(result.operations)
    assert (result.before.branches, result.before.members) == (result.after.branches, result.after.members)
    assert result.before.districts == 17 + 11 + 8
    assert result.after.districts == 4
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
