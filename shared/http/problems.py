"""Errors as `application/problem+json` (RFC 9457), in Vietnamese or English by `Accept-Language`."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import flask
import psycopg
from marshmallow import fields
from werkzeug.exceptions import HTTPException

from shared import db, logging
from shared.errors import Fault, Refusal, Text, Unprocessable
from shared.http.blueprint import Schema

_log = logging.get(__name__)
CONTENT_TYPE = "application/problem+json"

# marshmallow's own sentences are English; the ones people meet are said in Vietnamese too.
_VIETNAMESE = {
    "Missing data for required field.": "Thiếu mục bắt buộc.",
    "Field may not be null.": "Không được để trống.",
    "Unknown field.": "Không có mục này.",
    "Not a valid string.": "Phải là văn bản.",
    "Not a valid integer.": "Phải là số nguyên.",
    "Not a valid number.": "Phải là số.",
    "Not a valid boolean.": "Phải là đúng hoặc sai.",
    "Not a valid UUID.": "Phải là một mã UUID.",
    "Not a valid date.": "Phải là ngày, viết như 2025-06-30.",
    "Not a valid datetime.": "Phải là thời điểm, viết như 2025-06-03T19:30:00+07:00.",
    "Not a valid aware datetime.": "Thời điểm phải kèm múi giờ, viết như 2025-06-03T19:30:00+07:00.",
    "Not a valid list.": "Phải là một danh sách.",
    "Not a valid mapping type.": "Phải là một nhóm mục.",
    "Invalid input type.": "Sai kiểu dữ liệu.",
    "Invalid input.": "Dữ liệu không đúng.",
    "Not a valid email address.": "Phải là một địa chỉ thư điện tử.",
    "String does not match expected pattern.": "Văn bản không đúng dạng quy định; xem ví dụ trong tài liệu của API.",
    "Number too large.": "Số quá lớn.",
    "Invalid JSON body.": "Nội dung gửi lên không phải JSON hợp lệ (mã UTF-8). Kiểm tra dấu ngoặc, dấu phẩy.",
}
_VIETNAMESE_WITH_VALUES = [
    (re.compile(r"Must be one of: (?P<choices>.*)\.", re.DOTALL), "Phải là một trong: {choices}."),
    (
        re.compile(r"Must be greater than or equal to (?P<least>\S+) and less than or equal to (?P<most>\S+)\."),
        "Phải từ {least} đến {most}.",
    ),
    (re.compile(r"Must be greater than or equal to (?P<least>\S+)\."), "Phải từ {least} trở lên."),
    (re.compile(r"Must be less than or equal to (?P<most>\S+)\."), "Không được quá {most}."),
    (re.compile(r"Shorter than minimum length (?P<least>\d+)\."), "Ngắn quá: cần ít nhất {least}."),
    (re.compile(r"Longer than maximum length (?P<most>\d+)\."), "Dài quá: nhiều nhất là {most}."),
    (re.compile(r"One or more of the choices you made was in: .*", re.DOTALL), "Có ký tự không dùng được."),
    (re.compile(r"Length must be between (?P<least>\d+) and (?P<most>\d+)\."), "Độ dài phải từ {least} đến {most}."),
]
_MOST_FAULTS = 1000  # an import of a whole province can be wrong in every row
_HTTP = {
    400: "Yêu cầu không đọc được.",
    404: "Không có địa chỉ này.",
    405: "Địa chỉ này không nhận phương thức đó.",
    413: "Dữ liệu gửi lên quá lớn.",
    415: "Hãy gửi dữ liệu dạng application/json.",
    422: "Dữ liệu chưa đúng; chưa có gì được lưu.",
}


class FaultSchema(Schema):
    """One field or row that breaks a rule."""

    field = fields.String(metadata={"description": "Where: a path into the request.", "example": "members[17].kind"})
    rule = fields.String(metadata={"description": "The rule's stable name."})
    message = fields.String(metadata={"description": "What is wrong and what to do, in the language asked for."})
    source = fields.String(metadata={"description": "The rule's issuer and citation, where it has one."})


class ProblemSchema(Schema):
    """A problem document (RFC 9457)."""

    type = fields.String(metadata={"description": "urn:nenep:problem: and the rule."})
    title = fields.String(metadata={"description": "The rule."})
    status = fields.Integer(metadata={"description": "The HTTP status."})
    detail = fields.String(metadata={"description": "What happened and what to do, in the language asked for."})
    rule = fields.String(metadata={"description": "The stable name of what refused the request."})
    source = fields.String(metadata={"description": "The rule's issuer and citation, where it has one."})
    request_id = fields.String(metadata={"description": "To be told to the administrator; it is in the logs."})
    errors = fields.List(fields.Nested(FaultSchema), metadata={"description": "Every field or row at fault."})


def install(app: flask.Flask) -> None:
    """Answer every error of `app` with a problem document."""
    app.register_error_handler(Refusal, _refused)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(psycopg.Error, _database)
    app.register_error_handler(Exception, _defect)


def english() -> bool:
    """Whether the reader asks for English before Vietnamese."""
    return flask.request.accept_languages.best_match(["vi", "en"], default="vi") == "en"


def _say(text: Text) -> str:
    return text.en if english() else text.vi


def problem(status: int, rule: str, message: Text, faults: Sequence[Fault] = (), source: str | None = None) -> Any:
    """The answer: `type` and `rule` are stable names, `detail` is for people, `errors` names fields and rows."""
    document: dict[str, Any] = {
        "type": f"urn:nenep:problem:{rule}",
        "title": rule,
        "status": status,
        "detail": _say(message),
        "rule": rule,
        "request_id": flask.g.get("request_id"),
    }
    if source:
        document["source"] = source
    if faults:
        document["errors"] = [
            {"field": fault.field, "rule": fault.rule, "message": _say(fault.message)}
            | ({"source": fault.source} if fault.source else {})
            for fault in faults[:_MOST_FAULTS]
        ]
    answer = flask.Response(flask.json.dumps(document), status=status, content_type=CONTENT_TYPE)
    answer.headers["Content-Language"] = "en" if english() else "vi"
    if status == 401:
        answer.headers["WWW-Authenticate"] = "Bearer"
    return answer


def _refused(error: Refusal) -> Any:
    answer = problem(error.status, error.rule, error.message, error.faults, error.source)
    if error.retry_after is not None:
        answer.headers["Retry-After"] = str(error.retry_after)
    return answer


def _http(error: HTTPException) -> Any:
    messages = (getattr(error, "data", None) or {}).get("messages")
    if messages:
        return _refused(Unprocessable.of(list(faults_of(messages))))
    status = error.code or 500
    detail = _HTTP.get(status, "Yêu cầu không thực hiện được.")
    return problem(status, f"http-{status}", Text(detail, error.description or error.name))


def _database(error: Exception) -> Any:
    if not db.is_transient(error):
        return _defect(error)
    _log.warning("request refused, database away", cause=type(error).__name__)
    answer = problem(
        503,
        "try-again",
        Text(
            "Hệ thống đang bận; chưa có gì được lưu. Hãy gửi lại sau ít giây.", "Busy; nothing was saved. Send again."
        ),
    )
    answer.headers["Retry-After"] = "2"
    return answer


def _defect(error: Exception) -> Any:
    _log.exception("request failed", cause=type(error).__name__)
    return problem(
        500,
        "defect",
        Text(
            "Hệ thống gặp lỗi; chưa có gì được lưu. Hãy báo người quản trị mã yêu cầu này.",
            "Something broke here; nothing was saved. Give the administrator this request id.",
        ),
    )


def faults_of(messages: Mapping[str, Any]) -> Iterator[Fault]:
    """marshmallow's nested messages as faults; the outermost level names the place (json, query)."""
    for inner in messages.values():
        yield from _walk("", inner)


def _walk(path: str, node: Any) -> Iterator[Fault]:
    if isinstance(node, Mapping):
        # marshmallow's Dict tells a wrong key from a wrong value; a row of a list may have a member `value` of its own.
        if path and not path.endswith("]") and node.keys() <= {"key", "value"}:
            for inner in node.values():
                yield from _walk(path, inner)
            return
        for name, inner in node.items():
            step = f"[{name}]" if isinstance(name, int) else (f".{name}" if path else str(name))
            yield from _walk(path if name == "_schema" else path + step, inner)
        return
    for message in node if isinstance(node, list) else [node]:
        if isinstance(message, Fault):
            yield Fault(path or message.field, message.rule, message.message, message.source)
        else:
            text = str(message)
            yield Fault(path or "(body)", "field", Text(_in_vietnamese(text), text))


def _in_vietnamese(text: str) -> str:
    if text in _VIETNAMESE:
        return _VIETNAMESE[text]
    for pattern, said in _VIETNAMESE_WITH_VALUES:
        match = pattern.fullmatch(text)
        if match is not None:
            return said.format(**match.groupdict())
    return text
