"""`nenep reorganise`: a province goes from three levels to two, and every figure is held against what it must be."""

from pathlib import Path

import click
from rich.console import Console
from rich.text import Text

from deploy.local.demo.rehearsal import rehearsal, show
from deploy.local.demo.screen import print_comparison, print_kills
from deploy.local.demo.stage import Options
from deploy.local.reorganisation.census import Count
from deploy.local.reorganisation.run import Result, run_reorganisation


@click.command()
@click.option(
    "--province", default="Gia Lai", show_default=True, help="Tỉnh từ 1/7/2025 / one of the 34, tones optional."
)
@click.option("--months", type=click.IntRange(1, 60), default=12, show_default=True, help="Số tháng trước 7/2025.")
@rehearsal
def reorganise(options: Options, exit_: bool, target: Path | None) -> None:
    """Sắp xếp ngày 1/7/2025 / the reorganisation of 1 July 2025, with months of meetings behind it."""
    show(
        options,
        lambda options, state, stay: run_reorganisation(options, state=state, stay=stay),
        print_result,
        lambda state: state.page,
        exit_=exit_,
        target=target,
    )


def print_result(console: Console, result: Result) -> None:
    """What came out: the figures first, then who stood before and after, then the times."""
    print_comparison(console, result.comparison, equal=result.equal)
    for words, count in (("30/6/2025", result.before), ("1/7/2025", result.after)):
        console.print(Text(f"  {words:<10} {_counted(count)}"), soft_wrap=True)
    listed = ", ".join(f"{count} {name}" for name, count in sorted(result.operations.items()))
    total = sum(result.operations.values())
    right = "–" if result.right_after is None else f"{result.right_after:.1f} s"
    console.print(
        f"Quyết định / decision: {total} thao tác ({listed}); xem trước / preview "
        f"{result.seconds['previewing']:.1f} s, hiệu lực / in force {result.seconds['reorganising']:.1f} s, "
        f"số liệu đúng lại / figures right after {right}",
        highlight=False,
        soft_wrap=True,
    )
    console.print(
        f"{result.meetings_behind} cuộc họp trước, {result.meetings} cuộc họp cả thảy / meetings before, in all; "
        f"{result.seconds['total']:.0f} s",
        highlight=False,
        soft_wrap=True,
    )
    counts, late = result.counts, result.of_before
    console.print(
        f"{counts['corrections']} đính chính, {counts['repeated']} gửi lặp, {counts['out_of_order']} sai thứ tự; "
        f"sau quyết định, của các tháng trước / after the decision, of months before: "
        f"{late.get('meetings', 0)} cuộc họp, {late.get('corrections', 0)} đính chính",
        highlight=False,
        soft_wrap=True,
    )
    print_kills(console, result.kills, result.requests_sent_again)
    if result.late_to_catch_up:
        console.print(f"Chậm / late: {', '.join(result.late_to_catch_up)}", style="yellow", soft_wrap=True)


def _counted(count: Count) -> str:
    return (
        f"{count.units:>6} đơn vị  {count.districts:>4} đảng uỷ trực thuộc  {count.communes:>5} đảng bộ xã, phường  "
        f"{count.branches:>6} chi bộ  {count.members:>7} đảng viên"
    )
