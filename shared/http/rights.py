"""The authorisation table: every route of a service and who may use it. A route that is not in it answers nobody.

`tests/contract/test_rights.py` walks the table and the routes of every service.
"""

from typing import Literal

import flask
import msgspec

from shared.auth import InvalidToken, Role
from shared.errors import Forbidden, Refusal, Text
from shared.http.context import service, undecided

Scope = Literal["unit", "own", "any"]


class Right(msgspec.Struct, frozen=True):
    """Who may use a route.

    `public` needs no token. Otherwise one of `roles` must be held, and with scope `unit` the door must decide on a
    unit (`context.require`) before its answer is given out; `own` and `any` say why it need not.
    """

    roles: frozenset[Role] = frozenset()
    scope: Scope = "unit"
    public: bool = False


PUBLIC = Right(public=True)
Table = dict[str, Right]
"""`"POST /v1/units"` → its right; path parameters as Flask writes them."""


class Unauthorized(Refusal):
    status = 401


def install(app: flask.Flask, table: Table) -> None:
    """Guard every route of `app` with `table`."""

    @app.before_request
    def authorise() -> None:
        if flask.request.url_rule is None:
            return  # no such route: 404 tells nothing that is not in the published documentation
        right = table.get(f"{_method()} {flask.request.url_rule.rule}")
        if right is None:
            raise Forbidden("no-right", Text("Không ai được dùng địa chỉ này.", "Nobody may use this address."))
        flask.g.right = right
        if right.public:
            return
        try:
            flask.g.actor = service().verifier.actor(flask.request.headers.get("Authorization"))
        except InvalidToken:
            raise Unauthorized(
                "token",
                Text(
                    "Cần một mã truy cập còn hiệu lực (Authorization: Bearer …). Hãy đăng nhập lại.",
                    "A valid bearer token is needed. Sign in again.",
                ),
            ) from None
        flask.g.roles = right.roles
        if not any(grant.role in right.roles for grant in flask.g.actor.grants):
            raise Forbidden(
                "role",
                Text(
                    f"Cần một trong các vai trò: {', '.join(sorted(right.roles))}.",
                    f"One of these roles is needed: {', '.join(sorted(right.roles))}.",
                ),
            )

    @app.after_request
    def undecided_is_denied(answer: flask.Response) -> flask.Response:
        if answer.status_code < 400 and undecided():
            raise AssertionError(f"{_method()} {flask.request.path} answered without deciding on a unit")
        return answer


def _method() -> str:
    return "GET" if flask.request.method == "HEAD" else flask.request.method
