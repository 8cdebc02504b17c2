"""Events → facts: one row a meeting or task, the columns those of the tables of the same names. Pure, columnar.

Frames are polars; ids are texts. A column is null where the event does not say, as older ones do not.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final

import msgspec
import polars as pl

from services.evaluation.decode import (
    Attendance,
    Copies,
    LastResolution,
    Meeting,
    Minutes,
    Points,
    Preparation,
    Task,
    maxima,
)
from services.evaluation.domain.parts import AGE_BANDS, POSTS
from shared.clock import local_day
from shared.months import month_of

_PLACES: Final[Mapping[str, Mapping[str, int]]] = {
    "age_band": {group: 2 * place for place, group in enumerate(AGE_BANDS)},
    "post": {group: 2 * (place + len(AGE_BANDS)) for place, group in enumerate(POSTS)},
}
BY_GROUP: Final = tuple(
    f"{what}_{ending}" for ending, _, _ in (*AGE_BANDS.values(), *POSTS.values()) for what in ("owed", "present")
)
"""Those who owed attendance and were present, group by group."""
COUNTED: Final[Mapping[str, type[pl.DataType]]] = {
    "meeting_id": pl.String,
    "version": pl.Int64,
    "branch_id": pl.String,
    "month": pl.String,
    "kind": pl.String,
    "status": pl.String,
    "held_on": pl.Date,
    "on_time": pl.Boolean,
    "corrected": pl.Boolean,
    "owed": pl.Int64,
    "present": pl.Int64,
    "absent_with_reason": pl.Int64,
    "absent_without_reason": pl.Int64,
    "late_arrivals": pl.Int64,
    **dict.fromkeys(BY_GROUP, pl.Int64),
    "complete": pl.Boolean,
    "has_conclusion": pl.Boolean,
    "speakers": pl.Int64,
    "tasks_assigned": pl.Int64,
    "members_with_task": pl.Int64,
    "last_tasks": pl.Int64,
    "last_tasks_done": pl.Int64,
    "superior_assigned": pl.Boolean,
    "superior_attended": pl.Boolean,
    "duration_kept": pl.Boolean,
    "on_set_day": pl.Boolean,
    "pre_meeting_held": pl.Boolean,
    "notice_given": pl.Boolean,
    "documents_in_time": pl.Boolean,
    "signalled": pl.Boolean,
    "copied": pl.Boolean,
    "self_points": pl.Int64,
    "voted_points": pl.Int64,
    "official_points": pl.Int64,
}
"""The columns of a meeting's fact that its parts are counted from."""
MEETING_FACT: Final[Mapping[str, type[pl.DataType]]] = {
    **COUNTED,
    "known_at": pl.String,
    "reported_on": pl.Date,
    "report_due_on": pl.Date,
    "duration_minutes": pl.Int64,
    "self_criticisms": pl.Int64,
    "theme_tag": pl.String,
    "sections_empty": pl.String,
    "sections_short": pl.String,
    "agencies": pl.String,
    "self_groups": pl.String,
    "self_max": pl.String,
    "official_groups": pl.String,
    "official_max": pl.String,
}
TASK_FACT: Final[Mapping[str, type[pl.DataType]]] = {
    "task_id": pl.String,
    "version": pl.Int64,
    "branch_id": pl.String,
    "month": pl.String,
    "status": pl.String,
    "due_on": pl.Date,
    "done_on": pl.Date,
    "known_at": pl.String,
}
_EPOCH = date(1970, 1, 1).toordinal()
_PLAIN: Final[dict[type[pl.DataType], type[pl.DataType]]] = {pl.Date: pl.Int32}
_NOBODY, _NO_MINUTES = Attendance(0, 0, 0, 0), Minutes(False, 0, False)
_NO_RESOLUTION, _NO_COPIES = LastResolution(0, 0), Copies()
_encode: Final = msgspec.json.Encoder().encode
_UNKNOWN: Final = (None,) * (len(BY_GROUP) + 1)
_NOT_KNOWN: Final = (None, None, None)


def meeting_facts(meetings: Sequence[Meeting]) -> pl.DataFrame:
    """One fact a meeting: its newest version among `meetings`."""
    return newest(_frame(meeting_columns(meetings), MEETING_FACT), "meeting_id")


def meeting_columns(meetings: Sequence[Meeting]) -> dict[str, Sequence[Any]]:
    """The columns of `MEETING_FACT`, a row a meeting; days are numbers since 1970."""
    attendance = [meeting.attendance or _NOBODY for meeting in meetings]
    minutes = [meeting.minutes or _NO_MINUTES for meeting in meetings]
    last = [meeting.last_resolution or _NO_RESOLUTION for meeting in meetings]
    own = [meeting.scores.self for meeting in meetings]
    official = [meeting.scores.official for meeting in meetings]
    prepared = [_prepared(meeting.preparation) for meeting in meetings]
    return {
        "meeting_id": [meeting.meeting_id for meeting in meetings],
        "version": [meeting.version for meeting in meetings],
        "branch_id": [meeting.unit_id for meeting in meetings],
        "month": [meeting.period for meeting in meetings],
        "kind": [meeting.kind for meeting in meetings],
        "status": [meeting.status for meeting in meetings],
        "held_on": [local_day(meeting.starts_at).toordinal() - _EPOCH for meeting in meetings],
        "on_time": [
            meeting.reported_at is not None
            and (meeting.report_due_at is None or meeting.reported_at <= meeting.report_due_at)
            for meeting in meetings
        ],
        "corrected": [meeting.revision > 1 for meeting in meetings],
        "owed": [came.owed for came in attendance],
        "present": [came.present for came in attendance],
        "absent_with_reason": [came.absent_with_reason for came in attendance],
        "absent_without_reason": [came.absent_without_reason for came in attendance],
        "late_arrivals": [came.late for came in attendance],
        **_columns((*BY_GROUP, "agencies"), [_groups(came) for came in attendance]),
        "complete": [written.complete for written in minutes],
        "has_conclusion": [written.has_conclusion for written in minutes],
        "speakers": [written.speakers for written in minutes],
        "tasks_assigned": [meeting.tasks_assigned for meeting in meetings],
        "members_with_task": [meeting.members_with_task for meeting in meetings],
        "last_tasks": [resolution.tasks for resolution in last],
        "last_tasks_done": [resolution.done for resolution in last],
        "superior_assigned": [meeting.superior_assigned for meeting in meetings],
        "superior_attended": [meeting.superior_attended for meeting in meetings],
        "duration_kept": [meeting.duration_kept for meeting in meetings],
        "on_set_day": [meeting.on_set_day for meeting in meetings],
        **_columns(("pre_meeting_held", "notice_given", "documents_in_time"), prepared),
        "signalled": [None if meeting.signals is None else bool(meeting.signals.codes) for meeting in meetings],
        "copied": [
            None if meeting.signals is None else (meeting.copies or _NO_COPIES).count > 0 for meeting in meetings
        ],
        "self_points": _points(own),
        "voted_points": _points([meeting.scores.voted for meeting in meetings]),
        "official_points": _points(official),
        "known_at": [meeting.known_at.isoformat() for meeting in meetings],
        "reported_on": [_local_ordinal(meeting.reported_at) if _is_late(meeting) else None for meeting in meetings],
        "report_due_on": [_local_ordinal(meeting.report_due_at) if _is_late(meeting) else None for meeting in meetings],
        "duration_minutes": [meeting.duration_minutes for meeting in meetings],
        "self_criticisms": [written.self_criticisms for written in minutes],
        "theme_tag": [meeting.topic.tag if meeting.topic else None for meeting in meetings],
        **_columns(("sections_empty", "sections_short"), [_sections(written) for written in minutes]),
        "self_groups": [_json(score.groups) if score else None for score in own],
        "self_max": [maxima(score) for score in own],
        "official_groups": [_json(score.groups) if score else None for score in official],
        "official_max": [maxima(score) for score in official],
    }


def task_facts(tasks: Sequence[Task]) -> pl.DataFrame:
    """One fact a task: its newest version among `tasks`."""
    return newest(_frame(task_columns(tasks), TASK_FACT), "task_id")


def task_columns(tasks: Sequence[Task]) -> dict[str, Sequence[Any]]:
    """The columns of `TASK_FACT`, a row a task; days are numbers since 1970."""
    return {
        "task_id": [task.task_id for task in tasks],
        "version": [task.version for task in tasks],
        "branch_id": [task.unit_id for task in tasks],
        "month": [month_of(task.due_on) for task in tasks],
        "status": [task.status for task in tasks],
        "due_on": [task.due_on.toordinal() - _EPOCH for task in tasks],
        "done_on": [task.done_on.toordinal() - _EPOCH if task.done_on else None for task in tasks],
        "known_at": [task.known_at.isoformat() for task in tasks],
    }


def rows(columns: Mapping[str, Sequence[Any]], schema: Mapping[str, type[pl.DataType]]) -> list[dict[str, Any]]:
    """The same as rows, their days as dates."""
    plain = [
        [None if number is None else date.fromordinal(_EPOCH + number) for number in columns[name]]
        if dtype in _PLAIN
        else columns[name]
        for name, dtype in schema.items()
    ]
    return [dict(zip(schema, row, strict=True)) for row in zip(*plain, strict=True)]


def newest(facts: pl.DataFrame, key: str) -> pl.DataFrame:
    """Each key once, in its newest version, in the order of keys (so that two workers lock rows alike)."""
    return facts.sort(key, "version").unique(key, keep="last", maintain_order=True)


def _is_late(meeting: Meeting) -> bool:
    """Reported, and after the day it was due: only then are the days kept."""
    due, reported = meeting.report_due_at, meeting.reported_at
    return reported is not None and due is not None and reported > due


def _local_ordinal(instant: datetime | None) -> int | None:
    return None if instant is None else local_day(instant).toordinal() - _EPOCH


def _columns(names: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> dict[str, Sequence[Any]]:
    return dict(zip(names, zip(*rows, strict=True) if rows else ((),) * len(names), strict=True))


def _groups(came: Attendance) -> tuple[int | str | None, ...]:
    """The counts of `BY_GROUP`, then attendance by agency as JSON: code → [owed, present]; a group that is neither is
    left out."""
    if came.groups is None:
        return _UNKNOWN
    counts: list[int | str | None] = [0] * len(BY_GROUP)
    agencies: dict[str, tuple[int, int]] = {}
    for group in came.groups:
        if group.by == "agency":
            agencies[group.group] = (group.owed, group.present)
        elif (places := _PLACES.get(group.by)) and (place := places.get(group.group)) is not None:
            counts[place] = group.owed
            counts[place + 1] = group.present
    return (*counts, _json(agencies) if agencies else None)


def _prepared(preparation: Preparation | None) -> tuple[bool | None, ...]:
    if preparation is None:
        return _NOT_KNOWN
    return preparation.pre_meeting_held, preparation.notice_given, preparation.documents_day_before


def _points(scores: Sequence[Points | None]) -> list[int | None]:
    return [None if score is None else round(score.points * 100) for score in scores]


def _sections(written: Minutes) -> tuple[str | None, str | None]:
    """The codes of the empty sections and of the short ones, each as PostgreSQL writes an array; None: not known."""
    if written.sections is None:
        return None, None
    wanting = [section for section in written.sections if section.state != "filled"]
    if not wanting:
        return "{}", "{}"
    empty, short = (
        "{" + ",".join(_quoted(section.code) for section in wanting if section.state == state) + "}"
        for state in ("empty", "short")
    )
    return empty, short


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _json(value: object) -> str | None:
    return None if value is None else _encode(value).decode()


def _frame(columns: Mapping[str, Sequence[Any]], schema: Mapping[str, type[pl.DataType]]) -> pl.DataFrame:
    # Days come as numbers since 1970: polars takes a list of them twenty times as fast as a list of dates.
    series = [pl.Series(name, columns[name], dtype=_PLAIN.get(dtype, dtype)) for name, dtype in schema.items()]
    return pl.DataFrame(series).with_columns(
        pl.col(name).cast(dtype) for name, dtype in schema.items() if dtype in _PLAIN
    )
