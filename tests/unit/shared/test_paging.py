"""Pages and their cursors."""

import base64
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.errors import Refusal
from shared.http.paging import PageQuery, after, page


class Place(NamedTuple):
    """A sort key of two columns."""

    name: str
    number: int


@given(st.lists(st.integers(), unique=True, max_size=50).map(sorted), st.integers(1, 10))
def test_pages_together_are_the_rows_each_once(rows: list[int], limit: int) -> None:
    seen: list[Any] = []
    cursor, pages = None, 0
    while True:
        start = after(cursor, tuple[int])
        rest = [row for row in rows if start is None or row > start[0]]
        given_page = page(rest[: limit + 1], limit, lambda row: (row,))
        seen += given_page.items
        pages += 1
        cursor = given_page.next_cursor
        if cursor is None:
            break
    assert seen == rows
    assert pages == max(1, -(-len(rows) // limit))


@given(st.text(st.characters(codec="utf-8", exclude_characters="\x00")), st.integers(-(2**60), 2**60))
def test_a_cursor_keeps_its_key_and_fits_into_an_address(name: str, number: int) -> None:
    cursor = page([Place(name, number), Place("", 0)], 1, lambda row: row).next_cursor
    assert cursor is not None
    assert cursor.isascii()
    assert not set(cursor) & set("+/=&?#% ")
    assert after(cursor, Place) == Place(name, number)


@pytest.mark.parametrize("cursor", ["", "x", "%%%", "bm9uc2Vuc2U", "WzEsMl0", "é"])
def test_a_cursor_that_is_not_ours_is_refused_with_what_to_do(cursor: str) -> None:
    with pytest.raises(Refusal) as refused:
        after(cursor, tuple[datetime, UUID])
    assert (refused.value.status, refused.value.rule) == (400, "cursor")
    assert "next_cursor" in refused.value.message.vi


@pytest.mark.parametrize(("limit", "valid"), [("1", True), ("1000", True), ("0", False), ("1001", False), ("x", False)])
def test_a_page_has_1_to_1000_rows(limit: str, valid: bool) -> None:
    assert bool(PageQuery().validate({"limit": limit})) is not valid
    assert PageQuery().load({})["limit"] == 100


def test_a_cursor_that_postgresql_could_not_compare_is_refused() -> None:
    with pytest.raises(Refusal) as refused:
        after(base64.urlsafe_b64encode(rb'"GL\u0000"').decode(), str)
    assert refused.value.rule == "cursor"
