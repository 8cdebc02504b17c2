"""`python -m tests.guards [name or letter of a proof…]`: take guards out one by one; status 1 when a proof survives."""

import time
from collections.abc import Sequence

import click

from tests.guards import page
from tests.guards.declared import GUARDS
from tests.guards.guard import Guard
from tests.guards.proofs import PROOFS
from tests.guards.trying import Stale, Verdict, try_guard, try_test

_HEADER = ("guard", "proof", "removal", "test", "result")


def _chosen(names: Sequence[str]) -> list[Guard]:
    unknown = set(names) - {guard.name for guard in GUARDS} - set(PROOFS)
    if unknown:
        known = ", ".join([*PROOFS, *(guard.name for guard in GUARDS)])
        raise click.BadParameter(f"{', '.join(sorted(unknown))}: none of {known}")
    return [guard for guard in GUARDS if not names or guard.name in names or guard.proof in names]


def _row(guard: Guard) -> tuple[str, str, str, str]:
    return guard.name, guard.proof, guard.removal, guard.test.removeprefix("tests/")


@click.command()
@click.argument("names", nargs=-1)
@click.option("--baseline/--no-baseline", default=True, help="Run each test with every guard first.")
@click.option("--list", "listed", is_flag=True, help="Say what would be tried.")
@click.option("--page", "paged", is_flag=True, help="Write the tables of docs/develop.md instead.")
def main(names: tuple[str, ...], baseline: bool, listed: bool, paged: bool) -> None:
    """Take guards out of a copy of the tree, one by one, and see their tests fail.

    NAMES are guards, or letters of proofs; without any, all guards.
    """
    if paged:
        page.write()
        return
    guards = _chosen(names)
    widths = [max(map(len, column)) for column in zip(_HEADER[:-1], *map(_row, guards), strict=True)]

    def say(cells: Sequence[str], result: str) -> None:
        click.echo("  ".join([*(cell.ljust(width) for cell, width in zip(cells, widths, strict=True)), result]))

    say(_HEADER[:-1], _HEADER[-1])
    held: dict[str, Verdict] = {}
    bad = 0
    for guard in guards:
        if listed:
            say(_row(guard), "")
            continue
        began = time.monotonic()
        if baseline and guard.test not in held:
            held[guard.test] = try_test(guard.test)
        verdict = held.get(guard.test)
        if verdict is None or verdict.good:
            verdict = _tried(guard)
        say(_row(guard), f"{verdict.words} ({time.monotonic() - began:.0f} s)")
        if not verdict.good:
            bad += 1
            click.echo(verdict.detail, err=True)
    if bad:
        raise SystemExit(1)


def _tried(guard: Guard) -> Verdict:
    try:
        return try_guard(guard)
    except Stale as error:
        return Verdict(False, "cannot be taken out", str(error))


if __name__ == "__main__":
    main(prog_name="python -m tests.guards")
