"""What a paper says, as the templates of DOCX and PDF read it: plain words, lists and figures, in Vietnamese.

One structure for every kind of paper; docs/meetings.md describes it for those who make templates of their own.
"""

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

import msgspec

from services.meetings.domain.frames import Frame
from services.meetings.domain.meeting import Meeting
from services.meetings.domain.minutes import Minutes
from services.meetings.domain.paper import CarriedTask, Composition, Issue, PaperKind
from services.meetings.domain.refusals import HOUSE
from services.meetings.domain.rules import Rules
from services.meetings.papers import parts, words
from services.meetings.papers.parts import Names
from shared.clock import local_day
from shared.errors import Fault, Text, Unprocessable

TITLES: Final[Mapping[PaperKind, str]] = {
    "minutes": "BIÊN BẢN",
    "resolution": "NGHỊ QUYẾT",
    "conclusion_notice": "THÔNG BÁO",
    "score_sheet": "PHIẾU CHẤM ĐIỂM",
}
_DEPUTY: Final = "deputy_secretary"


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """A paper that is to be made, with what this service does not keep: names, which are forgotten once it is made.

    `frame` is what the score was given by (None: not known); `issue` is None for a draft. `superior` and `branch` are
    names of units, `place` where the paper is dated.
    """

    meeting: Meeting
    kind: PaperKind
    rules: Rules
    frame: Frame | None
    composition: Composition
    posts: Mapping[UUID, str]
    carried: tuple[CarriedTask, ...] = ()
    issue: Issue | None
    reason: str | None
    superior: str
    branch: str
    place: str
    names: Mapping[UUID, str]
    blank: bool
    recipients: tuple[str, ...]


def of(wanted: Wanted) -> dict[str, Any]:
    """The paper's facts. Raises Unprocessable naming every member whose name is needed and was not given."""
    names = Names(wanted.names)
    meeting = wanted.meeting
    assert meeting.minutes is not None
    assert meeting.attendance is not None
    told = {
        "kind": wanted.kind,
        "title": TITLES[wanted.kind],
        "subject": _subject(wanted),
        **_head(wanted),
        "meeting": _meeting(wanted),
        "people": parts.people(meeting.attendance, wanted.composition, names) if wanted.kind == "minutes" else {},
        **parts.contents(wanted.kind, meeting.minutes, names),
        "carried": parts.carried(wanted.carried, names) if wanted.kind != "score_sheet" else [],
        "score": _score(wanted, names),
        "signatures": _signatures(wanted, meeting.minutes.written, names),
        "recipients": [words.line(one) for one in wanted.recipients] or _recipients(wanted),
    }
    told["numerals"] = _numerals(told)
    if names.missing and not wanted.blank:
        raise Unprocessable.of(
            [Fault(f"names.{member_id}", "name-missing", _NAMELESS, HOUSE) for member_id in names.missing]
        )
    return told


def _numerals(told: Mapping[str, Any]) -> dict[str, str]:
    """The numbers of the parts of minutes behind the third, which may be missing: no number is left out."""
    there = {
        "votes": bool(told["resolution"] or told["questions"]),
        "tasks": bool(told["tasks"] or told["carried"]),
        "score": told["score"] is not None,
    }
    numbers = iter(("IV.", "V.", "VI."))
    return {part: next(numbers) for part, is_there in there.items() if is_there}


def _head(wanted: Wanted) -> dict[str, Any]:
    issue = wanted.issue
    day = issue.paper.day if issue else wanted.meeting.plan.day
    abbreviations = wanted.rules.paper_forms.abbreviations if wanted.rules.paper_forms else {}
    abbreviation = abbreviations.get(wanted.kind)
    number = ""
    if issue and issue.paper.sign:
        number = f"Số {issue.paper.sign}"
    elif abbreviation and wanted.rules.paper_forms:
        number = f"Số …-{abbreviation}/{wanted.rules.paper_forms.issuer}"
    correction = ""
    if issue and issue.correction:
        why = f": {words.line(wanted.reason)}" if wanted.reason else ""
        on = words.day(local_day(issue.issued_at))
        correction = f"Bản đính chính lần {issue.correction}, ngày {on}{why}"
    return {
        "superior": words.head_of(wanted.superior),
        "branch": words.head_of(wanted.branch),
        "branch_name": words.line(wanted.branch),
        "number": number,
        "place_and_date": f"{wanted.place}, {words.long_day(day)}",
        "draft": "" if issue else "DỰ THẢO",
        "correction": correction,
        "hash": issue.hash if issue else "",
    }


def _subject(wanted: Wanted) -> str:
    plan = wanted.meeting.plan
    held = words.MEETINGS[plan.kind]
    month = f"tháng {plan.day.month} năm {plan.day.year}"
    theme = f" “{words.line(plan.theme)}”" if plan.theme else ""
    if wanted.kind == "minutes":
        return f"{held[0].upper()}{held[1:]} {month}{theme}"
    if wanted.kind == "resolution":
        return f"của buổi {held} {month}{theme}"
    if wanted.kind == "conclusion_notice":
        return f"kết luận của chủ trì tại buổi {held} {month}{theme}"
    return f"chất lượng buổi {held} {month}{theme}"


def _meeting(wanted: Wanted) -> dict[str, Any]:
    plan = wanted.meeting.plan
    assert wanted.meeting.minutes is not None
    written = wanted.meeting.minutes.written
    minutes = int((written.ended_at - written.started_at).total_seconds() // 60)
    return {
        "kind": words.MEETINGS[plan.kind],
        "month": f"tháng {plan.day.month} năm {plan.day.year}",
        "theme": words.line(plan.theme or ""),
        "place": words.line(plan.place),
        "day": words.long_day(plan.day),
        "began": words.hour(written.started_at),
        "ended": words.hour(written.ended_at),
        "lasted": f"{minutes} phút",
    }


def _score(wanted: Wanted, names: Names) -> dict[str, Any] | None:
    score = wanted.meeting.score
    if score is None or wanted.kind not in ("minutes", "score_sheet"):
        return None
    return parts.score_of(score, wanted.frame, wanted.rules, wanted.kind, names)


def _signatures(wanted: Wanted, written: Minutes, names: Names) -> dict[str, Any]:
    if wanted.kind == "minutes":
        return {
            "left": {"above": "", "title": "NGƯỜI GHI BIÊN BẢN", "name": names.of(written.secretary_id)},
            "right": {"above": "", "title": "CHỦ TRÌ", "name": names.of(written.chair_id)},
        }
    left = {"above": "", "title": "", "name": ""}
    if wanted.kind == "score_sheet":
        score = wanted.meeting.score
        scorer = score.given.scorer_id if score else None
        left = {"above": "", "title": "NGƯỜI CHẤM ĐIỂM", "name": names.of(scorer) if scorer else ""}
    signer, title = _signer(wanted, written)
    name = names.of(signer) if signer else ""
    return {"left": left, "right": {"above": "T/M CHI BỘ", "title": title, "name": name}}


def _signer(wanted: Wanted, written: Minutes) -> tuple[UUID | None, str]:
    """The secretary signs; the deputy does where they chaired or the branch has no secretary."""
    if wanted.posts.get(written.chair_id) == _DEPUTY:
        return written.chair_id, "PHÓ BÍ THƯ"
    for post, title in (("secretary", "BÍ THƯ"), (_DEPUTY, "PHÓ BÍ THƯ")):
        for member_id, held in wanted.posts.items():
            if held == post:
                return member_id, title
    return None, "BÍ THƯ"


def _recipients(wanted: Wanted) -> list[str]:
    if wanted.kind == "score_sheet":
        return []
    superior = [f"{words.line(wanted.superior)} (để báo cáo)"] if wanted.superior else []
    members = [] if wanted.kind == "minutes" else ["Đảng viên trong chi bộ (để thực hiện)"]
    return [*superior, *members, "Lưu chi bộ"] if wanted.kind != "minutes" else []


_NAMELESS: Final = Text(
    "Văn bản cần họ tên của đảng viên này. Gửi họ tên trong names, hoặc chọn blank để chừa chỗ ghi tay.",
    "The paper needs this member's name. Send it in names, or choose blank to leave room for writing by hand.",
)
