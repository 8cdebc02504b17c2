"""Small files of every kind, sound ones and bad ones."""

import io
import struct
import zipfile
import zlib

import openpyxl
import segno
import typst
from docx import Document


def docx(**members: bytes) -> bytes:
    """A Word document; `members` are added to its package, dots written as two underscores, slashes as one."""
    paper = Document()
    paper.add_paragraph("Biên bản")
    made = io.BytesIO()
    paper.save(made)
    return packed(made.getvalue(), {name.replace("__", ".").replace("_", "/"): part for name, part in members.items()})


def xlsx() -> bytes:
    """A workbook."""
    made = io.BytesIO()
    openpyxl.Workbook().save(made)
    return made.getvalue()


def packed(package: bytes, members: dict[str, bytes], *, instead: dict[str, bytes] | None = None) -> bytes:
    """A package with members added, and some replaced."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(package)) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, (instead or {}).get(name, old.read(name)))
        for name, part in members.items():
            new.writestr(name, part)
    return made.getvalue()


def pdf(text: str = "Biên bản") -> bytes:
    """A PDF document."""
    made = typst.compile(text.encode(), format="pdf")
    assert isinstance(made, bytes)
    return made


def png() -> bytes:
    """A picture."""
    made = io.BytesIO()
    segno.make_qr("x").save(made, kind="png")
    return made.getvalue()


def png_of(width: int, height: int) -> bytes:
    """A picture that claims to be so large, in a few bytes."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0")) + chunk(b"IEND", b"")


def jpg(width: int = 8, height: int = 8) -> bytes:
    """The head of a photograph of that size, enough to tell what it is."""
    app = b"\xff\xe0" + struct.pack(">H", 16) + b"JFIF\0\1\1\0\0\1\0\1\0\0"
    frame = b"\xff\xc0" + struct.pack(">HBHHB", 11, 8, height, width, 1) + b"\1\x11\0"
    return b"\xff\xd8" + app + frame + b"\xff\xda" + struct.pack(">H", 8) + b"\1\1\0\0\x3f\0" + b"\0" * 40 + b"\xff\xd9"
