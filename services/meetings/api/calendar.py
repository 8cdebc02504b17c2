"""The doors of what is expected: calendar feeds, a month's view, things due, and workbooks."""

from datetime import date, datetime, timedelta
from typing import Any, Final
from uuid import UUID

import flask
import msgspec
from flask.views import MethodView

from services.meetings import workbook
from services.meetings.api import reach
from services.meetings.api.schemas import calendar as schemas
from services.meetings.api.unkept import unkept
from services.meetings.commands import feeds as feeding
from services.meetings.domain import calendar, expected
from services.meetings.domain.refusals import HOUSE
from services.meetings.domain.rules import ExpectedRule
from services.meetings.store import expected as due
from services.meetings.store import exports, feeds, rules
from services.meetings.store.feeds import Feed
from shared.auth import Role
from shared.errors import Fault, Text, Unprocessable
from shared.http.blueprint import Blueprint
from shared.http.context import actor, conn, decided, require, service, transaction
from shared.http.paging import after, page
from shared.months import first_day, month_of

doors = Blueprint("calendar", __name__, url_prefix="/v1", description="Calendars, things due, and workbooks.")

_FILE: Final = {"type": "string", "format": "binary"}
_XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_FEED_BACK: Final = timedelta(days=100)
_FEED_AHEAD: Final = timedelta(days=400)
_MOST_MONTHS: Final = 24
_WRITES: Final[frozenset[Role]] = frozenset({"province_admin", "committee_officer", "branch_secretary"})


@doors.route("/units/<uuid:unit_id>/calendar-feeds")
class _Feeds(MethodView):
    @transaction
    @doors.response(200, schemas.FeedsAnswer)
    def get(self, unit_id: UUID) -> dict[str, Any]:
        """The reader's calendar addresses of a branch; those of everybody for who writes for it."""
        require(unit_id)
        whose = None if _writes_for(unit_id) else actor().subject
        return {"items": [_shown(feed) for feed in feeds.of_unit(conn(), unit_id, whose)]}

    @unkept
    @doors.response(201, schemas.NewFeedAnswer)
    def post(self, unit_id: UUID) -> dict[str, Any]:
        """Make a calendar address of a branch, for the reader alone; whoever has it reads the branch's times."""
        require(unit_id)
        feed, token = feeding.make(conn(), unit_id, by=actor().subject, now=service().clock.now())
        return _shown(feed) | {"path": f"/v1/calendar-feeds/{token}.ics"}


@doors.route("/calendar-feeds/<uuid:feed_id>")
class _OneFeed(MethodView):
    @transaction
    @doors.response(204)
    def delete(self, feed_id: UUID) -> None:
        """Revoke a calendar address: one's own, or, for who writes for the branch, anybody's."""
        known = feeds.load(conn(), feed_id)
        if known is not None and known[0].subject == actor().subject:
            decided("own")  # also of a branch whose rights they have lost: the address would answer on
        else:
            require(known[0].unit_id if known else reach.NO_UNIT)
            if known is None or not _writes_for(known[0].unit_id):
                raise feeding.unknown()
        feeds.revoke(conn(), feed_id, service().clock.now())


@doors.route("/calendar-feeds/<token>.ics")
class _Calendar(MethodView):
    @transaction
    @doors.response(200, _FILE, content_type="text/calendar", description="The calendar, as iCalendar.")
    def get(self, token: str) -> flask.Response:
        """A branch's meetings for a calendar program: times and kinds, no text and no names. Needs no bearer token."""
        now = service().clock.now()
        feed = feeding.read(conn(), token, now=now)
        name = due.names(conn(), [feed.unit_id], service().clock.today()).get(feed.unit_id, "")
        entries = due.entries(conn(), feed.unit_id, now - _FEED_BACK, now + _FEED_AHEAD)
        return flask.Response(calendar.feed(name, entries, now), content_type="text/calendar; charset=utf-8")


@doors.route("/units/<uuid:unit_id>/calendar")
class _Month(MethodView):
    @transaction
    @doors.arguments(schemas.MonthQuery, location="query")
    @doors.response(200, schemas.CalendarAnswer)
    def get(self, query: dict[str, str], unit_id: UUID) -> dict[str, Any]:
        """A month of a unit and all below it, by days; and the meetings of the unit itself."""
        require(unit_id)
        first = first_day(query["month"])
        last = expected.end_of(query["month"])
        return {
            "month": query["month"],
            "days": due.days(conn(), unit_id, service().clock.today(), first, last),
            "meetings": due.meetings(conn(), unit_id, query["month"]),
        }


@doors.route("/units/<uuid:unit_id>/due")
class _Due(MethodView):
    @transaction
    @doors.arguments(schemas.DueQuery, location="query")
    @doors.response(200, schemas.DueAnswer)
    def get(self, query: dict[str, Any], unit_id: UUID) -> dict[str, Any]:
        """What is due below a unit, with the days left: reports, tasks, meetings, the plan of the year."""
        require(unit_id)
        now, today = service().clock.now(), service().clock.today()
        held = rules.load(conn()).on(today)
        frame = _frame(now, today, held.expected)
        start = after(query["cursor"], tuple[date, str, UUID, UUID])
        found = page(
            due.due(conn(), unit_id, frame, query["what"], start, query["limit"] + 1),
            query["limit"],
            lambda item: (item.due_on, item.what, item.unit_id, item.id),
        )
        items = []
        for item in found.items:
            said = expected.words(item)
            source = held.sources.get(expected.RULES.get(item.what, ""))
            items.append(
                msgspec.structs.asdict(item)
                | {"days_left": (item.due_on - today).days, "vi": said.vi, "en": said.en, "source": source}
            )
        counts = [
            {"what": what, "due": count, "overdue": late} for what, count, late in due.counted(conn(), unit_id, frame)
        ]
        return {"counts": counts, "items": items, "next_cursor": found.next_cursor}


@doors.route("/units/<uuid:unit_id>/export")
class _Export(MethodView):
    @transaction
    @doors.arguments(schemas.ExportQuery, location="query")
    @doors.response(200, _FILE, content_type=_XLSX, description="A workbook: rows, and notes on them.")
    def get(self, query: dict[str, str], unit_id: UUID) -> flask.Response:
        """Meetings, tasks or attendance of some months below a unit, as a workbook; members by their ids."""
        require(unit_id)
        _few_enough(query["first"], query["last"])
        columns, read = _SHEETS[query["what"]]
        rows = read(conn(), unit_id, service().clock.today(), query["first"], query["last"])
        file, _ = workbook.write(query["what"], columns, rows, exports.NOTES)
        name = f"{query['what']}-{query['first']}-{query['last']}.xlsx"
        return flask.send_file(file, mimetype=_XLSX, as_attachment=True, download_name=name, max_age=0)


_SHEETS: Final = {
    "meetings": (exports.MEETINGS, exports.meetings),
    "tasks": (exports.TASKS, exports.tasks),
    "attendance": (exports.ATTENDANCE, exports.attendance),
}


def _writes_for(unit_id: UUID) -> bool:
    """Whether a role of writing that reaches this very unit is held; one held elsewhere does not count."""
    units, everything = actor().units_of(_WRITES)
    return everything or service().covers(conn(), units, unit_id)


def _shown(feed: Feed) -> dict[str, Any]:
    return msgspec.structs.asdict(feed) | {"mine": feed.subject == actor().subject}


def _frame(now: datetime, today: date, rule: ExpectedRule | None) -> due.Frame:
    month = month_of(today)
    first, last, end = expected.quarter_of(month, rule)
    return due.Frame(
        day=today,
        now=now,
        month=month,
        month_end=expected.end_of(month),
        quarter_first=first,
        quarter_last=last,
        quarter_end=end,
        year=today.year,
        plan_by=date(today.year, *rule.plan_month_day) if rule else None,
    )


def _few_enough(first: str, last: str) -> None:
    count = (int(last[:4]) - int(first[:4])) * 12 + int(last[5:]) - int(first[5:]) + 1
    if not 1 <= count <= _MOST_MONTHS:
        raise Unprocessable.of([Fault("last", "months-out-of-range", _MONTHS, HOUSE)])


_MONTHS: Final = Text(
    f"Một bảng gồm từ 1 đến {_MOST_MONTHS} tháng, tháng cuối không trước tháng đầu. Chọn lại.",
    f"A workbook covers 1 to {_MOST_MONTHS} months, the last not before the first. Choose again.",
)
