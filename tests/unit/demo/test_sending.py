"""What keeps the sending right: order within a meeting, requests sent again, a clock that never goes back."""

import threading
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from deploy.local.demo.batches import Batcher
from deploy.local.demo.client import Client
from deploy.local.demo.rehearsal_clock import RehearsalClock
from deploy.local.demo.rows import Completion, NotHeld, Submission
from deploy.local.errors import LocalError
from shared.clock import LOCAL, Clock

NOON = datetime(2024, 7, 3, 12, tzinfo=LOCAL)


def _meeting(number: str) -> Submission:
    return Submission(NOON, "batch", 0, number, NotHeld(number, "unit", "regular", NOON, "p", "r"))


def _completion(number: str, task: str) -> Submission:
    return Submission(NOON, "batch", 0, number, Completion(task, date(2024, 7, 4)))


def test_what_concerns_a_meeting_under_way_waits_for_it() -> None:
    batcher = Batcher(3)
    first, second, again = _meeting("a"), _meeting("b"), _meeting("a")
    done = _completion("a", "t")
    for submission in (first, second, again, done):
        batcher.add(submission)
    batch = batcher.take()
    assert batch.rows == [first, second]
    batcher.add(late := _completion("b", "u"))
    assert batcher.is_empty
    batcher.done(batch)
    assert sorted(batcher.take().rows, key=id) == sorted([again, late], key=id)


def test_papers_of_one_meeting_keep_their_order_over_batches() -> None:
    batcher = Batcher(10)
    papers = [_meeting("a"), _meeting("a"), _completion("a", "t"), _meeting("a")]
    for submission in papers:
        batcher.add(submission)
    taken = []
    while not batcher.is_empty:
        batch = batcher.take()
        taken += batch.rows
        batcher.done(batch)
    assert taken == papers


def test_a_batch_is_full_at_its_size() -> None:
    batcher = Batcher(2)
    batcher.add(_meeting("a"))
    assert not batcher.is_full
    batcher.add(_meeting("b"))
    assert batcher.is_full


class _Flaky(BaseHTTPRequestHandler):
    """Hangs up, then is busy, then does not know the unit yet, then answers; /never refuses for good."""

    seen: list[tuple[str, str | None]] = []  # noqa: RUF012 - emptied for each test

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.seen.append((self.path, self.headers["Idempotency-Key"]))
        if self.path == "/never":
            self._answer(422, b'{"rule":"invalid","detail":"sai","errors":[{"field":"a.b","message":"thieu"}]}')
            return
        turn = len(self.seen)
        if turn == 1:
            self.connection.close()
        elif turn == 2:
            self._answer(503, b'{"rule":"try-again","detail":"ban"}')
        elif turn == 3:
            self._answer(409, b'{"rule":"unit-not-here-yet","detail":"chua co"}')
        else:
            self._answer(200, b'{"ok":true}')

    def _answer(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Silence: the test looks at `seen`."""


@pytest.fixture
def flaky() -> Iterator[str]:
    _Flaky.seen.clear()
    server = HTTPServer(("127.0.0.1", 0), _Flaky)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_an_uncertain_request_is_sent_again_with_the_same_key(flaky: str) -> None:
    with Client({"s": flaky}) as client:
        assert client.send("POST", "s", "/x", "token", body=b"{}", key="k1") == {"ok": True}
        assert client.sent_again == 3
    assert _Flaky.seen == [("/x", "k1")] * 4


def test_a_refusal_is_not_sent_again_and_keeps_the_services_words(flaky: str) -> None:
    with Client({"s": flaky}) as client, pytest.raises(LocalError, match=r"sai \| a\.b: thieu"):
        client.send("POST", "s", "/never", "token", body=b"{}", key="k2")
    assert _Flaky.seen == [("/never", "k2")]


def test_patience_ends(flaky: str) -> None:
    with Client({"s": "http://127.0.0.1:9"}, patience=0.0) as client, pytest.raises(LocalError, match="s không nhận"):
        client.send("GET", "s", "/x", "token")


def test_the_clock_goes_forward_only(tmp_path: Path) -> None:
    moved = RehearsalClock(tmp_path / "clock", NOON)
    seen = Clock(str(moved.file))
    assert seen.now() == NOON
    moved.advance(NOON + timedelta(hours=1))
    assert seen.now() == NOON + timedelta(hours=1)
    moved.advance(NOON)
    assert seen.now() == NOON + timedelta(hours=1)
