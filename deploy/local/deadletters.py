"""`nenep deadletters`: what a consumer group could not apply, why, and sending it back once the cause is mended.

Thin over `shared.kafka.deadletters`. Sending back goes through the outbox of the group's service, whose database is
found as the suite made it: its port in `suite.json`, its role's password in `postgres/passwords.json` (mode 600).
"""

import json
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeVar

import click

from deploy.local.databases import libpq_url
from deploy.local.errors import LocalError
from deploy.local.ports import HOST
from deploy.local.state import read_state
from shared.contracts.catalogue import catalogue
from shared.kafka.deadletters import DeadLetter, read, redrive

C = TypeVar("C", bound=Callable[..., Any])


def _data(command: C) -> C:
    return click.option(
        "--data",
        type=click.Path(path_type=Path, file_okay=False),
        default=Path("data"),
        show_default=True,
        help="Thư mục dữ liệu / the folder the suite keeps its data in.",
    )(command)


@click.group(no_args_is_help=True)
def deadletters() -> None:
    """Bản ghi bị từ chối / records a consumer group could not apply: list, show, send back."""


@deadletters.command(name="list")
@click.argument("group")
@_data
@click.option("--reason", help="Chỉ lý do này / this reason only.")
def list_(group: str, data: Path, reason: str | None) -> None:
    """Liệt kê / list the dead letters of GROUP, the oldest first."""
    letters = [letter for letter in _letters(data, group) if reason is None or letter.reason == reason]
    if not letters:
        click.echo(f"{group}: không có bản ghi bị từ chối / no dead letters")
        return
    header = ("offset", "at", "from", "key", "reason", "detail")
    for line in _aligned([header, *(_row(letter) for letter in letters)]):
        click.echo(line)
    counts = Counter(letter.reason for letter in letters)
    click.echo(f"{len(letters)}: " + ", ".join(f"{name} {count}" for name, count in counts.most_common()))
    click.echo(f"Tiếp theo / next: nenep deadletters show {group} {letters[0].offset}")


@deadletters.command()
@click.argument("group")
@click.argument("offset", type=click.IntRange(min=0))
@_data
def show(group: str, offset: int, data: Path) -> None:
    """Một bản ghi / one dead letter of GROUP: why, its headers, and the value as it came."""
    letter = next(iter(read(_running(data, group)["bootstrap"], group, first=offset, limit=1)), None)
    if letter is None or letter.offset != offset:
        raise _missing(group, [offset])
    said = [
        ("reason", letter.reason),
        ("detail", letter.detail),
        ("at", letter.at),
        ("from", _place(letter)),
        ("key", _readable(letter.original.key)),
        *((name, _readable(value)) for name, value in letter.original.headers),
    ]
    for line in _aligned(said):
        click.echo(line)
    click.echo(_pretty(letter.original.value))


@deadletters.command(name="redrive")
@click.argument("group")
@_data
@click.option(
    "--offset", "offsets", type=click.IntRange(min=0), multiple=True, help="Vị trí này / this one; repeatable."
)
@click.option("--reason", help="Mọi bản ghi có lý do này / all with this reason.")
@click.option("--all", "everything", is_flag=True, help="Tất cả / all of them.")
@click.option("--dry-run", is_flag=True, help="Chỉ nói sẽ gửi gì / only say what would be sent.")
def redrive_(
    group: str, data: Path, offsets: tuple[int, ...], reason: str | None, everything: bool, dry_run: bool
) -> None:
    """Gửi lại / send dead letters of GROUP back to the topics they came from.

    They stay in the list: one that is applied twice changes nothing the second time.
    """
    if sum((bool(offsets), reason is not None, everything)) != 1:
        raise click.UsageError("Chọn đúng một / choose exactly one: --offset N …, --reason R, --all.")
    state = _running(data, group)
    chosen = [
        letter
        for letter in read(state["bootstrap"], group)
        if everything or letter.offset in offsets or (reason is not None and letter.reason == reason)
    ]
    absent = sorted(set(offsets) - {letter.offset for letter in chosen})
    if absent:
        raise _missing(group, absent)
    for line in _aligned([_row(letter) for letter in chosen]):
        click.echo(line)
    if dry_run or not chosen:
        click.echo(f"Sẽ gửi lại / would be sent back: {len(chosen)}")
        return
    service = catalogue().groups[group].service
    count = redrive(database_url(data, state, service), chosen)
    click.echo(f"Đã xếp hàng gửi lại / queued in the outbox of {service}: {count}")


def _letters(data: Path, group: str) -> list[DeadLetter]:
    return list(read(_running(data, group)["bootstrap"], group))


def _running(data: Path, group: str) -> dict[str, Any]:
    """The state of the suite on `data`, once `group` is known to be one. Raises LocalError."""
    if group not in catalogue().groups:
        known = ", ".join(catalogue().groups)
        raise LocalError(f"Không có nhóm {group}; có: {known}.", f"No group {group}; there are: {known}.")
    return running(data)


def running(data: Path) -> dict[str, Any]:
    """The state of the suite on `data`. Raises LocalError where none runs."""
    state = read_state(data)
    if state is None:
        raise LocalError(
            f"Không có nenep nào chạy trên {data.resolve()}. Khởi động: nenep up --data {data}",
            f"No suite runs on {data.resolve()}. Start one: nenep up --data {data}",
        )
    return state


def database_url(data: Path, state: dict[str, Any], service: str, *, role: str = "") -> str:
    """The URL of the service's database for its own role, or for `role`.

    Raises LocalError where the suite keeps no passwords.
    """
    path = data.resolve() / "postgres" / "passwords.json"
    try:
        password = json.loads(path.read_text(encoding="utf-8"))[role or service]
    except (OSError, ValueError, KeyError) as error:
        raise LocalError(
            f"Không đọc được mật khẩu cơ sở dữ liệu {service} ở {path}: dùng tài khoản đã chạy nenep up; với "
            "--stack=containers mật khẩu không được lưu.",
            f"The password of the database {service} cannot be read at {path}: use the account that ran nenep up; "
            "with --stack=containers none is kept.",
        ) from error
    return libpq_url(role or service, password, (HOST, state["ports"]["postgres"]), service)


def _missing(group: str, offsets: Sequence[int]) -> LocalError:
    named = ", ".join(map(str, offsets))
    return LocalError(
        f"{group} không có bản ghi bị từ chối ở vị trí {named}. Xem: nenep deadletters list {group}",
        f"{group} has no dead letter at offset {named}. See: nenep deadletters list {group}",
    )


def _row(letter: DeadLetter) -> tuple[str, ...]:
    key = _readable(letter.original.key)
    return str(letter.offset), letter.at, _place(letter), key, letter.reason, letter.detail


def _place(letter: DeadLetter) -> str:
    return f"{letter.topic}/{letter.partition}@{letter.source_offset}"


def _readable(raw: bytes | None) -> str:
    return "–" if raw is None else raw.decode("utf-8", errors="backslashreplace")


def _pretty(raw: bytes | None) -> str:
    if raw is None:
        return "(không có giá trị / no value: a tombstone)"
    try:
        return json.dumps(json.loads(raw), indent=1, ensure_ascii=False)
    except ValueError:
        return _readable(raw)


def _aligned(rows: Sequence[Sequence[str]]) -> list[str]:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return ["  ".join(map(str.ljust, row, widths)).rstrip() for row in rows]
