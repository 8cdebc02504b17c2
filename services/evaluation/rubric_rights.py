"""Who may use which door of rubrics and of what they give. Everybody else may not."""

from typing import Final

from shared.auth import Role
from shared.http.rights import Right, Table

_OFFICES: Final[frozenset[Role]] = frozenset({"province_admin", "committee_officer"})
_READ: Final[frozenset[Role]] = _OFFICES | {"branch_secretary", "portal"}

RUBRIC_RIGHTS: Final[Table] = {
    "POST /v1/rubrics": Right(_OFFICES),
    "GET /v1/rubrics": Right(_READ, scope="any"),
    "GET /v1/rubrics/<uuid:rubric_id>": Right(_READ, scope="any"),
    "POST /v1/rubrics/<uuid:rubric_id>/trial": Right(_OFFICES),
    "POST /v1/rubrics/<uuid:rubric_id>/in-force": Right(_OFFICES),
    "POST /v1/rubrics/<uuid:rubric_id>/end": Right(_OFFICES),
    "GET /v1/meetings/<uuid:meeting_id>/sheet": Right(_READ),
    # It says whether a member was disciplined: offices only, as the count itself.
    "GET /v1/units/<uuid:unit_id>/year-grade": Right(_OFFICES),
}
