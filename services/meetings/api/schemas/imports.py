"""What the bulk door takes."""

from typing import Any, ClassVar

from marshmallow import fields, validate

from services.meetings.api.schemas.bodies import KINDS, Done, Head, Minutes, RollCall, SelfScore, instant
from services.meetings.api.schemas.parts import TASK, an_id, line
from services.meetings.api.schemas.typed import Typed
from services.meetings.commands import rows
from shared.http.blueprint import Schema

_MEETING = "0197b6c0-0000-7000-8000-000000000201"
_NOT_HELD = "0197b6c0-0000-7000-8000-000000000202"
_UNIT = "0197b6c0-0000-7000-8000-000000000004"


class HeldRow(Head):
    """A meeting that was held, with its adopted minutes."""

    struct: ClassVar[Any] = rows.HeldRow
    meeting_id = an_id("Chosen by the sender.", _MEETING, required=True)
    attendance = fields.Nested(RollCall, required=True, metadata={"description": "The roll call."})
    minutes = fields.Nested(Minutes, required=True, metadata={"description": "The minutes."})
    score = fields.Nested(
        SelfScore, allow_none=True, metadata={"description": "The branch's own score, if it gave one."}
    )
    adopted_at = instant("When the branch adopted the minutes.", "2025-11-03T20:55:00+07:00")
    reported_at = instant("When they were reported upwards.", "2025-11-04T08:10:00+07:00")
    correction_reason = line(
        "Needed when the meeting is known with other contents: it becomes a correction.", "Ghi sai số phiếu",
        allow_none=True,
    )  # fmt: skip


class NotHeldRow(Schema):
    """A meeting that was due and was not held."""

    meeting_id = an_id("Chosen by the sender.", _NOT_HELD, required=True)
    unit_id = an_id("The branch.", _UNIT, required=True)
    kind = fields.String(
        required=True,
        validate=validate.OneOf(KINDS),
        metadata={"description": "regular, thematic, committee or extraordinary."},
    )
    starts_at = instant("When it was to start.", "2025-10-03T19:30:00+07:00")
    place = line("Where it was to be held.", "Nhà văn hoá thôn 1", required=True)
    reason = line("Why it was not held.", "Bão số 12", required=True)


class CompletionRow(Done):
    """A task that was done; its meeting may come in the same import."""

    task_id = an_id("The task.", TASK, required=True)


class Import(Typed):
    """Meetings in bulk, up to 2,000 rows: all of them are saved or none."""

    struct: ClassVar[Any] = rows.Rows
    meetings = fields.List(fields.Nested(HeldRow), metadata={"description": "Meetings that were held."})
    not_held = fields.List(fields.Nested(NotHeldRow), metadata={"description": "Meetings that were due and not held."})
    completions = fields.List(
        fields.Nested(CompletionRow), metadata={"description": "Tasks that were done; taken after the meetings."}
    )
