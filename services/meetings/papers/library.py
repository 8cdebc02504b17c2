"""Where templates come from: those shipped here, and before them those of a province for a type of branch.

Looked for in this order, file by file: `<folder>/<branch type>/`, `<folder>/`, the shipped ones.
"""

import re
from pathlib import Path
from typing import Final

from shared.errors import Refusal, Text

SHIPPED: Final = Path(__file__).parent / "templates"
_TYPE: Final = re.compile(r"[a-z_]{1,40}")


class BrokenTemplate(Refusal):
    """A template cannot be filled in. The sentence names it and quotes nothing of the paper."""

    status = 500

    def __init__(self, name: str, cause: Exception) -> None:
        super().__init__(
            "template-broken",
            Text(
                f"Mẫu văn bản {name} của nơi triển khai có lỗi ({type(cause).__name__}) nên không lập được văn bản. "
                "Báo người quản trị sửa hoặc gỡ mẫu.",
                f"The template {name} installed here is broken ({type(cause).__name__}), so the paper cannot be made. "
                "Ask the administrator to correct or remove it.",
            ),
        )


class Library:
    """Templates, read again when their file changes."""

    def __init__(self, folder: str) -> None:
        self._folder = Path(folder) if folder else None
        self._read: dict[Path, tuple[int, bytes]] = {}

    def template(self, name: str, branch_type: str | None) -> bytes:
        """The template file `name` (`minutes.docx`) for a type of branch."""
        for folder in self._folders(branch_type):
            path = folder / name
            if path.is_file():
                return self._bytes(path)
        raise FileNotFoundError(name)

    def fonts(self) -> list[Path]:
        """Folders of fonts that the province brings, such as Times New Roman; others are embedded in typst."""
        folder = self._folder / "fonts" if self._folder else None
        return [folder] if folder and folder.is_dir() else []

    def _folders(self, branch_type: str | None) -> list[Path]:
        folders = [SHIPPED]
        if self._folder is not None:
            folders.insert(0, self._folder)
            if branch_type and _TYPE.fullmatch(branch_type):
                folders.insert(0, self._folder / branch_type)
        return folders

    def _bytes(self, path: Path) -> bytes:
        changed = path.stat().st_mtime_ns
        known = self._read.get(path)
        if known is None or known[0] != changed:
            known = self._read[path] = (changed, path.read_bytes())
        return known[1]
