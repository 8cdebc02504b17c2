"""Every figure of every unit and month: what evaluation answers against what the oracle counts."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import msgspec

from deploy.local.demo.client import Client
from deploy.local.demo.oracle import PARTS, Oracle


class Difference(msgspec.Struct, frozen=True):
    """One figure that is not what it must be; `answered` None: the unit or figure was not in the answer."""

    month: str
    code: str
    unit: str
    figure: str
    expected: int | None
    answered: int | None


class Comparison(msgspec.Struct, frozen=True):
    """How much was due to be compared, how much was, how much differed, and the first differences."""

    units: int
    months: int
    figures: int
    due: int
    compared: int
    differing: int
    first: tuple[Difference, ...]

    @property
    def equal(self) -> bool:
        """Whether everything was compared and nothing differed."""
        return self.differing == 0 and self.compared == self.due > 0


def compare(
    client: Client,
    token: str,
    roots: Callable[[str], Sequence[str]],
    names: Mapping[str, str],
    oracle: Oracle,
    months: Iterable[str],
    *,
    shown: int = 20,
) -> Comparison:
    """Read every figure from evaluation and compare it with the oracle's.

    `roots` gives the ids of the units without a superior in a month, `names` what the units of the codes are called.
    """
    wanted = list(months)
    found: list[Difference] = []
    seen: set[str] = set()
    due = compared = 0
    for month in wanted:
        answered: dict[str, Any] = {}
        for root_id in roots(month):
            path = f"/v1/units/{root_id}/figures?period={month}&limit=1000"
            answered |= {row["code"]: row["parts"] for row in client.pages("evaluation", path, token)}
        expected = oracle.figures([month])[month]
        seen |= expected.keys()
        due += len(expected) * len(PARTS)
        compared += sum(len(answered[code].keys() & set(PARTS)) for code in expected.keys() & answered.keys())
        found += differences(month, names, expected, answered)
    return Comparison(
        units=len(seen),
        months=len(wanted),
        figures=len(PARTS),
        due=due,
        compared=compared,
        differing=len(found),
        first=tuple(found[:shown]),
    )


def differences(
    month: str, names: Mapping[str, str], expected: Mapping[str, Mapping[str, int]], answered: Mapping[str, Any]
) -> list[Difference]:
    """The figures in which `answered` (parts by unit code) is not `expected`; what one side lacks differs too."""
    found = []
    for code in sorted(expected.keys() | answered.keys()):
        must, is_ = expected.get(code), answered.get(code)
        for figure in PARTS:
            one = None if must is None else must[figure]
            other = None if is_ is None else is_.get(figure)
            if one != other:
                found.append(Difference(month, code, names.get(code, "?"), figure, one, other))
    return found
