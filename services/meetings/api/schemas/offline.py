"""What a device takes with it for an evening, and what it sends back."""

from typing import Any, ClassVar

from marshmallow import fields, validate

from services.meetings.api.schemas.answers import Meeting, Task
from services.meetings.api.schemas.parts import an_id, is_json_object, one_of
from services.meetings.api.schemas.steps import Arrival
from services.meetings.api.schemas.typed import Typed
from services.meetings.domain import sending
from shared.http.blueprint import Schema

_MEETING = "0197b6c0-0000-7000-8000-000000000201"


class SentPart(Schema):
    """One thing a device wrote."""

    part_id = an_id("Chosen by the device; sent again, it is answered again.",
                    "0197b6c0-0000-7000-8000-000000000a01", required=True)  # fmt: skip
    kind = one_of("What it is.", sending.KINDS, required=True)
    meeting_id = an_id("Of which meeting.", _MEETING, load_default=None, allow_none=True)
    item_id = fields.UUID(
        load_default=None,
        allow_none=True,
        metadata={"description": "Of an opinion, self-criticism, conclusion, vote or task: its id.", "example": None},
    )
    task_id = fields.UUID(
        load_default=None, allow_none=True, metadata={"description": "Of a completion: the task.", "example": None}
    )
    based_on = fields.Integer(
        load_default=None,
        allow_none=True,
        strict=True,
        validate=validate.Range(0),
        metadata={"description": "The meeting's version the device had.", "example": 3},
    )
    body = fields.Raw(
        load_default=None,
        allow_none=True,
        validate=is_json_object,
        metadata={
            "description": "What the single door of this kind takes; null takes an item out.",
            "example": {"absent": [], "late": [], "guests": 0},
        },
    )


class Sent(Typed):
    """Everything a device sends back; parts are taken in their order."""

    struct: ClassVar[Any] = sending.Sent
    parts = fields.List(
        fields.Nested(SentPart),
        required=True,
        validate=validate.Length(0, 500),
        metadata={
            "description": "Up to 500 parts.",
            "example": [
                {
                    "part_id": "0197b6c0-0000-7000-8000-000000000a01",
                    "kind": "attendance",
                    "meeting_id": _MEETING,
                    "based_on": 3,
                    "body": {"absent": [], "late": [], "guests": 0},
                }
            ],
        },
    )


class Answers(Schema):
    """What became of each part."""

    parts = fields.List(
        fields.Dict(keys=fields.String(), values=fields.Raw()),
        metadata={
            "description": "part_id, kind, status (200 or the status a single door would give), the version it made, "
            "or why it was refused: rule, message in both languages, source, errors; when stale, current and yours."
        },
    )


class RosterEntry(Schema):
    """A member of the branch on the day, without a name: names come from the registry."""

    member_id = fields.UUID(metadata={"description": "The member."})
    kind = fields.String(metadata={"description": "official or probationary."})
    status = fields.String(metadata={"description": "active, exempt, temporary_elsewhere or received_temporarily."})
    post = fields.String(allow_none=True, metadata={"description": "secretary, deputy_secretary, committee_member."})
    owes = fields.Boolean(metadata={"description": "Whether they owe attendance at a regular meeting."})
    votes = fields.Boolean(metadata={"description": "Whether they may vote there."})


class LastResolution(Schema):
    """The last regular meeting's resolution, task by task: this month's yardstick."""

    meeting_id = fields.UUID(metadata={"description": "The meeting."})
    period = fields.String(metadata={"description": "Its local month."})
    starts_at = fields.AwareDateTime(metadata={"description": "When it started."})
    resolution = fields.String(allow_none=True, metadata={"description": "What was resolved."})
    conclusion = fields.String(metadata={"description": "The chair's conclusion."})
    tasks = fields.List(fields.Nested(Task), metadata={"description": "What it gave or carried over."})
    total = fields.Integer(metadata={"description": "How many tasks."})
    done = fields.Integer(metadata={"description": "How many are done."})
    done_late = fields.Integer(metadata={"description": "Of those, after their first deadline."})
    late = fields.Integer(metadata={"description": "Not done, and past their deadline."})


class Tonight(Schema):
    """Everything a branch needs for one evening."""

    unit_id = fields.UUID(metadata={"description": "The branch."})
    day = fields.Date(metadata={"description": "The local day."})
    as_of = fields.AwareDateTime(metadata={"description": "When this was put together."})
    roster_version = fields.Integer(metadata={"description": "The roster's version."})
    roster = fields.List(fields.Nested(RosterEntry), metadata={"description": "Who belongs to the branch that day."})
    superior_id = fields.UUID(allow_none=True, metadata={"description": "The superior who follows the branch."})
    meetings = fields.List(fields.Nested(Meeting), metadata={"description": "The day's meetings with their versions."})
    arrivals = fields.List(fields.Nested(Arrival), metadata={"description": "Who redeemed a roll-call code."})
    sections = fields.Dict(
        keys=fields.String(),
        values=fields.List(fields.String()),
        metadata={"description": "By kind of meeting: the sections that make minutes complete."},
    )
    templates = fields.List(
        fields.Dict(keys=fields.String(), values=fields.Raw()),
        metadata={"description": "The templates of the kinds held: agenda, sections with headings, hints, need."},
    )
    last_resolution = fields.Nested(
        LastResolution, allow_none=True, metadata={"description": "The yardstick; null before the first meeting."}
    )
    topics = fields.List(
        fields.Dict(keys=fields.String(), values=fields.Raw()),
        metadata={"description": "The year's topics: topic_id, quarter, title, status."},
    )
    rules = fields.Dict(
        keys=fields.String(),
        values=fields.Raw(),
        metadata={
            "description": "The day's rules, and their sources. `score_frames`: by kind of meeting, the form points "
            "are given on, as GET /v1/meetings/{meeting_id}/score shows it (null: none is known); `score_frame` is "
            "that of a regular one in short; `grade_bands` null: that form has its own. Each form has its `grades`.",
            "example": {
                "score_frame": {"name": "0197b6c0-0000-7000-8000-00000000f042/1", "groups": {"time": 5, "closing": 95}},
                "grade_bands": None,
                "vote_more_than": 0.5,
            },
        },
    )
