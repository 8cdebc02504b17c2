"""CSV files: UTF-8 with or without a BOM, or UTF-16; cells parted by commas, semicolons or tabs."""

import csv
import io
from collections.abc import Iterator, Sequence
from typing import Final

from services.registry.domain import words
from services.registry.domain.cells import BLANK, Cell, unescaped
from services.registry.domain.sheets import FileMapping
from services.registry.domain.tables import TABLES
from services.registry.files.kinds import UTF16, Limits
from services.registry.files.refusals import FileRefused, too_large
from services.registry.files.sheets import Range
from shared.errors import Text

NAME: Final = "CSV"
"""What the one sheet of a CSV file is called."""
_DELIMITERS: Final = (",", ";", "\t")
_HEADERS: Final = frozenset(
    header for table in TABLES.values() for column in table.columns for header in column.headers
)


class CsvSheet:
    """The one sheet of a CSV file (files/sheets.py: Sheet). Nothing in it is merged or hidden."""

    def __init__(self, content: bytes, mapping: FileMapping, limits: Limits) -> None:
        self.name = NAME
        self.hidden = False
        self.merged: Sequence[Range] = ()
        self.hidden_columns: frozenset[int] = frozenset()
        self.hidden_rows: frozenset[int] = frozenset()
        self._limits = limits
        self._text = _decoded(content)
        said = mapping.of(NAME)
        headers = {words.folded(header) for header in (said.columns if said else ())} | _HEADERS
        self._delimiter = _delimiter(self._text, said.header_row if said else 1, headers)

    def rows(self) -> Iterator[tuple[int, list[Cell]]]:
        """See Sheet. Rows are counted as a spreadsheet would: blank lines too."""
        lines = csv.reader(io.StringIO(self._text, newline=""), delimiter=self._delimiter, strict=True)
        number = 0
        while True:
            try:
                values = next(lines, None)
            except csv.Error as error:
                raise _malformed(lines.line_num, str(error)) from None
            if values is None:
                return
            number += 1
            if len(values) > self._limits.columns:
                raise too_large(f"dòng {number} có {len(values)} ô", f"row {number} has {len(values)} cells", 200)
            if any(values):
                yield number, [Cell("text", unescaped(value)) if value else BLANK for value in values]

    def expected_rows(self) -> int:
        """About how many rows there are."""
        return self._text.count("\n") + 1


def _decoded(content: bytes) -> str:
    encoding = "utf-16" if content.startswith(UTF16) else "utf-8-sig"
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        raise FileRefused(
            "file-encoding",
            Text(
                f"Tệp CSV không phải UTF-8 (hỏng từ byte {error.start}). Trong Excel hãy lưu dạng “CSV UTF-8”; mã cũ "
                "(TCVN3, VNI) phải chuyển trước.",
                f"The CSV file is not UTF-8 (broken at byte {error.start}). Save it as “CSV UTF-8”; old Vietnamese "
                "encodings (TCVN3, VNI) must be converted first.",
            ),
        ) from None


def _delimiter(text: str, header_row: int, headers: set[str]) -> str:
    """The delimiter that makes most known headers of the header row; with none known, the one that makes most cells."""

    def fit(delimiter: str) -> tuple[int, int]:
        try:
            for number, values in enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), 1):
                if number == header_row:
                    return sum(words.folded(value.rstrip("* ")) in headers for value in values), len(values)
        except csv.Error:
            pass  # said with its line when the rows are read
        return 0, 0

    return max(_DELIMITERS, key=fit)


def _malformed(line: int, what: str) -> FileRefused:
    return FileRefused(
        "file-csv",
        Text(
            f"Dòng {line} của tệp CSV sai dấu nháy hoặc dấu phân cách ({what}). Hãy mở bằng Excel, lưu lại.",
            f"Line {line} of the CSV file has wrong quotes or delimiters ({what}). Save it again in Excel.",
        ),
    )
