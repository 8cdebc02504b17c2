"""The command `nenep`: the suite on one machine."""

import os
import signal
import sys
import threading
import time
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import click

from deploy.local.errors import LocalError
from deploy.local.lazy import LazyGroup

_LAZY = {
    "demo": ("deploy.local.demo.command:demo", "Một năm của một tỉnh / a real province's year, and its live page."),
    "reorganise": ("deploy.local.reorganisation.command:reorganise", "Sắp xếp 1/7/2025 / the reorganisation of 2025."),
    "import": ("deploy.local.sheets:import_", "Nhập sổ tính / bring a workbook or CSV file into the registry."),
    "export": ("deploy.local.sheets:export", "Xuất ra sổ tính / write units, members or the template into a file."),
    "bench": ("bench.command:bench", "Đo thông lượng, độ tươi, bộ nhớ / throughput, freshness, memory."),
    "republish": ("deploy.local.republish:republish", "Phát lại sổ gốc / publish what the registry keeps again."),
    "rebuild": ("deploy.local.rebuild:rebuild", "Tính lại số liệu / figures again from the log: replace, verify."),
    "deadletters": ("deploy.local.deadletters:deadletters", "Bản ghi bị từ chối / list and re-drive dead letters."),
}
_DATA = click.option(
    "--data",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("data"),
    show_default=True,
    help="Thư mục dữ liệu / the folder the suite keeps its data in.",
)


@click.group(cls=LazyGroup, lazy=_LAZY, no_args_is_help=True, context_settings={"help_option_names": ["-h", "--help"]})
def nenep() -> None:
    """Nền nếp: bốn dịch vụ, Kafka và PostgreSQL trên một máy / the whole suite on one machine."""


@nenep.command()
@_DATA
@click.option(
    "--stack",
    type=click.Choice(["auto", "embedded", "containers"]),
    default="auto",
    show_default=True,
    help="Nguồn Kafka và PostgreSQL / where the servers come from; auto is embedded.",
)
@click.option("--port-base", type=int, help="Cổng đầu tiên / first of the fixed ports; free ones otherwise.")
@click.option(
    "--clock-file", type=click.Path(path_type=Path, dir_okay=False), help="Đồng hồ diễn tập / rehearsal clock."
)
@click.option("--only", multiple=True, metavar="SERVICE", help="Chỉ dịch vụ này / this service only; repeatable.")
@click.option("--log-level", type=click.Choice(["debug", "info", "warning", "error"]), default="info")
def up(
    data: Path, stack: str, port_base: int | None, clock_file: Path | None, only: tuple[str, ...], log_level: str
) -> None:
    """Khởi động; Ctrl-C để dừng / start the suite; Ctrl-C stops it."""
    from deploy.local.suite import Suite

    ending = threading.Event()

    def end(number: int, _: object) -> None:
        if ending.is_set():  # a second Ctrl-C must not cut the shutdown short
            return
        ending.set()
        if not started:
            raise KeyboardInterrupt

    started = False
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, end)
    suite = Suite(data, stack=stack, port_base=port_base, clock_file=clock_file, log_level=log_level)
    click.echo(f"Dữ liệu / data: {data.resolve()}")
    try:
        suite.start(only or None)
        started = True
    except KeyboardInterrupt:
        suite.stop()
        click.echo("Đã dừng / stopped")
        return
    rows = [(name, suite.url(name)) for name in ("registry", "meetings", "evaluation", "notifications")]
    rows += [("kafka", suite.bootstrap), ("mail", f"{suite.mail_dir} (*.eml)")]
    for name, address in rows:
        click.echo(f"  {name:<14} {address}")
    click.echo("Tiếp theo / next: nenep token --role province_admin · nenep status · Ctrl-C để dừng / stops")
    ending.wait()
    click.echo("Đang dừng / stopping …")
    suite.stop()
    click.echo("Đã dừng / stopped")


@nenep.command()
@_DATA
@click.option("--timeout", type=float, default=60.0, show_default=True, help="Giây chờ / seconds to wait.")
def down(data: Path, timeout: float) -> None:
    """Dừng bộ đang chạy / stop a running suite and wait until it is gone."""
    from deploy.local.state import holder

    pid = holder(data)
    if pid is None:
        click.echo(f"Không có nenep nào chạy trên {data.resolve()} / no suite runs there")
        return
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGTERM)
    deadline = time.monotonic() + timeout
    while holder(data) == pid:
        if time.monotonic() > deadline:
            raise LocalError(
                f"Tiến trình {pid} chưa dừng sau {timeout:.0f} giây. Dừng hẳn: kill -9 {pid} (dữ liệu vẫn nguyên).",
                f"Process {pid} is still there after {timeout:.0f} s. End it with kill -9 {pid}; the data stay sound.",
            )
        time.sleep(0.1)
    click.echo("Đã dừng / stopped")


@nenep.command()
@_DATA
def status(data: Path) -> None:
    """Tình trạng từng tiến trình / every process, queues and freshness, and what to do."""
    from deploy.local.report import print_status

    print_status(data)


@nenep.command()
@_DATA
@click.option("--role", default="province_admin", show_default=True, help="Vai trò / role.")
@click.option("--unit", help="Mã đơn vị / unit id; only province_admin may go without (a right over everything).")
@click.option("--subject", help="Mã người dùng / opaque id of the bearer; a new one otherwise.")
@click.option("--hours", type=float, default=12.0, show_default=True)
def token(data: Path, role: str, unit: str | None, subject: str | None, hours: float) -> None:
    """In một mã truy cập / print a bearer token of the local issuer."""
    from deploy.local.tokens import TokenIssuer

    try:
        click.echo(TokenIssuer(data / "keys").mint(role, unit, subject, timedelta(hours=hours)))
    except ValueError as error:
        raise LocalError(f"--unit {unit}: không phải mã UUID.", f"--unit {unit}: not a UUID.") from error


@nenep.command()
@_DATA
@click.argument("name", required=False)
@click.option("-n", "--lines", type=int, default=50, show_default=True)
def logs(data: Path, name: str | None, lines: int) -> None:
    """Nhật ký của một tiến trình / the end of a process's log; without a name, which there are."""
    from deploy.local.report import log_files

    files = log_files(data)
    if name is None:
        for known, path in files.items():
            click.echo(f"{known:<22} {path}")
        return
    if name not in files:
        listed = ", ".join(files) or "–"
        raise LocalError(f"Không có nhật ký {name}; có: {listed}.", f"No log {name}; there are: {listed}.")
    for line in files[name].read_text(encoding="utf-8", errors="replace").splitlines()[-lines:]:
        click.echo(line)


def main() -> None:
    """The entry point: errors meant for a person are printed without a traceback."""
    try:
        nenep()
    except LocalError as error:
        click.echo(str(error), err=True)
        sys.exit(1)
