"""Parts of a paper's facts: people, what was said and resolved, tasks, points."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID

import msgspec

from services.meetings.domain.attendance import Attendance
from services.meetings.domain.frames import Frame
from services.meetings.domain.minutes import Minutes, MinutesRecord
from services.meetings.domain.paper import CarriedTask, Composition, PaperKind
from services.meetings.domain.rules import Rules
from services.meetings.domain.scores import Score, grade
from services.meetings.domain.votes import Question, Votes
from services.meetings.papers import words


class Names:
    """Names of members by their ids; those that are missing are noted."""

    def __init__(self, given: Mapping[UUID, str]) -> None:
        self._given = given
        self.missing: dict[UUID, None] = {}

    def of(self, member_id: UUID) -> str:
        """The member's name, or dots."""
        name = words.line(self._given.get(member_id, ""))
        if not name:
            self.missing[member_id] = None
        return name or words.DOTS


def people(attendance: Attendance, counted: Composition, names: Names) -> dict[str, Any]:
    """Who belonged, came and was absent, with the names of those a superior asks for."""
    roll_call = attendance.roll_call
    present = len(attendance.present)
    absent = [
        {
            "name": names.of(absence.member_id),
            "reason": words.line(absence.reason or "") if absence.excused else "",
            "excused": absence.excused,
        }
        for absence in roll_call.absent
    ]
    guests = [
        ", ".join(words.line(part) for part in (guest.name, guest.role, guest.organisation) if part)
        for guest in roll_call.guest_list
    ]
    return {
        **msgspec.structs.asdict(counted),
        "owed": attendance.owed,
        "present": present,
        "share": words.share(present, attendance.owed),
        "late": [names.of(member_id) for member_id in roll_call.late],
        "exempt_present": [names.of(member_id) for member_id in roll_call.exempt_present],
        "absent_with_reason": [one for one in absent if one["excused"]],
        "absent_without_reason": [one for one in absent if not one["excused"]],
        "guests": attendance.guests,
        "guest_list": guests,
    }


def contents(kind: PaperKind, record: MinutesRecord, names: Names) -> dict[str, Any]:
    """What was said, concluded, resolved and given as tasks; for other papers than minutes only what they tell."""
    written = record.written
    whole = kind == "minutes"
    conclusions = [{"item": words.line(one.item), "text": words.paragraphs(one.text)} for one in written.conclusions]
    return {
        "chair": names.of(written.chair_id) if whole else "",
        "secretary": names.of(written.secretary_id) if whole else "",
        "sections": list(_sections(written)) if whole else [],
        "opinions": _said([(names.of(one.member_id), one.text) for one in written.opinions] if whole else []),
        "self_criticisms": _said(
            [
                (
                    f"{names.of(one.member_id)} góp ý đồng chí {names.of(one.about)}"
                    if one.about
                    else names.of(one.member_id),
                    one.text,
                )
                for one in written.self_criticisms
            ]
            if whole
            else []
        ),
        "conclusion": words.paragraphs(written.sections.conclusion),
        "conclusions": conclusions,
        "questions": [
            {
                "title": words.line(one.title),
                **_votes(one.votes, record),
                "manner": "giơ tay" if one.hands is not None else "ghi tên",
                "by_name": _by_name(one, names),
            }
            for one in written.questions
            if whole
        ],
        "fees": msgspec.structs.asdict(written.fees) if written.fees and whole else None,
        "resolution": _resolution(record) if kind in ("minutes", "resolution") else None,
        "tasks": [
            {
                "number": str(number),
                "name": names.of(task.member_id),
                "content": words.line(task.content),
                "due": words.day(task.due_on),
            }
            for number, task in enumerate(written.tasks, 1)
            if kind != "score_sheet"
        ],
    }


def _sections(written: Minutes) -> Iterator[dict[str, Any]]:
    for name, heading in words.SECTIONS.items():
        text = words.paragraphs(getattr(written.sections, name))
        if text:
            yield {"heading": heading, "text": text}


def _said(opinions: list[tuple[str, str]]) -> list[dict[str, Any]]:
    return [{"name": name, "text": words.paragraphs(text)} for name, text in opinions]


def _resolution(record: MinutesRecord) -> dict[str, Any] | None:
    resolution = record.written.resolution
    if resolution is None:
        return None
    hands = {"manner": "giơ tay", "by_name": []}
    return {"text": words.paragraphs(resolution.text), **_votes(resolution.votes, record), **hands}


def carried(told: Sequence[CarriedTask], names: Names) -> list[dict[str, str]]:
    """Tasks of earlier meetings that go on, with their first deadline and the next."""
    return [
        {
            "number": str(number),
            "name": names.of(task.member_id),
            "content": words.line(task.content),
            "first_due": words.day(task.first_due_on),
            "due": words.day(task.due_on),
        }
        for number, task in enumerate(told, 1)
    ]


def _by_name(question: Question, names: Names) -> list[dict[str, Any]]:
    """Who voted how, where the vote was by name; choices nobody took are left out."""
    found = []
    for choice, told in words.CHOICES.items():
        of_choice = [names.of(vote.member_id) for vote in question.by_name if vote.choice == choice]
        if of_choice:
            found.append({"choice": f"{told[0].upper()}{told[1:]}", "count": len(of_choice), "names": of_choice})
    return found


def _votes(votes: Votes, record: MinutesRecord) -> dict[str, Any]:
    result = record.result(votes)
    return {
        "in_favour": votes.for_,
        "against": votes.against,
        "abstaining": votes.abstaining,
        "of": result.of,
        "voters_present": result.present,
        "share": words.share(votes.for_, result.of),
        "carried": "thông qua" if result.carried else "không thông qua",
    }


def score_of(score: Score, frame: Frame | None, rules: Rules, kind: PaperKind, names: Names) -> dict[str, Any]:
    """The points given, group by group in the order of the frame they were given by, with the grade they come to."""
    maxima = frame.maxima if frame else {}
    named_so = {group.code: group.vi for group in frame.groups} if frame and frame.rubric_id else words.GROUPS
    given = score.given.points
    scorer = score.given.scorer_id
    named = grade(score.total, frame, rules)
    return {
        "rows": [
            {
                "number": str(number),
                "group": words.line(named_so.get(group, group)),
                "maximum": words.figure(maxima[group]) if group in maxima else "",
                "points": words.figure(given[group]),
            }
            for number, group in enumerate(
                [*(g for g in maxima if g in given), *(g for g in given if g not in maxima)], 1
            )
        ],
        "maximum": words.figure(sum(maxima.values())) if maxima else "",
        "total": words.figure(score.total),
        "grade": words.GRADES.get(named, named) if named else "",
        "source": words.line(frame.source) if frame else "",
        "scorer": names.of(scorer) if scorer and kind == "score_sheet" else words.DOTS,
    }
