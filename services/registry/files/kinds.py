"""What a file is, by its content, and whether it may be opened: the name it came with proves nothing."""

import io
import re
import zipfile
from typing import Final

import msgspec

from services.registry.domain.sheets import FileKind
from services.registry.files.refusals import FileRefused, another_kind, damaged, too_large
from shared.errors import Text

_ZIP: Final = b"PK\x03\x04"
_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OTHERS: Final = (
    (b"%PDF", "PDF", "a PDF"),
    (b"\x7fELF", "chương trình", "a program"),
    (b"MZ", "chương trình", "a program"),
)
_MOST_PARTS: Final = 2000
_PROLOGUE: Final = 65_536
_ASIDE: Final = re.compile(rb"<!--.*?-->|<\?.*?\?>", re.DOTALL)
_ROOT: Final = re.compile(rb"(?:\xef\xbb\xbf)?\s*<[A-Za-z_]")
UTF16: Final = (b"\xff\xfe", b"\xfe\xff")
_LIKE_XML: Final = (b"<", b"\xef\xbb\xbf", b"\x00<", *UTF16)


class Limits(msgspec.Struct, frozen=True):
    """How much is opened: bytes of a workbook unpacked, rows of all sheets together, columns of a sheet."""

    unpacked_bytes: int
    rows: int
    columns: int = 200


def kind_of(content: bytes, limits: Limits) -> FileKind:
    """What `content` is. Raises FileRefused when it is nothing that is read here, or unpacks to too much."""
    if not content.strip(b"\x00 \t\r\n"):
        raise FileRefused(
            "file-empty", Text("Tệp không có gì. Hãy chọn đúng tệp.", "The file is empty. Choose the right one.")
        )
    if content.startswith(_ZIP):
        _check_workbook(content, limits)
        return "xlsx"
    if content.startswith(_OLE):
        raise another_kind(
            "sổ tính Excel kiểu cũ (.xls) hoặc có mật khẩu", "an old Excel workbook (.xls), or one with a password"
        )
    for magic, vi, en in _OTHERS:
        if content.startswith(magic):
            raise another_kind(vi, en)
    if b"\x00" in content and not content.startswith(UTF16):
        raise another_kind("tệp nhị phân", "a binary file")
    return "csv"


def _check_workbook(content: bytes, limits: Limits) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
            names = {part.filename for part in parts}
            if "[Content_Types].xml" not in names or not any(name.startswith("xl/workbook") for name in names):
                raise another_kind("tệp nén, không phải sổ tính", "an archive, not a workbook")
            if any(name.endswith("vbaProject.bin") for name in names):
                raise another_kind("sổ tính có macro (.xlsm)", "a workbook with macros (.xlsm)")
            # zipfile reads no more of a part than its directory says, so these sums bound what is unpacked.
            if len(parts) > _MOST_PARTS:
                raise too_large(f"{len(parts)} phần", f"{len(parts)} parts", _MOST_PARTS)
            unpacked = sum(part.file_size for part in parts)
            if unpacked > limits.unpacked_bytes:
                raise too_large(
                    f"giải nén thành {unpacked} byte", f"it unpacks to {unpacked} bytes", limits.unpacked_bytes
                )
            for part in parts:
                with archive.open(part) as opened:
                    head = opened.read(_PROLOGUE)
                # A part is XML by its content type, whatever it is called. Entities of a DOCTYPE can grow without
                # bound; no workbook has one (ECMA-376 part 2, 8.2), nor an encoding that could hide it.
                is_xml = part.filename.endswith((".xml", ".rels")) or head.lstrip().startswith(_LIKE_XML)
                if is_xml and not _ROOT.match(_ASIDE.sub(b"", head)):
                    raise damaged("DOCTYPE")
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError) as error:
        raise damaged(type(error).__name__) from error
