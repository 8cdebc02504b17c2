"""The local issuer: an Ed25519 key, its public part as JWKS, and bearer tokens signed with it.

It stands for the province's identity provider on one machine. A grant of `province_admin` with no unit is the right
over everything an installation starts with, before there is a unit to bind a right to; no other role may have none.
"""

import base64
import hashlib
import json
import uuid
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, get_args

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from jwt.algorithms import OKPAlgorithm

from deploy.local.errors import LocalError
from deploy.local.places import exclusive, write_private
from shared.auth import Role

ISSUER = "nenep-local"
AUDIENCE = "nenep"
ROLES: tuple[str, ...] = get_args(Role)


class TokenIssuer:
    """Signs tokens with the key kept in `folder` (made at first; the private part in mode 600)."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder.resolve()
        self.jwks_file = self.folder / "jwks.json"
        self.folder.mkdir(parents=True, exist_ok=True)
        self.folder.chmod(0o700)
        with exclusive(self.folder / "lock"):
            self._key = self._load_or_make()

    def _load_or_make(self) -> Ed25519PrivateKey:
        path = self.folder / "signing-key.pem"
        if path.exists():
            key = serialization.load_pem_private_key(path.read_bytes(), password=None)
            if not isinstance(key, Ed25519PrivateKey):
                raise LocalError(
                    f"{path}: không phải khóa Ed25519; xóa tệp này để tạo khóa mới.",
                    f"{path}: not an Ed25519 key; remove the file to have a new one made.",
                )
        else:
            key = Ed25519PrivateKey.generate()
            pem = key.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
            write_private(path, pem.decode("ascii"))
        public: dict[str, Any] = OKPAlgorithm.to_jwk(key.public_key(), as_dict=True)
        # RFC 7638: the thumbprint of the required members in order, without white space.
        required = json.dumps({name: public[name] for name in ("crv", "kty", "x")}, separators=(",", ":"))
        self._kid = base64.urlsafe_b64encode(hashlib.sha256(required.encode()).digest()).decode().rstrip("=")
        keys = {"keys": [{**public, "kid": self._kid, "use": "sig", "alg": "EdDSA"}]}
        write_private(self.jwks_file, json.dumps(keys, indent=1))
        return key

    def mint(
        self,
        role: str,
        unit_id: uuid.UUID | str | None = None,
        subject: uuid.UUID | str | None = None,
        ttl: timedelta = timedelta(hours=12),
    ) -> str:
        """A token that grants `role` on `unit_id` and all below it to `subject` (a new opaque id unless given).

        Raises LocalError for an unknown role, and for a missing unit with any role but `province_admin`.
        """
        if role not in ROLES:
            raise LocalError(
                f"Vai trò {role}: chọn một trong {', '.join(ROLES)}.", f"Role {role}: choose one of {', '.join(ROLES)}."
            )
        if unit_id is None and role != "province_admin":
            raise LocalError(
                f"Vai trò {role} phải gắn với một đơn vị: thêm --unit <mã đơn vị>.",
                f"The role {role} must be bound to a unit: add --unit <unit id>.",
            )
        now = datetime.now(UTC)
        claims = {
            "iss": ISSUER,
            "aud": AUDIENCE,
            "sub": str(subject or uuid.uuid4()),
            "iat": now,
            "exp": now + ttl,
            "nenep_roles": [{"role": role, "unit_id": None if unit_id is None else str(uuid.UUID(str(unit_id)))}],
        }
        return jwt.encode(claims, self._key, algorithm="EdDSA", headers={"kid": self._kid})
