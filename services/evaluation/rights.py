"""Who may read figures. Everybody else may not."""

from typing import Final

from services.evaluation.committee_rights import COMMITTEE_RIGHTS
from services.evaluation.rubric_rights import RUBRIC_RIGHTS
from shared.http.rights import PUBLIC, Right, Table

_READ = Right(roles=frozenset({"portal", "committee_officer", "province_admin", "branch_secretary"}))

RIGHTS: Final[Table] = {
    "GET /v1/units/<uuid:unit_id>/scorecard": _READ,
    "GET /v1/units/<uuid:unit_id>/children": _READ,
    "GET /v1/units/<uuid:unit_id>/trend": _READ,
    "GET /v1/units/<uuid:unit_id>/figures": _READ,
    "GET /v1/units/<uuid:unit_id>/path": _READ,
    "GET /v1/units/<uuid:unit_id>/comparison": _READ,
    "GET /v1/units/<uuid:unit_id>/changes": _READ,
    "GET /v1/units/<uuid:unit_id>/figures/<name>/evidence": _READ,
    "GET /v1/units/<uuid:unit_id>/alerts": _READ,
    "GET /v1/alerts/<uuid:alert_id>": _READ,
    "GET /v1/alert-rules": Right(roles=_READ.roles, scope="any"),
    # They are for every unit of the installation: who may change them is asked at the door besides.
    "POST /v1/alert-rules": Right(roles=frozenset({"province_admin"})),
    "POST /v1/alert-rules/<name>/end": Right(roles=frozenset({"province_admin"})),
    "GET /v1/units/<uuid:unit_id>/targets": _READ,
    "GET /v1/units/<uuid:unit_id>/villages": _READ,
    # A count of one in a small unit is nearly a name: offices only, as registry has it.
    "GET /v1/units/<uuid:unit_id>/discipline": Right(roles=frozenset({"committee_officer", "province_admin"})),
    "GET /v1/figures": Right(roles=_READ.roles, scope="any"),
    "GET /v1/me": Right(roles=_READ.roles, scope="own"),
    **RUBRIC_RIGHTS,
    **COMMITTEE_RIGHTS,
    "GET /": PUBLIC,  # the page's frame; its figures are fetched with the reader's token
}
