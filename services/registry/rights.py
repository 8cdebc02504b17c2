"""Who may use which door of the registry."""

from typing import Final

from shared.auth import Role
from shared.http.rights import Right, Table

OFFICES: Final[frozenset[Role]] = frozenset({"province_admin", "committee_officer"})
"""Who keeps the books of units and members."""

NAMES: Final[frozenset[Role]] = OFFICES | {"branch_secretary"}
"""Who may see members' personal data, within their units."""

_EVERYONE: Final[frozenset[Role]] = NAMES | {"member", "portal"}

RIGHTS: Final[Table] = {
    "POST /v1/units": Right(OFFICES),
    "GET /v1/units": Right(_EVERYONE),
    "GET /v1/units/<uuid:unit_id>": Right(_EVERYONE),
    "GET /v1/units/<uuid:unit_id>/children": Right(_EVERYONE),
    "GET /v1/units/<uuid:unit_id>/path": Right(_EVERYONE),
    "POST /v1/units/<uuid:unit_id>/changes": Right(OFFICES),
    "POST /v1/units/<uuid:unit_id>/closure": Right(OFFICES),
    "GET /v1/units/<uuid:unit_id>/members": Right(NAMES | {"member"}),
    "POST /v1/members": Right(OFFICES),
    "GET /v1/members/<uuid:member_id>": Right(NAMES),
    "POST /v1/members/<uuid:member_id>/changes": Right(OFFICES),
    "GET /v1/rosters": Right(NAMES),
    "POST /v1/imports": Right(OFFICES),
}
