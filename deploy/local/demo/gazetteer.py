"""The 63 provinces before 1/7/2025, their districts and communes: the SQLite file of the `vietnamadminunits` wheel."""

import difflib
import importlib.util
import sqlite3
import unicodedata
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Final, Literal

import msgspec

from deploy.local.errors import LocalError

CommuneType = Literal["commune", "ward", "township"]

_COMMUNE_TYPES: Final[dict[str, CommuneType]] = {"Xã": "commune", "Phường": "ward", "Thị trấn": "township"}
_PREFIXES: Final = ("tinh", "thanhpho", "tp")
_OLDER_NAMES: Final = {"thuathienhue": "hue"}


class Commune(msgspec.Struct, frozen=True):
    """A commune, ward or township: official code, name as written (`Xã Ia Der`), type."""

    code: str
    name: str
    type: CommuneType


class District(msgspec.Struct, frozen=True):
    """A district: official code, short name, what it is (Huyện, Quận, Thị xã, Thành phố), its communes.

    Five island districts have no commune.
    """

    code: str
    short_name: str
    type: str
    communes: tuple[Commune, ...]


class Area(msgspec.Struct, frozen=True):
    """A province: official code, short name, whether it is a city under the centre, its districts by code."""

    code: str
    short_name: str
    is_city: bool
    districts: tuple[District, ...]

    def communes_by_type(self) -> dict[CommuneType, int]:
        """How many communes, wards and townships it has."""
        counts: dict[CommuneType, int] = {"commune": 0, "ward": 0, "township": 0}
        for district in self.districts:
            for commune in district.communes:
                counts[commune.type] += 1
        return counts


def plain(text: str) -> str:
    """`text` in small letters without tone marks, spaces and signs: `Đắk Lắk` → `daklak`."""
    letters = unicodedata.normalize("NFD", text.lower().replace("đ", "d"))
    return "".join(letter for letter in letters if letter.isascii() and letter.isalnum())


def province_names() -> list[str]:
    """The short names of all provinces, in the order of their codes."""
    with closing(_open()) as database:
        rows = database.execute("select distinct provinceCode, provinceShort from admin_units_legacy order by 1")
        return [str(row[1]) for row in rows]


def find_area(name: str) -> Area:
    """The province called `name`, with or without tone marks and `Tỉnh`/`Thành phố`.

    Raises LocalError naming near names when there is none.
    """
    names = province_names()
    by_key = {plain(known): known for known in names}
    key = plain(name)
    key = _OLDER_NAMES.get(key, key)
    for prefix in ("", *_PREFIXES):
        if key.startswith(prefix) and key[len(prefix) :] in by_key:
            return _read(by_key[key[len(prefix) :]])
    raise LocalError(
        f"Không có tỉnh, thành phố nào (trước 1/7/2025) tên là “{name}”. Gần nhất: {nearest(key, by_key)}.",
        f'No province before 1 July 2025 is called "{name}"; the nearest names are given above.',
    )


def nearest(key: str, by_key: Mapping[str, str]) -> str:
    """The names whose keys are most like `key`, in one line."""
    near = difflib.get_close_matches(key, by_key, n=5, cutoff=0.5) or list(by_key)
    return ", ".join(by_key[near_key] for near_key in near)


def data_folder() -> Path:
    """Where the data files lie. Raises LocalError when the package is missing."""
    # The package itself is not imported: its __init__ reads 4 MB of parsers and needs pandas for some of it.
    spec = importlib.util.find_spec("vietnamadminunits")
    if spec is None or spec.origin is None:
        raise LocalError(
            "Thiếu gói vietnamadminunits (dữ liệu tỉnh, huyện, xã). Hãy chạy: make install",
            "The package vietnamadminunits (provinces, districts, communes) is missing. Run: make install",
        )
    return Path(spec.origin).parent / "data"


def _open() -> sqlite3.Connection:
    file = data_folder() / "dataset.db"
    return sqlite3.connect(f"{file.as_uri()}?mode=ro", uri=True)


def _read(short_name: str) -> Area:
    with closing(_open()) as database:
        rows = database.execute(
            "select provinceCode, province, districtCode, districtShort, districtType, wardCode, ward, wardType "
            "from admin_units_legacy where provinceShort = ? order by districtCode, wardCode",
            (short_name,),
        ).fetchall()
    districts: dict[str, tuple[str, str, list[Commune]]] = {}
    for row in rows:
        communes = districts.setdefault(row[2], (row[3], row[4], []))[2]
        if row[5] is not None:
            communes.append(Commune(row[5], row[6], _COMMUNE_TYPES[row[7]]))
    return Area(
        code=rows[0][0],
        short_name=short_name,
        is_city=rows[0][1].startswith("Thành phố"),
        districts=tuple(
            District(code, name, kind, tuple(communes)) for code, (name, kind, communes) in districts.items()
        ),
    )
