"""The record of what was changed: who, when, by which decision, before and after."""

from typing import Any, Literal
from uuid import UUID

import msgspec

Subject = Literal[
    "unit",
    "member",
    "village",
    "decision",
    "target",
    "inspection",
    "training",
    "assignment",
    "import",
]
"""What a record can be about."""


class Author(msgspec.Struct, frozen=True):
    """Who makes a change: the token's opaque subject, the request it came in, and the decision that ordered it."""

    actor: str
    request_id: str
    decision_id: UUID | None = None


class Entry(msgspec.Struct, frozen=True):
    """One change of one subject.

    `action` is a stable name such as `unit.changed`. `unit_id` is the unit whose reader may read of it. `before` and
    `after` hold no personal data: what is personal goes, encrypted with the member's own key, into `personal`.
    """

    action: str
    subject: Subject
    subject_id: UUID
    unit_id: UUID | None
    before: Any
    after: Any
    personal: bytes | None = None
