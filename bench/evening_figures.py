"""What an evening came to: rates, times of every door, and whether each report was kept and counted exactly once."""

from collections import Counter
from collections.abc import Sequence

import msgspec

from bench.evening_load import Heard, Reckoning, Report, busiest
from bench.evening_papers import THIRTY
from bench.freshness import Spread
from deploy.local.demo.compare import Comparison
from deploy.local.errors import LocalError

_PART_OF_EVENING = 20


class Traffic(msgspec.Struct, frozen=True, kw_only=True):
    """Requests and answers; rates in reports a second, `busiest` within any twentieth of the evening; bodies in bytes.

    `doors` are the seconds of answers 200 and 201; what was sent again under the same key stands by itself.
    """

    reports: int
    offline: int
    adopted: int
    last_answered_after: float
    offered: float
    achieved: float
    busiest_offered: float
    busiest_achieved: float
    requests: int
    doors: dict[str, Spread]
    report: Spread
    repeated: int
    repeated_unlike: int
    cut_off: int
    refused: dict[str, int]
    bundle_bytes: Spread
    bundle_bytes_of_thirty: Spread | None
    offline_bytes: Spread | None


class Evening(msgspec.Struct, frozen=True, kw_only=True):
    """One evening; times in seconds. `counted` is the province's `regular_held` at the end."""

    month: str
    seconds: float
    traffic: Traffic
    reckoning: Reckoning
    counted: int
    figures_compared: int
    figures_due: int
    figures_differing: int
    differences: list[str]
    processor_ms: dict[str, float]
    freshness: Spread | None
    freshness_of_last: float | None
    copies_compared_after: float

    @property
    def nothing_lost(self) -> bool:
        """Whether each report was adopted, kept and counted, exactly once."""
        once = self.reckoning == Reckoning(kept=self.traffic.reports, lost=0, twice=0, unheard=0)
        return once and self.counted == self.traffic.reports and self.figures_right

    @property
    def figures_right(self) -> bool:
        """Whether every figure of every unit was compared and none differed."""
        return self.figures_differing == 0 and self.figures_compared == self.figures_due > 0

    @property
    def in_time(self) -> bool:
        """Whether all had reported when the evening was over."""
        return self.traffic.adopted == self.traffic.reports and self.traffic.last_answered_after <= self.seconds


class Adoptions(msgspec.Struct, frozen=True, kw_only=True):
    """Adoptions of meetings of thirty at a constant rate; times in seconds. `processor_ms` of one adoption, until all
    was sent, read and compared."""

    offered: float
    count: int
    achieved: float
    not_200: int
    adoption: Spread
    reckoning: Reckoning
    figures_differing: int
    processor_ms: dict[str, float]


class File(msgspec.Struct, frozen=True):
    """A file of one meeting's minutes, asked for several times; seconds."""

    bytes: int
    first: float
    median: float
    max: float


def traffic(reports: Sequence[Report], moments: Sequence[float], began: float, seconds: float) -> Traffic:
    """What `reports`, which were to begin at `moments` after `began`, came to. Raises LocalError if none was taken."""
    adopted = [report for report in reports if report.adopted]
    refused = dict(Counter(words for report in reports for words in report.refused))
    if not adopted:
        raise LocalError(f"Không biên bản nào được nhận: {refused}.", f"No report was taken: {refused}.")
    heard = [one for report in reports for one in report.heard]
    ended = [report.ended for report in adopted]
    window = seconds / _PART_OF_EVENING
    offline = [float(one.sent) for one in heard if one.door == "offline" and not one.repeat]
    return Traffic(
        reports=len(reports),
        offline=sum(report.papers.offline for report in reports),
        adopted=len(adopted),
        last_answered_after=max(report.ended for report in reports) - began,
        offered=len(moments) / (moments[-1] - moments[0]),
        achieved=len(adopted) / (max(ended) - began - moments[0]),
        busiest_offered=busiest(moments, window) / window,
        busiest_achieved=busiest(ended, window) / window,
        requests=len(heard) + sum(report.cut for report in reports),
        doors=_doors(heard),
        report=Spread.of([report.ended - report.intended for report in adopted]),
        repeated=sum(one.repeat for one in heard),
        repeated_unlike=sum(report.unlike for report in reports),
        cut_off=sum(report.cut for report in reports),
        refused=refused,
        bundle_bytes=Spread.of(_bundles(reports)),
        bundle_bytes_of_thirty=_spread(_bundles([one for one in reports if one.papers.members == THIRTY])),
        offline_bytes=_spread(offline),
    )


def evening(
    month: str,
    seconds: float,
    traffic: Traffic,
    *,
    reckoning: Reckoning,
    counted: int,
    compared: Comparison,
    processor_seconds: dict[str, float],
    fresh: Sequence[float],
    copies_compared_after: float,
) -> Evening:
    """The whole of it; `fresh` are the seconds from each adoption to the figure, the last one's last."""
    return Evening(
        month=month,
        seconds=seconds,
        traffic=traffic,
        reckoning=reckoning,
        counted=counted,
        figures_compared=compared.compared,
        figures_due=compared.due,
        figures_differing=compared.differing,
        differences=[str(difference) for difference in compared.first[:5]],
        processor_ms={name: spent * 1000 / traffic.adopted for name, spent in processor_seconds.items()},
        freshness=_spread(fresh),
        freshness_of_last=fresh[-1] if fresh else None,
        copies_compared_after=copies_compared_after,
    )


def _doors(heard: Sequence[Heard]) -> dict[str, Spread]:
    times: dict[str, list[float]] = {}
    for one in heard:
        if one.status in (200, 201):
            times.setdefault("sent again" if one.repeat else one.door, []).append(one.latency)
    return {door: Spread.of(values) for door, values in times.items()}


def _bundles(reports: Sequence[Report]) -> list[float]:
    return [float(one.got) for report in reports for one in report.heard if one.door == "bundle" and one.status == 200]


def _spread(values: Sequence[float]) -> Spread | None:
    return Spread.of(values) if values else None
