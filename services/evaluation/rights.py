"""Who may read figures. Everybody else may not."""

from typing import Final

from shared.http.rights import PUBLIC, Right, Table

_READ = Right(roles=frozenset({"portal", "committee_officer", "province_admin", "branch_secretary"}))

RIGHTS: Final[Table] = {
    "GET /v1/units/<uuid:unit_id>/scorecard": _READ,
    "GET /v1/units/<uuid:unit_id>/children": _READ,
    "GET /v1/units/<uuid:unit_id>/trend": _READ,
    "GET /v1/units/<uuid:unit_id>/figures": _READ,
    "GET /v1/units/<uuid:unit_id>/path": _READ,
    "GET /v1/figures": Right(roles=_READ.roles, scope="any"),
    "GET /v1/me": Right(roles=_READ.roles, scope="own"),
    "GET /": PUBLIC,  # the page's frame; its figures are fetched with the reader's token
}
