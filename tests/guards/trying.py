"""A copy of the tree without a guard, and what its test says there."""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final
from xml.etree import ElementTree

import msgspec

from deploy.local.places import cache_dir
from tests.guards.guard import Edit, Guard

ROOT: Final = Path(__file__).parents[2]
FAILS: Final = "fails, as it must"
SURVIVES: Final = "SURVIVES"
_LONGEST: Final = 1800.0


class Stale(Exception):
    """A declaration no longer fits the source: its text is not there, or more than once."""


class Said(msgspec.Struct, frozen=True):
    """What pytest said of one test: how many of its cases passed, and what stands at the head of each other one."""

    passed: int = 0
    failures: tuple[str, ...] = ()
    others: tuple[str, ...] = ()


class Verdict(msgspec.Struct, frozen=True):
    """Whether it is as it must be, in words; `detail` is what pytest said where it is not."""

    good: bool
    words: str
    detail: str = ""


def edited(edit: Edit, text: str) -> str:
    """`text` with the edit. Raises Stale unless its old text occurs exactly once."""
    count = text.count(edit.old)
    if count != 1:
        raise Stale(f"{edit.file} has {count} times what a removal declares once: {edit.old!r}")
    return text.replace(edit.old, edit.new)


def take_out(edits: Sequence[Edit], root: Path) -> None:
    """Carry out the edits in the tree at `root`. Raises Stale."""
    for edit in edits:
        path = root / edit.file
        path.write_text(edited(edit, path.read_text()))


def try_guard(guard: Guard) -> Verdict:
    """Run the guard's test where the guard is taken out. Raises Stale."""
    with _copy() as root:
        take_out(guard.edits, root)
        return without(guard, _run(guard.test, root))


def try_test(test: str) -> Verdict:
    """Run a test where nothing is taken out."""
    with _copy() as root:
        return unmodified(_run(test, root))


def without(guard: Guard, said: Said) -> Verdict:
    """The verdict on a test that ran without its guard: every case that did not pass must have failed as declared."""
    if said.others:
        return Verdict(False, "did not run", "\n".join(said.others))
    if not said.failures:
        return Verdict(False, SURVIVES if said.passed else "did not run")
    otherwise = [failure for failure in said.failures if not re.search(guard.fails_with, failure)]
    if otherwise:
        return Verdict(False, "fails otherwise", "\n".join(otherwise))
    return Verdict(True, FAILS)


def unmodified(said: Said) -> Verdict:
    """The verdict on a test that ran with every guard."""
    if said.failures or said.others or not said.passed:
        return Verdict(False, "fails with its guard", "\n".join((*said.failures, *said.others)))
    return Verdict(True, "passes")


@contextmanager
def _copy() -> Iterator[Path]:
    """What git knows or would take up, as it stands now."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    with tempfile.TemporaryDirectory(prefix="nenep-guards-") as folder:
        for name in filter(None, listed.stdout.split("\0")):
            source, target = ROOT / name, Path(folder) / name
            if source.is_file():
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(source, target)
        yield Path(folder)


def _run(test: str, root: Path) -> Said:
    report = root / "report.xml"
    ran = subprocess.run(
        [
            sys.executable,
            "-m",
            "pytest",
            "-x",
            "-q",
            "--tb=short",
            "-p",
            "no:cacheprovider",
            f"--junitxml={report}",
            test,
        ],
        cwd=root,
        # This project is installed as the tree it stands in; the copy must be found before it.
        env={**os.environ, "PYTHONPATH": str(root), "NENEP_CACHE": str(cache_dir())},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=_LONGEST,
    )
    if not report.is_file():
        return Said(others=(ran.stdout[-2000:],))
    return read(report.read_text())


def read(report: str) -> Said:
    """What pytest's JUnit report says."""
    passed = 0
    failures: list[str] = []
    others: list[str] = []
    for case in ElementTree.fromstring(report).iter("testcase"):
        marks = {mark.tag: mark.get("message", "") for mark in case if mark.tag in {"failure", "error", "skipped"}}
        if not marks:
            passed += 1
        elif "failure" in marks and "error" not in marks:
            failures.append(marks["failure"])
        else:
            others += [f"{kind}: {message}" for kind, message in marks.items()]
    return Said(passed, tuple(failures), tuple(others))
