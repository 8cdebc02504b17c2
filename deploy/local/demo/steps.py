"""A secretary's way through the single doors: notice, plan, attendance, minutes, score, adoption, correction."""

import uuid
from collections.abc import Callable
from typing import Any

import msgspec

from deploy.local.demo import texts
from deploy.local.demo.client import Client
from deploy.local.demo.rows import Call, Completion, Meeting, NotHeld, Submission

_encode = msgspec.json.encode
_OF_THE_OFFICE = frozenset({"official-score", "visit", "follower"})


class Secretary:
    """Sends submissions step by step; `token_of` gives the token of a branch's secretary by the branch's number.

    `officer_token` is that of an office above, which gives the official scores, and says who follows a branch and
    whether they came.
    """

    def __init__(self, client: Client, token_of: Callable[[int], str], officer_token: str) -> None:
        self._client = client
        self._token_of = token_of
        self._officer_token = officer_token

    def send(self, submission: Submission) -> None:
        """Carry out every step. The key of a step is that of the meeting and step: sent again, it is answered again."""
        row = submission.row
        if isinstance(row, Completion):
            self._step(
                submission, "POST", f"/v1/tasks/{row.task_id}/completion", {"done_on": row.done_on}, "completion"
            )
            return
        base = f"/v1/meetings/{row.meeting_id}"
        if isinstance(row, Call):
            self._call(submission, row, base)
            return
        if isinstance(row, Meeting) and row.correction_reason is not None:
            correction = {"reason": row.correction_reason, "attendance": row.attendance, "minutes": row.minutes}
            if row.score is not None:
                correction["score"] = row.score
            self._step(submission, "POST", f"{base}/corrections", correction, "correction")
            return
        plan = {"unit_id": row.unit_id, "kind": row.kind, "starts_at": row.starts_at, "place": row.place}
        if isinstance(row, NotHeld):
            self._step(submission, "PUT", base, plan, "plan")
            self._step(submission, "POST", f"{base}/not-held", {"reason": row.reason}, "not-held")
            return
        more = {"theme": row.theme, "regular_id": row.regular_id}
        self._step(submission, "PUT", base, plan | {name: value for name, value in more.items() if value}, "plan")
        self._step(submission, "PUT", f"{base}/attendance", row.attendance, "attendance")
        self._step(submission, "PUT", f"{base}/minutes", row.minutes, "minutes")
        if row.score is not None:
            self._step(submission, "PUT", f"{base}/score", row.score, "score")
        self._step(submission, "POST", f"{base}/adoption", {}, "adoption")
        if row.voted is not None:
            self._step(submission, "PUT", f"{base}/voted-score", row.voted, "voted-score")
        if row.official is not None:
            self._step(submission, "PUT", f"{base}/official-score", row.official, "official-score")
        if row.visited is not None:
            self._step(submission, "PUT", f"{base}/visit", {"present": row.visited}, "visit")

    def _call(self, submission: Submission, row: Call, base: str) -> None:
        first = row.put_off_from or row.starts_at
        plan = {"unit_id": row.unit_id, "kind": "regular", "starts_at": first, "place": row.place}
        self._step(submission, "PUT", base, plan, "first-plan")
        if row.put_off_from is not None:
            put_off = {"reason": texts.PUT_OFF, "starts_at": row.starts_at}
            self._step(submission, "POST", f"{base}/postponement", put_off, "postponement")
        if row.follower_id is not None:
            follower = {"member_id": row.follower_id, "valid_from": row.follows_from}
            self._step(submission, "PUT", f"/v1/units/{row.unit_id}/follower", follower, "follower")
        if row.notified:
            self._step(submission, "PUT", f"{base}/notice", {"content": texts.CALL}, "notice")
        for document_id in row.documents:
            document = {"kind": "discussion_guide", "title": texts.DOCUMENT, "classification": "open"}
            self._step(submission, "PUT", f"{base}/documents/{document_id}", document, f"document:{document_id}")

    def _step(self, submission: Submission, method: str, path: str, body: object, step: str) -> Any:
        subject = submission.row.task_id if isinstance(submission.row, Completion) else submission.meeting_id
        token = self._officer_token if step in _OF_THE_OFFICE else self._token_of(submission.branch)
        return self._client.send(method, "meetings", path, token, body=_encode(body), key=f"{subject}:{step}")


def subject_of(unit_id: str) -> str:
    """An opaque id of a unit's secretary, the same in every token: an Idempotency-Key counts for one subject."""
    return str(uuid.uuid5(uuid.NAMESPACE_OID, unit_id))
