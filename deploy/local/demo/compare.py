"""Every figure of every unit and period: what evaluation answers against what the oracle counts."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

import msgspec

from deploy.local.demo.client import Client
from deploy.local.demo.oracle import Oracle
from deploy.local.demo.oracle_derived import DERIVED, Figures
from deploy.local.demo.oracle_parts import PARTS

_LONGER: Final = ((3, "Q"), (6, "H"))


class Difference(msgspec.Struct, frozen=True):
    """One figure that is not what it must be; `answered` None: the unit or figure was not in the answer, or nothing
    can be said of it."""

    month: str
    code: str
    unit: str
    figure: str
    expected: float | None
    answered: float | None


class Comparison(msgspec.Struct, frozen=True):
    """How much was due to be compared, how much was, how much differed, and the first differences.

    `longer`: quarters and half-years that were compared beside the months. `left_out`: figures that were not compared,
    each with the reason.
    """

    units: int
    months: int
    figures: int
    due: int
    compared: int
    differing: int
    first: tuple[Difference, ...]
    longer: tuple[str, ...] = ()
    left_out: dict[str, str] = msgspec.field(default_factory=dict)

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
    now: datetime | None = None,
    longer: Mapping[str, Sequence[str]] | None = None,
    without: Collection[str] = (),
    shown: int = 20,
) -> Comparison:
    """Read every figure from evaluation and compare it with the oracle's.

    `roots` gives the ids of the units without a superior in a month, `names` what the units of the codes are called.
    With `now`, the clock's instant, the derived figures are compared too. `longer` are further periods, by key, with
    their months; the figures `without` are passed over, as those are that the oracle leaves out.
    """
    wanted = list(months)
    every: dict[str, Sequence[str]] = {month: [month] for month in wanted} | dict(longer or {})
    named = PARTS if now is None else (*PARTS, *DERIVED)
    figures = [name for name in named if name not in without and name not in oracle.left_out]
    found: list[Difference] = []
    seen: set[str] = set()
    due = compared = 0
    for period, within in every.items():
        answered: dict[str, Figures] = {}
        for root_id in roots(within[-1]):
            path = f"/v1/units/{root_id}/figures?period={period}&limit=1000"
            answered |= {row["code"]: row["parts"] | row["derived"] for row in client.pages("evaluation", path, token)}
        expected: Mapping[str, Mapping[str, float | None]]
        if now is None:
            expected = oracle.figures(within)[within[0]]
        else:
            expected = oracle.of_period(within, now, by_quarters=len(within) > 1)
        seen |= expected.keys()
        due += len(expected) * len(figures)
        compared += sum(sum(name in answered[code] for name in figures) for code in expected.keys() & answered.keys())
        found += differences(period, names, expected, answered, figures)
    return Comparison(
        units=len(seen),
        months=len(wanted),
        figures=len(figures),
        due=due,
        compared=compared,
        differing=len(found),
        first=tuple(found[:shown]),
        longer=tuple(longer or ()),
        left_out={name: reason for name, reason in oracle.left_out.items() if name in named},
    )


def longer_periods(months: Sequence[str]) -> dict[str, list[str]]:
    """The quarters and half-years that lie within `months`, by their keys, each with its months."""
    found = {}
    for at, month in enumerate(months):
        number = int(month[5:])
        for length, letter in _LONGER:
            within = list(months[at : at + length])
            if number % length == 1 and len(within) == length:
                found[f"{month[:4]}-{letter}{number // length + 1}"] = within
    return found


def differences(
    month: str,
    names: Mapping[str, str],
    expected: Mapping[str, Mapping[str, float | None]],
    answered: Mapping[str, Mapping[str, Any]],
    figures: Iterable[str] = PARTS,
) -> list[Difference]:
    """The figures in which `answered` (figures by unit code) is not `expected`; what one side lacks differs too."""
    wanted = list(figures)
    found = []
    for code in sorted(expected.keys() | answered.keys()):
        must, is_ = expected.get(code), answered.get(code)
        for figure in wanted:
            one = None if must is None else must[figure]
            other = None if is_ is None else is_.get(figure)
            if one != other or must is None or is_ is None or figure not in is_:
                found.append(Difference(month, code, names.get(code, "?"), figure, one, other))
    return found
