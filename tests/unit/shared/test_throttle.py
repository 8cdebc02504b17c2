"""Rate limits: what a bucket holds, and what a request that found it empty is told."""

from pathlib import Path

import flask
import pytest

from deploy.local.tokens import TokenIssuer
from shared.errors import Refusal
from shared.http import throttle
from shared.http.throttle import Buckets
from tests.support import services


class Hand:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def test_a_bucket_gives_its_burst_and_then_its_rate() -> None:
    clock = Hand()
    buckets = Buckets(2.0, 3, clock)
    assert [buckets.take("a").granted for _ in range(4)] == [True, True, True, False]
    assert buckets.take("a").wait == 0.5
    clock.now += 0.5
    assert [buckets.take("a").granted for _ in range(2)] == [True, False]


def test_each_subject_has_a_bucket_of_its_own() -> None:
    buckets = Buckets(1.0, 1, Hand())
    assert [buckets.take(subject).granted for subject in ("a", "b", "a")] == [True, True, False]


def test_buckets_of_those_who_are_gone_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(throttle, "_MOST_SUBJECTS", 3)
    clock = Hand()
    buckets = Buckets(1.0, 1, clock)
    for subject in "abc":
        buckets.take(subject)
    clock.now += 2
    buckets.take("d")
    assert set(buckets._held) == {"d"}


@pytest.fixture
def app(tmp_path: Path) -> flask.Flask:
    app = services.build("evaluation", TokenIssuer(tmp_path / "keys"))
    services.close(app)
    bare = flask.Flask("bare")
    bare.register_error_handler(throttle.TooMany, app.error_handler_spec[None][None][Refusal])
    bare.extensions["nenep"] = app.extensions["nenep"]

    @bare.before_request
    def somebody() -> None:
        subject = flask.request.args.get("subject")
        if subject:
            flask.g.actor = type("Actor", (), {"subject": subject})()

    bare.add_url_rule("/", view_func=lambda: "answered")
    throttle.install(bare, 0.5, 2)
    return bare


def test_who_asks_too_often_is_told_when_to_come_again(app: flask.Flask) -> None:
    answers = [app.test_client().get("/?subject=a") for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert answers[0].headers["RateLimit-Policy"] == '"token";q=2;w=4'
    assert [answer.headers["RateLimit"].split(";")[1] for answer in answers] == ["r=1", "r=0", "r=0"]
    assert answers[2].headers["Retry-After"] == "2"
    assert answers[2].get_json(force=True)["rule"] == "too-many-requests"
    assert app.test_client().get("/?subject=b").status_code == 200
    assert "RateLimit" not in app.test_client().get("/").headers
