"""Codes of themes: a dated list, so that themes can be counted without their text."""

from services.meetings.domain.refusals import HOUSE
from services.meetings.domain.rules import Rules
from shared.errors import Fault, Text


def faults(field: str, tag: str | None, rules: Rules) -> list[Fault]:
    """What is wrong with a theme's code by the list of the day."""
    known = rules.theme_tags or {}
    if tag is None or tag in known:
        return []
    codes = ", ".join(f"{code} ({words})" for code, words in known.items())
    message = Text(
        f"Mã chuyên đề không có trong danh mục. Chọn một mã: {codes or 'chưa có mã nào'}; hoặc bỏ trống.",
        f"The list has no such code of a theme. Choose one of: {', '.join(known) or 'none yet'}; or leave it out.",
    )
    return [Fault(field, "unknown-theme-tag", message, rules.sources.get("theme_tags", HOUSE))]
