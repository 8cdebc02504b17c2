"""Templates of agenda and minutes by branch type and kind of meeting, as dated data.

What a template of the meeting's day calls required makes minutes complete. A province may put its own version in the
place of the central one; of those that held once, none is ever changed.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Annotated, Final, Literal, get_args
from uuid import UUID

import msgspec
from msgspec import Meta

from services.meetings.domain.minutes import Sections
from services.meetings.domain.refusals import HOUSE
from services.meetings.domain.rules import MeetingKind, no_rule
from services.meetings.domain.values import Line
from shared.errors import Fault, Text, Unprocessable

BranchType = Literal[
    "commune",
    "ward",
    "township",
    "state_enterprise",
    "joint_stock",
    "private",
    "public_service",
    "administration",
    "armed_forces",
    "other",
]
BRANCH_TYPES: Final[tuple[str, ...]] = get_args(BranchType)
KINDS: Final[tuple[MeetingKind, ...]] = get_args(MeetingKind)
SECTIONS: Final[tuple[str, ...]] = Sections.__struct_fields__
Need = Literal["required", "optional", "unused"]
Span = Annotated[int, Meta(ge=1, le=600)]


class Words(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A line in both languages."""

    vi: Line
    en: Line


class Part(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One section of minutes: its heading, whether it is needed, and what belongs into it."""

    name: str
    need: Need
    title: Words
    hint: Words


class Item(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One item of an agenda, and the minutes planned for it."""

    title: Words
    minutes: Span


class Layout(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What a version of a template says, and from when to when (`valid_to` itself no more; None: until replaced)."""

    branch_type: BranchType
    kind: MeetingKind
    valid_from: date
    valid_to: date | None = None
    title: Words
    agenda: tuple[Item, ...]
    sections: tuple[Part, ...]
    minutes_planned: Span
    issuer: Line
    citation: Line
    note: Line | None = None

    @property
    def required(self) -> tuple[str, ...]:
        """The names of the sections that make minutes complete."""
        return tuple(part.name for part in self.sections if part.need == "required")

    @property
    def source(self) -> str:
        """Issuer and citation, as a person reads them."""
        return f"{self.issuer}, {self.citation}"


class Template(msgspec.Struct, frozen=True):
    """A version under its id; `unit_id` is the province committee whose own it is, None for the central one."""

    template_id: UUID
    unit_id: UUID | None
    layout: Layout


class Requirement(msgspec.Struct, frozen=True):
    """What one version requires of a branch's minutes from `valid_from` to the day before `valid_to` (None: still)."""

    branch_type: str
    kind: MeetingKind
    own: bool
    valid_from: date
    valid_to: date | None
    sections: tuple[str, ...]


class Templates(msgspec.Struct, frozen=True):
    """What the templates over one branch require, its province's own ones included."""

    requirements: tuple[Requirement, ...]

    def required_on(self, branch_type: str | None, day: date) -> Mapping[MeetingKind, tuple[str, ...]]:
        """The sections required on `day`, by kind of meeting. Raises Unprocessable when a kind has no template.

        A branch whose type is not known is held to the template of the type "other".
        """
        required: dict[MeetingKind, tuple[str, ...]] = {}
        for version in sorted(self.requirements, key=lambda version: version.own):
            begun = version.valid_from <= day and (version.valid_to is None or day < version.valid_to)
            if begun and version.branch_type == (branch_type or "other"):
                required[version.kind] = version.sections
        missing = [f"template of minutes, {kind}" for kind in KINDS if kind not in required]
        if missing:
            raise Unprocessable.of([no_rule(day, missing)])
        return required


def overlapping(wanted: Layout, others: Sequence[Template]) -> list[Template]:
    """Those of `others` (of the same unit, type and kind) that hold on a day on which `wanted` holds.

    An open version that began earlier does not count: `wanted` ends it.
    """
    return [
        other
        for other in others
        if (wanted.valid_to is None or other.layout.valid_from < wanted.valid_to)
        and (other.layout.valid_to is None or wanted.valid_from < other.layout.valid_to)
        and not is_ended_by(other.layout, wanted)
    ]


def is_ended_by(open_one: Layout, wanted: Layout) -> bool:
    """Whether `wanted` takes over from a version that began earlier and has no end."""
    return open_one.valid_to is None and open_one.valid_from < wanted.valid_from and wanted.valid_to is None


def faults_of(layout: Layout, today: date) -> list[Fault]:
    """What is wrong with a version that a province puts in on `today`, each fault naming its field."""
    faults = []
    if layout.valid_from < today:
        faults.append(Fault("valid_from", "template-in-past", _IN_PAST, HOUSE))
    if layout.valid_to is not None and layout.valid_to <= layout.valid_from:
        faults.append(Fault("valid_to", "ends-before-it-begins", _ENDS_FIRST, HOUSE))
    return faults + list(_sections(layout)) + list(_agenda(layout))


def _sections(layout: Layout) -> Iterator[Fault]:
    seen: set[str] = set()
    for index, part in enumerate(layout.sections):
        if part.name not in SECTIONS:
            yield Fault(f"sections[{index}].name", "no-such-section", _NO_SUCH_SECTION, HOUSE)
        elif part.name in seen:
            yield Fault(f"sections[{index}].name", "section-named-twice", _TWICE, HOUSE)
        seen.add(part.name)
    if not layout.required:
        yield Fault("sections", "nothing-required", _NOTHING_REQUIRED, HOUSE)


def _agenda(layout: Layout) -> Iterator[Fault]:
    planned = sum(item.minutes for item in layout.agenda)
    if planned > layout.minutes_planned:
        yield Fault("agenda", "agenda-too-long", _too_long(planned, layout.minutes_planned), HOUSE)


_IN_PAST: Final = Text(
    "Mẫu mới không thể có hiệu lực từ ngày đã qua: các buổi họp đã diễn ra giữ mẫu của ngày họp. Chọn từ hôm nay trở "
    "đi.",
    "A new version cannot hold from a day that has passed: meetings keep the template of their day. Choose today or "
    "later.",
)
_ENDS_FIRST: Final = Text(
    "Ngày hết hiệu lực phải sau ngày có hiệu lực. Sửa một trong hai ngày.",
    "The last day must come after the first. Correct one of the two.",
)
_NO_SUCH_SECTION: Final = Text(
    f"Biên bản không có mục này. Các mục: {', '.join(SECTIONS)}.",
    f"Minutes have no such section. The sections: {', '.join(SECTIONS)}.",
)
_TWICE: Final = Text(
    "Một mục được nêu hai lần trong mẫu. Chỉ giữ một.", "A section is named twice in the template. Keep one."
)
_NOTHING_REQUIRED: Final = Text(
    "Mẫu không có mục bắt buộc nào nên biên bản trống cũng thành đủ. Ghi ít nhất một mục là required.",
    "The template requires no section, so empty minutes would be complete. Make at least one section required.",
)


def _too_long(given: int, planned: int) -> Text:
    return Text(
        f"Các mục của chương trình cần {given} phút, nhiều hơn {planned} phút dự kiến. Rút bớt hoặc tăng thời gian.",
        f"The items of the agenda take {given} minutes, more than the {planned} planned. Shorten them or plan more.",
    )
