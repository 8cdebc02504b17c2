"""Papers of a meeting: their kinds, their numbers within a committee's term, and the content that is signed.

A paper is issued once and keeps its number; after a correction of the minutes it is issued again under the same number,
as a correction (đính chính). What is signed never holds a name: members appear by their ids.
"""

import hashlib
from collections.abc import Mapping
from datetime import date, datetime
from typing import Final, Literal
from uuid import UUID

import msgspec
from msgspec.structs import replace

from services.meetings.domain.attendance import Attendance
from services.meetings.domain.meeting import Meeting
from services.meetings.domain.minutes import MinutesRecord
from services.meetings.domain.refusals import HOUSE
from services.meetings.domain.roster import Entry
from services.meetings.domain.rules import MeetingKind, Rules
from services.meetings.domain.scores import Score
from services.meetings.domain.task import Task
from shared.clock import local_day
from shared.errors import Conflict, Fault, Text, Unprocessable

PaperKind = Literal["minutes", "resolution", "conclusion_notice", "score_sheet"]
KINDS: Final[tuple[PaperKind, ...]] = ("minutes", "resolution", "conclusion_notice", "score_sheet")
_OF_THE_MEETING: Final = frozenset({"minutes", "score_sheet"})
"""Papers dated by the day of the meeting; the others carry the day they are issued."""
FORM: Final = 2
"""The form of the signed content; another form is another number, and old papers stay checkable by theirs."""


class Composition(msgspec.Struct, frozen=True):
    """How many belonged to the branch on the day, by kind; `total` is official and probationary together."""

    total: int
    official: int
    probationary: int
    received: int
    exempt: int
    elsewhere: int


class Paper(msgspec.Struct, frozen=True):
    """A paper as first issued. `number` and `sign` (`05-NQ/CB`) are None for a kind that is not numbered."""

    paper_id: UUID
    meeting_id: UUID
    unit_id: UUID
    kind: PaperKind
    day: date
    term: date
    number: int | None
    sign: str | None


class Recorded(msgspec.Struct, frozen=True):
    """What is recorded of a meeting, as signed content holds it."""

    attendance: Attendance | None
    minutes: MinutesRecord | None
    score: Score | None


class SignedPaper(msgspec.Struct, frozen=True):
    """Which paper it is; `reason` is that of the correction."""

    kind: PaperKind
    day: date
    sign: str | None
    correction: int
    reason: str | None


class SignedMeeting(msgspec.Struct, frozen=True):
    """Which meeting it is of."""

    meeting_id: UUID
    unit_id: UUID
    kind: MeetingKind
    starts_at: datetime
    place: str
    theme: str | None
    adopted_at: datetime | None


class CarriedTask(msgspec.Struct, frozen=True):
    """A task of an earlier meeting that goes on: its first deadline, and the one these minutes give it."""

    task_id: UUID
    member_id: UUID
    content: str
    first_due_on: date
    due_on: date


def carried_tasks(minutes: MinutesRecord | None, known: Mapping[UUID, Task]) -> tuple[CarriedTask, ...]:
    """The tasks that minutes carry over, with what the earlier meeting said of them."""
    return tuple(
        CarriedTask(
            one.task_id,
            known[one.task_id].member_id,
            known[one.task_id].content,
            known[one.task_id].due_on,
            one.due_on,
        )
        for one in (minutes.written.carried_over if minutes else ())
        if one.task_id in known
    )


class Signed(msgspec.Struct, frozen=True):
    """The content that is signed, in this form; `posts` are who held which in the branch on the day: they sign.

    Form 1 had no `carried`.
    """

    form: int
    paper: SignedPaper
    meeting: SignedMeeting
    edition: int
    revision: int
    composition: Composition
    posts: Mapping[UUID, str]
    document: Recorded
    carried: tuple[CarriedTask, ...] = ()

    def as_meeting(self, known: Meeting) -> Meeting:
        """The meeting as this content tells of it."""
        told = self.meeting
        plan = replace(known.plan, kind=told.kind, starts_at=told.starts_at, place=told.place, theme=told.theme)
        document = self.document
        return replace(
            known,
            plan=plan,
            revision=self.revision,
            attendance=document.attendance,
            minutes=document.minutes,
            score=document.score,
        )


class Issue(msgspec.Struct, frozen=True):
    """One issue of a paper: `correction` 0 is the first, then one more with each.

    `signed` is canonical JSON and `hash` its SHA-256 in hexadecimal.
    """

    hash: str
    paper: Paper
    correction: int
    revision: int
    signed: str
    issued_at: datetime
    issued_by: str


def must_be_issuable(meeting: Meeting, kind: PaperKind) -> None:
    """Raises Conflict unless the minutes are adopted and hold what a paper of `kind` is made of."""
    if meeting.revision == 0:
        raise Conflict("not-adopted", _NOT_ADOPTED, source=HOUSE)
    must_hold(meeting, kind)


def must_hold(meeting: Meeting, kind: PaperKind) -> None:
    """Raises Conflict unless what is recorded of the meeting holds what a paper of `kind` is made of."""
    if meeting.minutes is None or meeting.attendance is None:
        raise Conflict("nothing-recorded", _NOTHING_RECORDED, source=HOUSE)
    if kind == "resolution" and meeting.minutes.written.resolution is None:
        raise Conflict("nothing-resolved", _NOTHING_RESOLVED, source=HOUSE)
    if kind == "conclusion_notice" and not meeting.minutes.has_conclusion:
        raise Conflict("nothing-concluded", _NOTHING_CONCLUDED, source=HOUSE)
    if kind == "score_sheet" and meeting.score is None:
        raise Conflict("nothing-scored", _NOTHING_SCORED, source=HOUSE)


def day_of(meeting: Meeting, kind: PaperKind, now: datetime) -> date:
    """The day a paper carries when it is issued `now`."""
    return meeting.plan.day if kind in _OF_THE_MEETING else local_day(now)


def sign_of(kind: PaperKind, number: int, rules: Rules) -> str | None:
    """`Số` of a paper, such as `05-NQ/CB`; None for a kind that is not numbered."""
    forms = rules.paper_forms
    abbreviation = forms.abbreviations.get(kind) if forms else None
    return f"{number:02d}-{abbreviation}/{forms.issuer}" if forms and abbreviation else None


def is_numbered(kind: PaperKind, rules: Rules) -> bool:
    """Whether papers of `kind` carry a number. Raises Unprocessable when no rule on the form of papers is known."""
    if rules.paper_forms is None:
        raise Unprocessable.of([Fault("kind", "no-rule-in-force", _NO_FORMS, HOUSE)])
    return rules.paper_forms.abbreviations.get(kind) is not None


def composition(roster: Mapping[UUID, Entry]) -> Composition:
    """How many belong to the branch, by kind."""
    kinds = [entry.kind for entry in roster.values()]
    statuses = [entry.status for entry in roster.values()]
    return Composition(
        total=len(roster),
        official=kinds.count("official"),
        probationary=kinds.count("probationary"),
        received=statuses.count("received_temporarily"),
        exempt=statuses.count("exempt"),
        elsewhere=statuses.count("temporary_elsewhere"),
    )


def posts(roster: Mapping[UUID, Entry]) -> dict[UUID, str]:
    """Who holds which post in the branch."""
    return {member_id: entry.post for member_id, entry in roster.items() if entry.post is not None}


def sign(
    paper: Paper,
    meeting: Meeting,
    roster: Mapping[UUID, Entry],
    *,
    carried: Mapping[UUID, Task],
    correction: int,
    reason: str | None,
    at: datetime,
    by: str,
) -> Issue:
    """Issue a paper: its content as canonical JSON (members sorted, no spaces), and the hash of that.

    `carried` are the tasks the minutes carry over, by id.
    """
    plan = meeting.plan
    content = Signed(
        form=FORM,
        paper=SignedPaper(paper.kind, paper.day, paper.sign, correction, reason),
        meeting=SignedMeeting(
            meeting.meeting_id, plan.unit_id, plan.kind, plan.starts_at, plan.place, plan.theme, meeting.adopted_at
        ),
        edition=meeting.edition,
        revision=meeting.revision,
        composition=composition(roster),
        posts=posts(roster),
        document=Recorded(meeting.attendance, meeting.minutes, meeting.score),
        carried=carried_tasks(meeting.minutes, carried),
    )
    signed = msgspec.json.encode(msgspec.to_builtins(content, str_keys=True), order="sorted").decode()
    return Issue(hash_of(signed), paper, correction, meeting.revision, signed, at, by)


def hash_of(signed: str) -> str:
    """The SHA-256 of signed content, in hexadecimal."""
    return hashlib.sha256(signed.encode()).hexdigest()


def read(signed: str) -> Signed:
    """Signed content, as it was when it was signed."""
    return msgspec.json.decode(signed, type=Signed)


def is_latest(issue: Issue, meeting: Meeting) -> bool:
    """Whether the minutes still say what the issue says: no correction since, and the adoption was not taken back."""
    told = read(issue.signed).document
    return meeting.revision > 0 and told == Recorded(meeting.attendance, meeting.minutes, meeting.score)


_NOT_ADOPTED: Final = Text(
    "Biên bản chưa được thông qua nên chưa phát hành văn bản được. Thông qua trước, hoặc xin bản dự thảo (draft).",
    "The minutes are not adopted, so no paper can be issued. Adopt them first, or ask for a draft.",
)
_NOTHING_RECORDED: Final = Text(
    "Chưa có điểm danh hoặc biên bản nên chưa lập được văn bản. Ghi các phần đó trước.",
    "There is no roll call or there are no minutes, so no paper can be made. Record them first.",
)
_NOTHING_RESOLVED: Final = Text(
    "Biên bản không có nghị quyết nên không lập được văn bản nghị quyết.",
    "The minutes hold no resolution, so there is no resolution to write out.",
)
_NOTHING_CONCLUDED: Final = Text(
    "Biên bản chưa có kết luận của chủ trì nên không lập được thông báo kết luận.",
    "The minutes hold no conclusion of the chair, so there is no notice to write.",
)
_NOTHING_SCORED: Final = Text(
    "Chi bộ chưa tự chấm điểm buổi họp này nên không có phiếu chấm điểm.",
    "The branch has not scored this meeting, so there is no score sheet.",
)
_NO_FORMS: Final = Text(
    "Hệ thống chưa có quy định về thể thức văn bản cho ngày này. Nhờ người quản trị bổ sung quy định paper_forms.",
    "No rule on the form of papers is known for this day. Ask the administrator to add the rule paper_forms.",
)
