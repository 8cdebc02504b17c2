"""What the registry tells besides rosters: villages and targets as evaluation answers, against what was sent."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import msgspec

from deploy.local.demo.client import Client
from deploy.local.demo.compare import Comparison, Difference
from deploy.local.demo.oracle_registry import VILLAGE_FIGURES, of_villages
from deploy.local.demo.province import Province
from deploy.local.demo.villages import Goal, Village
from deploy.local.demo.year import Ids
from shared.months import last_day

_COMMUNES_EVERY: Final = 10


def compare(
    client: Client,
    token: str,
    province: Province,
    ids: Ids,
    settled: Sequence[Village],
    set_: Sequence[Goal],
    month: str,
) -> tuple[int, list[Difference]]:
    """How many figures were compared, and those that differ: villages at every committee above the communes and every
    tenth commune, the goals of every office."""
    units = [unit for unit in province.units if unit.kind in ("province_committee", "direct_committee")]
    units += [unit for unit in province.units if unit.level == "commune"][::_COMMUNES_EVERY]
    expected = of_villages(settled, {unit.code: unit.parent_code for unit in province.units})
    goals = {goal.unit_code: goal for goal in set_}
    compared, found = 0, []
    for unit in units:
        path = f"/v1/units/{ids.units[unit.code]}"
        answer = client.send("GET", "evaluation", f"{path}/villages?on={last_day(month)}", token)
        pairs = {name: (expected[unit.code][name], _answered(answer, name)) for name in VILLAGE_FIGURES}
        if unit.code in goals:
            goal = goals[unit.code]
            items = client.send("GET", "evaluation", f"{path}/targets?year={goal.year}&on={last_day(month)}", token)
            told: dict[str, Any] = next(iter(items["items"]), {})
            pairs |= {"target": (goal.value, told.get("value")), "target_reached": (goal.reached, told.get("reached"))}
        compared += len(pairs)
        found += [
            Difference(month, unit.code, unit.name, name, must, None if is_ is None else int(is_))
            for name, (must, is_) in pairs.items()
            if must != is_
        ]
    return compared, found


def _answered(answer: Mapping[str, Any], name: str) -> Any:
    return answer["heads"][name.removeprefix("head_")] if name.startswith("head_") else answer[name]


def together(whole: Comparison, compared: int, found: Sequence[Difference], *, shown: int = 20) -> Comparison:
    """`whole` with what else was compared."""
    return msgspec.structs.replace(
        whole,
        due=whole.due + compared,
        compared=whole.compared + compared,
        differing=whole.differing + len(found),
        first=tuple([*whole.first, *found][:shown]),
    )
