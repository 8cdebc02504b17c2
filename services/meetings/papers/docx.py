"""Papers as DOCX, from templates that an office suite can change."""

import io
from datetime import datetime
from typing import Any, Final
from zipfile import BadZipFile

from docx.opc.exceptions import PackageNotFoundError
from docx.shared import Cm
from docxtpl import DocxTemplate, InlineImage
from jinja2 import TemplateError
from jinja2.sandbox import SandboxedEnvironment

from services.meetings.papers import code
from services.meetings.papers.library import BrokenTemplate, Library

CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_ENVIRONMENT: Final = SandboxedEnvironment(autoescape=True)


def render(facts: dict[str, Any], library: Library, branch_type: str | None, *, check: str, made_at: datetime) -> bytes:
    """The paper. `check` is what the QR code holds, empty for none. Raises BrokenTemplate."""
    name = f"{facts['kind']}.docx"
    template = DocxTemplate(io.BytesIO(library.template(name, branch_type)))
    try:
        qr = InlineImage(template, io.BytesIO(code.png(check)), width=Cm(2.1)) if check else ""
        template.render(facts | {"qr": qr}, _ENVIRONMENT)
    except (TemplateError, BadZipFile, PackageNotFoundError, SyntaxError, KeyError, ValueError, TypeError) as error:
        raise BrokenTemplate(name, error) from None
    properties = template.docx.core_properties
    properties.title, properties.author, properties.comments = f"{facts['title']} {facts['number']}".strip(), "", ""
    properties.created = properties.modified = made_at.replace(tzinfo=None)
    made = io.BytesIO()
    template.save(made)
    return made.getvalue()
