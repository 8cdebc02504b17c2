"""What a file looks like once it is opened, whatever its kind."""

from collections.abc import Iterator, Sequence
from typing import Protocol

from services.registry.domain.cells import Cell

Range = tuple[int, int, int, int]
"""First column, first row, last column, last row, from 1."""


class Sheet(Protocol):
    """A sheet. What it hides and merges is known when its rows are read through."""

    name: str
    hidden: bool
    merged: Sequence[Range]
    hidden_columns: frozenset[int]
    hidden_rows: frozenset[int]

    def rows(self) -> Iterator[tuple[int, list[Cell]]]:
        """Each row with anything in it: its number from 1, and its cells from column A on. Raises FileRefused."""
        ...
