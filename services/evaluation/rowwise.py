"""The operators of a column expression, on the values of one row: figures are defined once, for columns (fold.py), and
counted for a few rows by the same definitions. Pure.

polars takes five milliseconds to count one meeting and hardly more to count thousands. What is said here is null as
there: `and`, `or` and `not` are three-valued, a comparison with null is null, a condition that is null does not hold.
"""

from collections.abc import Callable, Collection, Mapping
from typing import Any

Row = Mapping[str, Any]
Read = Callable[[Row], Any]


def _of(other: object) -> Read:
    return other.read if isinstance(other, Cell) else lambda _: other


def _both(left: Read, right: Read, combine: Callable[[Any, Any], Any]) -> "Cell":
    def read(row: Row) -> Any:
        one = left(row)
        if one is None:
            return None
        two = right(row)
        return None if two is None else combine(one, two)

    return Cell(read)


class Cell:
    """An expression over a row; `read` gives its value, None for null."""

    __slots__ = ("read",)
    __hash__ = None  # type: ignore[assignment]  # equality makes an expression here, as polars' does

    def __init__(self, read: Read) -> None:
        self.read = read

    def __eq__(self, other: object) -> "Cell":  # type: ignore[override]  # as polars'
        return _both(self.read, _of(other), lambda one, two: one == two)

    def __ne__(self, other: object) -> "Cell":  # type: ignore[override]  # as polars'
        return _both(self.read, _of(other), lambda one, two: one != two)

    def __gt__(self, other: object) -> "Cell":
        return _both(self.read, _of(other), lambda one, two: one > two)

    def __ge__(self, other: object) -> "Cell":
        return _both(self.read, _of(other), lambda one, two: one >= two)

    def __lt__(self, other: object) -> "Cell":
        return _both(self.read, _of(other), lambda one, two: one < two)

    def __sub__(self, other: object) -> "Cell":
        return _both(self.read, _of(other), lambda one, two: one - two)

    def __and__(self, other: object) -> "Cell":
        left, right = self.read, _of(other)

        def read(row: Row) -> bool | None:
            one = left(row)
            if one is False:
                return False
            two = right(row)
            return False if two is False else (None if one is None or two is None else True)

        return Cell(read)

    def __invert__(self) -> "Cell":
        own = self.read

        def read(row: Row) -> bool | None:
            value = own(row)
            return None if value is None else not value

        return Cell(read)

    def is_in(self, values: Collection[object]) -> "Cell":
        """Whether the value is one of `values`."""
        return _both(self.read, lambda _: values, lambda one, among: one in among)

    def is_null(self) -> "Cell":
        """Whether there is no value."""
        own = self.read
        return Cell(lambda row: own(row) is None)

    def is_not_null(self) -> "Cell":
        """Whether there is a value."""
        own = self.read
        return Cell(lambda row: own(row) is not None)

    def fill_null(self, value: object) -> "Cell":
        """`value` where there is none."""
        own = self.read

        def read(row: Row) -> object:
            found = own(row)
            return value if found is None else found

        return Cell(read)

    def abs(self) -> "Cell":
        """The value without its sign."""
        own = self.read

        def read(row: Row) -> Any:
            value = own(row)
            return None if value is None else abs(value)

        return Cell(read)


def col(name: str) -> Cell:
    """The value of a column."""
    return Cell(lambda row: row[name])


def lit(value: object) -> Cell:
    """A value that is the same in every row."""
    return Cell(lambda _: value)


class When:
    """`when(…).then(…)`, on to another `when` or an `otherwise`."""

    __slots__ = ("_branches", "_condition")

    def __init__(self, condition: Cell, branches: tuple[tuple[Read, Read], ...] = ()) -> None:
        self._condition = condition
        self._branches = branches

    def then(self, value: object) -> "Then":
        """The value where the condition holds."""
        return Then((*self._branches, (self._condition.read, _of(value))))


class Then:
    """The branches of a choice so far."""

    __slots__ = ("_branches",)

    def __init__(self, branches: tuple[tuple[Read, Read], ...]) -> None:
        self._branches = branches

    def when(self, condition: Cell) -> When:
        """Another condition, where none before it holds."""
        return When(condition, self._branches)

    def otherwise(self, value: object) -> Cell:
        """The value where no condition holds."""
        branches, rest = self._branches, _of(value)

        def read(row: Row) -> Any:
            for condition, found in branches:
                if condition(row):
                    return found(row)
            return rest(row)

        return Cell(read)


def when(condition: Cell) -> When:
    """A choice that begins with `condition`."""
    return When(condition)
