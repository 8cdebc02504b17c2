"""Who may use which door of meetings."""

from typing import Final

from shared.auth import Role
from shared.http.rights import PUBLIC, Right, Table

_OFFICES: Final[frozenset[Role]] = frozenset({"province_admin", "committee_officer"})
_WRITERS: Final[frozenset[Role]] = _OFFICES | {"branch_secretary"}
_READERS: Final[frozenset[Role]] = _WRITERS | {"member"}

RIGHTS: Final[Table] = {
    "PUT /v1/meetings/<uuid:meeting_id>": Right(_WRITERS),
    "GET /v1/meetings/<uuid:meeting_id>": Right(_READERS),
    "GET /v1/meetings": Right(_READERS),
    "PUT /v1/meetings/<uuid:meeting_id>/attendance": Right(_WRITERS),
    "PUT /v1/meetings/<uuid:meeting_id>/minutes": Right(_WRITERS),
    "GET /v1/meetings/<uuid:meeting_id>/score": Right(_READERS),
    "PUT /v1/meetings/<uuid:meeting_id>/score": Right(_WRITERS),
    "POST /v1/meetings/<uuid:meeting_id>/adoption": Right(_WRITERS),
    "POST /v1/meetings/<uuid:meeting_id>/corrections": Right(_WRITERS),
    "POST /v1/meetings/<uuid:meeting_id>/not-held": Right(_WRITERS),
    "GET /v1/meetings/<uuid:meeting_id>/revisions": Right(_WRITERS),
    "GET /v1/units/<uuid:unit_id>/attendance": Right(_WRITERS),
    "GET /v1/tasks": Right(_READERS),
    "POST /v1/tasks/<uuid:task_id>/completion": Right(_WRITERS),
    "POST /v1/imports": Right(_OFFICES),
    "POST /v1/meetings/<uuid:meeting_id>/postponement": Right(_WRITERS),
    "POST /v1/meetings/<uuid:meeting_id>/opening": Right(_WRITERS),
    "POST /v1/meetings/<uuid:meeting_id>/report": Right(_WRITERS),
    "POST /v1/meetings/<uuid:meeting_id>/undo": Right(_WRITERS),
    "PUT /v1/meetings/<uuid:meeting_id>/voted-score": Right(_WRITERS),
    "PUT /v1/meetings/<uuid:meeting_id>/official-score": Right(_OFFICES),
    "PUT /v1/meetings/<uuid:meeting_id>/visit": Right(_OFFICES),
    **{
        f"{method} /v1/meetings/<uuid:meeting_id>/{items}/<uuid:item_id>": Right(_WRITERS)
        for items in ("opinions", "self-criticisms", "conclusions", "votes", "tasks")
        for method in ("PUT", "DELETE")
    },
    "GET /v1/meetings/<uuid:meeting_id>/notice": Right(_READERS),
    "PUT /v1/meetings/<uuid:meeting_id>/notice": Right(_WRITERS),
    "GET /v1/meetings/<uuid:meeting_id>/conclusion-notice": Right(_READERS),
    "PUT /v1/meetings/<uuid:meeting_id>/conclusion-notice": Right(_WRITERS),
    "GET /v1/meetings/<uuid:meeting_id>/documents": Right(_READERS),
    "PUT /v1/meetings/<uuid:meeting_id>/documents/<uuid:document_id>": Right(_WRITERS),
    "GET /v1/meetings/<uuid:meeting_id>/receipts": Right(_WRITERS),
    "POST /v1/meetings/<uuid:meeting_id>/receipts": Right(_READERS),
    "POST /v1/meetings/<uuid:meeting_id>/roll-call-codes": Right(_WRITERS),
    "GET /v1/meetings/<uuid:meeting_id>/roll-call": Right(_WRITERS),
    "POST /v1/meetings/<uuid:meeting_id>/roll-call": Right(_WRITERS),
    "POST /v1/roll-call": Right(_READERS),
    "GET /v1/units/<uuid:unit_id>/year-plan": Right(_READERS),
    "PUT /v1/units/<uuid:unit_id>/year-plan": Right(_WRITERS),
    "POST /v1/units/<uuid:unit_id>/year-plan/sending": Right(_WRITERS),
    "POST /v1/units/<uuid:unit_id>/year-plan/decision": Right(_OFFICES),
    "GET /v1/units/<uuid:unit_id>/topics": Right(_READERS),
    "PUT /v1/units/<uuid:unit_id>/topics/<uuid:topic_id>": Right(_WRITERS),
    "POST /v1/units/<uuid:unit_id>/topics/<uuid:topic_id>/decision": Right(_OFFICES),
    "PUT /v1/units/<uuid:unit_id>/follower": Right(_OFFICES),
    "GET /v1/units/<uuid:unit_id>/tonight": Right(_WRITERS),
    "POST /v1/units/<uuid:unit_id>/tonight": Right(_WRITERS),
    "GET /v1/units/<uuid:unit_id>/last-resolution": Right(_READERS),
    "POST /v1/tasks/<uuid:task_id>/evidence": Right(_WRITERS),
    "POST /v1/tasks/<uuid:task_id>/undo": Right(_WRITERS),
    "GET /v1/templates": Right(_READERS, scope="any"),
    "PUT /v1/templates/<uuid:template_id>": Right(_OFFICES),
    "GET /v1/units/<uuid:unit_id>/draft-from-last": Right(_READERS),
    "GET /v1/meetings/<uuid:meeting_id>/signals": Right(_READERS),
    "GET /v1/meetings/<uuid:meeting_id>/copies": Right(_READERS),
    "GET /v1/search": Right(_READERS),
    "GET /v1/units/<uuid:unit_id>/calendar-feeds": Right(_READERS),
    "POST /v1/units/<uuid:unit_id>/calendar-feeds": Right(_READERS),
    "DELETE /v1/calendar-feeds/<uuid:feed_id>": Right(_READERS),
    "GET /v1/calendar-feeds/<token>.ics": PUBLIC,
    "GET /v1/units/<uuid:unit_id>/calendar": Right(_READERS),
    "GET /v1/units/<uuid:unit_id>/due": Right(_READERS),
    "GET /v1/units/<uuid:unit_id>/export": Right(_WRITERS),
    "GET /v1/meetings/<uuid:meeting_id>/papers": Right(_READERS),
    "POST /v1/meetings/<uuid:meeting_id>/papers": Right(_WRITERS),
    "POST /v1/meetings/<uuid:meeting_id>/papers/file": Right(_READERS),
    "GET /v1/papers": Right(_READERS),
    "GET /v1/units/<uuid:unit_id>/terms": Right(_READERS),
    "PUT /v1/units/<uuid:unit_id>/terms": Right(_WRITERS),
    "GET /v1/meetings/<uuid:meeting_id>/attachments": Right(_READERS),
    "POST /v1/meetings/<uuid:meeting_id>/attachments": Right(_WRITERS),
    "GET /v1/tasks/<uuid:task_id>/attachments": Right(_READERS),
    "POST /v1/tasks/<uuid:task_id>/attachments": Right(_WRITERS),
    "GET /v1/attachments/<uuid:attachment_id>": Right(_READERS),
    "GET /v1/attachments/<uuid:attachment_id>/content": Right(_READERS),
    "DELETE /v1/attachments/<uuid:attachment_id>": Right(_WRITERS),
}
"""Members read the meetings and tasks of their branch; earlier revisions and marks by person are for the offices."""
