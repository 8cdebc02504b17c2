"""The system's Chromium; on a Debian that has none, and lets us, it is installed."""

import os
import shutil
import subprocess
from pathlib import Path

ARGUMENTS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
_INSTALL = (
    ("apt-get", "update"),
    ("apt-get", "install", "-y", "--no-install-recommends", "chromium", "fonts-noto-core"),
)


class NoBrowser(Exception):
    """There is no Chromium, and none could be installed; the sentence says what to do."""


def find_chromium() -> Path:
    """The browser's executable. Raises NoBrowser."""
    found = _installed()
    if found is None and os.geteuid() == 0 and shutil.which("apt-get"):
        found = _install()
    if found is None:
        raise NoBrowser("no Chromium here: install it (Debian: apt-get install chromium fonts-noto-core), then repeat")
    return found


def _installed() -> Path | None:
    for name in ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome"):
        if path := shutil.which(name):
            return Path(path)
    return None


def _install() -> Path | None:
    for command in _INSTALL:
        done = subprocess.run(
            command, env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"}, capture_output=True, text=True
        )
        if done.returncode != 0:
            raise NoBrowser(f"no Chromium here, and `{' '.join(command)}` failed:\n{done.stderr[-2000:]}")
    return _installed()
