"""Who asks, and what their token grants: OIDC bearer tokens, checked against the issuer's published keys (JWKS).

A grant is a role bound to a unit and reaches that unit's subtree as it is today. `province_admin` without a unit
reaches everything: the right an installation starts with, before there is a unit to bind one to.
"""

from pathlib import Path
from typing import Literal
from uuid import UUID

import jwt
import msgspec

Role = Literal["province_admin", "committee_officer", "branch_secretary", "member", "portal"]

_ALGORITHMS = ["EdDSA", "ES256", "RS256"]


class Grant(msgspec.Struct, frozen=True):
    """One role on one unit (and all below it)."""

    role: Role
    unit_id: UUID | None


class Actor(msgspec.Struct, frozen=True):
    """The bearer of a token: an opaque subject and what it is granted."""

    subject: str
    grants: tuple[Grant, ...]

    def units_of(self, roles: frozenset[Role]) -> tuple[frozenset[UUID], bool]:
        """The units on which one of `roles` is held, and whether it is held over everything."""
        held = [grant for grant in self.grants if grant.role in roles]
        everything = any(grant.unit_id is None and grant.role == "province_admin" for grant in held)
        return frozenset(grant.unit_id for grant in held if grant.unit_id is not None), everything


class InvalidToken(Exception):
    """The token is missing, not signed by the issuer, expired, or not for us; the sentence never quotes it."""


class Verifier:
    """Checks tokens of one issuer for one audience."""

    def __init__(self, *, jwks_file: str, jwks_url: str, issuer: str, audience: str) -> None:
        self._issuer = issuer
        self._audience = audience
        self._keys = jwt.PyJWKSet.from_json(Path(jwks_file).read_text()) if jwks_file else None
        self._client = jwt.PyJWKClient(jwks_url, lifespan=300) if jwks_url and not jwks_file else None

    def actor(self, authorization: str | None) -> Actor:
        """The bearer named by an Authorization header. Raises InvalidToken."""
        scheme, _, token = (authorization or "").partition(" ")
        if scheme.lower() != "bearer" or not token:
            raise InvalidToken("an Authorization header with a bearer token is needed")
        try:
            claims = jwt.decode(
                token,
                self._key(token),
                algorithms=_ALGORITHMS,
                issuer=self._issuer,
                audience=self._audience,
                options={"require": ["exp", "iat", "sub", "iss", "aud"]},
            )
            return Actor(str(claims["sub"]), msgspec.convert(claims.get("nenep_roles", []), tuple[Grant, ...]))
        except (jwt.PyJWTError, KeyError, msgspec.ValidationError) as error:
            raise InvalidToken(type(error).__name__) from error

    def _key(self, token: str) -> jwt.PyJWK:
        if self._keys is not None:
            return self._keys[str(jwt.get_unverified_header(token).get("kid", ""))]
        if self._client is None:
            raise InvalidToken("this service knows no issuer of tokens: set jwks_url or jwks_file")
        return self._client.get_signing_key_from_jwt(token)
