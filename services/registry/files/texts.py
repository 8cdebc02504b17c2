"""Text in the cells of workbooks we write: never a formula, and the same when it is read again."""

import re
from typing import Any, Final

from openpyxl.cell import Cell, WriteOnlyCell

_LIKE_ESCAPE: Final = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_LIKE_FORMULA: Final = ("=", "+", "-", "@", "'")


def put_text(cell: Cell, text: str) -> Cell:
    """Write `text` into `cell` as text, whatever it looks like.

    openpyxl takes a text that begins with "=" for a formula, and `_x0041_` is an escape in the format (ECMA-376
    22.4.2.4). With the quote prefix a spreadsheet leaves the text alone when somebody edits the cell.
    """
    cell.value = _LIKE_ESCAPE.sub("_x005F_", text)
    cell.data_type = "s"
    if text.startswith(_LIKE_FORMULA):
        cell.quotePrefix = True
    return cell


def text_cell(sheet: Any, text: str) -> Cell:
    """A cell of text for a write-only sheet."""
    return put_text(WriteOnlyCell(sheet), text)
