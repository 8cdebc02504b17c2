"""Who may use which door of notifications."""

from typing import Final

from shared.auth import Role
from shared.http.rights import Right, Table

_OFFICES: frozenset[Role] = frozenset({"province_admin", "committee_officer", "branch_secretary"})
_UNIT = Right(roles=_OFFICES, scope="unit")

RIGHTS: Final[Table] = {
    "GET /v1/units/<uuid:unit_id>/contact-point": _UNIT,
    "PUT /v1/units/<uuid:unit_id>/contact-point": _UNIT,
    "DELETE /v1/units/<uuid:unit_id>/contact-point": _UNIT,
    "GET /v1/units/<uuid:unit_id>/preferences": _UNIT,
    "PUT /v1/units/<uuid:unit_id>/preferences": _UNIT,
    "GET /v1/units/<uuid:unit_id>/inbox": _UNIT,
    "POST /v1/notices/<uuid:notice_id>/read": _UNIT,
}
