"""Secrets of single services on one machine: made once, kept beside the suite's other secrets."""

import base64
import secrets
from pathlib import Path

from deploy.local.places import exclusive, write_private


def registry_keys(folder: Path) -> str:
    """What NENEP_REGISTRY_KEYS holds: the keys kept in `folder` (made at first, in mode 600), newest first.

    To rotate, put a new key before the old one in the file, start the suite again and run `rotate-keys`.
    """
    return _kept(folder, "registry-keys", f"local-1:{base64.b64encode(secrets.token_bytes(32)).decode()}")


def roll_call_key(folder: Path) -> str:
    """What NENEP_ROLL_CALL_KEY holds: the key that signs roll-call codes, kept in `folder`."""
    return _kept(folder, "roll-call-key", secrets.token_urlsafe(48))


def _kept(folder: Path, name: str, new: str) -> str:
    path = folder / name
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)
    with exclusive(folder / "lock"):
        if not path.exists():
            write_private(path, f"{new}\n")
        return path.read_text(encoding="utf-8").strip()
