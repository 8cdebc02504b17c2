"""The live page of a unit: a frame without figures; its script fetches them with the reader's token."""

import flask

page = flask.Blueprint("page", __name__)


@page.get("/")
def live() -> flask.Response:
    """The page; nothing in it depends on who asks."""
    answer = flask.make_response(flask.render_template("live.html"))
    answer.headers["Content-Security-Policy"] = (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self';"
        " base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
    answer.headers["Referrer-Policy"] = "no-referrer"
    answer.headers["Cache-Control"] = "no-cache"
    return answer
