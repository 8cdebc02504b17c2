"""Workbooks as people send them, and the worker that carries them out."""

import io
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import msgspec
import openpyxl
from openpyxl.workbook import Workbook

from deploy.local.ports import HOST, free_ports
from services.registry.domain.tables import MEMBERS, UNITS, Table
from services.registry.files.texts import put_text
from services.registry.files.writing import workbook_of
from tests.integration.registry.conftest import KEYS, Answer, Registry
from tests.integration.registry.rows import Row, province
from tests.support.waiting import until

ENDED = ("done", "refused", "failed")


def typed(table: Table, row: Row) -> Row:
    """A row of JSON as a sheet's: days as days."""
    days = {column.field for column in table.columns if column.sort == "day"}
    return {field: date.fromisoformat(value) if field in days and value else value for field, value in row.items()}


def workbook(rows: Mapping[str, Sequence[Row]]) -> bytes:
    """Rows as POST /v1/imports takes them, as a workbook."""
    made = io.BytesIO()
    tables = [(UNITS, rows.get("units", ())), (MEMBERS, rows.get("members", ()))]
    workbook_of([(table, [typed(table, row) for row in stated]) for table, stated in tables if stated], made)
    return made.getvalue()


def edited(content: bytes, change: Callable[[Workbook], object]) -> bytes:
    """A workbook after somebody worked at it."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    change(book)
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


def small_province() -> bytes:
    """The small province of rows.py as a workbook."""
    return workbook(province())


def put(sheet: Any, place: str, text: str) -> None:
    """Type `text` into a cell."""
    put_text(sheet[place], text)


def upload(
    registry: Registry,
    content: bytes,
    *,
    token: str | None = None,
    english: bool = False,
    key: str | None = None,
    **fields: str,
) -> Answer:
    """POST /v1/files."""
    keyed = {"Idempotency-Key": key} if key else {}
    language = "en" if english else "vi"
    headers = keyed | {"Authorization": f"Bearer {token or registry.admin}", "Accept-Language": language}
    data: dict[str, Any] = fields | {"file": (io.BytesIO(content), "tep.xlsx")}
    answer = registry.app.test_client().post("/v1/files", data=data, headers=headers)
    return Answer(answer.status_code, msgspec.json.decode(answer.data), answer.headers)


def download(registry: Registry, path: str, *, token: str | None = None) -> bytes:
    """A file that a door gives out."""
    headers = {"Authorization": f"Bearer {token or registry.admin}"}
    answer = registry.app.test_client().get(path, headers=headers, buffered=True)  # read whole, then closed
    assert answer.status_code == 200, answer.data
    return bytes(answer.data)


class WorkerProcess:
    """`python -m services.registry worker`, run for real."""

    def __init__(self, registry: Registry, log: Path) -> None:
        http, ops = free_ports(2)
        self._log = log
        env = {
            "NENEP_DATABASE_URL": registry.url,
            "NENEP_KAFKA_BOOTSTRAP": "unused:9092",
            "NENEP_REGISTRY_KEYS": KEYS,
            "NENEP_HTTP_HOST": HOST,
            "NENEP_HTTP_PORT": str(http),
            "NENEP_OPS_PORT": str(ops),
        }
        self.url = f"http://{HOST}:{ops}"
        with log.open("ab") as out:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "services.registry", "worker"], env=os.environ | env, stdout=out, stderr=out
            )

    def kill(self) -> None:
        """SIGKILL."""
        self._process.kill()
        self._process.wait()

    def stop(self) -> int:
        """SIGTERM; returns the exit code."""
        self._process.send_signal(signal.SIGTERM)
        return self._process.wait(30)

    @property
    def log(self) -> str:
        """What it logged."""
        return self._log.read_text()


@contextmanager
def worker(registry: Registry, log: Path) -> Iterator[WorkerProcess]:
    """A worker that ends with the block, whatever happens in it."""
    process = WorkerProcess(registry, log)
    try:
        yield process
    finally:
        process.kill()


def ended(registry: Registry, sent: Answer, *, english: bool = False) -> dict[str, Any]:
    """The file's state once its job has ended."""
    assert sent.status == 202, sent.body
    path = f"/v1/files/{sent.body['file_id']}"

    def look() -> dict[str, Any] | None:
        headers = {"Accept-Language": "en" if english else "vi"}
        body: dict[str, Any] = registry.call("GET", path, headers=headers).body
        return body if body["state"] in ENDED else None

    found = until(look, what="the end of the job")
    assert found is not None
    return found
