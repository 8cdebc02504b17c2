"""What is sent, in the words of the meetings service's doors (its OpenAPI document says what each member means)."""

from datetime import date, datetime
from typing import Literal

import msgspec


class Absence(msgspec.Struct, frozen=True):
    """A member who owed attendance and did not come; `reason` None: none was given."""

    member_id: str
    reason: str | None


class Attendance(msgspec.Struct, frozen=True):
    """The roll call: exceptions only."""

    absent: tuple[Absence, ...]
    late: tuple[str, ...]
    guests: int


class Votes(msgspec.Struct, frozen=True, rename={"in_favour": "for"}):
    """A show of hands."""

    in_favour: int
    against: int
    abstaining: int


class Resolution(msgspec.Struct, frozen=True):
    """What was resolved and with which votes."""

    text: str
    votes: Votes


class Opinion(msgspec.Struct, frozen=True):
    """What one member said."""

    member_id: str
    text: str


class Task(msgspec.Struct, frozen=True):
    """What one member is to do, and by when."""

    task_id: str
    member_id: str
    content: str
    due_on: date


class Minutes(msgspec.Struct, frozen=True):
    """The minutes of a meeting; a section left out by the secretary is an empty text."""

    started_at: datetime
    ended_at: datetime
    chair_id: str
    secretary_id: str
    sections: dict[str, str]
    opinions: tuple[Opinion, ...]
    resolution: Resolution | None
    tasks: tuple[Task, ...]


class Score(msgspec.Struct, frozen=True):
    """A score, the branch's own or another: points by group of the frame."""

    points: dict[str, float]


class Meeting(msgspec.Struct, frozen=True, omit_defaults=True):
    """A meeting as the bulk door takes it; with `correction_reason` it replaces adopted minutes.

    `voted`, `official`, `regular_id` (the regular meeting that one of the committee prepares) and `visited` (whether
    the superior came; None: nobody said) have doors of their own, which only those who go step by step use.
    """

    meeting_id: str
    unit_id: str
    kind: Literal["regular", "thematic", "committee"]
    starts_at: datetime
    place: str
    attendance: Attendance
    minutes: Minutes
    adopted_at: datetime
    reported_at: datetime
    theme: str | None = None
    score: Score | None = None
    correction_reason: str | None = None
    voted: Score | None = None
    official: Score | None = None
    regular_id: str | None = None
    visited: bool | None = None


class NotHeld(msgspec.Struct, frozen=True):
    """A regular meeting that could not take place."""

    meeting_id: str
    unit_id: str
    kind: Literal["regular"]
    starts_at: datetime
    place: str
    reason: str


class Completion(msgspec.Struct, frozen=True):
    """A task that was done."""

    task_id: str
    done_on: date


class Call(msgspec.Struct, frozen=True):
    """What is done in the days before a regular meeting by those who go step by step.

    `put_off_from` is when it was first set for (None: it was not put off); `follower_id` the superior who is assigned
    to follow the branch from `follows_from` on.
    """

    meeting_id: str
    unit_id: str
    starts_at: datetime
    place: str
    put_off_from: datetime | None
    notified: bool
    documents: tuple[str, ...]
    follower_id: str | None
    follows_from: date


Row = Meeting | NotHeld | Completion | Call


class Submission(msgspec.Struct, frozen=True):
    """One thing sent at `at`.

    `meeting_id` is the meeting it is about: what concerns one meeting is sent in order. `door` says whether a secretary
    goes step by step (`steps`) or it comes with others (`batch`). `repeated`: the same was sent before.
    """

    at: datetime
    door: Literal["steps", "batch"]
    branch: int
    meeting_id: str
    row: Row
    repeated: bool = False
