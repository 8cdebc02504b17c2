"""Deny by default: every route is in the authorisation table, and answers nobody without a token unless it says so."""

import importlib
import re

import flask
import pytest

from shared.http.app import COMMON_RIGHTS
from shared.http.rights import Table
from tests.support import services


def _table(app: flask.Flask) -> Table:
    own: Table = importlib.import_module(f"{app.import_name}.rights").RIGHTS
    return COMMON_RIGHTS | own


def _request(route: str) -> tuple[str, str]:
    """The method of a route, and its path with an id in each place for one."""
    method, rule = route.split(" ", 1)
    path = re.sub(r"<uuid:\w+>", "0197b6c0-0000-7000-8000-000000000001", rule)
    path = re.sub(r"<\w+>", "name", path)
    assert "<" not in path, route
    return method, path


def test_every_route_is_in_the_table(app: flask.Flask) -> None:
    assert services.routes(app) - set(_table(app)) == set()


def test_the_table_names_no_route_that_is_not_there(app: flask.Flask) -> None:
    assert set(_table(app)) - services.routes(app) - set(COMMON_RIGHTS) == set()


def test_every_right_names_roles_or_is_public(app: flask.Flask) -> None:
    assert [route for route, right in _table(app).items() if right.public == bool(right.roles)] == []


def test_no_route_answers_without_a_token(app: flask.Flask) -> None:
    guarded = [route for route, right in _table(app).items() if not right.public]
    assert guarded
    for route in guarded:
        method, path = _request(route)
        answer = app.test_client().open(path, method=method)
        assert (answer.status_code, answer.content_type) == (401, "application/problem+json"), route
        assert answer.headers["WWW-Authenticate"] == "Bearer"


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer x.y.z", "Basic YTpi"])
def test_a_token_that_is_none_is_refused(app: flask.Flask, header: str) -> None:
    route = next(route for route, right in _table(app).items() if not right.public and route.startswith("GET"))
    method, path = _request(route)
    answer = app.test_client().open(path, method=method, headers={"Authorization": header})
    assert answer.status_code == 401
    assert answer.get_json(force=True)["rule"] == "token"
