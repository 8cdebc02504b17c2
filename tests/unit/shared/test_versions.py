"""If-Match, as the doors read it."""

import flask
import pytest

from shared.errors import Refusal
from shared.http.versions import if_match


def _read(header: str | None) -> int | None:
    headers = {} if header is None else {"If-Match": header}
    with flask.Flask(__name__).test_request_context(headers=headers):
        return if_match()


@pytest.mark.parametrize(
    ("header", "version"),
    [
        (None, None),
        ("*", None),
        (" * ", None),
        ('"7"', 7),
        ('W/"7"', 7),
        ("7", 7),
        (' "12" ', 12),
        ('"999999999999999999"', 999_999_999_999_999_999),
    ],
)
def test_a_version_is_read_as_clients_write_it(header: str | None, version: int | None) -> None:
    assert _read(header) == version


@pytest.mark.parametrize("header", ["", "abc", '"7", "8"', "-1", '"1.5"', "w/7", '"1000000000000000000"', '"7"x'])
def test_what_is_no_version_is_refused(header: str) -> None:
    with pytest.raises(Refusal) as refused:
        _read(header)
    assert refused.value.rule == "if-match"
    assert '"7"' in refused.value.message.vi
