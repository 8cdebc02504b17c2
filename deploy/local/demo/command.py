"""`nenep demo`: a real province's year through the four services, and its live page."""

from pathlib import Path

import click

from deploy.local.demo.rehearsal import rehearsal, show
from deploy.local.demo.run import run_demo
from deploy.local.demo.screen import print_result
from deploy.local.demo.stage import Options
from deploy.local.demo.state import State
from deploy.local.demo.year import LAST_MONTH


@click.command()
@click.option(
    "--province", default="Gia Lai", show_default=True, help="Tỉnh trước 1/7/2025 / province, tones optional."
)
@click.option("--months", type=click.IntRange(1, 60), default=12, show_default=True, help="Số tháng / up to 2025-06.")
@rehearsal
def demo(options: Options, exit_: bool, target: Path | None) -> None:
    """Một năm của một tỉnh / a real province's year, and its live page."""
    show(
        options,
        lambda options, state, stay: run_demo(options, state=state, stay=stay),
        print_result,
        _page,
        exit_=exit_,
        target=target,
    )


def _page(state: State) -> str:
    # The clock has gone on to the month after, in which nobody has met yet: open the last one rehearsed.
    return state.page.replace("/#", f"/?period={LAST_MONTH}#", 1)
