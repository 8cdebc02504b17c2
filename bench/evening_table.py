"""The figures of `nenep bench evening` for a person, each bar met or MISSED."""

from collections.abc import Sequence
from typing import Final

from bench.evening import Outcome
from bench.evening_figures import Adoptions, Evening, File
from bench.evening_load import LAW
from bench.evening_stage import READ_EVERY
from bench.freshness import Spread
from bench.report import Row, show

_HEAD: Final = ("", "p50", "p90", "p99", "max")
_DOORS: Final = ("bundle", "attendance", "minutes", "score", "adoption", "offline", "sent again")
ADOPTION_P50, ADOPTION_P99, DOCX, PDF = 0.050, 0.150, 0.300, 3.0
BUNDLE_BYTES: Final = 50_000


def show_all(outcome: Outcome) -> None:
    """Print every table, and whether each bar is met."""
    show(
        f"evening: {outcome.branches:,} branches, {outcome.of_thirty:,} of them of thirty; {outcome.members:,} members",
        [],
        [f"law: {LAW}", f"the province's figure read every {READ_EVERY * 1000:.0f} ms"],
    )
    for evening in outcome.evenings:
        _evening(evening)
    rate = outcome.adoptions
    show(
        f"adoptions of meetings of thirty at {rate.offered:g}/s, {rate.count:,} of them",
        [_HEAD, _row("adoption, ms", rate.adoption, 1000)],
        [
            *_spent("adoption", rate.processor_ms),
            f"{rate.achieved:.1f}/s achieved; {rate.not_200} not 200; {_kept(rate)}",
            bar(f"median {rate.adoption.p50 * 1000:.0f} ms < 50 ms", rate.adoption.p50 < ADOPTION_P50),
            bar(f"p99 {rate.adoption.p99 * 1000:.0f} ms < 150 ms", rate.adoption.p99 < ADOPTION_P99),
        ],
    )
    show(
        "minutes of a meeting of thirty as a file, over HTTP",
        [("ms", "first", "median", "max", "bytes"), *(_file(kind, file) for kind, file in outcome.files.items())],
        [
            bar("DOCX at most 300 ms", outcome.files["docx"].max < DOCX),
            bar("PDF at most 3 s", outcome.files["pdf"].max < PDF),
        ],
    )


def bar(words: str, met: bool) -> str:
    """One bar and whether it is met."""
    return f"bar, {words}: {'met' if met else 'MISSED'}"


def _evening(evening: Evening) -> None:
    told = evening.traffic
    show(
        f"evening of {evening.month}-03: {told.reports:,} reports within {evening.seconds / 60:g} minutes",
        [
            _HEAD,
            *(_row(f"{door}, ms", told.doors[door], 1000) for door in _DOORS if door in told.doors),
            _row("whole report, ms", told.report, 1000),
            *([_row("200 → figure, ms", evening.freshness, 1000)] if evening.freshness else []),
            _row("bundle, bytes", told.bundle_bytes),
            *([_row("of thirty, bytes", told.bundle_bytes_of_thirty)] if told.bundle_bytes_of_thirty else []),
            *([_row("offline POST, bytes", told.offline_bytes)] if told.offline_bytes else []),
        ],
        [*_rates(evening), *_loss(evening), *_spent("report", evening.processor_ms), *_bars(evening)],
    )


def _rates(evening: Evening) -> list[str]:
    told = evening.traffic
    return [
        f"offered {told.offered:.2f} reports/s, achieved {told.achieved:.2f}; busiest twentieth "
        f"{told.busiest_offered:.2f} and {told.busiest_achieved:.2f}; {told.requests:,} requests",
        f"{told.offline:,} from an offline notebook; {told.repeated:,} requests sent again after their answer, "
        f"{told.repeated_unlike} of them answered otherwise; {told.cut_off:,} cut off and sent again",
    ]


def _loss(evening: Evening) -> list[str]:
    told, kept = evening.traffic, evening.reckoning
    refused = ", ".join(f"{words}: {count}" for words, count in sorted(told.refused.items())) or "none"
    last = "never counted" if evening.freshness_of_last is None else f"in the figure {evening.freshness_of_last:.2f} s"
    return [
        f"refused: {refused}",
        f"adopted {told.adopted:,}; in meetings' database {kept.kept:,}; in the province's figure {evening.counted:,}; "
        f"lost {kept.lost}, twice {kept.twice}, kept but not answered {kept.unheard}",
        f"{evening.figures_compared:,} of {evening.figures_due:,} figures of all units compared, "
        f"{evening.figures_differing} differ{''.join(f'; {words}' for words in evening.differences)}",
        f"last answer {told.last_answered_after:.1f} s after the evening's start; the last adoption {last} later; "
        f"copies compared {evening.copies_compared_after:.0f} s after the last answer",
    ]


def _spent(what: str, processor_ms: dict[str, float]) -> list[str]:
    most = sorted(processor_ms.items(), key=lambda pair: -pair[1])
    client = processor_ms.get("client", 0.0)
    named = ", ".join(f"{name} {value:.1f}" for name, value in most if value >= 0.1)
    return [f"processor ms for one {what}: {sum(processor_ms.values()) - client:.1f} without the client's; {named}"]


def _bars(evening: Evening) -> list[str]:
    thirty = evening.traffic.bundle_bytes_of_thirty
    return [
        bar(f"all reports answered within {evening.seconds / 60:g} minutes", evening.in_time),
        bar("nothing lost, each counted once", evening.nothing_lost and not evening.traffic.repeated_unlike),
        *([bar("bundle of thirty under 50 KB", thirty.max < BUNDLE_BYTES)] if thirty else []),
    ]


def _kept(rate: Adoptions) -> str:
    kept = rate.reckoning
    return f"{kept.kept:,} kept, lost {kept.lost}, twice {kept.twice}; {rate.figures_differing} figures differ"


def _file(kind: str, file: File) -> Row:
    times: Sequence[float] = (file.first, file.median, file.max)
    return (kind.upper(), *(f"{seconds * 1000:,.0f}" for seconds in times), f"{file.bytes:,}")


def _row(name: str, spread: Spread, times: float = 1) -> Row:
    return (name, *(f"{value * times:,.0f}" for value in (spread.p50, spread.p90, spread.p99, spread.max)))
