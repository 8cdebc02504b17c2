"""What the commands that rehearse share: their options, the screen, the end."""

import signal
import sys
import threading
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any, Final, NoReturn, Protocol, TypeVar

import click
import msgspec
from rich.console import Console

from deploy.local.demo.screen import Screen
from deploy.local.demo.stage import Demo, Options
from deploy.local.demo.state import State

_OPTIONS: Final = (
    click.option("--branches", type=int, help="Số chi bộ / branches; everything scales with them."),
    click.option(
        "--seed", type=int, default=1, show_default=True, help="Cùng số, cùng dữ liệu / same seed, same data."
    ),
    click.option(
        "--data", type=click.Path(path_type=Path, file_okay=False), help="Thư mục trống / an empty folder to keep."
    ),
    click.option("--stack", type=click.Choice(["auto", "embedded", "containers"]), default="auto", show_default=True),
    click.option(
        "--kills",
        type=click.IntRange(0, 10_000),
        default=0,
        show_default=True,
        help="SIGKILL bao nhiêu lần trong lúc gửi / how often a process of the suite is killed meanwhile.",
    ),
    click.option(
        "--exit", "exit_", is_flag=True, help="Xong thì thoát / leave; status 0 only if every figure is equal."
    ),
    click.option(
        "--json", "target", type=click.Path(path_type=Path, dir_okay=False), help="Ghi kết quả / write the result."
    ),
)


class Outcome(Protocol):
    """What a rehearsal gives."""

    @property
    def equal(self) -> bool:
        """Whether everything was as it must be."""
        ...


R = TypeVar("R", bound=Outcome)
Run = Callable[[Options, State, Callable[[Demo, R], None]], R]
"""Carries out a rehearsal with a state for the screen, and calls back at its end with the suite still up."""


def rehearsal(command: Callable[..., None]) -> Callable[..., None]:
    """Give `command` the options all rehearsals have; it takes `options`, `exit_` and `target` for them."""

    @wraps(command)
    def with_options(
        *,
        province: str,
        branches: int | None,
        months: int,
        seed: int,
        data: Path | None,
        stack: str,
        kills: int,
        exit_: bool,
        target: Path | None,
    ) -> None:
        options = Options(
            province=province, branches=branches, months=months, seed=seed, data=data, stack=stack, kills=kills
        )
        command(options=options, exit_=exit_, target=target)

    wrapped: Callable[..., None] = with_options
    for option in reversed(_OPTIONS):
        wrapped = option(wrapped)
    return wrapped


def show(
    options: Options,
    run: Run[R],
    tell: Callable[[Console, R], None],
    page: Callable[[State], str],
    *,
    exit_: bool,
    target: Path | None,
) -> NoReturn:
    """Carry out a rehearsal before the eyes of a person; the process ends with 0 only when all was as it must be."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _interrupt)
    console = Console()
    state = State()
    screen = Screen(state, console)

    def finish(running: Demo, result: R) -> None:
        screen.stop()
        tell(console, result)
        if target is not None:
            target.write_bytes(msgspec.json.format(msgspec.json.encode(result), indent=1))
        if not exit_:
            _stay(console, running, page(state))
        console.print("Đang dừng / stopping …", highlight=False)

    screen.start()
    try:
        result = run(options, state, finish)
    except BaseException:
        screen.stop()
        raise
    sys.exit(0 if result.equal else 1)


def _stay(console: Console, running: Demo, page: str) -> None:
    console.print(f"Trang trực tiếp / live page: {page}", markup=False, highlight=False, soft_wrap=True)
    for name in running.client.services:
        console.print(f"  {name:<14} {running.suite.url(name)}/docs/", highlight=False)
    console.print(f"  thư / mail      {running.suite.mail_dir}", highlight=False, soft_wrap=True)
    console.print("Ctrl-C để dừng / stops")
    try:
        threading.Event().wait()
    except KeyboardInterrupt:
        return


def _interrupt(number: int, frame: Any) -> NoReturn:
    # A second Ctrl-C must not cut the shutdown short.
    for ending in (signal.SIGINT, signal.SIGTERM):
        signal.signal(ending, signal.SIG_IGN)
    raise KeyboardInterrupt
