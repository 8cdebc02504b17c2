"""Probation: admitted on a day, reviewed when the months that the rule names are over."""

from calendar import monthrange
from datetime import date
from typing import Literal

import msgspec

from services.registry.domain import members, spans
from services.registry.domain.members import Member, MemberChange
from services.registry.domain.rules import Rules
from services.registry.domain.spans import vi
from shared.errors import Conflict, Fault, Text, Unprocessable

Outcome = Literal["official", "extended", "struck_off"]


class Probation(msgspec.Struct, frozen=True):
    """A member's probation. `reviewed_on` and `outcome` are of the last review."""

    admitted_on: date
    review_on: date
    outcome: Outcome | None = None
    reviewed_on: date | None = None


def begun(admitted_on: date, rules: Rules) -> Probation:
    """Probation since `admitted_on`, with the day of its review by the rule of that day."""
    return Probation(admitted_on, months_later(admitted_on, rules.probation_months_on(admitted_on).value))


def of(member: Member, kept: Probation | None, rules: Rules) -> Probation | None:
    """The probation of `member`: as kept, else since their first day as probationary; None when they never were."""
    first = next((span.valid_from for span in member.spans if span.kind == "probationary"), None)
    return kept or (None if first is None else begun(first, rules))


def months_later(day: date, months: int) -> date:
    """The same day `months` later; the month's last day where it has no such day."""
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def reviewed(
    member: Member, probation: Probation | None, outcome: Outcome, day: date, next_review_on: date | None, rules: Rules
) -> tuple[Member, Probation]:
    """`member` and their probation after the review of `day`.

    Raises Conflict when they are not on probation then, Unprocessable when the review comes before its time.
    """
    now = spans.at(member.spans, day)
    if probation is None or now is None or now.kind != "probationary" or now.status in members.ENDINGS:
        raise Conflict(
            "not-on-probation",
            Text(
                f"Ngày {vi(day)} người này không phải đảng viên dự bị. Hãy kiểm tra ngày xét.",
                f"On {day} this person is not a probationary member. Check the day of the review.",
            ),
        )
    rule = rules.probation_months_on(probation.admitted_on)
    if outcome == "official" and day < probation.review_on:
        raise Unprocessable.of(
            [
                Fault(
                    "on",
                    "probation-too-short",
                    Text(
                        f"Chưa hết thời gian dự bị (đến ngày {vi(probation.review_on)}). Hãy chọn ngày đó hoặc sau đó.",
                        f"The probation is not over before {probation.review_on}. Choose that day or a later one.",
                    ),
                    rule.source,
                )
            ]
        )
    if outcome == "extended":
        if next_review_on is None or next_review_on <= day:
            raise Unprocessable.of(
                [
                    Fault(
                        "next_review_on",
                        "next-review-needed",
                        Text(
                            "Khi kéo dài thời gian dự bị, hãy nêu ngày xét lần sau, sau ngày xét này.",
                            "An extended probation needs the day of its next review, after this one.",
                        ),
                    )
                ]
            )
        return member, Probation(probation.admitted_on, next_review_on, outcome, day)
    change = MemberChange(kind="official") if outcome == "official" else MemberChange(status="removed")
    done = Probation(probation.admitted_on, probation.review_on, outcome, day)
    return members.changed(member, day, change), done
