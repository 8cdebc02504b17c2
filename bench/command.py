"""`nenep bench`: what the suite does on this machine, in figures that come from one run."""

from pathlib import Path
from typing import Any

import click
import msgspec

from bench.machine import this_machine
from bench.report import Row, show, show_machine, write

_JSON = click.option(
    "--json", "target", type=click.Path(path_type=Path, dir_okay=False), help="Ghi ra tệp / write the figures here too."
)
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
    from bench.rebuild import Run, measure

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

    show(
        f"rebuild: {outcome.total:,} messages of {outcome.mean_value_bytes:.0f} bytes ({outcome.minutes:,} minutes) "
        f"→ {outcome.unit_months:,} unit-months",
        [
            ("", "messages/s", "minutes/s", "of raw", "s", "CPU s", "peak MB"),
            ("raw getmany", f"{outcome.raw_messages_per_second:,.0f}", "", "1", "", "", ""),
            row("live worker", outcome.live),
            row("bulk rebuild", outcome.bulk),
        ],
        [
            f"live worker: its first batch is in after {outcome.live.first_after_seconds or 0:.1f} s; CPU s are the "
            "process's own, without PostgreSQL's and Kafka's",
            "figures: live = bulk = the counts of the generated log, every unit and month",
        ],
    )
    return {**msgspec.to_builtins(outcome), "total_messages": outcome.total}
