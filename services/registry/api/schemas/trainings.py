"""Training classes at the doors."""

from typing import Any, Final

from marshmallow import fields

from services.registry.api.schemas import plans
from services.registry.api.schemas.common import A_CLASS, A_MEMBER, A_PARENT, Cursor, OnQuery, UnderQuery
from shared.http.blueprint import Schema

_TITLE: Final = "Bồi dưỡng bí thư chi bộ năm 2026"
A_NEW_CLASS: Final[dict[str, Any]] = {
    "class_id": A_CLASS,
    "title": _TITLE,
    "from": "2026-04-13",
    "to": "2026-04-15",
    "place": "Trung tâm Chính trị",
    "organiser": A_PARENT,
    "called": [],
}
A_CALL: Final[dict[str, Any]] = {"called": [A_MEMBER]}
AN_ATTENDANCE: Final[dict[str, Any]] = {"attended": [A_MEMBER]}


class _Days(Schema):
    """The days of a class; `from` is a word of Python's."""

    held_from = plans.day("The first day.", "2026-04-13", data_key="from")
    held_to = plans.day("The last day.", "2026-04-15", data_key="to")


class ClassNew(_Days):
    """A class to be held."""

    class_id = plans.new_id("class", A_CLASS)
    title = plans.text("What it is called.", _TITLE, most=300)
    place = plans.text("Where it is held.", "Trung tâm Chính trị", most=300)
    organiser = plans.unit("The unit that holds it.", A_PARENT)
    called = plans.member_ids("The members called to it.", required=False)


class CalledGiven(Schema):
    """More members to call."""

    called = plans.member_ids("The members called too.")


class AttendanceGiven(Schema):
    """Everybody who attended."""

    attended = plans.member_ids("Those of the members called who attended; the others did not.", least=0)


class ClassesQuery(UnderQuery):
    """`?under=&from=&to=&on=&limit=&cursor=`"""

    since = fields.Date(
        data_key="from",
        load_default=None,
        metadata={"description": "Classes from this day on.", "example": "2026-01-01"},
    )
    until = fields.Date(
        data_key="to", load_default=None, metadata={"description": "Classes before this day.", "example": "2027-01-01"}
    )


class TrainingCoverageQuery(OnQuery):
    """`?since=&on=`"""

    since = plans.day("Classes that ended on this day or later count.", "2026-01-01")


class ClassSummaryShown(_Days):
    """A class."""

    class_id = fields.UUID(metadata={"description": "The class's id."})
    title = fields.String(metadata={"description": "What it is called."})
    place = fields.String(metadata={"description": "Where it is held."})
    organiser = fields.UUID(metadata={"description": "The unit that holds it."})
    called = fields.Integer(metadata={"description": "How many were called."})
    attended = fields.Integer(metadata={"description": "How many attended."})


class ClassPage(Cursor):
    """Classes, a page of them."""

    items = fields.List(fields.Nested(ClassSummaryShown), metadata={"description": "By first day."})


class CalledShown(Schema):
    """A member called to a class."""

    member_id = fields.UUID(metadata={"description": "The member."})
    attended = fields.Boolean(allow_none=True, metadata={"description": "Whether they attended; null: not stated."})


class ClassWithPeople(Schema):
    """A class with everybody called to it."""

    summary = fields.Nested(ClassSummaryShown, metadata={"description": "The class."})
    people = fields.List(fields.Nested(CalledShown), metadata={"description": "By id."})


class UntrainedShown(Schema):
    """A secretary in office who attended no class."""

    unit_id = fields.UUID(metadata={"description": "The branch."})
    member_id = fields.UUID(metadata={"description": "Its secretary."})


class TrainingCoverageShown(Schema):
    """How many secretaries the classes have reached."""

    unit_id = fields.UUID(metadata={"description": "The unit at the top."})
    on = fields.Date(metadata={"description": "The day."})
    since = fields.Date(metadata={"description": "Classes that ended on this day or later count."})
    secretaries = fields.Integer(metadata={"description": "Secretaries in office on the day."})
    trained = fields.Integer(metadata={"description": "How many of them attended a class."})
    percent = fields.Float(allow_none=True, metadata={"description": "The share, in percent."})
    untrained = fields.List(fields.Nested(UntrainedShown), metadata={"description": "The first 1,000 who did not."})
