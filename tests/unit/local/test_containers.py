"""Whether a Docker API is noticed, and what a person is told when none is."""

import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest

from deploy.local.containers import docker_answers
from deploy.local.errors import LocalError
from deploy.local.ports import HOST, free_ports
from deploy.local.servers import EmbeddedServers, open_servers


class _Engine(BaseHTTPRequestHandler):
    """The two answers by which a Docker API makes itself known."""

    def do_GET(self) -> None:
        body = b"OK" if self.path.endswith("/_ping") else json.dumps({"ApiVersion": "1.44"}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def engine() -> Iterator[str]:
    """The address of a Docker API."""
    server = HTTPServer((HOST, 0), _Engine)
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield f"tcp://{HOST}:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_an_engine_that_answers_is_noticed(engine: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOCKER_HOST", engine)
    assert docker_answers()


def test_without_an_engine_the_refusal_says_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOCKER_HOST", f"tcp://{HOST}:{free_ports(1)[0]}")
    assert not docker_answers()
    with pytest.raises(LocalError, match="--stack=embedded"):
        open_servers(tmp_path, stack="containers")


def test_auto_is_embedded_even_where_an_engine_answers(
    engine: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DOCKER_HOST", engine)
    assert isinstance(open_servers(tmp_path, stack="auto"), EmbeddedServers)


def test_another_word_is_refused(tmp_path: Path) -> None:
    with pytest.raises(LocalError, match="--stack=podman"):
        open_servers(tmp_path, stack="podman")
