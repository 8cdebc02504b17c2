"""`nenep bench fan-in | country | backlog | stream | read-api`: evaluation alone, its load in the topics."""

from pathlib import Path
from typing import Any

import click
import msgspec

from bench.machine import this_machine
from bench.report import Row, show, show_machine, write

_JSON = click.option(
    "--json", "target", type=click.Path(path_type=Path, dir_okay=False), help="Ghi ra tệp / write the figures here too."
)


def _say(words: str) -> None:
    click.echo(f"… {words}", err=True)


def _milliseconds(spread: Any) -> tuple[str, str, str, str]:
    p50, p90, p99, most = (f"{value * 1000:,.1f}" for value in (spread.p50, spread.p90, spread.p99, spread.max))
    return p50, p90, p99, most


@click.command(name="fan-in")
@click.option(
    "--provinces",
    type=click.IntRange(min=1, max=99),
    multiple=True,
    default=(1, 5, 20, 60),
    show_default=True,
    help="Số tỉnh / provinces under one root; repeatable.",
)
@click.option("--branches", type=click.IntRange(min=10), default=100, show_default=True, help="Mỗi tỉnh / of each.")
@click.option("--minutes", type=click.IntRange(min=100), default=5_000, show_default=True, help="Mỗi tỉnh / of each.")
@_JSON
def fan_in(provinces: tuple[int, ...], branches: int, minutes: int, target: Path | None) -> None:
    """Nhiều tỉnh một gốc / what a message costs as more provinces share one installation."""
    from bench.engine import Run
    from bench.fan_in import Point, measure

    machine = this_machine()
    show_machine(machine)
    points = measure(_say, provinces=provinces, branches=branches, minutes=minutes)

    def row(point: Point, run: Run, first: float) -> Row:
        return (
            f"{point.provinces}",
            f"{point.units:,}",
            f"{point.messages:,}",
            f"{point.minutes / run.seconds:,.0f}",
            f"{point.microseconds(run):,.0f}",
            f"{point.microseconds(run) / first:.2f}",
            f"{run.processor_seconds:.1f} + {run.database_seconds:.1f}",
            f"{point.per_million_meetings(run):,.0f}",
            f"{point.wall_per_million_meetings(run):,.0f}",
            f"{run.peak_mb:.0f}",
        )

    header = ("provinces", "units", "messages", "minutes/s", "µs CPU/message", "× first", "CPU s own + PostgreSQL")
    columns: Row = (*header, "CPU s/10⁶ minutes", "s/10⁶ minutes", "peak MB")
    live = [row(point, point.live, points[0].microseconds(points[0].live)) for point in points]
    show("fan-in, live worker", [columns, *live])
    rebuild = [row(point, point.rebuild, points[0].microseconds(points[0].rebuild)) for point in points]
    show("fan-in, rebuild", [columns, *rebuild])
    click.echo("  figures: live = rebuild = the counts of the generated log, every unit and month")
    write(
        target, machine, {"fan_in": {"branches": branches, "minutes": minutes, "points": msgspec.to_builtins(points)}}
    )


@click.command()
@click.option("--provinces", type=click.IntRange(min=1, max=99), default=60, show_default=True)
@click.option("--branches", type=click.IntRange(min=10), default=4_500, show_default=True, help="Mỗi tỉnh / of each.")
@click.option("--minutes", type=click.IntRange(min=1000), default=4_300_000, show_default=True, help="Tất cả / of all.")
@_JSON
def country(provinces: int, branches: int, minutes: int, target: Path | None) -> None:
    """Cả nước từ nhật ký / the rebuild of a whole country; about forty minutes, most of them drawing the log."""
    from bench.country import BAR_MB, BAR_SECONDS, measure

    machine = this_machine()
    show_machine(machine)
    outcome = measure(_say, provinces=provinces, branches=branches, minutes=minutes)
    run = outcome.rebuild
    raw = outcome.raw_messages_per_second
    show(
        f"country: {outcome.provinces} provinces, {outcome.branches:,} branches, {outcome.messages:,} messages of "
        f"{outcome.mean_value_bytes:.0f} bytes",
        [
            ("", "minutes/s", "messages/s", "of raw", "s", "CPU s own + PostgreSQL", "peak MB"),
            ("raw getmany", "", f"{raw:,.0f}", "1", f"{outcome.messages / raw:.1f}", "", ""),
            (
                "rebuild",
                f"{outcome.minutes / run.seconds:,.0f}",
                f"{run.messages_per_second:,.0f}",
                f"{run.messages_per_second / raw:.3f}",
                f"{run.seconds:.1f}",
                f"{run.processor_seconds:.1f} + {run.database_seconds:.1f}",
                f"{run.peak_mb:,.0f}",
            ),
        ],
        [
            f"asked of the whole country: under {BAR_SECONDS:.0f} s and {BAR_MB:,.0f} MB",
            f"figures of {outcome.unit_months:,} unit-months above the branches: equal to the counts kept",
        ],
    )
    write(target, machine, {"country": msgspec.to_builtins(outcome)})


@click.command()
@click.option("--minutes", type=click.IntRange(min=1000), default=1_000_000, show_default=True)
@click.option("--branches", type=click.IntRange(min=30), default=4558, show_default=True)
@_JSON
def backlog(minutes: int, branches: int, target: Path | None) -> None:
    """Những gì đang chờ / how long until a backlog is in the figures of every level."""
    from bench.backlog import BAR_SECONDS, measure

    machine = this_machine()
    show_machine(machine)
    outcome = measure(_say, minutes=minutes, branches=branches)
    rows: list[Row] = [("", "messages", "s", "messages/s", "minutes/s", "CPU s", "PostgreSQL s", "peak MB")]
    for name, messages, run in (
        ("after an outage", outcome.outage_messages, outcome.outage),
        ("new installation", outcome.new_messages, outcome.new),
    ):
        rows.append(
            (
                name,
                f"{messages:,}",
                f"{run.seconds:.1f}",
                f"{run.messages_per_second:,.0f}",
                f"{outcome.minutes / run.seconds:,.0f}",
                f"{run.processor_seconds:.1f}",
                f"{run.database_seconds:.1f}",
                f"{run.peak_mb:.0f}",
            )
        )
    bar = BAR_SECONDS * minutes / 1_000_000
    met = "met" if outcome.outage.seconds < bar else "MISSED"
    show(
        f"backlog: {minutes:,} minutes wait",
        rows,
        [
            f"bar, {BAR_SECONDS:.0f} s for a million, here {bar:.1f} s, after an outage: {met}",
            f"{outcome.came_meanwhile:,} messages came while it caught up; figures = counts, nothing lost or repeated",
        ],
    )
    write(target, machine, {"backlog": msgspec.to_builtins(outcome)})


@click.command()
@click.option(
    "--rate",
    "rates",
    type=click.IntRange(min=1, max=2000),
    multiple=True,
    default=(50, 200),
    show_default=True,
    help="Biên bản một giây / adopted minutes a second; repeatable.",
)
@click.option("--seconds", type=click.IntRange(min=1, max=600), default=20, show_default=True)
@click.option("--branches", type=click.IntRange(min=30), default=1_000, show_default=True)
@_JSON
def stream(rates: tuple[int, ...], seconds: int, branches: int, target: Path | None) -> None:
    """Từ chủ đề đến số liệu / from a record in its topic to the figures of every level, committed."""
    from bench.stream import BAR_SECONDS, measure

    machine = this_machine()
    show_machine(machine)
    outcome = measure(_say, rates=rates, seconds=seconds, branches=branches)
    show(
        f"stream: {outcome.branches:,} branches, every record timed",
        [
            ("ms", "minutes/s", "messages", "p50", "p90", "p99", "max", "CPU ms/minute own + PostgreSQL"),
            *(
                (
                    "in the topic → committed",
                    f"{phase.minutes_per_second:.0f}",
                    f"{phase.messages:,}",
                    *_milliseconds(phase.latency),
                    f"{phase.worker_ms:.1f} + {phase.database_ms:.1f}",
                )
                for phase in outcome.phases
            ),
        ],
        [
            f"asked at 200/s: p99 under {BAR_SECONDS * 1000:.0f} ms",
            f"figures of {outcome.unit_months:,} unit-months: equal to the counts kept",
        ],
    )
    write(target, machine, {"stream": msgspec.to_builtins(outcome)})


@click.command(name="read-api")
@click.option(
    "--rate", type=click.IntRange(min=1), default=500, show_default=True, help="Yêu cầu/giây / requests a second."
)
@click.option(
    "--adoptions", type=click.IntRange(min=1), default=50, show_default=True, help="Biên bản/giây / a second."
)
@click.option("--branches", type=click.IntRange(min=60), default=1_000, show_default=True)
@click.option(
    "--share", type=click.FloatRange(0, 1), default=0.8, show_default=True, help="Có điều kiện / conditional."
)
@click.option("--seconds", type=click.IntRange(min=1, max=600), default=30, show_default=True)
@_JSON
def read_api(rate: int, adoptions: int, branches: int, share: float, seconds: int, target: Path | None) -> None:
    """Bảng điểm khi luồng đang chạy / scorecards at a constant rate while the stream merges."""
    from bench.read_api import BAR_SECONDS, measure

    machine = this_machine()
    show_machine(machine)
    outcome = measure(_say, rate=rate, seconds=seconds, adoptions=adoptions, branches=branches, share=share)
    rows: list[Row] = [("ms", "offered/s", "achieved/s", "p50", "p90", "p99", "max")]
    notes = []
    for phase in outcome.phases:
        name = f"{phase.conditional_share:.0%} conditional"
        offered, achieved = f"{phase.offered_per_second:.0f}", f"{phase.achieved_per_second:.0f}"
        rows.append((name, offered, achieved, *_milliseconds(phase.reading)))
        ages = [f"{age * 1000:.0f}" if age is not None else "–" for age in (phase.event_age_p50, phase.event_age_p99)]
        notes.append(
            f"{name}: answers {', '.join(f'{status} {count:,}' for status, count in sorted(phase.answers.items()))}; "
            f"{phase.adoptions_per_second:.0f} messages/s came meanwhile, event age p50 / p99 {' / '.join(ages)} ms"
        )
    met = "met" if outcome.phases[0].meets_bar else "MISSED"
    notes.append(f"bar, all answered and p99 < {BAR_SECONDS * 1000:.0f} ms without conditional requests: {met}")
    show(
        f"read API: {outcome.units:,} units, {outcome.unit_months:,} unit-months, {outcome.portals} portals",
        rows,
        notes,
    )
    write(target, machine, {"read_api": msgspec.to_builtins(outcome)})
