"""The 34 provinces from 1/7/2025: which provinces each was, its communes, and which commune became which.

From the SQLite and JSON files of the `vietnamadminunits` wheel. A commune went whole into one new commune, or was
divided among several; one of those is then the likelier for a place of which no more is known.
"""

import json
import sqlite3
from collections import defaultdict
from collections.abc import Mapping, Sequence
from contextlib import closing
from datetime import date
from typing import Any, Final, Literal

import msgspec

from deploy.local.demo.gazetteer import data_folder, nearest, plain
from deploy.local.errors import LocalError

EFFECTIVE_ON: Final = date(2025, 7, 1)

NewType = Literal["commune", "ward", "special_zone"]
_TYPES: Final[dict[str, NewType]] = {"Xã": "commune", "Phường": "ward", "Đặc khu": "special_zone"}
_PREFIXES: Final = ("", "tinh", "thanhpho", "tp")


class NewCommune(msgspec.Struct, frozen=True):
    """A commune, ward or special zone from 1/7/2025: official code, name as written, type."""

    code: str
    name: str
    type: NewType


class Reform(msgspec.Struct, frozen=True):
    """A province from 1/7/2025, and how it came of what there was before.

    `before` are the short names of the provinces it was, in the order of their codes. `became` gives for the official
    code of each commune before the codes of the new communes it went to, the likeliest first; more than one: divided.
    """

    code: str
    short_name: str
    is_city: bool
    before: tuple[str, ...]
    communes: tuple[NewCommune, ...]
    became: Mapping[str, tuple[str, ...]]

    @property
    def divided(self) -> list[str]:
        """The codes of the communes that were divided."""
        return [code for code, parts in self.became.items() if len(parts) > 1]


def new_province_names() -> list[str]:
    """The short names of the 34 provinces, in the order of their codes."""
    with closing(_open()) as database:
        rows = database.execute("select distinct provinceCode, provinceShort from admin_units order by 1")
        return [str(row[1]) for row in rows]


def find_reform(name: str) -> Reform:
    """How the province called `name` from 1/7/2025 came about. Raises LocalError naming near names."""
    names = new_province_names()
    by_key = {plain(known): known for known in names}
    key = plain(name)
    for prefix in _PREFIXES:
        if key.startswith(prefix) and key[len(prefix) :] in by_key:
            return _read(by_key[key[len(prefix) :]])
    raise LocalError(
        f"Không có tỉnh, thành phố nào từ 1/7/2025 tên là “{name}”. Gần nhất: {nearest(key, by_key)}.",
        f'No province from 1 July 2025 is called "{name}"; the nearest names are given above.',
    )


def _open() -> sqlite3.Connection:
    file = data_folder() / "dataset.db"
    return sqlite3.connect(f"{file.as_uri()}?mode=ro", uri=True)


def _read(short_name: str) -> Reform:
    with closing(_open()) as database:
        now = database.execute(
            "select provinceCode, province, provinceKey, wardKey, wardCode, ward, wardType from admin_units "
            "where provinceShort = ? order by wardCode",
            (short_name,),
        ).fetchall()
        changes = json.loads((data_folder() / "converter_2025.json").read_text(encoding="utf-8"))
        province_key = now[0][2]
        keys: Sequence[str] = changes["DICT_PROVINCE"][province_key]
        then = database.execute(
            "select provinceShort, provinceKey, districtKey, wardKey, wardCode from admin_units_legacy "
            "where provinceKey in (select value from json_each(?)) order by provinceCode, wardCode",
            (json.dumps(keys),),
        ).fetchall()
    codes = {key: code for _, _, _, key, code, _, _ in now}
    return Reform(
        code=now[0][0],
        short_name=short_name,
        is_city=now[0][1].startswith("Thành phố"),
        before=tuple(dict.fromkeys(row[0] for row in then)),
        communes=tuple(NewCommune(code, name, _TYPES[kind]) for _, _, _, _, code, name, kind in now),
        became=_became(changes, province_key, codes, {f"{p}_{d}_{w}": code for _, p, d, w, code in then if w}),
    )


def _became(
    changes: Mapping[str, Any], province_key: str, new_codes: Mapping[str, str], old_codes: Mapping[str, str]
) -> dict[str, tuple[str, ...]]:
    became: dict[str, list[str]] = defaultdict(list)
    for new_key, old_keys in changes["DICT_PROVINCE_WARD_NO_DIVIDED"][province_key].items():
        for key in old_keys:
            if key in old_codes:  # five island districts had no commune
                became[old_codes[key]].append(new_codes[new_key])
    for key, parts in changes["DICT_PROVINCE_WARD_DIVIDED"].get(province_key, {}).items():
        likeliest_first = sorted(parts, key=lambda part: not part["isDefaultNewWard"])
        became[old_codes[key]] += [new_codes[part["newWardKey"]] for part in likeliest_first]
    return {code: tuple(parts) for code, parts in sorted(became.items())}
