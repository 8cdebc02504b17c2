"""Vietnamese names, of members and of units: how they are written, and in which order those of members stand.

The order is that of Vietnamese lists: the given name (the last word) first, then the rest from the family name on;
letters in the order of the alphabet, and of equal letters the tones ngang, huyền, hỏi, ngã, sắc, nặng.
"""

import unicodedata
from functools import lru_cache
from typing import Final

_ALPHABET: Final = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
_TONES: Final = {"\u0300": 1, "\u0309": 2, "\u0303": 3, "\u0301": 4, "\u0323": 5}
_SHAPES: Final = {"\u0302", "\u0306", "\u031b"}  # circumflex, breve and horn make another letter, not a tone
_PLACES: Final = {letter: chr(ord("0") + place) for place, letter in enumerate(_ALPHABET)}
_END_OF_WORD: Final = "!"  # sorts before every letter's place: An before Anh


def tidy(name: str) -> str:
    """`name` in composed letters (NFC), with one space between words and none around them."""
    return " ".join(unicodedata.normalize("NFC", name).split())


def sort_key(name: str) -> str:
    """An ASCII text whose byte order is the Vietnamese order of names, in any database's collation "C"."""
    words = name.split()
    return " ".join(_word(word) for word in [*words[-1:], *words[:-1]])


def words(name: str) -> list[str]:
    """The words of a name as they are told apart with all their marks: composed small letters."""
    return unicodedata.normalize("NFC", name.lower()).split()


def folded(name: str) -> list[str]:
    """The words of a name as they are found without marks: đ is d, and no circumflex, breve, horn or tone is left."""
    return [_folded(word) for word in words(name)]


@lru_cache(maxsize=16384)
def _folded(word: str) -> str:
    parts = unicodedata.normalize("NFD", word.replace("đ", "d"))
    return "".join(part for part in parts if not unicodedata.combining(part))


@lru_cache(maxsize=16384)
def _word(word: str) -> str:
    places: list[str] = []
    tones: list[str] = []
    for letter in unicodedata.normalize("NFC", word.lower()):
        parts = unicodedata.normalize("NFD", letter)
        base, marks = parts[0], parts[1:]
        shaped = unicodedata.normalize("NFC", base + "".join(mark for mark in marks if mark in _SHAPES))
        place = _PLACES.get(shaped) or _PLACES.get(base)
        if place is None:
            continue  # an apostrophe or hyphen, as in H'Yéo, has no place in the order
        places.append(place)
        tones.extend(str(_TONES[mark]) for mark in marks if mark in _TONES)
    return f"{''.join(places)}{_END_OF_WORD}{''.join(tones) or '0'}"
