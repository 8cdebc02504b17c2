"""Streams of changes over the API as it runs: a process of its own, under its own server."""

import json
import signal
import socket
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from datetime import timedelta
from email.message import Message
from http.client import HTTPException, HTTPResponse
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from deploy.local.tokens import AUDIENCE, ISSUER, TokenIssuer
from services.evaluation.publish import publish_scorecards
from shared import db
from tests.integration.evaluation.figures import merge_meetings, merge_units
from tests.support import events
from tests.support.waiting import until

PROVINCE, EAST, WEST, EASTERN, WESTERN = (UUID(int=number) for number in range(1, 6))
PATIENCE = 60.0


class Stream:
    """A reader of changes; its events as they come."""

    def __init__(self, answer: HTTPResponse) -> None:
        self._answer = answer
        self.events: list[dict[str, Any]] = []
        self.is_over = self.is_cut = False
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        event: dict[str, Any] = {}
        try:
            for line in self._answer:
                text = line.decode().rstrip("\n")
                if not text and "event" in event:
                    self.events.append(event)
                    event = {}
                name, colon, value = text.partition(": ")
                if colon and name:
                    event[name] = json.loads(value) if name == "data" else value
        except (OSError, HTTPException):
            self.is_cut = True
        finally:
            self._answer.close()
        self.is_over = True

    def told(self, name: str = "scorecard") -> list[dict[str, Any]]:
        """The data of the events of this name."""
        return [event["data"] for event in self.events if event["event"] == name]

    @property
    def last_id(self) -> str:
        """What a browser would resume from."""
        return str([event["id"] for event in self.events if "id" in event][-1])

    def close(self) -> None:
        """Go away."""
        sock = self._answer.fp.raw._sock  # type: ignore[attr-defined]  # to interrupt the reading thread
        sock.shutdown(socket.SHUT_RDWR)


class Running:
    """The API, and what is merged and published meanwhile."""

    def __init__(self, url: str, database: str, issuer: TokenIssuer, process: subprocess.Popen[bytes]) -> None:
        self.url, self.database, self.issuer, self.process = url, database, issuer, process
        self.streams: list[Stream] = []

    def open(
        self, unit: UUID, *, as_: UUID = PROVINCE, subject: str | None = None, seconds: int = 3600, **headers: str
    ) -> HTTPResponse:
        """The answer to `GET …/changes`."""
        token = self.issuer.mint("portal", as_, subject=subject, ttl=timedelta(seconds=seconds))
        given = {"Authorization": f"Bearer {token}", **{name.replace("_", "-"): text for name, text in headers.items()}}
        asked = urllib.request.Request(f"{self.url}/v1/units/{unit}/changes", headers=given)
        answer: HTTPResponse = urllib.request.urlopen(asked, timeout=PATIENCE)
        return answer

    def listen(self, unit: UUID, **options: Any) -> Stream:
        """A reader that is connected."""
        stream = Stream(self.open(unit, **options))
        self.streams.append(stream)
        until(lambda: bool(stream.events), what="the stream")
        return stream

    def refusal(self, unit: UUID, **options: Any) -> tuple[int, Message, str]:
        """The status, headers and rule of an answer that is no stream."""
        with pytest.raises(urllib.error.HTTPError) as refused:
            self.open(unit, **options)
        with refused.value as answer:
            return answer.code, answer.headers, json.load(answer)["rule"]

    def report(self, branch: UUID, month: str = "2025-06") -> None:
        """A meeting of the branch, merged and published."""
        with db.connect(self.database, name="test") as conn:
            merge_meetings(conn, events.meeting(branch, month))
            publish_scorecards(conn)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


@pytest.fixture
def start(database: str, tmp_path: Path) -> Iterator[Callable[..., Running]]:
    """Starts the API with settings."""
    with db.connect(database, name="test") as conn:
        merge_units(
            conn,
            events.unit(PROVINCE, None, kind="province_committee", level="province"),
            events.unit(EAST, PROVINCE, kind="direct_committee", level="district"),
            events.unit(WEST, PROVINCE, kind="direct_committee", level="district"),
            events.unit(EASTERN, EAST),
            events.unit(WESTERN, WEST),
        )
    issuer = TokenIssuer(tmp_path / "issuer")
    started: list[Running] = []

    def start(**settings: str) -> Running:
        port = _free_port()
        environ = {
            "NENEP_DATABASE_URL": database,
            "NENEP_KAFKA_BOOTSTRAP": "127.0.0.1:1",
            "NENEP_JWKS_FILE": str(issuer.jwks_file),
            "NENEP_TOKEN_ISSUER": ISSUER,
            "NENEP_TOKEN_AUDIENCE": AUDIENCE,
            "NENEP_HTTP_PORT": str(port),
            "NENEP_OPS_PORT": str(_free_port()),
            **{f"NENEP_{name.upper()}": value for name, value in settings.items()},
        }
        process = subprocess.Popen([sys.executable, "-m", "services.evaluation", "api"], env=environ)
        running = Running(f"http://127.0.0.1:{port}", database, issuer, process)
        started.append(running)
        until(lambda: _answers(running.url), what="the API")
        return running

    yield start
    for running in started:
        running.process.terminate()
        running.process.wait(PATIENCE)
        for stream in running.streams:
            until(lambda stream=stream: stream.is_over, what="the end of a stream")  # type: ignore[misc]  # bound now


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(f"{url}/livez", timeout=5):
            return True
    except OSError:
        return False


def test_a_subtree_hears_of_its_own_changes_and_resumes_without_loss(start: Callable[..., Running]) -> None:
    running = start(http_threads="1")
    east, west = running.listen(EAST), running.listen(WEST)
    running.report(EASTERN)
    until(lambda: len(east.told()) == 2, what="the stream")
    assert {card["unit_id"] for card in east.told()} == {str(EAST), str(EASTERN)}
    assert all((card["period"], card["version"]) == ("2025-06", 1) for card in east.told())

    east.close()
    running.report(EASTERN)
    running.report(EASTERN, "2025-05")
    running.report(WESTERN)
    again = running.listen(EAST, Last_Event_ID=east.last_id)
    until(lambda: len(again.told()) == 4, what="the stream")
    told = {(card["unit_id"], card["period"]): card["version"] for card in again.told()}
    assert told == {
        (str(EAST), "2025-06"): 2,
        (str(EASTERN), "2025-06"): 2,
        (str(EAST), "2025-05"): 1,
        (str(EASTERN), "2025-05"): 1,
    }
    until(lambda: bool(west.told()), what="the stream")
    assert {card["unit_id"] for card in west.told()} == {str(WEST), str(WESTERN)}


def test_who_was_away_for_too_long_is_told_to_read_everything_anew(start: Callable[..., Running]) -> None:
    running = start()
    for _ in range(3):
        running.report(EASTERN)
    with db.connect(running.database, name="test") as conn:
        conn.execute("update scorecard_change set at = at - interval '2 hours'")
    running.report(EASTERN)
    with db.connect(running.database, name="test") as conn:
        assert conn.execute("select count(*) from scorecard_change").fetchone() == (1,)
    late, known = running.listen(EAST, Last_Event_ID="1"), running.listen(EAST, Last_Event_ID="3")
    assert [late.events[0]["event"], known.events[0]["event"]] == ["reset", "ready"]


def test_streams_leave_room_for_requests_and_more_than_are_borne_are_refused(start: Callable[..., Running]) -> None:
    running = start(http_threads="1", streams="2")
    streams = [running.listen(EAST, as_=EAST), running.listen(WEST, as_=WEST)]
    status, headers, rule = running.refusal(PROVINCE)
    assert (status, headers["Retry-After"], rule) == (503, "15", "too-many-streams")
    assert _answers(running.url)
    streams[0].close()
    until(lambda: _opens(running), what="the stream")


def _opens(running: Running) -> bool:
    try:
        running.listen(PROVINCE)
    except urllib.error.HTTPError as refused:
        refused.close()
        return False
    return True


def test_a_token_holds_a_few_streams_only(start: Callable[..., Running]) -> None:
    running = start(streams_per_token="1")
    running.listen(EAST, subject="portal")
    status, _, rule = running.refusal(WEST, subject="portal")
    assert (status, rule) == (429, "too-many-streams")


def test_a_stream_ends_with_its_token(start: Callable[..., Running]) -> None:
    running = start()
    stream = running.listen(EAST, seconds=4)
    until(lambda: stream.is_over, what="the stream")
    assert stream.told("end") == [{"reason": "token"}]


def test_a_stream_outside_ones_rights_is_refused(start: Callable[..., Running]) -> None:
    running = start()
    status, _, rule = running.refusal(WEST, as_=EAST)
    assert (status, rule) == (403, "outside-rights")


def test_a_process_that_is_told_to_end_does_not_wait_for_its_streams(start: Callable[..., Running]) -> None:
    running = start()
    stream = running.listen(EAST)
    running.process.send_signal(signal.SIGTERM)
    assert running.process.wait(PATIENCE) == 0
    until(lambda: stream.is_over, what="the stream")
    assert not stream.is_cut
