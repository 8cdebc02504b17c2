"""A reorganisation under way: what its steps share."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Final

from deploy.local.demo import compare, frame, watch
from deploy.local.demo.compare import Comparison
from deploy.local.demo.oracle import Oracle
from deploy.local.demo.province import Province
from deploy.local.demo.rehearsal_clock import RehearsalClock
from deploy.local.demo.stage import Demo
from deploy.local.demo.year import LAST_MONTH
from deploy.local.reorganisation.reform import Reform
from shared.months import add, month_of

FIRST_MONTH: Final = add(LAST_MONTH, 1)
"""The first month after."""


class Rehearsal:
    """The parts that the steps share."""

    def __init__(self, demo: Demo, clock: RehearsalClock, reform: Reform, province: Province) -> None:
        self.demo = demo
        self.clock = clock
        self.reform = reform
        self.province = province
        self.oracle = Oracle(province, copies=True)
        self.names = {unit.code: unit.name for unit in province.units}
        self.old_roots: list[str] = []
        self.new_root = ""
        self.root_code = ""
        self.frames: dict[str, str] = {}

    def roots(self, month: str) -> Sequence[str]:
        """The ids of the provinces' committees in a month."""
        return [self.new_root] if month >= FIRST_MONTH else self.old_roots

    def arrived(self, month: str, but: Collection[str] = ()) -> bool:
        """Wait until the provinces' own figures of a month, `but` some, are right; whether they were in time."""
        codes = [self.root_code] if month >= FIRST_MONTH else [root.code for root in self.province.roots]
        return all(
            self.demo.arrived(self.oracle, code, root, month, but)
            for code, root in zip(codes, self.roots(month), strict=True)
        )

    def compare(
        self, months: Sequence[str], longer: Mapping[str, Sequence[str]] | None = None, without: Collection[str] = ()
    ) -> Comparison:
        """Every figure of every unit in force in `months` and the periods `longer`, `without` some figures."""
        return compare.compare(
            self.demo.client,
            self.demo.token,
            self.roots,
            self.names,
            self.oracle,
            months,
            now=self.clock.now,
            longer=longer,
            without=without,
        )

    def score_by(self, owner_id: str, bars: frame.Bars, day: date) -> None:
        """Put the frame of a province in force, once evaluation knows the province; one that stays gets the next
        version of its own."""
        demo, before = self.demo, self.frames.get(owner_id)
        watch.figures_arrived(demo.client, demo.token, owner_id, month_of(day), {}, demo.options.patience)
        self.frames[owner_id] = frame.put_in_force(demo.client, demo.token, owner_id, bars, day, before)
