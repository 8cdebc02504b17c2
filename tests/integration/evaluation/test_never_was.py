"""A decision is taken back: the branch it made was in force on no day, and what it moved is where it was."""

from datetime import date
from uuid import uuid4

import pytest

from shared.db import Connection
from shared.errors import NotFound
from tests.integration.evaluation.figures import merge_meetings, merge_units, parts
from tests.support.events import meeting, unit

PROVINCE, OLD, MADE = (uuid4() for _ in range(3))
DAY = date(2025, 7, 1)


def test_figures_of_a_withdrawn_merger_are_those_before_it(conn: Connection) -> None:
    merge_units(
        conn,
        unit(PROVINCE, None, kind="province_committee", level="province"),
        unit(OLD, PROVINCE, kind="grassroots_branch", level="grassroots"),
    )
    merge_meetings(conn, meeting(OLD, "2025-06"))
    months = ("2025-06", "2025-07", "2025-08")
    before = [parts(conn, unit_id, month) for unit_id in (PROVINCE, OLD) for month in months]
    ended = unit(OLD, PROVINCE, kind="grassroots_branch", level="grassroots", version=2, valid_to=DAY)
    made = unit(MADE, PROVINCE, kind="grassroots_branch", level="grassroots", valid_from=DAY)
    merge_units(conn, ended, made)
    assert parts(conn, MADE, "2025-07") == {"branches": 1}

    never = {**made, "version": 2, "spans": [{**made["spans"][0], "valid_to": DAY.isoformat()}]}
    merge_units(conn, never, unit(OLD, PROVINCE, kind="grassroots_branch", level="grassroots", version=3))

    assert [parts(conn, unit_id, month) for unit_id in (PROVINCE, OLD) for month in months] == before
    with pytest.raises(NotFound):
        parts(conn, MADE, "2025-07")
