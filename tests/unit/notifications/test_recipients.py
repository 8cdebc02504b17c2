"""Who is told, over which channels."""

from datetime import date
from uuid import UUID

from services.notifications.domain.findings import Finding
from services.notifications.domain.recipients import Choice, Draft, decide, first_day_for_email, recipient_ids

BRANCH, ABOVE, ROOT_BRANCH = UUID(int=1), UUID(int=2), UUID(int=3)
DAY = date(2026, 7, 3)
PARENTS = {(BRANCH, DAY): ABOVE, (ROOT_BRANCH, DAY): None}


def finding(unit_id: UUID = BRANCH) -> Finding:
    return Finding(
        rule="attendance_low",
        subject=str(unit_id),
        about_unit_id=unit_id,
        period="2026-07",
        day=DAY,
        meeting_id=unit_id,
        facts={},
        source="issuer",
    )


def told(drafts: list[Draft]) -> list[tuple[UUID, tuple[str, ...]]]:
    return [(draft.recipient_unit_id, draft.channels) for draft in drafts]


def test_the_branch_and_the_unit_above_have_it_in_their_inboxes() -> None:
    assert told(decide([finding()], PARENTS, {}, email_from=DAY)) == [(BRANCH, ("inbox",)), (ABOVE, ("inbox",))]


def test_a_branch_with_nothing_above_is_told_alone() -> None:
    assert told(decide([finding(ROOT_BRANCH)], PARENTS, {}, email_from=DAY)) == [(ROOT_BRANCH, ("inbox",))]


def test_a_contact_point_adds_e_mail_and_a_preference_takes_a_channel_away() -> None:
    choices = {
        BRANCH: Choice(has_contact_point=True),
        ABOVE: Choice(has_contact_point=True, switched_off=frozenset({("attendance_low", "inbox")})),
    }
    assert told(decide([finding()], PARENTS, choices, email_from=DAY)) == [
        (BRANCH, ("inbox", "email")),
        (ABOVE, ("email",)),
    ]


def test_another_rules_preference_changes_nothing() -> None:
    choices = {BRANCH: Choice(switched_off=frozenset({("minutes_missing", "inbox")}))}
    assert (BRANCH, ("inbox",)) in told(decide([finding()], PARENTS, choices, email_from=None))


def test_who_switched_every_channel_off_is_not_told() -> None:
    choices = {BRANCH: Choice(switched_off=frozenset({("attendance_low", "inbox"), ("attendance_low", "email")}))}
    assert told(decide([finding()], PARENTS, choices, email_from=DAY)) == [(ABOVE, ("inbox",))]


def test_what_is_long_past_or_an_installation_without_a_mail_server_sends_no_e_mail() -> None:
    choices = {BRANCH: Choice(has_contact_point=True)}
    for email_from in (None, date(2026, 7, 4)):
        assert (BRANCH, ("inbox",)) in told(decide([finding()], PARENTS, choices, email_from=email_from))


def test_e_mail_reaches_back_to_the_first_day_of_a_month() -> None:
    assert first_day_for_email(date(2026, 1, 31), 3) == date(2025, 10, 1)


def test_everyone_who_may_be_told_is_named_once() -> None:
    assert recipient_ids([finding(), finding(), finding(ROOT_BRANCH)], PARENTS) == [BRANCH, ABOVE, ROOT_BRANCH]
