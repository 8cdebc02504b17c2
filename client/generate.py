"""Writes `evaluation.openapi.json` and, from it, `evaluation.py`: a struct a schema, a method a door.

`python -m client.generate` after a door changed; tests/contract/test_client.py fails on a stale one.
"""

import keyword
import logging
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Any, Final

import msgspec

HERE: Final = Path(__file__).parent
DOCUMENT: Final = HERE / "evaluation.openapi.json"
MODULE: Final = HERE / "evaluation.py"
_HEAD: Final = '''"""Evaluation's API, door by door.

Written by client/generate.py from evaluation.openapi.json: do not change it here.
"""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any
from uuid import UUID

import msgspec

from client.session import Event, Session, quoted
'''
_TYPES: Final = {"string": "str", "integer": "int", "number": "float", "boolean": "bool"}
_FORMATS: Final = {"uuid": "UUID", "date": "date", "date-time": "datetime", "binary": "bytes"}
Schema = Mapping[str, Any]


def document() -> dict[str, Any]:
    """The description the running service gives of itself."""
    from services.evaluation.api.app import build
    from services.evaluation.settings import EvaluationSettings

    logging.disable(logging.WARNING)  # no database is needed to describe the doors
    app = build(EvaluationSettings(database_url="postgresql://nobody@127.0.0.1:1/nowhere", kafka_bootstrap="none:1"))
    try:
        found: dict[str, Any] = app.test_client().get("/openapi.json").get_json()
    finally:
        app.extensions["nenep"].pool.close()
        logging.disable(logging.NOTSET)
    return found


def written(described: Schema) -> bytes:
    """The description as it is stored."""
    return msgspec.json.format(msgspec.json.encode(described, order="deterministic"), indent=1) + b"\n"


def module(described: Schema) -> str:
    """The client's source, made of the stored description."""
    schemas = described["components"]["schemas"]
    used = _used(described, described["paths"].values())
    sent = _used(described, _bodies(described))
    needs = {name: sorted(used.intersection(_refs(schemas[name]))) for name in sorted(used)}
    ordered = TopologicalSorter(needs).static_order()
    source = "\n\n".join(
        [_HEAD, *(_struct(name, schemas[name], sent=name in sent) for name in ordered), _client(described)]
    )
    ruff = str(Path(sys.executable).parent / "ruff")
    of_this = ["-q", "--stdin-filename", str(MODULE), "-"]
    fixed = _piped([ruff, "check", "--select", "F401,I", "--fix-only", *of_this], source)
    return _piped([ruff, "format", *of_this], fixed)


def _piped(command: list[str], text: str) -> str:
    return subprocess.run(command, input=text, capture_output=True, text=True, check=True).stdout  # noqa: S603 - ruff


def _bodies(described: Schema) -> list[Any]:
    """What requests carry."""
    operations = [operation for item in described["paths"].values() for operation in item.values()]
    return [one["requestBody"] for one in operations if isinstance(one, dict) and "requestBody" in one]


def _used(described: Schema, by: Iterable[Any]) -> set[str]:
    """The schemas that the nodes `by` of the description need, and those these need."""
    schemas, used = described["components"]["schemas"], set[str]()
    left = [name for node in by for name in _refs(node)]
    while left:
        name = left.pop()
        if name not in used and name in schemas:
            used.add(name)
            left += _refs(schemas[name])
    return used


def _refs(node: Any) -> list[str]:
    if isinstance(node, dict):
        own = [node["$ref"].rpartition("/")[2]] if str(node.get("$ref", "")).startswith("#/components/schemas/") else []
        return own + [name for inner in node.values() for name in _refs(inner)]
    return [name for inner in node for name in _refs(inner)] if isinstance(node, list) else []


def _struct(name: str, schema: Schema, *, sent: bool) -> str:
    """A struct; where it is `sent`, null and nothing are told apart in what is required."""
    required = set(schema.get("required", schema.get("properties", {})))
    fields = []
    for member, form in schema.get("properties", {}).items():
        type_ = _type(form)
        own = _python(member)
        null_is_said = sent and member in schema.get("required", ())
        default = "" if member in required and (null_is_said or not type_.endswith("| None")) else "None"
        if own != member:
            default = f'msgspec.field(name="{member}"{", default=None" if default else ""})'
        optional = "" if type_.endswith("| None") or "None" not in default else " | None"
        fields.append(f"    {own}: {type_}{optional}{f' = {default}' if default else ''}")
    about = _sentence(schema.get("description") or f"`{name}` of the API's description")
    head = f"class {_class(name)}(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):"
    return "\n".join([head, f'    """{about}."""', "", *fields, ""])


def _type(schema: Schema) -> str:
    if "$ref" in schema:
        return _class(schema["$ref"].rpartition("/")[2])
    for key in ("anyOf", "oneOf", "allOf"):
        if key in schema:
            parts = list(dict.fromkeys(_type(part) for part in schema[key]))
            return " | ".join(sorted(parts, key=lambda part: part == "None"))
    kinds = schema.get("type", "any")
    kinds = [kinds] if isinstance(kinds, str) else list(kinds)
    if kinds == ["null"]:
        return "None"
    found = [_plain(kind, schema) for kind in kinds if kind != "null"] or ["Any"]
    return " | ".join(found) + (" | None" if "null" in kinds and found != ["Any"] else "")


def _plain(kind: str, schema: Schema) -> str:
    if kind == "array":
        return f"list[{_type(schema.get('items', {}))}]"
    if kind == "object":
        return f"dict[str, {_type(schema.get('additionalProperties') or {})}]"
    return _FORMATS.get(schema.get("format", ""), _TYPES.get(kind, "Any"))


def _client(described: Schema) -> str:
    methods = [text for path, item in sorted(described["paths"].items()) for text in _methods(path, item)]
    return (
        "class Evaluation:\n"
        '    """Evaluation\'s doors. Every method raises client.session.Problem when it is refused."""\n\n'
        "    def __init__(self, session: Session) -> None:\n        self._session = session\n\n" + "\n".join(methods)
    )


def _methods(path: str, item: Schema) -> Iterator[str]:
    if not path.startswith("/v1/"):
        return
    for verb, operation in item.items():
        if verb in {"get", "post", "put", "patch", "delete"}:
            yield _method(verb, path, operation, item.get("parameters", []))


def _method(verb: str, path: str, operation: Schema, shared: list[Any]) -> str:
    given = [*shared, *operation.get("parameters", [])]
    own = [one for one in given if one["in"] == "path"]
    queries = [one for one in given if one["in"] == "query" and one["name"] not in ("format", "cursor")]
    pages = any(one["name"] == "cursor" for one in given)
    status, answer = next((code, one) for code, one in operation["responses"].items() if code.startswith("2"))
    content = answer.get("content", {}) if status != "204" else {}
    body = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema")
    name = _name(verb, path)
    arguments = [f"{one['name']}: {_path_type(one)}" for one in own]
    if body is not None:
        arguments.append(f"body: {_type(body)}")
    asked = {f"{_python(one['name'])}: {_asked_type(one)}": one.get("required") for one in queries}
    required = [one for one, needed in asked.items() if needed]
    optional = [f"{one} | None = None" for one, needed in asked.items() if not needed]
    query = "{" + ", ".join(f'"{one["name"]}": {_python(one["name"])}' for one in queries) + "}"
    address = f'f"{_quoting(path, own)}"' if own else f'"{path}"'
    about = _sentence(operation.get("summary") or name)
    sent = ", body" if body is not None else ""
    if any(one["name"] == "If-Match" for one in given):
        optional.append("if_match: int | None = None")
        sent += ", if_match=if_match"
    if "text/event-stream" in content:
        optional.append("last_id: str | None = None")
        head, call = "Iterator[Event]", f"return self._session.events({address}, {query}, last_id)"
    elif "application/json" in content:
        kind = _type(content["application/json"]["schema"])
        if pages:
            optional.append("cursor: str | None = None")
            query = query[:-1] + (", " if queries else "") + '"cursor": cursor}'
        call = f'found: {kind} = self._session.json("{verb.upper()}", {address}, {query}, {kind}{sent})'
        head, call = kind, f"{call}\n        return found"
    elif content:
        head, call = "bytes", f'return self._session.raw("{verb.upper()}", {address}, {query}{sent})'
    else:
        head, call = "None", f'self._session.raw("{verb.upper()}", {address}, {query}{sent})'
    signature = ", ".join(["self", *arguments, *(["*"] if required or optional else []), *required, *optional])
    text = f'    def {name}({signature}) -> {head}:\n        """{about}"""\n        {call}\n'
    if pages and "application/json" in content:
        optional.remove("cursor: str | None = None")
        signature = ", ".join(["self", *arguments, *(["*"] if required or optional else []), *required, *optional])
        query = query.replace(', "cursor": cursor}', "}").replace('{"cursor": cursor}', "{}")
        text += (
            f"\n    def each_{name.partition('_')[2]}({signature}) -> Iterator[Any]:\n"
            f'        """The same, every item of all pages."""\n'
            f"        return self._session.pages({address}, {query}, {head})\n"
        )
    return text


def _name(verb: str, path: str) -> str:
    steps = path.removeprefix("/v1/").split("/")
    words = [re.sub(r"[^a-z0-9]+", "_", step) for step in steps if not step.startswith("{")]
    last = path.rpartition("/")[2]
    return "_".join([verb, *words, *(["by", last.strip("{}")] if last.startswith("{") else [])])


def _asked_type(parameter: Schema) -> str:
    return _type(parameter.get("schema", {})).removesuffix(" | None")


def _path_type(parameter: Schema) -> str:
    return "UUID | str" if parameter.get("schema", {}).get("format") == "uuid" else "str"


def _quoting(path: str, parameters: list[Any]) -> str:
    """The path as an f-string's text; an id needs no quoting where it is one, and may be a text."""
    for one in parameters:
        path = path.replace(f"{{{one['name']}}}", f"{{quoted({one['name']})}}")
    return path


def _python(name: str) -> str:
    own = re.sub(r"\W", "_", name)
    return f"{own}_" if keyword.iskeyword(own) or own in {"self", "body"} else own


def _class(name: str) -> str:
    own = re.sub(r"\W", "", name)
    return own[:1].upper() + own[1:]


def _sentence(text: str) -> str:
    first = text.strip().splitlines()[0].replace("\\", "").replace('"', "'").rstrip(".")
    return first if len(first) <= 100 else f"{first[:99]}…"


def main() -> None:
    """Write both files."""
    DOCUMENT.write_bytes(written(document()))
    MODULE.write_text(module(msgspec.json.decode(DOCUMENT.read_bytes())))


if __name__ == "__main__":
    main()
