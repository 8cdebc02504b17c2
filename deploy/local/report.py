"""What `nenep status` and `nenep logs` print."""

from pathlib import Path

from rich.console import Console
from rich.table import Table

from deploy.local.errors import LocalError
from deploy.local.state import read_state
from deploy.local.status import Flow, advice, duration, fetch_flow, process_row
from deploy.local.table import SERVICES


def log_files(data: Path) -> dict[str, Path]:
    """The logs in a data folder by the name of their process."""
    paths = [*sorted((data / "logs").glob("*.log")), data / "kafka" / "kafka.log", data / "postgres" / "postgres.log"]
    return {path.stem: path for path in paths if path.exists()}


def _count(value: float | None) -> str:
    return "–" if value is None else f"{value:.0f}"


def _milliseconds(value: float | None) -> str:
    return "–" if value is None else (f"{value * 1000:.0f} ms" if value < 10 else duration(value))


def print_status(data: Path) -> None:
    """Print the tables and what to do next. Raises LocalError where no suite runs."""
    state = read_state(data)
    if state is None:
        raise LocalError(
            f"Không có nenep nào chạy trên {data.resolve()}. Khởi động: nenep up --data {data}",
            f"No suite runs on {data.resolve()}. Start one: nenep up --data {data}",
        )
    console = Console(highlight=False, soft_wrap=True)
    processes = Table("process", "state", "pid", "uptime", "restarts", "memory", box=None, pad_edge=False)
    for column in processes.columns[2:]:
        column.justify = "right"
    for name, process in state["processes"].items():
        processes.add_row(*process_row(name, process))
    console.print(processes)
    console.print()
    running = {name.rsplit("-", 1)[0] for name in state["processes"]}
    flows: dict[str, Flow] = {
        service: fetch_flow(service, state["ports"]) for service in SERVICES if service in running
    }
    table = Table("service", "unsent", "oldest", "lag", "age p50", "age p99", "address", box=None, pad_edge=False)
    for column in table.columns[1:6]:
        column.justify = "right"
    for service, flow in flows.items():
        oldest = "–" if flow.oldest is None else duration(flow.oldest)
        ages = (_milliseconds(flow.age_p50), _milliseconds(flow.age_p99))
        table.add_row(service, _count(flow.unsent), oldest, _count(flow.lag), *ages, state["urls"][service])
    console.print(table)
    console.print()
    wrong = advice(state, flows)
    for line in wrong:
        console.print(f"! {line}", markup=False)
    if not wrong:
        console.print("Mọi tiến trình đều ổn / all is well")
