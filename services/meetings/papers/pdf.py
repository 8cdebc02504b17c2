"""Papers as PDF, set by typst from what it is handed: it reads no file and reaches no network."""

from datetime import datetime
from typing import Any, Final

import msgspec
import typst

from services.meetings.papers import code
from services.meetings.papers.library import BrokenTemplate, Library

CONTENT_TYPE = "application/pdf"
_compile: Final[Any] = typst.compile  # its stub does not know that a document may be a dictionary of files


def render(facts: dict[str, Any], library: Library, branch_type: str | None, *, check: str, made_at: datetime) -> bytes:
    """The paper; the same facts give the same bytes. `check` is what the QR code holds, empty for none.

    Raises BrokenTemplate.
    """
    name = f"{facts['kind']}.typ"
    inputs = {"facts": msgspec.json.encode(facts | {"party": "ĐẢNG CỘNG SẢN VIỆT NAM"}).decode()}
    if check:
        inputs["qr"] = code.svg(check)
    try:
        made = _compile(
            {"main.typ": library.template(name, branch_type), "form.typ": library.template("form.typ", branch_type)},
            format="pdf",
            font_paths=typst.Fonts(include_system_fonts=False, font_paths=[str(path) for path in library.fonts()]),
            sys_inputs=inputs,
            timestamp=int(made_at.timestamp()),
        )
    except typst.TypstError as error:
        raise BrokenTemplate(name, error) from None
    assert isinstance(made, bytes)
    return made
