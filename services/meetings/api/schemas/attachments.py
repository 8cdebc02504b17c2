"""What the doors of attachments take and give."""

from flask_smorest.fields import Upload
from marshmallow import fields, validate

from shared.http.blueprint import Schema

CLASSES = ("open", "internal", "restricted", "secret", "top_secret", "absolute_secret")


class AttachmentUpload(Schema):
    """A file, and what is said of it (multipart/form-data)."""

    file = Upload(required=True, metadata={"description": "The file.", "example": "bien-ban-ky.pdf"})
    classification = fields.String(
        required=True,
        validate=validate.OneOf(CLASSES),
        metadata={
            "description": "open (thường), internal (nội bộ); restricted (hạn chế), secret (mật), top_secret (tối "
            "mật) and absolute_secret (tuyệt mật) are refused.",
            "example": "open",
        },
    )


class Attachment(Schema):
    """A file of a meeting or a task."""

    attachment_id = fields.UUID(metadata={"description": "Its id."})
    meeting_id = fields.UUID(allow_none=True, metadata={"description": "The meeting; null when it is of a task."})
    task_id = fields.UUID(allow_none=True, metadata={"description": "The task; null when it is of a meeting."})
    filename = fields.String(metadata={"description": "The name it is given back under."})
    type = fields.String(metadata={"description": "What it is by its content: pdf, docx, xlsx, jpg or png."})
    size = fields.Integer(metadata={"description": "Bytes."})
    sha256 = fields.String(metadata={"description": "The SHA-256 of its bytes."})
    classification = fields.String(metadata={"description": "open or internal."})
    attached_by = fields.String(metadata={"description": "The subject of the token that sent it."})
    attached_at = fields.AwareDateTime(metadata={"description": "When."})


class Attachments(Schema):
    """Files in the order they came."""

    items = fields.List(fields.Nested(Attachment), metadata={"description": "The files."})
