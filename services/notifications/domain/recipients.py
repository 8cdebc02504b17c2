"""Step one of two: decide who is told, and how. Pure; delivering to one of them is step two (delivery.py).

The division is pretix's (`src/pretix/base/services/notifications.py`): `notify` works out users and methods, and
`send_notification` sends one notification to one of them. Here the first step has no side effects, so that only the
second can fail for a reason outside this service.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Final, Literal, get_args
from uuid import UUID

import msgspec

from services.notifications.domain.findings import Finding
from services.notifications.domain.rules import RuleName
from shared import months

Channel = Literal["inbox", "email"]
CHANNELS: Final[tuple[Channel, ...]] = get_args(Channel)


class Choice(msgspec.Struct, frozen=True):
    """What a unit chose: whether it has a contact point, and the channels it switched off by rule."""

    has_contact_point: bool = False
    switched_off: frozenset[tuple[RuleName, Channel]] = frozenset()

    def channels(self, rule: RuleName, *, email: bool) -> tuple[Channel, ...]:
        """The channels for notices of `rule`; `email` says whether e-mail comes into question at all."""
        wanted: dict[Channel, bool] = {"inbox": True, "email": email and self.has_contact_point}
        return tuple(channel for channel in CHANNELS if wanted[channel] and (rule, channel) not in self.switched_off)


NOTHING_CHOSEN: Final = Choice()


class Draft(msgspec.Struct, frozen=True):
    """A notice to be: one finding, one recipient, its channels."""

    finding: Finding
    recipient_unit_id: UUID
    channels: tuple[Channel, ...]


def addressees(finding: Finding, parent_id: UUID | None) -> tuple[UUID, ...]:
    """The unit itself and the unit directly above it on the finding's day, as the finding says; the highest unit has
    none above it, and is told itself."""
    if parent_id is None:
        return (finding.about_unit_id,) if finding.to_unit or finding.to_superior else ()
    return (*([finding.about_unit_id] if finding.to_unit else []), *([parent_id] if finding.to_superior else []))


def decide(
    findings: Iterable[Finding],
    parents: Mapping[tuple[UUID, date], UUID | None],
    choices: Mapping[UUID, Choice],
    *,
    email_from: date | None,
) -> list[Draft]:
    """Who is told of `findings`, in the order of causes and recipients.

    `parents` gives the unit above a branch on a day. `email_from` is the first day whose findings are worth an
    e-mail (None: this installation sends none): a log read again from its start must not fill mailboxes with last
    year. A recipient who switched off every channel is not told.
    """
    drafts = []
    for finding in sorted(findings, key=lambda finding: finding.cause):
        email = email_from is not None and finding.day >= email_from
        for recipient in sorted(addressees(finding, parents[finding.about_unit_id, finding.day])):
            channels = choices.get(recipient, NOTHING_CHOSEN).channels(finding.rule, email=email)
            if channels:
                drafts.append(Draft(finding, recipient, channels))
    return drafts


def first_day_for_email(today: date, lookback_months: int) -> date:
    """The first day of the month `lookback_months` before today's."""
    return months.first_day(months.add(months.month_of(today), -lookback_months))


def recipient_ids(findings: Sequence[Finding], parents: Mapping[tuple[UUID, date], UUID | None]) -> list[UUID]:
    """Every unit that may be told of `findings`, in order."""
    return sorted(
        {
            unit_id
            for finding in findings
            for unit_id in addressees(finding, parents[finding.about_unit_id, finding.day])
        }
    )
