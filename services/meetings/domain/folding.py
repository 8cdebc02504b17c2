"""Vietnamese without its marks: how texts are searched and compared (“Đường” is found by “duong”).

PostgreSQL's `unaccent` is an extension that not every server has, and folding here keeps one letter for one letter, so
that a place in the folded text is the same place in the text.
"""

import re
import unicodedata
from functools import cache, lru_cache
from typing import Final

_WORD: Final = re.compile(r"[^\W_]+")
_MARKS: Final = re.compile(r"[\u0300-\u036f]+")
_WITHOUT_MARK: Final = {"đ": "d", "ð": "d", "ƀ": "b", "ø": "o", "ł": "l", "ħ": "h", "ŧ": "t", "ı": "i", "ŋ": "n"}
"""Letters that Unicode does not take apart; ƀ, ŏ and č belong to the languages of the Central Highlands."""


@cache
def _table() -> dict[int, str]:
    folded: dict[int, str] = {}
    for start, end in ((0x41, 0x5B), (0xC0, 0x250), (0x1E00, 0x1F00)):
        for code in range(start, end):
            small = chr(code).lower()[0]
            letter = _WITHOUT_MARK.get(small) or unicodedata.normalize("NFD", small)[0]
            if letter != chr(code):
                folded[code] = letter
    return folded


def plain(text: str) -> str:
    """`text` with every letter and its marks as one character; marks that belong to no letter are dropped."""
    return _MARKS.sub("", unicodedata.normalize("NFC", text))


def fold(text: str) -> str:
    """`text`, which must be plain, in small letters without marks; as long as `text`, place by place."""
    return text.translate(_table())


def words(text: str) -> list[str]:
    """The folded words of any text, in order."""
    return [_folded(word) for word in _WORD.findall(plain(text))]


@lru_cache(maxsize=16_384)
def _folded(word: str) -> str:
    """A plain word folded: a letter stays a letter, so that words are the same before and after."""
    return fold(word)


def places(text: str) -> list[tuple[str, int, int]]:
    """The folded words of a plain text with where each begins and ends in it."""
    return [(match.group(), match.start(), match.end()) for match in _WORD.finditer(fold(text))]
