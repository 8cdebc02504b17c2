"""Make the file of a paper from what is kept here and what the reader brings: names, which are forgotten at once."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Annotated, Any, Final, Literal
from uuid import UUID

import msgspec
from msgspec import Meta

from services.meetings.domain import paper as domain
from services.meetings.domain.frames import Frame
from services.meetings.domain.meeting import Meeting
from services.meetings.domain.paper import Issue, PaperKind, Signed
from services.meetings.domain.refusals import HOUSE, not_here_yet, unknown_meeting
from services.meetings.domain.rules import RuleBook
from services.meetings.papers import docx, facts, pdf, words
from services.meetings.papers.library import Library
from services.meetings.store import branches, meetings, papers, rubrics, rules, tasks
from shared.db import Connection
from shared.errors import Conflict, Text
from shared.units import replica
from shared.units.replica import Span

PaperFormat = Literal["docx", "pdf"]
LONGEST_NAME: Final = 200
MOST_NAMES: Final = 2000
Name = Annotated[str, Meta(max_length=LONGEST_NAME, pattern=r"^[^\x00]*$")]

_FILENAMES: Final[Mapping[PaperKind, str]] = {
    "minutes": "bien-ban",
    "resolution": "nghi-quyet",
    "conclusion_notice": "thong-bao-ket-luan",
    "score_sheet": "phieu-cham-diem",
}
_RENDER: Final[Mapping[PaperFormat, tuple[Callable[..., bytes], str]]] = {
    "docx": (docx.render, docx.CONTENT_TYPE),
    "pdf": (pdf.render, pdf.CONTENT_TYPE),
}


class Order(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which paper is wanted, and what the reader brings for it.

    `blank` leaves dots where a name is missing; `draft` asks for what is recorded now, without number and hash.
    """

    kind: PaperKind
    format: PaperFormat
    names: Annotated[dict[UUID, Name], Meta(max_length=MOST_NAMES)] = {}
    blank: bool = False
    draft: bool = False
    superior: Name | None = None
    branch: Name | None = None
    place: Name | None = None
    recipients: Annotated[tuple[Name, ...], Meta(max_length=20)] = ()


class Made(msgspec.Struct, frozen=True):
    """A file; its name says which paper it is and names nobody."""

    content: bytes
    content_type: str
    filename: str


def make(conn: Connection, meeting_id: UUID, order: Order, library: Library, check_url: str, now: datetime) -> Made:
    """The file of a paper as it was last issued, or of a draft.

    Raises NotFound; Conflict when it is not issued, or holds nothing to make it of; Unprocessable for missing names.
    """
    known = meetings.load(conn, meeting_id)
    if known is None:
        raise unknown_meeting()
    issue = None
    if not order.draft:
        issue = next((one for one in papers.of_meeting(conn, meeting_id) if one.paper.kind == order.kind), None)
        if issue is None:
            raise Conflict("not-issued", _NOT_ISSUED, source=HOUSE)
    told = facts.of(_wanted(conn, known, order, issue))
    span = replica.span_on(conn, known.plan.unit_id, known.plan.day)
    render, content_type = _RENDER[order.format]
    content = render(
        told,
        library,
        span.branch_type if span else None,
        check=f"{check_url}{issue.hash}" if issue else "",
        made_at=issue.issued_at if issue else now,
    )
    return Made(content, content_type, _filename(order, known, issue))


def _wanted(conn: Connection, known: Meeting, order: Order, issue: Issue | None) -> facts.Wanted:
    signed = domain.read(issue.signed) if issue else None
    meeting = signed.as_meeting(known) if signed else known
    domain.must_hold(meeting, order.kind)
    own, above = _units(conn, meeting)
    book = rules.load(conn)
    superior = order.superior if order.superior is not None else (above.name if above else "")
    return facts.Wanted(
        meeting=meeting,
        kind=order.kind,
        rules=book.on(meeting.plan.day),
        frame=_frame(conn, meeting, book),
        issue=issue,
        superior=superior,
        branch=order.branch or (own.name if own else ""),
        place=words.line(order.place) if order.place else words.place_of(superior),
        names=order.names,
        blank=order.blank,
        recipients=order.recipients,
        **_counted(conn, meeting, signed),
    )


def _frame(conn: Connection, meeting: Meeting, book: RuleBook) -> Frame | None:
    """The frame the branch's own score was given by, as it was then."""
    if meeting.score is None:
        return None
    name, unit_id = meeting.score.frame, meeting.plan.unit_id
    return book.frame_named(name) or rubrics.of(conn, [unit_id])[unit_id].named(name)


def _counted(conn: Connection, meeting: Meeting, signed: Signed | None) -> dict[str, Any]:
    if signed is not None:
        return {
            "composition": signed.composition,
            "posts": signed.posts,
            "reason": signed.paper.reason,
            "carried": signed.carried,
        }
    branch = branches.load(conn, [meeting.plan.unit_id]).get(meeting.plan.unit_id)
    if branch is None:
        raise not_here_yet()
    roster = branch.roster_on(meeting.plan.day)
    carried = domain.carried_tasks(meeting.minutes, tasks.carried_by(conn, meeting))
    return {
        "composition": domain.composition(roster),
        "posts": domain.posts(roster),
        "reason": None,
        "carried": carried,
    }


def _units(conn: Connection, meeting: Meeting) -> tuple[Span | None, Span | None]:
    """The branch and what stands above it, as they were on the day of the meeting."""
    own = replica.span_on(conn, meeting.plan.unit_id, meeting.plan.day)
    if own is None or own.parent_id is None:
        return own, None
    return own, replica.span_on(conn, own.parent_id, meeting.plan.day)


def _filename(order: Order, meeting: Meeting, issue: Issue | None) -> str:
    told = issue.paper.sign.replace("/", "-") if issue and issue.paper.sign else meeting.plan.day.isoformat()
    return f"{_FILENAMES[order.kind]}-{told}{'' if issue else '-du-thao'}.{order.format}"


_NOT_ISSUED: Final = Text(
    "Văn bản này chưa được phát hành nên chưa có số. Phát hành trước (POST …/papers), hoặc xin bản dự thảo (draft).",
    "This paper is not issued, so it has no number yet. Issue it first (POST …/papers), or ask for a draft.",
)
