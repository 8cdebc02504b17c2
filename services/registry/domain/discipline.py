"""Members disciplined (kỷ luật đảng viên): who, on which day, in which form, by which decision.

Form and decision are personal data: they stay in the registry, sealed. Only how many members of a branch were
disciplined on a day leaves it.
"""

from collections.abc import Iterator
from datetime import date, datetime
from uuid import UUID

import msgspec

from services.registry.domain import plans, spans
from services.registry.domain.members import ENDINGS, Member
from services.registry.domain.rules import Rules
from services.registry.domain.spans import vi
from shared.errors import Fault, Text


class Particulars(msgspec.Struct, frozen=True):
    """In which form a member was disciplined, and the number of the decision. Personal data."""

    form: str
    decision_number: str


class Discipline(msgspec.Struct, frozen=True):
    """One record. `particulars` is None once the member was erased, `withdrawn_at` is set once it was taken back."""

    discipline_id: UUID
    member_id: UUID
    on: date
    particulars: Particulars | None
    withdrawn_at: datetime | None = None


def faults(member: Member, on: date, given: Particulars, rules: Rules, today: date) -> Iterator[Fault]:
    """What is wrong with a record that is to be made. Who is expelled is on the books until the end of that day."""
    if on > today:
        yield plans.later_than_today_fault("on", today)
        return
    span = spans.at(member.spans, on)
    if span is None or (span.status in ENDINGS and span.valid_from < on):
        yield Fault(
            "on",
            "member-not-in-force",
            Text(
                f"Vào ngày {vi(on)} người này không có trong sổ đảng viên. Hãy kiểm tra lại ngày.",
                f"On {on} this member is not on the books. Check the day.",
            ),
        )
        return
    version = rules.discipline_forms_on(on)
    form = version.value.get(given.form)
    if form is None:
        known = ", ".join(version.value)
        yield Fault(
            "form",
            "discipline-form",
            Text(
                f"Không có hình thức kỷ luật {given.form} vào ngày {vi(on)}; có: {known}.",
                f"There is no form of discipline {given.form} on {on}; there are: {known}.",
            ),
            version.source,
        )
    elif span.kind not in form.kinds:
        yield Fault(
            "form",
            "form-not-for-kind",
            Text(
                f"Hình thức {form.vi} không áp dụng cho đảng viên dự bị. Hãy chọn hình thức khác.",
                f"{form.en} does not apply to a probationary member. Choose another form.",
            ),
            version.source,
        )
