"""`nenep demo`: a real province's year through the four services, and its live page."""

import signal
import sys
import threading
from pathlib import Path
from typing import NoReturn

import click
import msgspec
from rich.console import Console

from deploy.local.demo.run import Demo, Options, Result, run_demo
from deploy.local.demo.screen import Screen, print_result
from deploy.local.demo.state import State
from deploy.local.demo.year import LAST_MONTH


@click.command()
@click.option(
    "--province", default="Gia Lai", show_default=True, help="Tỉnh trước 1/7/2025 / province, tones optional."
)
@click.option("--branches", type=int, help="Số chi bộ / branches; everything scales with them.")
@click.option("--months", type=click.IntRange(1, 60), default=12, show_default=True, help="Số tháng / up to 2025-06.")
@click.option("--seed", type=int, default=1, show_default=True, help="Cùng số, cùng dữ liệu / same seed, same data.")
@click.option(
    "--data", type=click.Path(path_type=Path, file_okay=False), help="Thư mục trống / an empty folder to keep."
)
@click.option("--stack", type=click.Choice(["auto", "embedded", "containers"]), default="auto", show_default=True)
@click.option("--exit", "exit_", is_flag=True, help="Xong thì thoát / leave; status 0 only if every figure is equal.")
@click.option(
    "--json", "json_", type=click.Path(path_type=Path, dir_okay=False), help="Ghi kết quả / write the result."
)
def demo(
    province: str,
    branches: int | None,
    months: int,
    seed: int,
    data: Path | None,
    stack: str,
    exit_: bool,
    json_: Path | None,
) -> None:
    """Một năm của một tỉnh / a real province's year, and its live page."""
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
            # The clock has gone on to the month after, in which nobody has met yet: open the last one rehearsed.
            stay_up(console, running, running.state.page.replace("/#", f"/?period={LAST_MONTH}#", 1))
        console.print("Đang dừng / stopping …", highlight=False)

    screen.start()
    try:
        result = run_demo(options, state=state, stay=finish)
    except BaseException:
        screen.stop()
        raise
    sys.exit(0 if result.equal else 1)


def stay_up(console: Console, running: Demo, page: str) -> None:
    """Say where everything is, and wait for Ctrl-C."""
    console.print(f"Trang trực tiếp / live page: {page}", markup=False, highlight=False, soft_wrap=True)
    for name in running.client.services:
        console.print(f"  {name:<14} {running.suite.url(name)}/docs/", highlight=False)
    console.print(f"  thư / mail      {running.suite.mail_dir}", highlight=False, soft_wrap=True)
    console.print("Ctrl-C để dừng / stops")
    try:
        threading.Event().wait()
    except KeyboardInterrupt:
        return


def interrupt(number: int, frame: object) -> NoReturn:
    """End the rehearsal in order, whatever signal comes next."""
    # A second Ctrl-C must not cut the shutdown short.
    for ending in (signal.SIGINT, signal.SIGTERM):
        signal.signal(ending, signal.SIG_IGN)
    raise KeyboardInterrupt
