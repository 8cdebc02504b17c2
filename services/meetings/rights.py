"""Who may use which door of meetings."""

from typing import Final

from shared.auth import Role
from shared.http.rights import Right, Table

_OFFICES: Final[frozenset[Role]] = frozenset({"province_admin", "committee_officer"})
_WRITERS: Final[frozenset[Role]] = _OFFICES | {"branch_secretary"}
_READERS: Final[frozenset[Role]] = _WRITERS | {"member"}

RIGHTS: Final[Table] = {
    "PUT /v1/meetings/<uuid:meeting_id>": Right(_WRITERS),
    "GET /v1/meetings/<uuid:meeting_id>": Right(_READERS),
    "GET /v1/meetings": Right(_READERS),
    "PUT /v1/meetings/<uuid:meeting_id>/attendance": Right(_WRITERS),
    "PUT /v1/meetings/<uuid:meeting_id>/minutes": Right(_WRITERS),
    "PUT /v1/meetings/<uuid:meeting_id>/score": Right(_WRITERS),
    "POST /v1/meetings/<uuid:meeting_id>/adoption": Right(_WRITERS),
    "POST /v1/meetings/<uuid:meeting_id>/corrections": Right(_WRITERS),
    "POST /v1/meetings/<uuid:meeting_id>/not-held": Right(_WRITERS),
    "GET /v1/meetings/<uuid:meeting_id>/revisions": Right(_WRITERS),
    "GET /v1/units/<uuid:unit_id>/attendance": Right(_WRITERS),
    "GET /v1/tasks": Right(_READERS),
    "POST /v1/tasks/<uuid:task_id>/completion": Right(_WRITERS),
    "POST /v1/imports": Right(_OFFICES),
}
"""Members read the meetings and tasks of their branch; earlier revisions and marks by person are for the offices."""
