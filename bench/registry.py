"""The registry at the size of a province: bringing it in, reading its tree, and the reorganisation of 2025.

One suite, as `nenep up` runs it. Gia Lai's 4,558 branches with the units above them and 52,055 members are brought in
by one request to the public API; the same rows are then written by plain COPY into tables alike, indexes included, in
one transaction of the same server: the ratio of the two is what judging, encrypting, recording and publishing cost.
The subtree of the province as of a day is read over HTTP, page after page, and by the view's own SQL.

The decision of 1 July 2025 for the Gia Lai that was Gia Lai and Bình Định is rehearsed in a suite of its own
(`nenep reorganise`), with one month of meetings behind it: preview, force, and the time until every figure of every
unit in evaluation is right again.
"""

import tempfile
import time
import uuid
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from statistics import median
from typing import Any, Final

import msgspec
import psycopg
from psycopg import sql

from deploy.local.demo import register
from deploy.local.demo.client import Client
from deploy.local.demo.province import Province, build
from deploy.local.demo.run import Options
from deploy.local.errors import LocalError
from deploy.local.reorganisation.run import run_reorganisation
from deploy.local.suite import Suite
from deploy.local.table import SERVICES
from services.registry.views import units as views

PROVINCE: Final = "Gia Lai"
DAY: Final = date(2025, 6, 30)
READINGS: Final = 40
_TABLES: Final = ("unit", "unit_span", "member", "member_span")
Say = Callable[[str], None]


class Import(msgspec.Struct, frozen=True):
    """Rows brought in over the API, and the same rows by COPY; seconds."""

    units: int
    members: int
    megabytes: float
    seconds: float
    copy_seconds: float
    copied_rows: int

    @property
    def ratio(self) -> float:
        """How many times as long as COPY."""
        return self.seconds / self.copy_seconds


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """Everything measured; times in seconds. `decision` None: not asked for."""

    brought_in: Import
    subtree_units: int
    subtree_sql: float
    subtree_http: float
    decision: dict[str, Any] | None


def measure(say: Say, *, branches: int | None = None, decision: bool = True) -> Outcome:
    """Bring in, read, reorganise. Raises LocalError when the suite refuses something."""
    province = build(PROVINCE, branches=branches)
    with tempfile.TemporaryDirectory(prefix="nenep-bench-") as folder:
        suite = Suite(Path(folder), say=say)
        with suite, Client({name: suite.url(name) for name in SERVICES}) as client:
            token = suite.mint_token("province_admin", None)
            say(f"{len(province.units):,} units and {sum(map(len, province.members.values())):,} members")
            root_id, brought_in = _bring_in(suite, client, token, province)
            say("reading the subtree as of a day")
            units, seconds_sql = _by_sql(suite, root_id)
            if units != len(province.units):
                raise LocalError(f"đọc được {units} đơn vị", f"{units} units were read, not {len(province.units)}")
            seconds_http = median(_timed(lambda: _pages(client, token, root_id)) for _ in range(READINGS // 4))
    return Outcome(
        brought_in=brought_in,
        subtree_units=units,
        subtree_sql=seconds_sql,
        subtree_http=seconds_http,
        decision=_decision(say, branches) if decision else None,
    )


def _bring_in(suite: Suite, client: Client, token: str, province: Province) -> tuple[str, Import]:
    root_id, *_ = register.roots(client, token, province)
    members = [member for here in province.members.values() for member in here]
    body = msgspec.json.encode({"units": province.units, "members": members})
    seconds = _timed(lambda: client.send("POST", "registry", "/v1/imports", token, body=body, key=str(uuid.uuid4())))
    copied_rows, copy_seconds = _copy(suite)
    return root_id, Import(len(province.units), len(members), len(body) / 1e6, seconds, copy_seconds, copied_rows)


def _copy(suite: Suite) -> tuple[int, float]:
    """The rows of the registry's tables into tables alike, by COPY: how many, and the seconds until the commit."""
    with psycopg.connect(suite.admin_url, dbname="registry") as conn:
        data = {name: b"".join(_out(conn, name)) for name in _TABLES}
        conn.execute("create schema bench")
        for name in _TABLES:
            source, target = sql.Identifier("public", name), sql.Identifier("bench", name)
            conn.execute(sql.SQL("create table {} (like {} including all)").format(target, source))
        conn.commit()
        began = time.monotonic()
        rows = 0
        for name, content in data.items():
            cursor = conn.cursor()
            with cursor.copy(sql.SQL("copy {} from stdin").format(sql.Identifier("bench", name))) as copy:
                copy.write(content)
            rows += cursor.rowcount
        conn.commit()
        seconds = time.monotonic() - began
        conn.execute("drop schema bench cascade")
    return rows, seconds


def _out(conn: psycopg.Connection[Any], name: str) -> Iterator[bytes]:
    with conn.cursor().copy(sql.SQL("copy {} to stdout").format(sql.Identifier("public", name))) as copy:
        for block in copy:
            yield bytes(block)


def _by_sql(suite: Suite, root_id: str) -> tuple[int, float]:
    with psycopg.connect(suite.database_url("registry")) as conn:
        top = uuid.UUID(root_id)
        units = len(views.subtree_on(conn, top, DAY, None, 100_000))
        return units, median(_timed(lambda: views.subtree_on(conn, top, DAY, None, 100_000)) for _ in range(READINGS))


def _pages(client: Client, token: str, root_id: str) -> int:
    return sum(1 for _ in client.pages("registry", f"/v1/units?under={root_id}&on={DAY}&limit=1000", token))


def _timed(work: Callable[[], object]) -> float:
    began = time.monotonic()
    work()
    return time.monotonic() - began


def _decision(say: Say, branches: int | None) -> dict[str, Any]:
    say("the decision of 1 July 2025, with a month of meetings behind it")
    result = run_reorganisation(Options(province=PROVINCE, branches=branches, months=1))
    if not result.equal:
        raise LocalError("số liệu không khớp sau sắp xếp", "the figures are not right after the reorganisation")
    told: dict[str, Any] = msgspec.to_builtins(result)
    return told
