"""The Vietnamese order of names."""

import random
import unicodedata

import pytest

from services.registry.domain.names import sort_key, tidy

IN_ORDER = [
    "Bùi Mẫu An",
    "Đặng Mẫu An",
    "Võ Mẫu An",
    "Lê Án",
    "Lê Anh",
    "Lê Ánh",
    "Lê Ăn",
    "Lê Ân",
    "Lê Dũng",
    "Lê Đức",
    "Ksor H'Yéo",
    "Lê Ma",
    "Lê Mà",
    "Lê Mả",
    "Lê Mã",
    "Lê Má",
    "Lê Mạ",
    "Lê Mai",
    "Lê Oanh",
    "Lê Ông",
    "Lê Ơn",
    "Lê Uyên",
    "Lê Ước",
    "Lê Ý",
]


def test_names_stand_by_given_name_alphabet_and_tone() -> None:
    shuffled = random.Random(7).sample(IN_ORDER, len(IN_ORDER))

    assert sorted(shuffled, key=sort_key) == IN_ORDER


@pytest.mark.parametrize("name", IN_ORDER)
def test_the_key_is_ascii_and_blind_to_case_and_composition(name: str) -> None:
    assert sort_key(name).isascii()
    assert sort_key(name.upper()) == sort_key(name)
    assert sort_key(unicodedata.normalize("NFD", name)) == sort_key(name)


def test_names_are_kept_composed_and_with_single_spaces() -> None:
    assert tidy(unicodedata.normalize("NFD", "  Nguyễn \t Mẫu  Ánh ")) == "Nguyễn Mẫu Ánh"
