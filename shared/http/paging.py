"""Cursor paging: a page names where the next begins, so that rows added meanwhile neither repeat nor hide others."""

import base64
import binascii
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import marshmallow
import msgspec
from marshmallow import fields

from shared.errors import Refusal, Text
from shared.http.blueprint import Schema

T = TypeVar("T")
K = TypeVar("K")


class PageQuery(Schema):
    """`?limit=&cursor=`"""

    limit = fields.Integer(
        load_default=100,
        validate=marshmallow.validate.Range(1, 1000),
        metadata={"description": "Rows of a page, 1 to 1000."},
    )
    cursor = fields.String(
        load_default=None, metadata={"description": "Where the page begins: `next_cursor` of the page before."}
    )


class Page(msgspec.Struct, frozen=True):
    """A page of rows, and the cursor of the next page (None on the last)."""

    items: Sequence[Any]
    next_cursor: str | None


def page(rows: Sequence[T], limit: int, key: Callable[[T], Sequence[Any]]) -> Page:
    """A page from up to `limit + 1` rows; the next query starts after the sort key (`key`) of this page's last."""
    if len(rows) <= limit:
        return Page(rows, None)
    raw = msgspec.json.encode(key(rows[limit - 1]))
    return Page(rows[:limit], base64.urlsafe_b64encode(raw).decode().rstrip("="))


def after(cursor: str | None, kind: type[K]) -> K | None:
    """The sort key a cursor stands for, as a `kind` (a tuple type). Raises Refusal when it is not one of ours."""
    if cursor is None:
        return None
    try:
        raw = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        # PostgreSQL's text holds no NUL, so no key of ours has one.
        return msgspec.json.decode(b"" if rb"\u0000" in raw else raw, type=kind)
    except (ValueError, binascii.Error, msgspec.DecodeError):
        raise Refusal(
            "cursor",
            Text("cursor không đúng; hãy lấy next_cursor của trang trước.", "cursor is not ours; use next_cursor."),
        ) from None
