"""Names of figures as requests give them: one that is none is refused with those there are, the closest first."""

from collections.abc import Collection
from difflib import SequenceMatcher

import marshmallow
from marshmallow import fields

from services.evaluation import figures
from shared.errors import Fault, NotFound, Text

_CLOSEST = 3


def closest_first(name: str, known: Collection[str]) -> list[str]:
    """`known` in the order of likeness to `name`."""
    return sorted(known, key=lambda one: (-SequenceMatcher(None, name, one).ratio(), one))


def unknown(name: str, field: str) -> Fault:
    """`name` is no figure."""
    shown = name if len(name) <= 60 else f"{name[:60]}…"
    known = closest_first(name[:60], figures.BY_NAME)
    near = ", ".join(known[:_CLOSEST])
    rest = ", ".join(known[_CLOSEST:])
    return Fault(
        field,
        "unknown-figure",
        Text(
            f"Không có chỉ số “{shown}”. Gần nhất: {near}. Còn có: {rest}.",
            f"There is no figure “{shown}”. Closest: {near}. There are also: {rest}.",
        ),
    )


def refuse_unknown(name: str) -> None:
    """Raises NotFound when `name`, of an address, is no figure."""
    if name not in figures.BY_NAME:
        fault = unknown(name, "name")
        raise NotFound(fault.rule, fault.message)


class FigureField(fields.String):
    """The name of a figure."""

    def _deserialize(self, value: object, attr: str | None, data: object, **kwargs: object) -> str:
        name: str = super()._deserialize(value, attr, data, **kwargs)
        if name not in figures.BY_NAME:
            raise marshmallow.ValidationError([unknown(name, self.name or "")])
        return name


class FiguresField(fields.String):
    """Names of figures, separated by commas; read as a list without repetitions."""

    def _deserialize(self, value: object, attr: str | None, data: object, **kwargs: object) -> list[str]:  # type: ignore[override]  # a String on the OpenAPI page
        text: str = super()._deserialize(value, attr, data, **kwargs)
        names = list(dict.fromkeys(name.strip() for name in text.split(",") if name.strip()))
        wrong = [name for name in names if name not in figures.BY_NAME]
        if wrong:
            raise marshmallow.ValidationError([unknown(name, self.name or "") for name in wrong])
        return names
