"""The table of docs/registry.md: what each form of cell says in each sort of column."""

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.registry.domain.cells import BLANK, Cell, Declared, Unread, escaped, read, unescaped
from services.registry.domain.sheets import letters
from services.registry.domain.tables import MEMBERS, UNITS, Column

D = Declared()
KEEP = Declared(number_as_text="keep")
AMERICAN = Declared(dates="mm/dd/yyyy")


def column(field: str) -> Column:
    """A column of one of the tables."""
    found = MEMBERS.column(field) or UNITS.column(field)
    assert found is not None
    return found


READ: list[tuple[str, Cell, Declared, object]] = [
    ("code", Cell("text", " 00123 "), D, "00123"),
    ("code", Cell("number", 123), KEEP, "123"),
    ("code", Cell("number", 123.0), KEEP, "123"),
    ("phone", Cell("text", "0269 3 000 000"), D, "0269 3 000 000"),
    ("full_name", Cell("text", "Nguyễn  Mẫu An "), D, "Nguyễn Mẫu An"),
    ("full_name", Cell("text", "=Nguyễn"), D, "=Nguyễn"),
    ("sex", Cell("text", "NỮ"), D, "female"),
    ("sex", Cell("text", "female"), D, "female"),
    ("sex", Cell("text", "N\u01b0\u0303"), D, "female"),
    ("sex", BLANK, D, None),
    ("sex", Cell("text", "  "), D, None),
    ("kind", Cell("text", "dự  bị"), D, "probationary"),
    ("birth_date", Cell("moment", datetime(1980, 5, 19)), D, date(1980, 5, 19)),  # noqa: DTZ001 - a sheet's day
    ("birth_date", Cell("moment", date(1980, 5, 19)), D, date(1980, 5, 19)),
    ("birth_date", Cell("text", "03/04/2025"), D, date(2025, 4, 3)),
    ("birth_date", Cell("text", "03/04/2025"), AMERICAN, date(2025, 3, 4)),
    ("birth_date", Cell("text", "3/4/2025"), D, date(2025, 4, 3)),
    ("birth_date", Cell("text", "2025-04-03"), D, date(2025, 4, 3)),
    ("valid_to", BLANK, D, None),
]
REFUSED: list[tuple[str, Cell, Declared, str]] = [
    ("code", BLANK, D, "needed"),
    ("code", Cell("text", " "), D, "needed"),
    ("code", Cell("text", "GL 01"), D, "code"),
    ("code", Cell("text", "x" * 65), D, "code"),
    ("code", Cell("number", 123), D, "number-not-text"),
    ("code", Cell("number", 12.5), KEEP, "number-not-text"),
    ("code", Cell("number", -1), KEEP, "number-not-text"),
    ("code", Cell("number", 10**15), KEEP, "number-not-text"),
    ("phone", Cell("number", 2693000000), D, "number-not-text"),
    ("full_name", Cell("number", 7), KEEP, "not-text"),
    ("full_name", Cell("truth", True), D, "not-text"),
    ("full_name", Cell("moment", date(2025, 1, 1)), D, "not-text"),
    ("full_name", Cell("text", "Nguyễn\nMẫu"), D, "text"),
    ("full_name", Cell("text", "x" * 101), D, "text"),
    ("sex", Cell("text", "nam nữ"), D, "one-of"),
    ("sex", Cell("number", 1), D, "not-text"),
    ("birth_date", Cell("number", 29360), D, "number-not-date"),
    ("birth_date", Cell("number", 1980), KEEP, "number-not-date"),
    ("birth_date", Cell("text", "1980"), D, "date-text"),
    ("birth_date", Cell("text", "19/5/80"), D, "date-text"),
    ("birth_date", Cell("text", "31/02/1980"), D, "date-text"),
    ("birth_date", Cell("text", "05/19/1980"), D, "date-text"),
    ("birth_date", Cell("text", "19.5.1980"), D, "date-text"),
    ("birth_date", Cell("moment", datetime(1980, 5, 19, 7)), D, "date-with-time"),  # noqa: DTZ001 - a sheet's day
    ("birth_date", Cell("moment", time(7)), D, "time-without-date"),
    ("birth_date", Cell("moment", timedelta(days=1)), D, "time-without-date"),
    ("birth_date", Cell("truth", True), D, "not-text"),
    *[(field, Cell("formula", "=A1"), D, "formula") for field in ("code", "full_name", "birth_date", "sex", "phone")],
    *[
        (field, Cell("error", "#N/A"), D, "error-value")
        for field in ("code", "full_name", "birth_date", "sex", "phone")
    ],
]


@pytest.mark.parametrize(("field", "cell", "declared", "value"), READ)
def test_a_cell_is_read_as_what_it_says(field: str, cell: Cell, declared: Declared, value: object) -> None:
    assert read(column(field), cell, declared) == value


@pytest.mark.parametrize(("field", "cell", "declared", "rule"), REFUSED)
def test_a_cell_is_refused_with_its_rule_and_remedy(field: str, cell: Cell, declared: Declared, rule: str) -> None:
    found = read(column(field), cell, declared)

    assert isinstance(found, Unread)
    assert found.rule == rule
    assert found.message.vi
    assert found.message.en


@given(st.text())
def test_what_is_escaped_for_a_csv_file_is_the_same_when_read(text: str) -> None:
    written = escaped(text)

    assert unescaped(written) == text
    assert not written.startswith(("=", "+", "-", "@", "\t", "\r"))


def test_columns_have_letters_as_spreadsheets_write_them() -> None:
    assert [letters(number) for number in (1, 26, 27, 52, 703, 16384)] == ["A", "Z", "AA", "AZ", "AAA", "XFD"]
