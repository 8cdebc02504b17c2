"""The tables a workbook may hold: their columns, in the words of people, and what each column's cells may be."""

from collections.abc import Mapping
from typing import Any, Final, Literal

import msgspec

from services.registry.domain import words
from services.registry.domain.words import Words
from shared.errors import Text

Rows = Literal["units", "members", "villages"]
"""What the rows of a table are, as POST /v1/imports names them."""

Sort = Literal["code", "digits", "text", "day", "word"]
"""What a column holds: a code (no white space), digits that no one adds up (a phone, a card), text, a day, a word."""


class Column(msgspec.Struct, frozen=True, kw_only=True):
    """A column: `field` of the row it fills, its header, what it means, and what may stand in it.

    `most` is the longest text in characters; `words` the only words a column of words takes. `also` are further headers
    that are recognised.
    """

    field: str
    header: str
    meaning: Text
    sort: Sort
    required: bool = False
    most: int = 64
    words: Words | None = None
    also: tuple[str, ...] = ()
    width: int = 16

    @property
    def headers(self) -> tuple[str, ...]:
        """Every header that is recognised, folded."""
        return tuple(words.folded(header) for header in (self.header, self.field, *self.also))


class Table(msgspec.Struct, frozen=True, kw_only=True):
    """A table: the rows it holds, the name of its sheet, and its columns in order."""

    rows: Rows
    sheet: str
    columns: tuple[Column, ...]

    def column(self, field: str) -> Column | None:
        """The column that fills `field`."""
        return next((column for column in self.columns if column.field == field), None)


def _column(field: str, header: str, sort: Sort, vi: str, en: str, **more: Any) -> Column:
    return Column(field=field, header=header, sort=sort, meaning=Text(vi, en), **more)


_FROM: Final = _column(
    "valid_from",
    "Từ ngày",
    "day",
    "Ngày đầu tiên mà dòng này đúng.",
    "The first day of which the row is true.",
    required=True,
    also=("Có hiệu lực từ ngày",),
    width=12,
)
_TO: Final = _column(
    "valid_to",
    "Hết hiệu lực từ ngày",
    "day",
    "Ngày đầu tiên mà dòng này không còn đúng. Để trống: đến dòng sau của cùng mã, hoặc đến nay.",
    "The first day of which the row is no longer true. Empty: until the code's next row, or still.",
    width=20,
)

UNITS: Final = Table(
    rows="units",
    sheet="Đơn vị",
    columns=(
        _column(
            "code",
            "Mã đơn vị",
            "code",
            "Mã duy nhất của tổ chức đảng. Nhiều dòng cùng mã là các giai đoạn của một đơn vị.",
            "The unit's only code. Rows of one code are the spans of one unit.",
            required=True,
            width=18,
        ),
        _column(
            "parent_code",
            "Mã cấp trên trực tiếp",
            "code",
            "Mã của đơn vị cấp trên trực tiếp; chỉ tỉnh uỷ để trống.",
            "Code of the unit directly above; empty for a province only.",
            also=("Mã cấp trên",),
            width=22,
        ),
        _column(
            "kind", "Loại tổ chức", "word", "Chọn trong danh sách.", "Choose from the list.",
            required=True, words=words.KINDS, width=28,
        ),
        _column(
            "level", "Cấp", "word", "Chọn trong danh sách.", "Choose from the list.",
            required=True, words=words.LEVELS, width=12,
        ),
        _column(
            "name", "Tên đơn vị", "text", "Tên đầy đủ, trên một dòng.", "The full name, on one line.",
            required=True, most=200, also=("Tên",), width=44,
        ),
        _column(
            "branch_type",
            "Loại hình",
            "word",
            "Chỉ chi bộ và chi bộ cơ sở có loại hình; chọn trong danh sách.",
            "Only a branch or grassroots branch has one; choose from the list.",
            words=words.BRANCH_TYPES,
            width=30,
        ),
        _FROM,
        _TO,
    ),
)  # fmt: skip
MEMBERS: Final = Table(
    rows="members",
    sheet="Đảng viên",
    columns=(
        _column(
            "code",
            "Mã đảng viên",
            "code",
            "Mã duy nhất của đảng viên. Nhiều dòng cùng mã là các giai đoạn của một người.",
            "The member's only code. Rows of one code are the spans of one person.",
            required=True,
            width=18,
        ),
        _column(
            "full_name", "Họ và tên", "text", "Họ trước, tên sau, trên một dòng.", "Family name first, on one line.",
            required=True, most=100, also=("Họ tên", "Họ, tên"), width=28,
        ),
        _column(
            "birth_date", "Ngày sinh", "day", "Đủ ngày, tháng, năm.", "Day, month and year.",
            required=True, also=("Ngày, tháng, năm sinh", "Ngày tháng năm sinh"), width=12,
        ),
        _column(
            "sex", "Giới tính", "word", "Chọn trong danh sách.", "Choose from the list.",
            words=words.SEXES, width=10,
        ),
        _column("ethnicity", "Dân tộc", "text", "Tên dân tộc.", "Ethnic group.", most=50, width=14),
        _column(
            "phone", "Điện thoại", "digits", "Định dạng văn bản, để giữ số 0 ở đầu.", "As text: it keeps the first 0.",
            most=30, also=("Số điện thoại",), width=18,
        ),
        _column(
            "card_number", "Số thẻ đảng viên", "digits", "Định dạng văn bản.", "Number of the member's card, as text.",
            most=30, also=("Số thẻ", "Số thẻ đảng"), width=18,
        ),
        _column("address", "Địa chỉ", "text", "Nơi ở, trên một dòng.", "Where they live.", most=200, width=36),
        _column(
            "unit_code",
            "Mã chi bộ",
            "code",
            "Mã của chi bộ, hoặc chi bộ cơ sở, nơi đảng viên sinh hoạt.",
            "Code of the branch they stand in.",
            required=True,
            width=18,
        ),
        _column(
            "agency", "Mã cơ quan công tác", "digits", "Chi bộ ghép: mã ngắn của cơ quan, không phải tên.",
            "For joint branches: the short code of the agency, not its name.", most=20, width=20,
        ),
        _column(
            "kind", "Loại đảng viên", "word", "Chọn trong danh sách.", "Official or probationary; of the list.",
            required=True, words=words.MEMBER_KINDS, also=("Diện đảng viên",), width=14,
        ),
        _column(
            "status", "Tình trạng", "word", "Chọn trong danh sách.", "Choose from the list.",
            required=True, words=words.STATUSES, width=28,
        ),
        _column(
            "post", "Chức vụ trong chi bộ", "word", "Chọn trong danh sách; để trống: không có.",
            "Choose from the list; empty: none.", words=words.POSTS, also=("Chức vụ",), width=20,
        ),
        _FROM,
        _TO,
    ),
)  # fmt: skip
VILLAGES: Final = Table(
    rows="villages",
    sheet="Thôn, làng",
    columns=(
        _column(
            "code", "Mã thôn", "code", "Mã duy nhất của thôn, làng, tổ dân phố.", "The village's only code.",
            required=True, also=("Mã thôn, làng",), width=18,
        ),
        _column(
            "name", "Tên thôn", "text", "Tên đầy đủ, trên một dòng.", "The full name, on one line.",
            required=True, most=200, also=("Tên thôn, làng",), width=36,
        ),
        _column(
            "unit_code",
            "Mã đảng bộ của xã",
            "code",
            "Mã tổ chức đảng của xã, phường mà thôn thuộc về; không phải chi bộ.",
            "Code of the organisation of the commune it belongs to, which is no branch.",
            required=True,
            width=20,
        ),
        _column(
            "branch_code", "Mã chi bộ", "code", "Chi bộ của thôn; để trống: chưa có chi bộ.",
            "The branch it has or shares; empty: none.", width=18,
        ),
        _column(
            "branch_elsewhere", "Chi bộ của đảng bộ khác", "word", "Có: sinh hoạt ghép với chi bộ của đảng bộ lân cận.",
            "“Có”: the branch belongs to a neighbouring organisation.", words=words.TRUTHS, width=22,
        ),
        _column(
            "head", "Trưởng thôn", "word", "Chọn trong danh sách.", "Who heads it; choose from the list.",
            required=True, words=words.HEADS, width=20,
        ),
        _column(
            "head_code", "Mã đảng viên của trưởng thôn", "code", "Nêu khi trưởng thôn là đảng viên; có thể để trống.",
            "The member who heads it, if they are one; may stay empty.", width=28,
        ),
        _FROM,
        _TO,
    ),
)  # fmt: skip
TABLES: Final[Mapping[Rows, Table]] = {table.rows: table for table in (UNITS, MEMBERS, VILLAGES)}
BY_SHEET: Final[Mapping[str, Table]] = {words.folded(table.sheet): table for table in TABLES.values()}
GUIDE: Final = "Hướng dẫn"
RESULT: Final = "Kết quả"
LISTS: Final = "Danh mục"
NOT_READ: Final = frozenset(words.folded(name) for name in (GUIDE, RESULT, LISTS))
"""Sheets of ours that hold no rows."""
