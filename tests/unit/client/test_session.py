"""The client's session against a server of its own: what proxies and idle connections do to it."""

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from uuid import uuid4

import msgspec
import pytest

from client.evaluation import ClassificationDecided, Evaluation
from client.session import Problem, Session

_PAGE: dict[str, Any] = {"items": [], "next_cursor": None}


class Server:
    """Answers what it was told to, in turn, then an empty page; notes what was asked."""

    def __init__(self) -> None:
        self.told: list[tuple[int, dict[str, str]]] = []
        self.asked: list[tuple[str, str, str | None]] = []
        self.slept: list[float] = []
        self.hangs_up = False
        server = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def _answer(self) -> None:
                self.rfile.read(int(self.headers.get("Content-Length", 0)))
                server.asked.append((self.command, self.path, self.headers.get("If-Match")))
                status, headers = server.told.pop(0) if server.told else (200, {})
                body = msgspec.json.encode(_PAGE)
                self.send_response(status)
                for name, text in {"Content-Length": str(len(body)), **headers}.items():
                    self.send_header(name, text)
                self.end_headers()
                self.wfile.write(body)
                if server.hangs_up:  # without saying so, as one that waited too long for the next request
                    self.close_connection = True

            do_GET = do_POST = do_PUT = _answer

            def log_message(self, format: str, *args: object) -> None:
                """Nothing."""

        self._http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._http.serve_forever, daemon=True)
        self._thread.start()
        self.session = Session(f"http://127.0.0.1:{self._http.server_port}", "token", sleep=self.slept.append)

    def close(self) -> None:
        """Serve no more."""
        self.session.close()
        self._http.shutdown()
        self._thread.join()
        self._http.server_close()


@pytest.fixture
def server() -> Iterator[Server]:
    server = Server()
    yield server
    server.close()


def test_a_time_to_come_again_may_be_a_date(server: Server) -> None:
    server.told = [(503, {"Retry-After": format_datetime(datetime.now(UTC) + timedelta(minutes=2), usegmt=True)})]
    server.session.raw("GET", "/v1/me", {})
    assert len(server.slept) == 1
    assert 100 < server.slept[0] <= 120


def test_a_time_to_come_again_that_cannot_be_read_is_waited_for_as_if_none_were_given(server: Server) -> None:
    server.told = [(503, {"Retry-After": "soon"})]
    server.session.raw("GET", "/v1/me", {})
    assert server.slept == [1.0]


def test_an_answer_that_sends_elsewhere_is_no_answer(server: Server) -> None:
    server.told = [(301, {"Location": "https://elsewhere.example/v1/me"})]
    with pytest.raises(Problem) as refused:
        server.session.raw("GET", "/v1/me", {})
    assert refused.value.status == 301
    assert "https://elsewhere.example/v1/me" in refused.value.detail


def test_what_is_written_after_a_pause_does_not_meet_a_connection_that_was_closed_meanwhile(server: Server) -> None:
    server.hangs_up = True
    server.session.raw("GET", "/v1/me", {})
    server.session.raw("POST", "/v1/weak-organisations", {}, {"a": 1})
    assert [method for method, _, _ in server.asked] == ["GET", "POST"]


def test_a_name_is_one_step_of_the_path_whatever_stands_in_it(server: Server) -> None:
    unit_id = uuid4()
    with pytest.raises(msgspec.ValidationError):  # the page holds no evidence
        list(Evaluation(server.session).each_units_figures_evidence(unit_id, "tỷ lệ/a?b", period="2025-06"))
    path = f"/v1/units/{unit_id}/figures/t%E1%BB%B7%20l%E1%BB%87%2Fa%3Fb/evidence?period=2025-06"
    assert server.asked == [("GET", path, None)]


def test_the_version_a_change_is_based_on_is_sent(server: Server) -> None:
    with pytest.raises(msgspec.ValidationError):  # the page is no campaign
        Evaluation(server.session).post_campaigns_start(uuid4(), if_match=3)
    assert [version for _, _, version in server.asked] == ['"3"']


def test_what_must_be_said_is_said_though_it_is_null() -> None:
    unit_id = uuid4()
    withdrawn = ClassificationDecided(unit_id=unit_id, grade=None)
    assert msgspec.json.decode(msgspec.json.encode(withdrawn)) == {"unit_id": str(unit_id), "grade": None}


def test_a_session_is_closed_where_its_block_ends(server: Server) -> None:
    with server.session as session:
        session.raw("GET", "/v1/me", {})
    assert session._connection is None
