"""`nenep import` and `nenep export`: spreadsheets into a running suite's registry and out of it."""

import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import click
import httpx
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from deploy.local.errors import LocalError
from deploy.local.state import read_state
from deploy.local.tokens import TokenIssuer

_ENDED = frozenset({"done", "refused", "failed"})
_POLL_SECONDS = 0.3
_STEPS = (("read", "đọc / read"), ("judged", "xét / judged"), ("saved", "lưu / saved"))
_SHOWN_FAULTS = 20
_DATA = click.option(
    "--data",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("data"),
    show_default=True,
    help="Thư mục dữ liệu / the folder the suite keeps its data in.",
)
_UNIT = click.option("--unit", help="Nhập với quyền cán bộ của đơn vị này / as an officer of this unit only.")


@click.command(name="import")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@_DATA
@_UNIT
@click.option(
    "--mapping",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="Tệp JSON: cột nào là mục nào / which column is which field.",
)
@click.option("--dry-run", is_flag=True, help="Chỉ kiểm tra, không lưu / judge everything, keep nothing.")
def import_(file: Path, data: Path, unit: str | None, mapping: Path | None, dry_run: bool) -> None:
    """Nhập sổ tính / bring a workbook (XLSX) or CSV file of units, members and villages into the registry."""
    fields = {"dry_run": "true" if dry_run else "false"}
    if mapping is not None:
        fields["mapping"] = mapping.read_text(encoding="utf-8")
    with _client(data, unit) as client, file.open("rb") as opened:
        sent = _asked(client.post("/v1/files", files={"file": (file.name, opened)}, data=fields))
        state = _watched(client, sent)
        report = _saved_report(client, state, file)
    _print(state, file, report, data)
    if state["state"] != "done":
        raise SystemExit(1)


@click.command(name="export")
@click.argument("what", type=click.Choice(["units", "members", "template"]))
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@_DATA
@_UNIT
@click.option("--under", help="Mã (UUID) đơn vị đứng đầu / id of the unit at the top; not for the template.")
@click.option("--on", help="Ngày, ví dụ 2025-06-30 / the day; today otherwise.")
@click.option("--purpose", help="Mục đích lấy tên người, được ghi lại / what names are for; it is kept.")
def export(
    what: str, file: Path, data: Path, unit: str | None, under: str | None, on: str | None, purpose: str | None
) -> None:
    """Xuất ra tệp / write units, members or the empty template into FILE (.xlsx or .csv)."""
    query: dict[str, str] = {}
    if what != "template":
        if under is None:
            raise click.UsageError("Cần --under / --under is needed: nenep export units FILE --under UUID")
        query = {"under": under, "format": "csv" if file.suffix.lower() == ".csv" else "xlsx"}
        query |= {"on": on} if on else {}
        if what == "members":
            if purpose is None:
                raise click.UsageError("Cần --purpose khi xuất đảng viên / --purpose is needed for members.")
            query["purpose"] = purpose
    path = "/v1/imports/template" if what == "template" else f"/v1/{what}/export"
    with _client(data, unit) as client, Console(stderr=True).status("Đang xuất / writing …"):
        answer = client.get(path, params=query)
        if not answer.is_success:
            raise _refusal(answer)
        file.write_bytes(answer.content)
    click.echo(f"{file}  {len(answer.content) / 1e6:.1f} MB")
    click.echo(f"Tiếp theo / next: sửa rồi nhập lại / edit it, then: nenep import {file} --dry-run --data {data}")


def _client(data: Path, unit: str | None) -> httpx.Client:
    state = read_state(data)
    if state is None:
        raise LocalError(
            f"Không có nenep nào chạy trên {data.resolve()}. Khởi động: nenep up --data {data}",
            f"No suite runs on {data.resolve()}. Start one: nenep up --data {data}",
        )
    role = "province_admin" if unit is None else "committee_officer"
    token = TokenIssuer(data / "keys").mint(role, unit, None, timedelta(hours=2))
    return httpx.Client(
        base_url=state["urls"]["registry"],
        headers={"Authorization": f"Bearer {token}", "Accept-Language": "vi"},
        timeout=httpx.Timeout(300.0, connect=5.0),
        trust_env=False,
    )


def _asked(answer: httpx.Response) -> dict[str, Any]:
    if not answer.is_success:
        raise _refusal(answer)
    body: dict[str, Any] = answer.json()
    return body


def _refusal(answer: httpx.Response) -> LocalError:
    try:
        problem = answer.json()
    except ValueError:
        problem = {"detail": f"HTTP {answer.status_code}"}
    named = [f"{fault.get('field')}: {fault.get('message')}" for fault in problem.get("errors", [])[:5]]
    said = " | ".join([str(problem.get("detail")), *named])
    return LocalError(said, f"The registry refused (HTTP {answer.status_code}, {problem.get('rule')}).")


def _watched(client: httpx.Client, state: dict[str, Any]) -> dict[str, Any]:
    """The state once the job has ended; meanwhile its progress is shown."""
    columns = (
        TextColumn("{task.description:<14}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    console = Console(stderr=True)
    with Progress(*columns, console=console, disable=not console.is_terminal) as shown:
        tasks: dict[str, TaskID] = {step: shown.add_task(words, total=None) for step, words in _STEPS}
        while state["state"] not in _ENDED:
            time.sleep(_POLL_SECONDS)
            state = _asked(client.get(f"/v1/files/{state['file_id']}"))
            for step, task in tasks.items():
                progress = state["progress"]
                shown.update(task, completed=progress[step], total=progress["expected"])
    return state


def _saved_report(client: httpx.Client, state: dict[str, Any], file: Path) -> Path | None:
    if state["report"] is None:
        return None
    answer = client.get(state["report"])
    if not answer.is_success:
        raise _refusal(answer)
    path = file.with_name(f"{file.stem}-ket-qua.xlsx")
    path.write_bytes(answer.content)
    return path


def _print(state: dict[str, Any], file: Path, report: Path | None, data: Path) -> None:
    if state["state"] == "done":
        words = {"units": "đơn vị / units", "members": "đảng viên / members", "villages": "thôn / villages"}
        click.echo(f"{'':<22}{'mới / new':>12}{'đổi / changed':>16}{'như cũ / same':>16}")
        for rows, said in words.items():
            counts = state["counts"][rows]
            if sum(counts.values()):
                click.echo(f"{said:<22}{counts['created']:>12}{counts['changed']:>16}{counts['unchanged']:>16}")
        if state["dry_run"]:
            click.echo(f"Chưa lưu gì / nothing was kept. Tiếp theo / next: nenep import {file} --data {data}")
        return
    click.echo(state["detail"])
    for fault in state["first_faults"][:_SHOWN_FAULTS]:
        click.echo(f"  {fault['place']:<24} {fault['rule']:<20} {fault['message']}")
    if state["faults"] > _SHOWN_FAULTS:
        click.echo(f"  … {state['faults'] - _SHOWN_FAULTS} chỗ nữa / more")
    if report is not None:
        click.echo(
            f"Tiếp theo / next: mở / open {report}, sửa các ô tô đỏ / correct the cells in red, rồi / then: "
            f"nenep import {report} --data {data}"
        )
    elif state["state"] == "failed":
        click.echo("Tiếp theo / next: nenep logs registry-worker")
