"""Ids of the codes that people write in sheets."""

from collections.abc import Sequence
from uuid import UUID

import msgspec

from shared.db import Connection


def members(conn: Connection, codes: Sequence[str]) -> dict[str, UUID]:
    """The ids of those of the members' codes that are kept here."""
    return _ids(conn.execute("select code, member_id from member where code = any(%b)", (list(codes),)).fetchall())


def villages(conn: Connection, codes: Sequence[str]) -> dict[str, UUID]:
    """The ids of those of the villages' codes that are kept here."""
    return _ids(conn.execute("select code, village_id from village where code = any(%b)", (list(codes),)).fetchall())


def _ids(rows: object) -> dict[str, UUID]:
    return dict(msgspec.convert(rows, list[tuple[str, UUID]]))
