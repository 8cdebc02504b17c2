"""Requests of one reader: tried again when the server asks for patience, not sent again when nothing changed."""

import http.client
import time
import urllib.parse
from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime
from typing import Any, Final, Self, TypeVar
from uuid import UUID

import msgspec

T = TypeVar("T")
Value = str | int | float | bool | UUID | date | datetime | None
_PATIENT: Final = frozenset({429, 503})
_MOST_KEPT: Final = 256


class Fault(msgspec.Struct, frozen=True):
    """One field or row that breaks a rule."""

    field: str
    rule: str
    message: str
    source: str | None = None


class Problem(Exception):
    """The server refused: `status`, the stable name of the `rule`, a sentence for people, and every fault."""

    def __init__(self, status: int, rule: str, detail: str, faults: tuple[Fault, ...] = ()) -> None:
        super().__init__(f"{status} {rule}: {detail}")
        self.status, self.rule, self.detail, self.faults = status, rule, detail, faults


class _Document(msgspec.Struct):
    rule: str = "unknown"
    detail: str = ""
    errors: tuple[Fault, ...] = ()


class Event(msgspec.Struct, frozen=True):
    """A server-sent event; `id` is what a later stream resumes from."""

    name: str
    data: dict[str, Any]
    id: str | None = None


class Answer(msgspec.Struct, frozen=True):
    """What a server answered."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class Session:
    """A reader of one API. `token`: what it is let in by, or what gives a fresh one; not for several threads at once.
    Its connection is closed by `close`, or where a `with` of it ends.

    A request that is answered 429 or 503 is sent again after `Retry-After`, up to `attempts` times; one that only reads
    also when the connection breaks. An answer with an ETag is kept and asked for again by it.
    """

    def __init__(
        self,
        base_url: str,
        token: str | Callable[[], str],
        *,
        language: str = "vi",
        attempts: int = 5,
        patience: float = 60.0,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._base = urllib.parse.urlsplit(base_url)
        self._token, self._language = token, language
        self._attempts, self._patience, self._sleep = attempts, patience, sleep
        self._connection: http.client.HTTPConnection | None = None
        self._kept: OrderedDict[str, tuple[str, bytes]] = OrderedDict()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def json(
        self,
        method: str,
        path: str,
        query: Mapping[str, Value],
        kind: Any,
        body: object = None,
        *,
        if_match: int | None = None,
    ) -> Any:
        """The answer as a `kind`. Raises what `raw` does, and msgspec.DecodeError when the answer is none."""
        raw = self.raw(method, path, query, body, if_match=if_match)
        return None if kind is None else msgspec.json.decode(raw, type=kind)

    def raw(
        self,
        method: str,
        path: str,
        query: Mapping[str, Value],
        body: object = None,
        *,
        if_match: int | None = None,
    ) -> bytes:
        """The answer's body; `if_match`: the version a change is based on. Raises Problem, also where the answer sends
        elsewhere, OSError, http.client.HTTPException."""
        address = self._address(path, query)
        headers = {"Accept": "application/json, */*;q=0.5"}
        if if_match is not None:
            headers["If-Match"] = f'"{if_match}"'
        before = self._kept.get(address) if method == "GET" else None
        if before is not None:
            headers["If-None-Match"] = before[0]
        content = None if body is None else msgspec.json.encode(body)
        answer = self._patiently(method, address, headers, content)
        if answer.status == 304 and before is not None:
            self._kept.move_to_end(address)
            return before[1]
        if answer.status >= 300:
            raise _problem(answer)
        if method == "GET" and "etag" in answer.headers:
            self._kept[address] = (answer.headers["etag"], answer.body)
            if len(self._kept) > _MOST_KEPT:
                self._kept.popitem(last=False)
        return answer.body

    def pages(self, path: str, query: Mapping[str, Value], kind: Any) -> Iterator[Any]:
        """Every item of a list, page by page."""
        cursor: str | None = None
        while True:
            page = self.json("GET", path, {**query, "cursor": cursor}, kind)
            yield from page.items
            cursor = page.next_cursor
            if cursor is None:
                return

    def events(self, path: str, query: Mapping[str, Value], last_id: str | None = None) -> Iterator[Event]:
        """The events of a stream until it ends, over a connection of its own, opened once: `last_id` resumes.

        Raises Problem, OSError, http.client.HTTPException.
        """
        connection = self._connect()
        headers = {"Accept": "text/event-stream"} | ({} if last_id is None else {"Last-Event-ID": last_id})
        try:
            connection.request("GET", self._address(path, query), headers=self._headers(headers))
            answer = connection.getresponse()
            if answer.status >= 300:
                raise _problem(_read(answer))
            yield from _events(answer)
        finally:
            connection.close()

    def close(self) -> None:
        """Close the connection."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _patiently(self, method: str, address: str, headers: Mapping[str, str], content: bytes | None) -> Answer:
        for attempt in range(1, self._attempts + 1):
            is_last = attempt == self._attempts
            try:
                answer = self._once(method, address, headers, content)
            except (OSError, http.client.HTTPException):
                self.close()
                if is_last or method != "GET":
                    raise
                self._sleep(min(30.0, 2.0 ** (attempt - 1)))
                continue
            if answer.status not in _PATIENT or is_last:
                return answer
            self._sleep(_pause(answer.headers.get("retry-after", ""), 2.0 ** (attempt - 1)))
        raise AssertionError

    def _once(self, method: str, address: str, headers: Mapping[str, str], content: bytes | None) -> Answer:
        if method != "GET":
            self.close()  # one that was kept may have been closed by the server, and only a reading is sent again
        self._connection = self._connection or self._connect()
        given = self._headers(headers) | ({} if content is None else {"Content-Type": "application/json"})
        self._connection.request(method, address, body=content, headers=given)
        with self._connection.getresponse() as answer:
            return _read(answer)

    def _connect(self) -> http.client.HTTPConnection:
        kind = http.client.HTTPSConnection if self._base.scheme == "https" else http.client.HTTPConnection
        return kind(self._base.hostname or "", self._base.port, timeout=self._patience)

    def _headers(self, more: Mapping[str, str]) -> dict[str, str]:
        token = self._token if isinstance(self._token, str) else self._token()
        return {"Authorization": f"Bearer {token}", "Accept-Language": self._language, **more}

    def _address(self, path: str, query: Mapping[str, Value]) -> str:
        given = {name: _written(value) for name, value in query.items() if value is not None}
        address = self._base.path.rstrip("/") + path
        return f"{address}?{urllib.parse.urlencode(given)}" if given else address


def _written(value: Value) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return value.isoformat() if isinstance(value, date) else str(value)


def quoted(step: object) -> str:
    """`step` as one step of a path, whatever stands in it."""
    return urllib.parse.quote(str(step), safe="")


def _read(answer: http.client.HTTPResponse) -> Answer:
    return Answer(answer.status, {name.lower(): text for name, text in answer.getheaders()}, answer.read())


def _pause(retry_after: str, otherwise: float) -> float:
    """Seconds to wait, of a number of them or a date (RFC 9110, 10.2.3); `otherwise` when it is neither."""
    try:
        return max(0.0, float(retry_after))
    except ValueError:
        pass
    try:
        return max(0.0, (parsedate_to_datetime(retry_after) - datetime.now(UTC)).total_seconds())
    except (ValueError, TypeError):
        return otherwise


def _problem(answer: Answer) -> Problem:
    if answer.status < 400:
        return Problem(answer.status, "elsewhere", f"the server sends elsewhere: {answer.headers.get('location')}")
    try:
        told = msgspec.json.decode(answer.body, type=_Document)
    except msgspec.DecodeError:
        told = _Document(detail=answer.body[:200].decode(errors="replace"))
    return Problem(answer.status, told.rule, told.detail, told.errors)


def _events(lines: Iterator[bytes] | http.client.HTTPResponse) -> Iterator[Event]:
    fields: dict[str, str] = {}
    for line in lines:
        text = line.decode().rstrip("\r\n")
        if not text:
            if "event" in fields:
                yield Event(fields["event"], msgspec.json.decode(fields.get("data", "{}")), fields.get("id"))
            fields = {}
            continue
        name, _, value = text.partition(":")
        fields[name] = value.removeprefix(" ")
