"""The tables of docs/develop.md that say which guard holds which test."""

from collections.abc import Iterator
from typing import Final

from tests.guards.declared import GUARDS
from tests.guards.guard import Guard
from tests.guards.proofs import PROOFS
from tests.guards.trying import ROOT

PAGE: Final = ROOT / "docs" / "develop.md"
_BEGIN: Final = "<!-- written by `python -m tests.guards --page`: change tests/guards/ -->\n"
_END: Final = "<!-- end -->\n"


def tables() -> str:
    """Every declaration, in a table of the proofs and one of the tests beside them."""
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    yield "| proof | test | guard | taken out |"
    yield "|---|---|---|---|"
    for letter, what in PROOFS.items():
        for guard in GUARDS:
            if guard.proof == letter:
                cells = (f"({letter}) {what}", f"`{_short(guard.test)}`", guard.promise, _removal(guard))
                yield "| " + " | ".join(cells) + " |"
    yield ""
    yield "| guard | taken out | test |"
    yield "|---|---|---|"
    for guard in GUARDS:
        if not guard.proof:
            yield f"| {guard.promise} | {_removal(guard)} | `{_short(guard.test)}` |"


def _removal(guard: Guard) -> str:
    return f"`{guard.name}`: {guard.removal}"


def _short(test: str) -> str:
    return test.removeprefix("tests/")


def written(page: str) -> str:
    """`page` with these tables between its marks."""
    before, begin, rest = page.partition(_BEGIN)
    _, end, after = rest.partition(_END)
    if not begin or not end:
        raise ValueError(f"{PAGE.name} has no marks to write the tables between")
    return f"{before}{_BEGIN}\n{tables()}\n{_END}{after}"


def write() -> None:
    """Write the tables into the page."""
    PAGE.write_text(written(PAGE.read_text()))
