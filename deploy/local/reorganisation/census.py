"""Who stands under the provinces' committees on a day, as the registry tells."""

from collections import Counter
from collections.abc import Sequence
from typing import Any, Final

import msgspec

from deploy.local.demo.client import Client
from deploy.local.reorganisation.decision import Row

DAY_BEFORE: Final = "2025-06-30"


class Count(msgspec.Struct, frozen=True):
    """What stands under the provinces' committees on a day."""

    units: int
    districts: int
    communes: int
    branches: int
    members: int


def rows_of(client: Client, token: str, roots: Sequence[str]) -> list[Row]:
    """Every unit of the provinces on the day before the decision."""
    found = [
        row
        for root in roots
        for row in client.pages("registry", f"/v1/units?under={root}&on={DAY_BEFORE}&limit=1000", token)
    ]
    codes = {row["unit_id"]: row["code"] for row in found}
    return [
        Row(
            row["unit_id"],
            row["code"],
            row["kind"],
            row["level"],
            codes.get(row["parent_id"]),
            row["name"],
            row["branch_type"],
        )
        for row in found
    ]


def count(client: Client, token: str, roots: Sequence[str], day: str) -> Count:
    """What stands under `roots` on `day`."""
    units: list[dict[str, Any]] = []
    members: set[str] = set()
    for root in roots:
        units += client.pages("registry", f"/v1/units?under={root}&on={day}&limit=1000", token)
        rosters = client.pages("registry", f"/v1/rosters?under={root}&on={day}&limit=1000", token)
        members |= {row["member_id"] for row in rosters}
    kinds = Counter(row["kind"] for row in units)
    return Count(
        units=len(units),
        districts=sum(1 for row in units if row["kind"] == "direct_committee"),
        communes=sum(1 for row in units if row["kind"] == "grassroots_committee" and row["level"] == "commune"),
        branches=kinds["branch"] + kinds["grassroots_branch"],
        members=len(members),
    )


def nobody_lost(before: Count, after: Count) -> bool:
    """Whether branches and members are as many as before."""
    return (before.branches, before.members) == (after.branches, after.members)
