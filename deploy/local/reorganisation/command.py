"""`nenep reorganise`: a province goes from three levels to two, and every figure is held against what it must be."""

import signal
import sys
from pathlib import Path

import click
import msgspec
from rich.console import Console
from rich.text import Text

from deploy.local.demo.command import interrupt, stay_up
from deploy.local.demo.run import Demo, Options
from deploy.local.demo.screen import Screen, print_comparison
from deploy.local.demo.state import State
from deploy.local.reorganisation.run import Count, Result, run_reorganisation


@click.command()
@click.option(
    "--province", default="Gia Lai", show_default=True, help="Tỉnh từ 1/7/2025 / one of the 34, tones optional."
)
@click.option("--branches", type=int, help="Số chi bộ / branches of all provinces it was; by default in proportion.")
@click.option("--months", type=click.IntRange(1, 60), default=12, show_default=True, help="Số tháng trước 7/2025.")
@click.option("--seed", type=int, default=1, show_default=True, help="Cùng số, cùng dữ liệu / same seed, same data.")
@click.option(
    "--data", type=click.Path(path_type=Path, file_okay=False), help="Thư mục trống / an empty folder to keep."
)
@click.option("--stack", type=click.Choice(["auto", "embedded", "containers"]), default="auto", show_default=True)
@click.option("--exit", "exit_", is_flag=True, help="Xong thì thoát / leave; status 0 only if all is right.")
@click.option(
    "--json", "json_", type=click.Path(path_type=Path, dir_okay=False), help="Ghi kết quả / write the result."
)
def reorganise(
    province: str,
    branches: int | None,
    months: int,
    seed: int,
    data: Path | None,
    stack: str,
    exit_: bool,
    json_: Path | None,
) -> None:
    """Sắp xếp ngày 1/7/2025 / the reorganisation of 1 July 2025, with months of meetings behind it."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, interrupt)
    options = Options(province=province, branches=branches, months=months, seed=seed, data=data, stack=stack)
    console = Console()
    state = State()
    screen = Screen(state, console)

    def finish(running: Demo, result: Result) -> None:
        screen.stop()
        print_result(console, result)
        if json_ is not None:
            json_.write_bytes(msgspec.json.format(msgspec.json.encode(result), indent=1))
        if not exit_:
            stay_up(console, running, running.state.page)
        console.print("Đang dừng / stopping …", highlight=False)

    screen.start()
    try:
        result = run_reorganisation(options, state=state, stay=finish)
    except BaseException:
        screen.stop()
        raise
    sys.exit(0 if result.equal else 1)


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
    if result.late_to_catch_up:
        console.print(f"Chậm / late: {', '.join(result.late_to_catch_up)}", style="yellow", soft_wrap=True)


def _counted(count: Count) -> str:
    return (
        f"{count.units:>6} đơn vị  {count.districts:>4} đảng uỷ trực thuộc  {count.communes:>5} đảng bộ xã, phường  "
        f"{count.branches:>6} chi bộ  {count.members:>7} đảng viên"
    )
