"""What a rehearsal has done so far, as the screen and the report show it."""

import time
from datetime import datetime
from typing import Any

import msgspec


class Child(msgspec.Struct, frozen=True):
    """A direct committee's month, as evaluation's API gives it."""

    name: str
    parts: dict[str, int]
    derived: dict[str, float | None]


class State(msgspec.Struct):
    """Written by the rehearsal, read by the screen; each field is replaced whole."""

    province: str = ""
    phase: str = ""
    folder: str = ""
    page: str = ""
    month: str = ""
    clock: datetime | None = None
    meetings: int = 0
    expected: int = 0
    rows: int = 0
    steps: int = 0
    repeated: int = 0
    corrections: int = 0
    completions: int = 0
    not_held: int = 0
    preparations: int = 0
    out_of_order: int = 0
    notices: int = 0
    mails: int = 0
    children: tuple[Child, ...] = ()
    began: float = msgspec.field(default_factory=time.monotonic)
    sending_since: float | None = None
    sending_ended: float | None = None
    seconds: dict[str, float] = msgspec.field(default_factory=dict)

    def rate(self) -> float:
        """Meetings a second since the first was sent."""
        if self.sending_since is None:
            return 0.0
        return self.meetings / max(0.001, (self.sending_ended or time.monotonic()) - self.sending_since)

    def remaining(self) -> float | None:
        """Seconds until all meetings are sent, at this rate; None before there is one."""
        rate = self.rate()
        return (self.expected - self.meetings) / rate if rate > 0 else None

    def measured(self) -> dict[str, Any]:
        """The counts, for the report."""
        sent = ("meetings", "rows", "steps", "repeated", "corrections", "completions", "not_held", "preparations")
        return {name: getattr(self, name) for name in (*sent, "out_of_order", "notices", "mails")}
