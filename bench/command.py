"""`nenep bench`: what the suite does on this machine, in figures that come from one run."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
import msgspec

from bench.evaluation_commands import backlog, country, fan_in, read_api, stream
from bench.machine import this_machine
from bench.report import Row, show, show_machine, write

_JSON = click.option(
    "--json", "target", type=click.Path(path_type=Path, dir_okay=False), help="Ghi ra tệp / write the figures here too."
)
_RATES = click.option(
    "--rate",
    "rates",
    type=click.IntRange(min=1, max=500),
    multiple=True,
    default=(50, 200),
    show_default=True,
    help="Biên bản một giây / adoptions a second; repeatable, each in a month of its own.",
)
_SECONDS = click.option("--seconds", type=click.IntRange(min=1, max=120), default=20, show_default=True)
_MINUTES = click.option("--minutes", type=click.IntRange(min=1000), default=200_000, show_default=True)


def _say(words: str) -> None:
    click.echo(f"… {words}", err=True)


@click.group(no_args_is_help=True)
def bench() -> None:
    """Đo thông lượng, độ tươi, bộ nhớ / throughput, freshness, memory."""


@bench.command()
@_MINUTES
@_JSON
def rebuild(minutes: int, target: Path | None) -> None:
    """Từ nhật ký đến số liệu / from a full log to full figures: raw, live worker, bulk rebuild."""
    machine = this_machine()
    show_machine(machine)
    write(target, machine, {"rebuild": _rebuild(minutes)})


def _rebuild(minutes: int) -> dict[str, Any]:
    from bench.engine import Run
    from bench.rebuild import measure

    outcome = measure(_say, minutes=minutes)

    def row(name: str, run: Run) -> Row:
        share = run.messages_per_second / outcome.raw_messages_per_second
        return (
            name,
            f"{run.messages_per_second:,.0f}",
            f"{outcome.minutes / run.seconds:,.0f}",
            f"{share:.4f}",
            f"{run.seconds:.1f}",
            f"{run.processor_seconds:.1f}",
            f"{run.peak_mb:.0f}",
        )

    first = outcome.live.first_after_seconds or 0.0
    steady = (outcome.total - outcome.live.starting_messages) / (outcome.live.seconds - first)
    show(
        f"rebuild: {outcome.total:,} messages of {outcome.mean_value_bytes:.0f} bytes ({outcome.minutes:,} minutes) "
        f"→ {outcome.unit_months:,} unit-months",
        [
            ("", "messages/s", "minutes/s", "of raw", "s", "CPU s", "peak MB"),
            ("raw getmany", f"{outcome.raw_messages_per_second:,.0f}", "", "1", "", "", ""),
            row("live worker", outcome.live),
            row("start, in bulk", outcome.start),
            row("bulk rebuild", outcome.bulk),
        ],
        [
            f"live worker: first batch in after {first:.1f} s, from there {steady:,.0f} messages/s; CPU s are "
            "the process's own, without PostgreSQL's and Kafka's",
            "figures: live = start = bulk = the counts of the generated log, every unit and month",
        ],
    )
    return {**msgspec.to_builtins(outcome), "total_messages": outcome.total}


@bench.command()
@_RATES
@_SECONDS
@_JSON
def freshness(rates: tuple[int, ...], seconds: int, target: Path | None) -> None:
    """Từ lúc thông qua đến số liệu tỉnh / from an adoption to the province's figure, through the whole suite."""
    machine = this_machine()
    show_machine(machine)
    write(target, machine, {"freshness": _freshness(rates, seconds)})


def _freshness(rates: tuple[int, ...], seconds: int) -> dict[str, Any]:
    from bench.freshness import BAR_SECONDS, Phase, Spread, measure

    outcome = measure(_say, rates=rates, seconds=seconds)

    def row(name: str, of: Callable[[Phase], Spread]) -> list[Row]:
        return [
            (name if place == 0 else "", f"{phase.offered_per_second:.0f}", *_milliseconds(of(phase)))
            for place, phase in enumerate(outcome.phases)
        ]

    notes = []
    for phase in outcome.phases:
        ages = [f"{age * 1000:.0f}" if age is not None else "–" for age in (phase.event_age_p50, phase.event_age_p99)]
        notes.append(
            f"{phase.offered_per_second:.0f}/s: {phase.adoptions:,} adoptions, {phase.achieved_per_second:.0f}/s "
            f"achieved{'' if phase.kept_up else ' (the machine cannot keep up)'}, {phase.not_200_share:.2%} not 200; "
            f"event age p50 / p99 {' / '.join(ages)} ms"
        )
        most = sorted(phase.processor_ms.items(), key=lambda pair: -pair[1])[:6]
        spent = ", ".join(f"{name} {milliseconds:.1f}" for name, milliseconds in most)
        notes.append(f"  processor ms for one adoption: {phase.processor_ms_total:.1f} in all; {spent}")
    for phase in outcome.phases[:1]:
        met = "met" if phase.freshness.p99 < BAR_SECONDS else "MISSED"
        notes.append(f"bar, freshness p99 < {BAR_SECONDS:.0f} s at {phase.offered_per_second:.0f}/s: {met}")
    show(
        f"freshness: {outcome.branches:,} branches, {outcome.members:,} members; the figure read every "
        f"{outcome.read_every_seconds * 1000:.0f} ms",
        [
            ("ms", "offered/s", "p50", "p90", "p99", "max"),
            *row("200 → figure", lambda phase: phase.freshness),
            *row("adoption", lambda phase: phase.adoption),
            *row("reading", lambda phase: phase.reading),
        ],
        notes,
    )
    built: dict[str, Any] = msgspec.to_builtins(outcome)
    return built


def _milliseconds(spread: Any) -> tuple[str, str, str, str]:
    p50, p90, p99, most = (f"{value * 1000:,.0f}" for value in (spread.p50, spread.p90, spread.p99, spread.max))
    return p50, p90, p99, most


@bench.command()
@_JSON
def memory(target: Path | None) -> None:
    """Bộ nhớ khi rỗi / idle memory of every process, and seconds from nothing to ready."""
    machine = this_machine()
    show_machine(machine)
    write(target, machine, {"memory": _memory()})


def _memory() -> dict[str, Any]:
    from bench.memory import measure

    outcome = measure(_say)
    total = outcome.total()
    show(
        f"memory: ready {outcome.ready_seconds:.1f} s after nothing; idle {outcome.idle_seconds:.0f} s",
        [
            ("", "processes", "RSS MB", "PSS MB", "of total"),
            *(
                (
                    use.name,
                    str(use.processes),
                    f"{use.rss_mb:.0f}",
                    f"{use.pss_mb:.0f}",
                    f"{use.pss_mb / total.pss_mb:.2f}",
                )
                for use in [*outcome.uses, total]
            ),
        ],
        [f"idle, all of them together take {outcome.idle_core_share:.2f} of one core"],
    )
    built: dict[str, Any] = msgspec.to_builtins(outcome)
    return built


@bench.command()
@click.option("--branches", type=click.IntRange(min=60), help="Số chi bộ / branches, for a short trial.")
@_JSON
def registry(branches: int | None, target: Path | None) -> None:
    """Cả tỉnh vào sổ, đọc cây, sắp xếp 1/7/2025 / a province brought in, its tree read, the decision of 2025."""
    machine = this_machine()
    show_machine(machine)
    write(target, machine, {"registry": _registry(branches)})


def _registry(branches: int | None) -> dict[str, Any]:
    from bench.registry import measure

    outcome = measure(_say, branches=branches)
    came = outcome.brought_in
    told = outcome.decision or {}
    seconds = told.get("seconds", {})
    rows: list[Row] = [
        ("", "s", "bar s"),
        (f"import of {came.units:,} units, {came.members:,} members", f"{came.seconds:.1f}", "60"),
        (f"the same {came.copied_rows:,} rows by COPY", f"{came.copy_seconds:.2f}", ""),
        (f"subtree of {outcome.subtree_units:,} units as of a day, SQL", f"{outcome.subtree_sql:.3f}", "0.050"),
        ("the same over HTTP, pages of 1,000", f"{outcome.subtree_http:.3f}", ""),
        ("decision of 2025: preview", f"{seconds.get('previewing', 0):.1f}", "10"),
        ("in force", f"{seconds.get('reorganising', 0):.1f}", ""),
        ("every figure right again", f"{told.get('right_after') or 0:.1f}", "60"),
    ]
    operations = sum(told.get("operations", {}).values())
    show(
        "registry: one suite, everything running",
        rows,
        [
            f"import / COPY: {came.ratio:.1f} times as long ({came.megabytes:.1f} MB of JSON)",
            f"decision: {operations:,} operations; branches and members before = after",
        ],
    )
    return {**msgspec.to_builtins(outcome), "import_to_copy": came.ratio}


@bench.command()
@click.option("--branches", type=click.IntRange(min=30, max=4558), default=4558, show_default=True)
@click.option("--first", type=click.FloatRange(min=0.1), default=120.0, show_default=True, help="Phút / minutes.")
@click.option("--second", type=click.FloatRange(min=0.1), default=10.0, show_default=True, help="Phút / minutes.")
@_JSON
def evening(branches: int, first: float, second: float, target: Path | None) -> None:
    """Tối mồng 3: cả tỉnh báo cáo / the evening of the 3rd: every branch reports, in hours and then in minutes."""
    from bench.evening import measure
    from bench.evening_table import show_all

    machine = this_machine()
    show_machine(machine)
    outcome = measure(_say, branches=branches, first=first, second=second)
    show_all(outcome)
    write(target, machine, {"evening": msgspec.to_builtins(outcome)})


for _command in (fan_in, country, backlog, stream, read_api):
    bench.add_command(_command)


@bench.command(name="all")
@_MINUTES
@_RATES
@_SECONDS
@_JSON
def all_(minutes: int, rates: tuple[int, ...], seconds: int, target: Path | None) -> None:
    """Tất cả, lần lượt / memory, freshness, rebuild, one after the other."""
    machine = this_machine()
    show_machine(machine)
    figures = {"memory": _memory(), "freshness": _freshness(rates, seconds), "rebuild": _rebuild(minutes)}
    write(target, machine, figures)
