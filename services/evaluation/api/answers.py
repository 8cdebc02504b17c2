"""How figures are answered: the figures that were chosen, as JSON or CSV, with a tag and for how long they may be kept.

CSV is UTF-8 with a byte order mark, by which Excel knows it; its headers are the names of the members and figures, in
the order in which they were chosen (or of the catalogue), and stay as they are.
"""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from hashlib import sha256
from typing import Any, Final
from urllib.parse import urlencode

import flask
import msgspec

from services.evaluation import figures
from services.evaluation.views.cards import Scorecard
from services.evaluation.views.stamps import Stamp

CSV: Final = "text/csv; charset=utf-8"
DOCUMENTED: Final = {"responses": {200: {"content": {"text/csv": {"schema": {"type": "string"}}}}}}
"""For the OpenAPI page: the answer as CSV."""
_CARD: Final = ("unit_id", "code", "name", "kind", "level", "period", "version", "computed_at")
_OPEN_FOR, _CLOSED_FOR = 1, 300  # seconds an answer may be used without asking again
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


def kept(stamp: Stamp) -> flask.Response | None:
    """Tag the answer of this request with `stamp`; the whole answer, 304, when the reader has it already."""
    query = sorted(flask.request.args.items(multi=True))
    form = "csv" if wants_csv() else "json"
    tag = sha256(repr((stamp.text, flask.request.path, query, form)).encode()).hexdigest()[:32]
    seconds = _CLOSED_FOR if stamp.is_closed else _OPEN_FOR

    @flask.after_this_request
    def mark(answer: flask.Response) -> flask.Response:
        if answer.status_code < 400:
            answer.set_etag(tag)
            answer.headers["Cache-Control"] = f"private, max-age={seconds}"
            answer.vary.update(["Authorization", "Accept"])
        return answer

    return flask.Response(status=304) if flask.request.if_none_match.contains_weak(tag) else None


def kept_by_content(is_past: bool | None = None) -> None:
    """Tag the answer of this request by what it says, and make it 304 when the reader has just that.

    `is_past`: whether its months are over for good, so that it may be used for a while; None: always ask again.
    """
    age = "no-cache" if is_past is None else f"max-age={_CLOSED_FOR if is_past else _OPEN_FOR}"

    @flask.after_this_request
    def mark(answer: flask.Response) -> flask.Response:
        if answer.status_code == 200:
            answer.add_etag()
            answer.headers["Cache-Control"] = f"private, {age}"
            answer.vary.update(["Authorization", "Accept"])
            answer.make_conditional(flask.request)
        return answer


def plain(card: Scorecard) -> flask.Response:
    """A scorecard as its schema shows it, encoded straight: the answer that is asked for most."""
    return flask.Response(msgspec.json.encode(card), content_type="application/json")


def wants_csv() -> bool:
    """Whether `format=`, or else `Accept`, asks for CSV."""
    given = flask.request.args.get("format")
    if given is not None:
        return given == "csv"
    return flask.request.accept_mimetypes.best_match(["application/json", "text/csv"]) == "text/csv"


def chosen(card: Scorecard, names: Sequence[str] | None) -> Scorecard:
    """`card` with the figures `names` only (None: all)."""
    if names is None:
        return card
    return msgspec.structs.replace(
        card,
        parts={name: card.parts[name] for name in names if name in card.parts},
        derived={name: card.derived[name] for name in names if name in card.derived},
    )


def columns(names: Sequence[str] | None) -> list[str]:
    """The headers of the scorecards' CSV."""
    return [*_CARD, *(figures.BY_NAME if names is None else names)]


def line(card: Scorecard) -> dict[str, Any]:
    """A scorecard as a line of CSV."""
    return {name: getattr(card, name) for name in _CARD} | card.parts | card.derived


def sheet(headers: Sequence[str], lines: Iterable[Mapping[str, Any]], name: str) -> flask.Response:
    """`lines` as a CSV file under a name for whoever saves it."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(headers)
    writer.writerows([_cell(one.get(header)) for header in headers] for one in lines)
    answer = flask.Response(text.getvalue().encode("utf-8-sig"), content_type=CSV)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return answer


def next_page(answer: flask.Response, cursor: str | None) -> flask.Response:
    """Name the next page in the `Link` header (RFC 8288), where the body has no room for it."""
    if cursor is not None:
        query = flask.request.args.copy()
        query["cursor"] = cursor
        pairs = urlencode(list(query.items(multi=True)))
        answer.headers["Link"] = f'<{flask.request.path}?{pairs}>; rel="next"'
    return answer


def _cell(value: object) -> object:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.isoformat()
    # A text that a spreadsheet would carry out is shown instead (OWASP, "CSV Injection").
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value
