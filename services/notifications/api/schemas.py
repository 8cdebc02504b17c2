"""What the doors of notifications take and give."""

import marshmallow
from marshmallow import fields, validate

from services.notifications.domain.rules import RULE_NAMES
from shared.http.blueprint import Schema
from shared.http.paging import PageQuery

_RULE = (
    "minutes_missing: a month's minutes did not come; minutes_incomplete: adopted without conclusion or tasks; "
    "attendance_low: fewer present than the rule in force asks; meeting_notified: notice of a meeting was given; "
    "decision_in_force: a decision names the unit; the "
    "others are alerts, judged over months (docs/alerts.md)"
)


class ContactPoint(Schema):
    """The mailbox of a unit's office: a functional address, never a person's."""

    email = fields.Email(
        required=True,
        validate=validate.Length(max=254),
        metadata={"description": "An office mailbox.", "example": "vanphong.xahoabinh@gialai.gov.vn"},
    )
    language = fields.String(
        load_default="vi",
        validate=validate.OneOf(("vi", "en")),
        metadata={"description": "The language letters begin with; the other follows."},
    )

    @marshmallow.post_load
    def _ascii(self, data: dict[str, str], **_: object) -> dict[str, str]:
        # smtplib refuses other addresses unless the server offers SMTPUTF8 (Python manual, smtplib.SMTP.sendmail).
        if not data["email"].isascii():
            raise marshmallow.ValidationError("Not a valid email address.", "email")
        return data


class Preference(Schema):
    """The channels wanted for one rule's notices."""

    inbox = fields.Boolean(load_default=True, metadata={"description": "Whether they come to the inbox."})
    email = fields.Boolean(
        load_default=True, metadata={"description": "Whether they come by e-mail, where the unit has a contact point."}
    )


class Preferences(Schema):
    """The channels wanted, by rule; a rule that is not named goes by every channel."""

    rules = fields.Dict(
        keys=fields.String(validate=validate.OneOf(RULE_NAMES)),
        values=fields.Nested(Preference),
        required=True,
        metadata={"description": _RULE, "example": {"attendance_low": {"inbox": True, "email": False}}},
    )


class InboxQuery(PageQuery):
    """`?state=&limit=&cursor=`"""

    state = fields.String(
        load_default="open",
        validate=validate.OneOf(("open", "resolved", "all")),
        metadata={"description": "open: the cause still holds; resolved: it is gone."},
    )


class BothLanguages(Schema):
    """A sentence in Vietnamese and English."""

    vi = fields.String(required=True, metadata={"description": "In Vietnamese."})
    en = fields.String(required=True, metadata={"description": "In English."})


class AboutUnit(Schema):
    """The branch a notice is about, by its name on the day in question."""

    unit_id = fields.UUID(required=True, metadata={"description": "The branch."})
    code = fields.String(required=True, metadata={"description": "Its code."})
    name = fields.String(
        required=True, metadata={"description": "Its name on that day.", "example": "Chi bộ thôn Hoà Bình"}
    )


class Notice(Schema):
    """A notice in a unit's inbox."""

    notice_id = fields.UUID(required=True, metadata={"description": "The notice."})
    rule = fields.String(required=True, validate=validate.OneOf(RULE_NAMES), metadata={"description": _RULE})
    about_unit = fields.Nested(AboutUnit, required=True, metadata={"description": "The unit it is about."})
    period = fields.String(required=True, metadata={"description": "The local month.", "example": "2026-07"})
    day = fields.Date(required=True, metadata={"description": "The meeting's local day, or the month's last day."})
    meeting_id = fields.UUID(
        required=True, allow_none=True, metadata={"description": "The meeting; null when none was reported."}
    )
    title = fields.Nested(
        BothLanguages, required=True, attribute="words.title", metadata={"description": "What it is about, in a line."}
    )
    text = fields.Nested(
        BothLanguages,
        required=True,
        attribute="words.text",
        metadata={"description": "What happened, by which rule, what to do."},
    )
    facts = fields.Dict(
        keys=fields.String(), required=True, metadata={"description": "The counts and days the text is made of."}
    )
    source = fields.String(required=True, metadata={"description": "The rule's issuer and citation."})
    raised_at = fields.AwareDateTime(required=True, metadata={"description": "When the cause was found."})
    resolved_at = fields.AwareDateTime(
        required=True, allow_none=True, metadata={"description": "When the cause was gone; null: it still holds."}
    )
    read_at = fields.AwareDateTime(
        required=True, allow_none=True, metadata={"description": "When it was marked as read; null: not yet."}
    )


class Inbox(Schema):
    """A page of an inbox, the newest notice first."""

    items = fields.List(fields.Nested(Notice), required=True)
    next_cursor = fields.String(
        required=True, allow_none=True, metadata={"description": "Where the next page begins; null: the end."}
    )
