"""The roster of a branch: who belongs to it, as dated spans of opaque member ids (registry.roster.v1)."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Literal
from uuid import UUID

import msgspec
from msgspec import Meta

MemberKind = Literal["official", "probationary"]
MemberStatus = Literal["active", "exempt", "temporary_elsewhere", "received_temporarily"]
Post = Literal["secretary", "deputy_secretary", "committee_member"]


class Entry(msgspec.Struct, frozen=True):
    """One member from `valid_from` to the day before `valid_to` (None: still)."""

    member_id: UUID
    valid_from: date
    valid_to: date | None
    kind: MemberKind
    status: MemberStatus
    age_band: str | None = None
    post: Post | None = None
    agency: str | None = None
    """Short code of the agency a member of a joint branch comes from."""


class Roster(msgspec.Struct, frozen=True):
    """Every entry of one branch, past and coming ones included."""

    unit_id: UUID
    version: Annotated[int, Meta(ge=1, le=2**63 - 1)]
    members: tuple[Entry, ...]

    def on(self, day: date) -> Mapping[UUID, Entry]:
        """Who belongs to the branch on `day`, by member id."""
        return {
            entry.member_id: entry
            for entry in self.members
            if entry.valid_from <= day and (entry.valid_to is None or day < entry.valid_to)
        }
