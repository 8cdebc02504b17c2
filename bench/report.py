"""What a bench prints and writes: an aligned table for a person, JSON for a comparison."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click
import msgspec

from bench.machine import Machine

Row = tuple[str, ...]


def aligned(rows: Sequence[Row]) -> list[str]:
    """`rows` as lines: the first column to the left, the others, being figures, to the right."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return [
        "  ".join(
            cell.ljust(width) if place == 0 else cell.rjust(width)
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    ]


def show(title: str, rows: Sequence[Row], notes: Sequence[str] = ()) -> None:
    """Print a table and what must be known to read it."""
    click.echo(f"\n{title}")
    for line in aligned(rows):
        click.echo(f"  {line}")
    for note in notes:
        click.echo(f"  {note}")


def show_machine(machine: Machine) -> None:
    """One line about the machine."""
    click.echo(
        f"{machine.processor}, {machine.cores} cores, load {machine.load_before} before the run; commit "
        f"{machine.commit}; Kafka {machine.kafka} on Java {machine.java}, Python {machine.python}"
    )


def write(path: Path | None, machine: Machine, figures: dict[str, Any]) -> None:
    """Write machine and figures to `path`, when there is one."""
    if path is not None:
        text = json.dumps({"machine": msgspec.to_builtins(machine), **figures}, indent=1, ensure_ascii=False)
        path.write_text(text + "\n", encoding="utf-8")


def percentile(values: Sequence[float], share: float) -> float:
    """The least of `values` that `share` of them do not exceed (nearest rank). Raises ValueError without values."""
    if not values:
        raise ValueError("no values")
    ordered = sorted(values)
    return ordered[max(0, -(-len(ordered) * round(share * 1000) // 1000) - 1)]
