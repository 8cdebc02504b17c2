"""The evening of the 3rd: every branch of a province reports, within two hours and, a month later, within minutes.

One suite, as `nenep up` runs it, with a clock that stands at 22:30 of the 3rd, so that "tonight" is the meeting's day.
Gia Lai's tree with members in real sizes is brought in by the registry's import; 1,000 branches spread over it have
thirty members each. Meetings are planned beforehand over the API. Reports begin in an open loop by the law
`evening_load.LAW`; a report is a secretary's way: tonight's bundle, roll call, minutes, score (nine in ten),
adoption, each after the answer to the one before, over a connection of its own. 15 % send all of it in one request
from an offline notebook. 6 % send one request again, 4 % hang up before the answer and send again, under the same key.

Nothing is sampled: every answer is timed (the first from the moment the report was to begin), every adopted meeting
is looked for in meetings' database, and every figure of every unit of the month is compared with plain counts of what
was adopted (`deploy/local/demo/oracle.py`, nothing shared with the services).

Then, on the same database, adoptions at 50 a second of meetings of thirty, prepared through the doors; and the minutes
of one of them as DOCX and PDF over HTTP. Clients, reader and suite share the machine.
"""

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Final

import msgspec

from bench.evening_figures import Adoptions, Evening, File
from bench.evening_papers import province_with_thirties
from bench.evening_stage import Stage, late_on_the_third
from deploy.local.demo.client import Client
from deploy.local.demo.rehearsal_clock import RehearsalClock
from deploy.local.demo.year import LAST_MONTH
from deploy.local.suite import Suite
from deploy.local.table import SERVICES
from shared import months

PROVINCE: Final = "Gia Lai"
BRANCHES: Final = 4558
FIRST_MINUTES: Final = 120.0
SECOND_MINUTES: Final = 10.0
RATE: Final = 50
SECONDS: Final = 20
_PATIENCE: Final = 300.0
Say = Callable[[str], None]


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """Everything measured; times in seconds."""

    branches: int
    members: int
    of_thirty: int
    brought_in_seconds: float
    evenings: list[Evening]
    adoptions: Adoptions
    files: dict[str, File]


def measure(
    say: Say, *, branches: int = BRANCHES, first: float = FIRST_MINUTES, second: float = SECOND_MINUTES
) -> Outcome:
    """Both evenings, within `first` and `second` minutes, the constant rate, the files. Raises LocalError when the
    suite does not start, refuses what is prepared, or takes no report at all."""
    count = RATE * SECONDS
    evenings = (months.add(LAST_MONTH, -1), LAST_MONTH)
    thirties = min(count, branches // 3)
    # A branch has one regular meeting a month: where they are few, the constant rate takes several months of each.
    before = [months.add(evenings[0], -1 - number) for number in range(-(-count // thirties))]
    province, chosen = province_with_thirties(PROVINCE, branches, thirties, months.first_day(before[-1]))
    slots = [(number, month) for month in before for number in chosen][:count]
    with tempfile.TemporaryDirectory(prefix="nenep-bench-") as folder:
        clock = RehearsalClock(Path(folder) / "clock", late_on_the_third(evenings[0]))
        say("starting the suite")
        with (
            Suite(Path(folder) / "data", progress=False, log_level="warning", clock_file=clock.file) as suite,
            Client({name: suite.url(name) for name in SERVICES}, patience=_PATIENCE) as client,
        ):
            stage = Stage(suite, client, province, clock, say)
            told = [
                stage.evening(month, minutes * 60) for month, minutes in zip(evenings, (first, second), strict=True)
            ]
            adoptions = stage.adoptions(slots, RATE)
            files = stage.files(*slots[0])
    return Outcome(
        branches=len(province.branches()),
        members=sum(map(len, province.members.values())),
        of_thirty=thirties,
        brought_in_seconds=stage.brought_in_seconds,
        evenings=told,
        adoptions=adoptions,
        files=files,
    )
