"""Files at the doors."""

from typing import Any

from flask_smorest.fields import Upload
from marshmallow import fields, validate

from services.registry.api.schemas.common import A_PARENT, OnQuery, PurposeQuery
from services.registry.api.schemas.imports import CountsShown
from services.registry.domain.tables import TABLES
from shared.http.blueprint import Schema

A_CSV = (
    "Mã đơn vị,Mã cấp trên trực tiếp,Loại tổ chức,Cấp,Tên đơn vị,Loại hình,Từ ngày\n"
    "GL-01-001-09,GL-01-001,Chi bộ,Chi bộ,Chi bộ thôn Hoà Bình,Xã,01/01/2016\n"
)


class FileGiven(Schema):
    """The parts of a multipart upload: the file, and what is said of it."""

    file = Upload(
        required=True,
        metadata={"description": "An XLSX workbook or a CSV file; which of them, its content tells.", "example": A_CSV},
    )
    mapping = fields.String(
        load_default=None,
        metadata={
            "description": "JSON, where the headers are not those of the template: `sheets` (for each `sheet`: the "
            "`rows` it holds, units, members or villages, or null to leave it out; `columns`, header to field, or null "
            "to leave one out; `header_row`, 1 when left out), `dates` (how days in text are written: dd/mm/yyyy, the "
            "default, or mm/dd/yyyy) and `number_as_text` (refuse, the default, or keep whole numbers in columns of "
            "codes). The sheet of a CSV file is called CSV.",
            "example": '{"dates": "dd/mm/yyyy", "number_as_text": "refuse"}',
        },
    )
    dry_run = fields.Boolean(
        load_default=False, metadata={"description": "Read and judge everything, then keep nothing.", "example": True}
    )


class TemplateQuery(Schema):
    """`?rows=`"""

    rows = fields.String(
        load_default=None,
        validate=validate.OneOf(list(TABLES)),
        metadata={"description": "Only the sheet of these rows; all when left out."},
    )


class ProgressShown(Schema):
    """How far the work has come."""

    read = fields.Integer(metadata={"description": "Rows read."})
    judged = fields.Integer(metadata={"description": "Rows held against every rule."})
    saved = fields.Integer(metadata={"description": "Rows saved; they count once the state is done."})
    expected = fields.Integer(
        allow_none=True, metadata={"description": "Rows there are, about, until all are read; null: not known yet."}
    )


class FileCounts(Schema):
    """What a file did, or with dry_run would have done."""

    units = fields.Nested(CountsShown, metadata={"description": "Units, each counted once."})
    members = fields.Nested(CountsShown, metadata={"description": "Members, each counted once."})
    villages = fields.Nested(CountsShown, metadata={"description": "Villages, each counted once."})


class NamedFault(Schema):
    """A cell that breaks a rule."""

    place = fields.String(metadata={"description": "Where, as spreadsheets write it.", "example": "Đảng viên!C17"})
    rule = fields.String(metadata={"description": "The rule's stable name."})
    message = fields.String(metadata={"description": "What is wrong and what to do, in the language asked for."})
    source = fields.String(allow_none=True, metadata={"description": "The rule's issuer and citation, if it has one."})


class FileShown(Schema):
    """A file and what became of it."""

    file_id = fields.UUID(metadata={"description": "The file's id."})
    state = fields.String(
        metadata={
            "description": "refused: rows break rules, nothing was saved. failed: we broke, nothing was saved.",
            "enum": ["waiting", "running", "done", "refused", "failed"],
        }
    )
    dry_run = fields.Boolean(metadata={"description": "Whether it was only judged."})
    created_at = fields.AwareDateTime(metadata={"description": "When it came."})
    started_at = fields.AwareDateTime(allow_none=True, metadata={"description": "When work at it last began."})
    ended_at = fields.AwareDateTime(allow_none=True, metadata={"description": "When it ended."})
    progress = fields.Nested(ProgressShown, metadata={"description": "How far the work has come."})
    counts = fields.Nested(FileCounts, allow_none=True, metadata={"description": "What it did; null until done."})
    rule = fields.String(allow_none=True, metadata={"description": "What refused it, by its stable name."})
    detail = fields.String(allow_none=True, metadata={"description": "What happened and what to do."})
    faults = fields.Integer(metadata={"description": "How many cells are at fault."})
    first_faults = fields.List(fields.Nested(NamedFault), metadata={"description": "The first of them, in order."})
    report = fields.String(
        allow_none=True, metadata={"description": "Where the marked workbook is; null: there is none."}
    )


class ExportQuery(OnQuery):
    """`?under=&on=&format=`"""

    under = fields.UUID(
        required=True, metadata={"description": "The unit at the top of the subtree.", "example": A_PARENT}
    )
    format = fields.String(
        load_default="xlsx",
        validate=validate.OneOf(["xlsx", "csv"]),
        metadata={"description": "An Excel workbook, or a CSV file in UTF-8."},
    )


class MemberExportQuery(ExportQuery, PurposeQuery):
    """`?under=&on=&format=&purpose=`"""


BINARY: dict[str, Any] = {"type": "string", "format": "binary"}
"""A file as an answer."""
