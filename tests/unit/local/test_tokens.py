"""Tokens of the local issuer, checked with PyJWT against the published keys."""

import json
import uuid
from datetime import timedelta
from pathlib import Path

import jwt
import pytest

from deploy.local.errors import LocalError
from deploy.local.tokens import AUDIENCE, ISSUER, TokenIssuer


def _decode(issuer: TokenIssuer, token: str) -> dict[str, object]:
    keys = jwt.PyJWKSet.from_json(issuer.jwks_file.read_text())
    key = keys[jwt.get_unverified_header(token)["kid"]]
    claims: dict[str, object] = jwt.decode(token, key, algorithms=["EdDSA"], issuer=ISSUER, audience=AUDIENCE)
    return claims


def test_a_token_carries_its_grant(tmp_path: Path) -> None:
    issuer, unit = TokenIssuer(tmp_path), uuid.uuid4()
    claims = _decode(issuer, issuer.mint("branch_secretary", unit, "someone"))
    assert claims["sub"] == "someone"
    assert claims["nenep_roles"] == [{"role": "branch_secretary", "unit_id": str(unit)}]


def test_the_key_is_kept_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    token = TokenIssuer(tmp_path).mint("province_admin")
    again = TokenIssuer(tmp_path)
    assert _decode(again, token)["nenep_roles"] == [{"role": "province_admin", "unit_id": None}]
    assert (tmp_path / "signing-key.pem").stat().st_mode & 0o077 == 0
    (published,) = json.loads(again.jwks_file.read_text())["keys"]
    assert "d" not in published


def test_another_issuers_token_is_not_accepted(tmp_path: Path) -> None:
    ours, theirs = TokenIssuer(tmp_path / "ours"), TokenIssuer(tmp_path / "theirs")
    with pytest.raises(KeyError):
        _decode(ours, theirs.mint("province_admin"))


def test_an_expired_token_is_not_accepted(tmp_path: Path) -> None:
    issuer = TokenIssuer(tmp_path)
    with pytest.raises(jwt.ExpiredSignatureError):
        _decode(issuer, issuer.mint("province_admin", ttl=timedelta(seconds=-5)))


@pytest.mark.parametrize("role", ["committee_officer", "branch_secretary", "member", "portal"])
def test_only_the_administrator_may_go_without_a_unit(tmp_path: Path, role: str) -> None:
    with pytest.raises(LocalError, match="must be bound to a unit"):
        TokenIssuer(tmp_path).mint(role)


def test_an_unknown_role_is_refused(tmp_path: Path) -> None:
    with pytest.raises(LocalError, match="Role chairman"):
        TokenIssuer(tmp_path).mint("chairman", uuid.uuid4())
