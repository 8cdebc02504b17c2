"""What a file is, by its content: only plain documents and pictures come in, and only as what they say they are."""

import html
import io
import re
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from typing import Final

import msgspec
import puremagic

from services.meetings.domain.refusals import HOUSE
from shared.errors import Fault, Text, Unprocessable

_UNPACKED_LIMIT: Final = 100 * 2**20
_RATIO_LIMIT: Final = 100
_MEMBERS_LIMIT: Final = 2000
_PIXELS_LIMIT: Final = 100_000_000
_CHUNK: Final = 2**20
_OFFICE: Final = "application/vnd.openxmlformats-officedocument"
_MACRO_NAMES: Final = re.compile(
    r"(vbaproject|vbadata|/activex/|/embeddings/.*\.(bin|ole)$|macrosheets/)", re.IGNORECASE
)
_ACTIVE_PDF: Final = re.compile(rb"/(JavaScript|JS|Launch|EmbeddedFile|RichMedia|XFA)\b")
_STREAM: Final = re.compile(rb"(?<!end)stream\r?\n")
_ESCAPE: Final = re.compile(rb"#([0-9A-Fa-f]{2})")
_OBJECTS_LIMIT: Final = 16 * 2**20
_EXTERNAL: Final = re.compile(r"targetmode\s*=\s*[\"']external")
_ACTING: Final = re.compile(r"type\s*=\s*[\"'][^\"']*/(attachedtemplate|oleobject|frame)[\"']")
"""Relations of an Office package that fetch or run what they point to; a plain link outside is none of them."""


class _Bomb(Exception):
    """A file unpacks to too much."""


class Kind(msgspec.Struct, frozen=True):
    """A kind of file: its media type, the endings of names it goes by, and what else puremagic calls it."""

    media_type: str
    endings: frozenset[str]


KINDS: Final[Mapping[str, Kind]] = {
    "pdf": Kind("application/pdf", frozenset({"pdf"})),
    "docx": Kind(f"{_OFFICE}.wordprocessingml.document", frozenset({"docx"})),
    "xlsx": Kind(f"{_OFFICE}.spreadsheetml.sheet", frozenset({"xlsx"})),
    "jpg": Kind("image/jpeg", frozenset({"jpg", "jpeg", "jfif"})),
    "png": Kind("image/png", frozenset({"png"})),
}
"""What can be let in at all; the setting `attachment_types` chooses among them."""


def inspect(content: bytes, filename: str, claimed: str, allowed: frozenset[str]) -> str:
    """The kind of a file (a key of KINDS).

    `claimed` is the media type the sender gave, empty for none. Raises Unprocessable, on the field `file`, when it is
    none of `allowed`, not what its name or media type says, or holds what could act: macros, scripts, a bomb.
    """
    kind = _kind_of(content)
    if kind is None or kind not in allowed:
        raise _refused("file-type", _not_allowed(allowed))
    endings = KINDS[kind].endings
    if filename.rpartition(".")[2].lower() not in endings or not _agrees(claimed, kind):
        raise _refused("file-not-what-it-says", _other_than_said(kind))
    try:
        fault = next(_CHECKS[kind](content), None)
    except _Bomb:
        fault = Fault("file", "file-bomb", _BOMB, HOUSE)
    except (zipfile.BadZipFile, struct.error, EOFError, NotImplementedError, RuntimeError, ValueError, OSError):
        fault = Fault("file", "file-damaged", _DAMAGED, HOUSE)
    if fault is not None:
        raise Unprocessable.of([fault])
    return kind


def _kind_of(content: bytes) -> str | None:
    try:
        named = {match.extension.lstrip(".") for match in puremagic.magic_string(content)}
    except (puremagic.PureError, ValueError):
        return None
    if content.startswith(b"PK\x03\x04"):
        return _office_kind(content)
    for kind, starts in (("pdf", b"%PDF-"), ("jpg", b"\xff\xd8\xff"), ("png", b"\x89PNG\r\n\x1a\n")):
        if content.startswith(starts) and named & KINDS[kind].endings:
            return kind
    return None


def _office_kind(content: bytes) -> str | None:
    """By the content types that the package itself declares: puremagic cannot tell its kinds apart."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package, package.open("[Content_Types].xml") as declared:
            types = declared.read(_CHUNK).decode("utf-8", "replace")
    except (zipfile.BadZipFile, KeyError, RuntimeError, NotImplementedError, OSError, EOFError):
        return None
    for kind in ("docx", "xlsx"):
        if f"{KINDS[kind].media_type}.main+xml" in types:
            return kind
    return None


def _agrees(claimed: str, kind: str) -> bool:
    media_type = claimed.partition(";")[0].strip().lower()
    return media_type in ("", "application/octet-stream", KINDS[kind].media_type)


def _pdf(content: bytes) -> Iterator[Fault]:
    if b"%%EOF" not in content[-2048:]:
        yield Fault("file", "file-damaged", _DAMAGED, HOUSE)
    told = _named(b"\n".join(_objects(content)))
    if b"/Encrypt" in told:
        yield Fault("file", "file-encrypted", _ENCRYPTED, HOUSE)
    if _ACTIVE_PDF.search(told):
        yield Fault("file", "file-active", _ACTIVE, HOUSE)


def _named(told: bytes) -> bytes:
    """Names as they are meant: any letter of one may be written as #XX (ISO 32000-1, 7.3.5)."""
    return _ESCAPE.sub(lambda escape: bytes([int(escape[1], 16)]), told)


def _objects(content: bytes) -> Iterator[bytes]:
    """The objects of a PDF without the data of its streams, but with those that are packed into streams (ObjStm).

    Raises ValueError for what cannot be unpacked, _Bomb when it is too much.
    """
    at, left = 0, _OBJECTS_LIMIT
    while begun := _STREAM.search(content, at):
        head = content[at : begun.start()]
        yield head
        ended = content.find(b"endstream", begun.end())
        at = len(content) if ended < 0 else ended
        if b"/ObjStm" in _named(head):
            unpacking = zlib.decompressobj()
            try:
                packed = unpacking.decompress(content[begun.end() : at], left)
            except zlib.error as error:
                raise ValueError("a packed object cannot be read") from error
            left -= len(packed)
            # The limit is of the whole file: a thousand streams of a few kilobytes unpack to a thousand times as much.
            if left <= 0 or unpacking.unconsumed_tail:
                raise _Bomb
            yield packed
    yield content[at:]


def _jpg(content: bytes) -> Iterator[Fault]:
    at = 2
    while True:
        marker, length = struct.unpack_from(">HH", content, at)
        if marker >> 8 != 0xFF:
            yield Fault("file", "file-damaged", _DAMAGED, HOUSE)
            return
        if 0xFFC0 <= marker <= 0xFFCF and marker not in (0xFFC4, 0xFFC8, 0xFFCC):
            height, width = struct.unpack_from(">HH", content, at + 5)
            yield from _large(width, height)
            return
        at += 2 + length


def _png(content: bytes) -> Iterator[Fault]:
    width, height = struct.unpack_from(">II", content, 16)
    yield from _large(width, height)
    if content[12:16] != b"IHDR" or b"IEND" not in content[-64:]:
        yield Fault("file", "file-damaged", _DAMAGED, HOUSE)


def _large(width: int, height: int) -> Iterator[Fault]:
    if width * height > _PIXELS_LIMIT:
        yield Fault("file", "file-bomb", _BOMB, HOUSE)


def _office(content: bytes) -> Iterator[Fault]:
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        members = package.infolist()
        unpacked = sum(member.file_size for member in members)
        if (
            len(members) > _MEMBERS_LIMIT
            or unpacked > _UNPACKED_LIMIT
            or unpacked > max(_RATIO_LIMIT * len(content), _CHUNK)
        ):
            yield Fault("file", "file-bomb", _BOMB, HOUSE)
            return
        for member in members:
            if member.flag_bits & 1:
                yield Fault("file", "file-encrypted", _ENCRYPTED, HOUSE)
            if _MACRO_NAMES.search(f"/{member.filename}"):
                yield Fault("file", "file-active", _ACTIVE, HOUSE)
        for member in members:
            yield from _member(package, member)


def _member(package: zipfile.ZipFile, member: zipfile.ZipInfo) -> Iterator[Fault]:
    # Read to the end: a member that is longer than it declares fails its check sum.
    told = member.filename == "[Content_Types].xml" or member.filename.endswith(".rels")
    text = bytearray()
    with package.open(member) as part:
        while chunk := part.read(_CHUNK):
            if told:
                text += chunk
                if len(text) > _CHUNK:
                    raise _Bomb
    if _acts(bytes(text)):
        yield Fault("file", "file-active", _ACTIVE, HOUSE)


def _acts(text: bytes) -> bool:
    """Whether content types or relations, as XML in any of its encodings, name macros or fetch from outside."""
    plain = html.unescape(text.replace(b"\0", b"").decode("utf-8", "replace")).lower()
    return "macroenabled" in plain or any(
        _EXTERNAL.search(element) and _ACTING.search(element) for element in plain.split("<")
    )


_CHECKS: Final[Mapping[str, Callable[[bytes], Iterator[Fault]]]] = {
    "pdf": _pdf,
    "docx": _office,
    "xlsx": _office,
    "jpg": _jpg,
    "png": _png,
}


def _refused(rule: str, message: Text) -> Unprocessable:
    return Unprocessable.of([Fault("file", rule, message, HOUSE)])


def _not_allowed(allowed: frozenset[str]) -> Text:
    names = ", ".join(sorted(allowed))
    return Text(
        f"Tệp này, xét theo nội dung, không thuộc loại được nhận ({names}). Chuyển sang loại đó rồi gửi lại.",
        f"By its content this file is none of those accepted ({names}). Convert it to one of them and send it again.",
    )


def _other_than_said(kind: str) -> Text:
    return Text(
        f"Nội dung là tệp {kind}, còn tên hoặc loại khai báo nói khác. Đặt lại đuôi tệp cho đúng rồi gửi lại.",
        f"The content is a {kind} file, while its name or stated type says otherwise. Give it its right ending and "
        "send it again.",
    )


_DAMAGED: Final = Text(
    "Tệp bị hỏng hoặc chưa tải lên hết. Mở thử tệp trên máy, lưu lại rồi gửi lại.",
    "The file is damaged or did not arrive whole. Open it, save it again and send it once more.",
)
_ACTIVE: Final = Text(
    "Tệp có macro, mã lệnh hoặc tệp nhúng nên không được nhận. Lưu bản không có các thành phần đó (hoặc in ra PDF) rồi "
    "gửi lại.",
    "The file holds macros, scripts or embedded files, so it is not accepted. Save it without them (or print it to "
    "PDF) and send it again.",
)
_BOMB: Final = Text(
    "Tệp giải nén ra quá lớn nên không được nhận. Giảm kích thước ảnh hoặc số trang rồi gửi lại.",
    "The file unpacks to too much, so it is not accepted. Make its pictures smaller or split it, and send it again.",
)
_ENCRYPTED: Final = Text(
    "Tệp đặt mật khẩu nên không kiểm tra được. Bỏ mật khẩu rồi gửi lại.",
    "The file is locked with a password and cannot be checked. Take the password off and send it again.",
)
