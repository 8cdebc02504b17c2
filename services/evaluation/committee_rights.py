"""Who may use which door of the committees' work. Everybody else may not."""

from typing import Final

from shared.auth import Role
from shared.http.rights import Right, Table

_OFFICES: Final[frozenset[Role]] = frozenset({"province_admin", "committee_officer"})
_OWN: Final[frozenset[Role]] = _OFFICES | {"branch_secretary"}
"""The offices, and the unit itself where it speaks for itself or reads of itself."""

COMMITTEE_RIGHTS: Final[Table] = {
    "GET /v1/committee-rules": Right(_OWN | {"portal"}, scope="any"),
    "GET /v1/units/<uuid:unit_id>/rankings": Right(_OWN | {"portal"}),
    "GET /v1/units/<uuid:unit_id>/weak-candidates": Right(_OFFICES),
    "POST /v1/units/<uuid:unit_id>/weak-proposals": Right(_OFFICES),
    "GET /v1/units/<uuid:unit_id>/weak-organisations": Right(_OWN),
    "POST /v1/weak-organisations": Right(_OFFICES),
    "GET /v1/weak-organisations/<uuid:weak_id>": Right(_OWN),
    "POST /v1/weak-organisations/<uuid:weak_id>/opening": Right(_OFFICES),
    "POST /v1/weak-organisations/<uuid:weak_id>/dismissal": Right(_OFFICES),
    "PUT /v1/weak-organisations/<uuid:weak_id>/plan": Right(_OFFICES),
    "POST /v1/weak-organisations/<uuid:weak_id>/steps/<uuid:step_id>/done": Right(_OWN),
    "POST /v1/weak-organisations/<uuid:weak_id>/entries": Right(_OWN),
    "POST /v1/weak-organisations/<uuid:weak_id>/closure": Right(_OFFICES),
    "POST /v1/classifications/proposals": Right(_OWN),
    "POST /v1/classifications/returns": Right(_OFFICES),
    "POST /v1/classifications/decisions": Right(_OFFICES),
    "GET /v1/units/<uuid:unit_id>/classifications": Right(_OWN),
    "GET /v1/units/<uuid:unit_id>/classification-groups": Right(_OFFICES),
    "GET /v1/units/<uuid:unit_id>/classification": Right(_OWN),
    "POST /v1/model-branches": Right(_OFFICES),
    "POST /v1/model-branches/<uuid:model_id>/end": Right(_OFFICES),
    "GET /v1/units/<uuid:unit_id>/model-branches": Right(_OWN | {"portal"}),
    "POST /v1/campaigns": Right(_OFFICES),
    "GET /v1/campaigns/<uuid:campaign_id>": Right(_OFFICES),
    "PUT /v1/campaigns/<uuid:campaign_id>": Right(_OFFICES),
    "PUT /v1/campaigns/<uuid:campaign_id>/participants": Right(_OFFICES),
    "POST /v1/campaigns/<uuid:campaign_id>/start": Right(_OFFICES),
    "POST /v1/campaigns/<uuid:campaign_id>/interim": Right(_OFFICES),
    "POST /v1/campaigns/<uuid:campaign_id>/closure": Right(_OFFICES),
    "POST /v1/campaigns/<uuid:campaign_id>/awards": Right(_OFFICES),
    "GET /v1/campaigns/<uuid:campaign_id>/standings": Right(_OFFICES),
    "GET /v1/units/<uuid:unit_id>/campaigns": Right(_OWN),
    "GET /v1/units/<uuid:unit_id>/briefing": Right(_OFFICES),
}
