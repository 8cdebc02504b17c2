"""Whether a schema may take the place of a released one: in effect FULL_TRANSITIVE over an open content model.

Every old event must be valid under the new schema and every new event readable by the old consumer, so that the order
of a rollout never matters: only optional members may come or go. What breaks is a new type on a new topic.
"""

from collections.abc import Iterator, Mapping
from functools import cache
from importlib import resources
from typing import Any

import msgspec

_RELEASED = resources.files(__package__) / "released"
_BOUNDS = ("minimum", "maximum", "minLength", "maxLength", "minItems", "maxItems", "pattern", "format")


@cache
def released(type_: str) -> dict[str, Any] | None:
    """The schema of `type_` as it was last released; None for a type that is not released yet."""
    path = _RELEASED / f"{type_}.json"
    return msgspec.json.decode(path.read_bytes()) if path.is_file() else None


def breaking_changes(old: Mapping[str, Any], new: Mapping[str, Any], at: str = "") -> Iterator[str]:
    """Every change from `old` to `new` that an old reader or an old event would not survive, as a sentence."""
    where = at or "(root)"
    if _types(old) != _types(new):
        yield f"{where}: the type changes from {sorted(_types(old))} to {sorted(_types(new))}"
        return
    for word in _BOUNDS:
        if old.get(word) != new.get(word):
            yield f"{where}: {word} changes from {old.get(word)!r} to {new.get(word)!r}"
    if set(map(str, old.get("enum", []))) != set(map(str, new.get("enum", []))):
        yield f"{where}: the values allowed change; readers refuse values they do not know"
    if new.get("additionalProperties") is False and old.get("additionalProperties") is not False:
        yield f"{where}: the content model closes"
    was, is_ = set(old.get("required", [])), set(new.get("required", []))
    for name in sorted(is_ - was):
        yield f"{where}/{name}: becomes required; events already in the topic may lack it"
    for name in sorted(was - is_):
        yield f"{where}/{name}: is no longer required; readers count on it"
    for name in sorted(set(old.get("properties", {})) & set(new.get("properties", {}))):
        yield from breaking_changes(old["properties"][name], new["properties"][name], f"{at}/{name}")
    if "items" in old and "items" in new:
        yield from breaking_changes(old["items"], new["items"], f"{at}[]")
    for before, after in zip(old.get("anyOf", []), new.get("anyOf", []), strict=False):
        yield from breaking_changes(before, after, at)


def _types(schema: Mapping[str, Any]) -> set[str]:
    if "anyOf" in schema:
        return {name for one in schema["anyOf"] for name in _types(one)}
    given = schema.get("type", "any")
    return set(given) if isinstance(given, list) else {given}
