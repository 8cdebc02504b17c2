"""The declarations fit the source, the tests and the page; the verdicts are right. (Trying them takes an hour.)"""

import ast
import re
from collections import Counter

import pytest

from tests.guards import page
from tests.guards.declared import GUARDS
from tests.guards.guard import Edit, Guard
from tests.guards.proofs import PROOFS
from tests.guards.trying import ROOT, SURVIVES, Said, Stale, edited, read, unmodified, without

_GUARD = Guard("name", "promise", "removal", (), "tests/x.py::test_x", r"set aside \w+")


@pytest.mark.parametrize("guard", GUARDS, ids=lambda guard: guard.name)
def test_what_is_taken_out_is_there_and_python_without_it(guard: Guard) -> None:
    texts = {edit.file: (ROOT / edit.file).read_text() for edit in guard.edits}
    for edit in guard.edits:
        texts[edit.file] = edited(edit, texts[edit.file])
    for text in texts.values():
        ast.parse(text)


@pytest.mark.parametrize("guard", GUARDS, ids=lambda guard: guard.name)
def test_the_test_that_fails_is_there(guard: Guard) -> None:
    file, _, name = guard.test.partition("::")
    tree = ast.parse((ROOT / file).read_text())
    assert name in {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
    re.compile(guard.fails_with)


def test_every_proof_has_a_guard_and_every_guard_a_name_of_its_own() -> None:
    assert {guard.proof for guard in GUARDS} - {""} == set(PROOFS)
    assert [name for name, count in Counter(guard.name for guard in GUARDS).items() if count > 1] == []
    assert {guard.name for guard in GUARDS} & set(PROOFS) == set()


def test_the_page_says_the_same() -> None:
    text = page.PAGE.read_text()
    assert text == page.written(text), "docs/develop.md is stale: run `python -m tests.guards --page`"


def test_a_removal_that_fits_no_more_is_said() -> None:
    for text in ("", "guard() guard()"):
        with pytest.raises(Stale, match=r"some\.py"):
            edited(Edit("some.py", "guard()", ""), text)
    assert edited(Edit("some.py", "guard()", "pass"), "if x: guard()") == "if x: pass"


def test_only_the_declared_failure_is_one() -> None:
    assert without(_GUARD, Said(failures=("AssertionError: set aside twice",))).good
    assert without(_GUARD, Said(passed=1)).words == SURVIVES
    for other in (
        Said(),
        Said(failures=("Failed: Timeout (>300.0s) from pytest-timeout.",)),
        Said(failures=("AssertionError: set aside twice", "ImportError: no module")),
        Said(failures=("AssertionError: set aside twice",), others=("error: of the fixture",)),
    ):
        verdict = without(_GUARD, other)
        assert not verdict.good
        assert verdict.words != SURVIVES


def test_a_baseline_is_one_that_ran_and_passed() -> None:
    assert unmodified(Said(passed=2)).good
    assert not unmodified(Said()).good
    assert not unmodified(Said(passed=1, failures=("AssertionError",))).good
    assert not unmodified(Said(passed=1, others=("skipped: no browser",))).good


def test_pytests_report_is_read() -> None:
    report = """
    <testsuites><testsuite>
      <testcase name="one"/>
      <testcase name="two"><failure message="AssertionError: set aside twice">E  more</failure></testcase>
      <testcase name="three"><error message="failed on setup">E</error></testcase>
      <testcase name="four"><skipped message="no browser"/></testcase>
      <testcase name="five"><failure message="AssertionError"/><error message="failed on teardown"/></testcase>
    </testsuite></testsuites>
    """
    said = read(report)
    assert (said.passed, said.failures) == (1, ("AssertionError: set aside twice",))
    assert said.others == (
        "error: failed on setup",
        "skipped: no browser",
        "failure: AssertionError",
        "error: failed on teardown",
    )
