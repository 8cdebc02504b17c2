"""Which version of a thing a request was based on, by its header If-Match (RFC 9110, 13.1.1)."""

import re
from typing import Final

import flask

from shared.errors import Refusal, Text

_TAG: Final = re.compile(r'(?:W/)?"?([0-9]{1,18})"?')


def if_match() -> int | None:
    """The version this request was based on; None where it says none, or any (`*`). Raises Refusal."""
    header = flask.request.headers.get("If-Match", "*").strip()
    if header == "*":
        return None
    match = _TAG.fullmatch(header)
    if match is None:
        raise Refusal(
            "if-match", Text('If-Match phải là một phiên bản, ví dụ "7".', 'If-Match is a version, for example "7".')
        )
    return int(match[1])
