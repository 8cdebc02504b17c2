"""Checks of single fields that say in both languages what is wrong."""

from collections.abc import Callable, Collection
from datetime import date

from marshmallow import ValidationError, fields

from services.registry.domain.members import EARLIEST_BIRTH
from services.registry.domain.spans import FAR, vi
from shared.errors import Fault, Text
from shared.months import is_month


def one_of(words: Collection[str], description: str, *, example: str | None = None) -> fields.String:
    """A required field that holds one of `words`; the page shows `example`, or the first of them."""
    return fields.String(required=True, validate=_among(words), metadata=_enum(words, description, example))


def optional_one_of(words: Collection[str], description: str) -> fields.String:
    """A field that holds one of `words` or null; left out, it is null."""
    metadata = _enum([*words, None], description)
    return fields.String(load_default=None, allow_none=True, validate=_among(words), metadata=metadata)


def any_of(
    words: Collection[str], description: str, *, null: bool = False, example: str | None = None
) -> fields.String:
    """A field of a change: one of `words`, null where `null` is a state too; left out, nothing changes."""
    metadata = _enum([*words, None] if null else words, description, example)
    return fields.String(allow_none=null, validate=_among(words), metadata=metadata)


def text(most: int) -> Callable[[str], None]:
    """Refuse a text that is blank, longer than `most` characters, or has control characters."""

    def check(value: str) -> None:
        if not value.strip() or len(value) > most or not value.isprintable():
            raise _error(
                "text",
                f"Phải có từ 1 đến {most} ký tự, trên một dòng, không có ký tự điều khiển.",
                f"Must have 1 to {most} characters on one line, without control characters.",
            )

    return check


PURPOSE_NEEDED = Fault(
    "purpose",
    "purpose-needed",
    Text(
        "Hãy nêu mục đích xem thông tin cá nhân: thêm ?purpose=… (3 đến 200 ký tự, trên một dòng), ví dụ "
        "purpose=Xét công nhận đảng viên chính thức. Mục đích được ghi vào nhật ký truy cập.",
        "Say what personal data are read for: add ?purpose=… (3 to 200 characters on one line), for example "
        "purpose=Review of probation. It is kept in the log of access.",
    ),
)


def purpose(value: str) -> None:
    """Refuse a purpose of reading personal data that is not 3 to 200 characters on one line."""
    if not 3 <= len(value.strip()) <= 200 or not value.isprintable():
        raise ValidationError([PURPOSE_NEEDED])


def month(value: str) -> None:
    """Refuse what is no month as 2025-06."""
    if not is_month(value):
        raise _error("month", "Tháng viết như 2025-06.", "A month is written as 2025-06.")


def day(value: date) -> None:
    """Refuse a day on which no rule of ours is known, or before or after all that is kept."""
    if not EARLIEST_BIRTH <= value < FAR:
        raise _error(
            "day",
            f"Ngày phải từ {vi(EARLIEST_BIRTH)} và trước {vi(FAR)}. Hãy kiểm tra lại.",
            f"The day must lie between {EARLIEST_BIRTH} and {FAR}. Check it.",
        )


def code(value: str) -> None:
    """Refuse a code that is not 1 to 64 characters without white space."""
    if not 1 <= len(value) <= 64 or not value.isprintable() or any(letter.isspace() for letter in value):
        raise _error(
            "code",
            "Mã phải có từ 1 đến 64 ký tự, không có khoảng trắng.",
            "A code has 1 to 64 characters and no white space.",
        )


def _among(words: Collection[str]) -> Callable[[str], None]:
    known = frozenset(words)
    listed = ", ".join(words)

    def check(value: str) -> None:
        if value not in known:
            raise _error("one-of", f"Phải là một trong: {listed}.", f"Must be one of: {listed}.")

    return check


def _enum(words: Collection[str | None], description: str, example: str | None = None) -> dict[str, object]:
    shown = {} if example is None else {"example": example}
    return {"description": description, "enum": list(words), **shown}


def _error(rule: str, vi: str, en: str) -> ValidationError:
    # marshmallow hands a list on as it is; shared/http/problems.py gives the Fault its place in the request.
    return ValidationError([Fault("", rule, Text(vi, en))])
