"""Files attached to meetings and tasks: sent, kept under ids, given back whole, taken away only while that is right."""

import hashlib
import io
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import msgspec
import pytest

from services.meetings.attachments.storage import Storage
from services.meetings.commands import attachments as commands
from services.meetings.commands.attachments import Cabinet
from services.meetings.store import attachments as store
from shared import db
from tests.integration.meetings import village
from tests.integration.meetings.village import Answer, Meetings
from tests.support import files, s3


def _send(
    meetings: Meetings,
    path: str,
    content: bytes,
    name: str = "biên bản ký.pdf",
    *,
    token: str | None = None,
    kind: str = "open",
    language: str = "vi",
    **headers: str,
) -> Answer:
    answer = meetings.app.test_client().post(
        f"/v1{path}/attachments",
        data={"classification": kind, "file": (io.BytesIO(content), name)},
        content_type="multipart/form-data",
        headers={"Authorization": f"Bearer {token or meetings.secretary}", "Accept-Language": language, **headers},
    )
    return Answer(answer.status_code, msgspec.json.decode(answer.data), answer.headers)


def _get(meetings: Meetings, attachment_id: str, token: str | None = None) -> Any:
    return meetings.app.test_client().get(
        f"/v1/attachments/{attachment_id}/content", headers={"Authorization": f"Bearer {token or meetings.secretary}"}
    )


def _cabinet(meetings: Meetings) -> Cabinet:
    cabinet: Cabinet = meetings.app.extensions["attachments"]
    return cabinet


def _uuid(sent: dict[str, Any]) -> UUID:
    return UUID(sent["attachment_id"])


def _rows(meetings: Meetings) -> int:
    with db.connect(meetings.url, name="test") as conn:
        row = conn.execute("select count(*) from attachment").fetchone()
    assert row is not None
    return int(str(row[0]))


def _sweep(meetings: Meetings, cabinet: Cabinet | None = None) -> int:
    with db.connect(meetings.url, name="test") as conn:
        now = meetings.app.extensions["nenep"].clock.now()
        return commands.sweep(conn, cabinet or _cabinet(meetings), now=now)


def test_a_file_is_kept_and_given_back_whole(meetings: Meetings) -> None:
    meeting_id, content = meetings.planned(), files.pdf()
    sent = _send(meetings, f"/meetings/{meeting_id}", content, "../../Biên bản ký.pdf")

    assert sent.status == 201
    assert sent.body["filename"] == "Biên bản ký.pdf"
    assert sent.body["type"] == "pdf"
    assert sent.body["size"] == len(content)
    assert sent.body["sha256"] == hashlib.sha256(content).hexdigest()
    listed = meetings.call("GET", f"/meetings/{meeting_id}/attachments", token=meetings.member)
    assert listed.body["items"] == [sent.body]
    got = _get(meetings, sent.body["attachment_id"], meetings.member)
    assert got.data == content
    assert got.headers["Content-Type"] == "application/pdf"
    assert got.headers["X-Content-Type-Options"] == "nosniff"
    assert got.headers["Content-Disposition"].startswith("attachment; ")
    assert "filename*=UTF-8''Bi%C3%AAn%20b%E1%BA%A3n%20k%C3%BD.pdf" in got.headers["Content-Disposition"]
    assert got.headers["Content-Disposition"].isascii()


def test_evidence_belongs_to_its_task(meetings: Meetings) -> None:
    meetings.adopted()
    task_id = meetings.call("GET", f"/tasks?unit_id={village.BRANCH}").body["items"][0]["task_id"]
    sent = _send(meetings, f"/tasks/{task_id}", files.png(), "anh.png")
    assert (sent.status, sent.body["task_id"], sent.body["meeting_id"]) == (201, task_id, None)
    assert meetings.call("GET", f"/tasks/{task_id}/attachments").body["items"] == [sent.body]
    path = f"/attachments/{sent.body['attachment_id']}"
    assert meetings.call("POST", f"/tasks/{task_id}/completion", {"done_on": "2026-06-10"}).status == 200
    assert meetings.call("DELETE", path).body["rule"] == "attachment-settled"


@pytest.mark.parametrize("kind", ["restricted", "secret", "top_secret", "absolute_secret"])
def test_what_is_secret_is_refused_with_the_rule(meetings: Meetings, kind: str) -> None:
    meeting_id = meetings.planned()
    for language, word in (("vi", "mật"), ("en", "ecret")):
        refused = _send(meetings, f"/meetings/{meeting_id}", files.pdf(), kind=kind, language=language)
        (error,) = refused.body["errors"]
        assert refused.status == 422
        assert (error["field"], error["rule"]) == ("classification", "classified-not-distributed")
        assert word in error["message"]
        assert "bí mật nhà nước" in error["source"]
    assert _rows(meetings) == 0


@pytest.mark.parametrize(
    ("content", "name", "rule"),
    [
        (files.docx(word_vbaProject__bin=b"x"), "a.docx", "file-active"),
        (files.pdf(), "a.png", "file-not-what-it-says"),
        (b"MZ" + bytes(300), "a.pdf", "file-type"),
        (b"", "a.pdf", "file-size"),
    ],
)
def test_a_bad_file_leaves_nothing(meetings: Meetings, content: bytes, name: str, rule: str) -> None:
    meeting_id = meetings.planned()
    refused = _send(meetings, f"/meetings/{meeting_id}", content, name)
    assert (refused.status, refused.rules) == (422, {"file": rule})
    assert _rows(meetings) == 0


def test_a_file_over_the_limit_is_refused(meetings: Meetings, monkeypatch: pytest.MonkeyPatch) -> None:
    small = msgspec.structs.replace(_cabinet(meetings), limit=100)
    monkeypatch.setitem(meetings.app.extensions, "attachments", small)
    refused = _send(meetings, f"/meetings/{meetings.planned()}", files.pdf())
    assert refused.rules == {"file": "file-size"}


def test_a_file_needs_its_class_and_the_class_a_file(meetings: Meetings) -> None:
    meeting_id = meetings.planned()
    refused = _send(meetings, f"/meetings/{meeting_id}", files.pdf(), kind="whatever")
    assert list(refused.rules) == ["classification"]
    answer = meetings.app.test_client().post(
        f"/v1/meetings/{meeting_id}/attachments",
        data={"path": "/etc/passwd"},
        content_type="multipart/form-data",
        headers={"Authorization": f"Bearer {meetings.secretary}"},
    )
    assert answer.status_code == 422
    assert {error["field"] for error in answer.get_json(force=True)["errors"]} == {"classification", "file", "path"}


def test_nobody_sees_another_branchs_files(meetings: Meetings) -> None:
    sent = _send(meetings, f"/meetings/{meetings.planned()}", files.pdf())
    known, unknown = sent.body["attachment_id"], str(uuid4())
    for token in (meetings.stranger, meetings.portal):
        assert _get(meetings, known, token).status_code == 403
        told, guessed = (meetings.call("GET", f"/attachments/{one}", token=token).body for one in (known, unknown))
        assert told | {"request_id": None} == guessed | {"request_id": None}
    assert meetings.call("GET", f"/attachments/{unknown}", token=meetings.root).body["rule"] == "unknown-attachment"
    assert (
        _send(
            meetings, f"/meetings/{meetings.planned(kind='extraordinary')}", files.pdf(), token=meetings.member
        ).status
        == 403
    )


def test_a_file_is_taken_away_softly_and_only_before_adoption(meetings: Meetings) -> None:
    meeting_id = meetings.recorded()
    first, second = (_send(meetings, f"/meetings/{meeting_id}", files.pdf(text)).body for text in ("1", "2"))
    path = f"/attachments/{first['attachment_id']}"
    assert meetings.app.test_client().delete(
        f"/v1{path}", headers={"Authorization": f"Bearer {meetings.secretary}"}
    ).status_code == 204  # fmt: skip
    assert meetings.call("GET", path, token=meetings.secretary).body["rule"] == "unknown-attachment"
    assert _get(meetings, first["attachment_id"]).status_code == 404
    assert _rows(meetings) == 2, "who sent and deleted it stays known"
    assert meetings.call("POST", f"/meetings/{meeting_id}/adoption", {}).status == 200
    refused = meetings.call("DELETE", f"/attachments/{second['attachment_id']}")
    assert (refused.status, refused.body["rule"]) == (409, "attachment-settled")
    assert _get(meetings, second["attachment_id"]).status_code == 200


def test_bytes_that_changed_in_the_storage_are_not_given_out(meetings: Meetings) -> None:
    sent = _send(meetings, f"/meetings/{meetings.planned()}", files.pdf()).body
    _cabinet(meetings).storage.put(_uuid(sent), b"something else")
    answer = _get(meetings, sent["attachment_id"])
    assert (answer.status_code, answer.get_json(force=True)["rule"]) == (409, "attachment-damaged")


def test_a_retried_upload_is_carried_out_once(meetings: Meetings) -> None:
    meeting_id, content = meetings.planned(), files.pdf()
    body, boundary = _multipart(content)
    answers = [
        meetings.app.test_client().post(
            f"/v1/meetings/{meeting_id}/attachments",
            data=body,
            content_type=f"multipart/form-data; boundary={boundary}",
            headers={"Authorization": f"Bearer {meetings.secretary}", "Idempotency-Key": "one"},
        )
        for _ in range(2)
    ]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].data == answers[1].data
    assert _rows(meetings) == 1


def _multipart(content: bytes) -> tuple[bytes, str]:
    boundary = "nenep"
    head = (
        f'--{boundary}\r\nContent-Disposition: form-data; name="classification"\r\n\r\nopen\r\n--{boundary}\r\n'
        'Content-Disposition: form-data; name="file"; filename="a.pdf"\r\nContent-Type: application/pdf\r\n\r\n'
    )
    return head.encode() + content + f"\r\n--{boundary}--\r\n".encode(), boundary


def test_without_storage_the_door_says_so(meetings: Meetings, monkeypatch: pytest.MonkeyPatch) -> None:
    none = msgspec.structs.replace(_cabinet(meetings), storage=Storage(""))
    monkeypatch.setitem(meetings.app.extensions, "attachments", none)
    refused = _send(meetings, f"/meetings/{meetings.planned()}", files.pdf())
    assert (refused.status, refused.body["rule"]) == (503, "no-storage")
    assert _rows(meetings) == 0


def test_orphans_and_what_was_deleted_long_ago_are_cleared(meetings: Meetings, tmp_path: Path) -> None:
    sent = _send(meetings, f"/meetings/{meetings.planned()}", files.pdf()).body
    orphan = uuid4()
    with s3.running(tmp_path) as server:
        storage = Storage(server.url, endpoint=server.endpoint, key_id=server.key_id, secret_key=server.secret_key)
        cabinet = msgspec.structs.replace(_cabinet(meetings), storage=storage)
        for attachment_id in (orphan, _uuid(sent)):
            storage.put(attachment_id, b"bytes")
        with db.connect(meetings.url, name="test") as conn:
            conn.execute(
                "insert into attachment_upload values (%s, clock_timestamp() - interval '59 minutes')", (orphan,)
            )
        assert _sweep(meetings, cabinet) == 0, "an upload may still be on its way"
        with db.connect(meetings.url, name="test") as conn:
            conn.execute("update attachment_upload set begun_at = begun_at - interval '2 minutes'")
        assert _sweep(meetings, cabinet) == 1
        assert storage.get(orphan) is None
        assert storage.get(_uuid(sent)) == b"bytes"

        deleted = meetings.app.test_client().delete(
            f"/v1/attachments/{sent['attachment_id']}", headers={"Authorization": f"Bearer {meetings.secretary}"}
        )
        assert deleted.status_code == 204
        meetings.set_clock("2026-07-14T08:00:00+07:00")
        assert _sweep(meetings, cabinet) == 0
        meetings.set_clock("2026-07-16T08:00:00+07:00")
        assert _sweep(meetings, cabinet) == 1
        assert storage.get(_uuid(sent)) is None
        assert server.objects() == set()
        assert _sweep(meetings, cabinet) == 0


def test_an_upload_that_failed_after_its_bytes_were_stored_is_an_orphan(
    meetings: Meetings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: Any) -> None:
        raise OSError("gone")

    monkeypatch.setattr(store, "add", fail)
    assert _send(meetings, f"/meetings/{meetings.planned()}", files.pdf()).status == 500
    assert _rows(meetings) == 0
    with db.connect(meetings.url, name="test") as conn:
        ((orphan,),) = conn.execute("select attachment_id from attachment_upload").fetchall()
        conn.execute("update attachment_upload set begun_at = begun_at - interval '2 hours'")
    assert _cabinet(meetings).storage.get(orphan)  # type: ignore[arg-type]  # a row's column
    assert _sweep(meetings) == 1
    assert _cabinet(meetings).storage.get(orphan) is None  # type: ignore[arg-type]  # a row's column
