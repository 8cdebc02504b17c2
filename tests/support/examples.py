"""Requests as an OpenAPI document shows them: its own examples, put together; and answers held against it."""

from collections.abc import Iterable, Mapping
from typing import Any

import jsonschema_rs
from werkzeug.test import TestResponse


def names_of(rights: Iterable[str]) -> list[str]:
    """The operations of a table of rights as a document names them, `GET /v1/units/{unit_id}`."""
    return [name.replace("<uuid:", "{").replace("<", "{").replace(">", "}") for name in rights if " /v1/" in name]


def agree(document: Mapping[str, Any], operation: Mapping[str, Any], answer: TestResponse) -> Any:
    """Hold an answer against what the document says of it: its status, its form, its schema. Returns its JSON."""
    assert str(answer.status_code) in operation["responses"], answer.text
    forms = operation["responses"][str(answer.status_code)].get("content", {})
    if answer.status_code == 204:
        assert (forms, answer.data) == ({}, b"")
        return None
    if answer.mimetype == "application/json":
        schema = forms["application/json"]["schema"] | {"components": document["components"]}
        jsonschema_rs.validator_for(schema).validate(answer.get_json())
        return answer.get_json()
    assert {answer.mimetype, "application/octet-stream"} & set(forms), (answer.mimetype, list(forms))
    assert answer.data
    return None


def body_of(document: Mapping[str, Any], operation: Mapping[str, Any]) -> Any:
    """The example of an operation's JSON or form body; None when it takes none."""
    content = operation.get("requestBody", {}).get("content", {})
    for form in content.values():
        if "example" in form:
            return form["example"]
        return example_of(document, form["schema"])
    return None


def query_of(document: Mapping[str, Any], operation: Mapping[str, Any]) -> dict[str, str]:
    """The examples of an operation's query parameters: every one that has an example or is required."""
    found = {}
    for parameter in operation.get("parameters", []):
        if parameter["in"] != "query":
            continue
        example = parameter.get("example", example_of(document, parameter.get("schema", {})))
        if example is not None:
            found[parameter["name"]] = str(example)
    return found


def example_of(document: Mapping[str, Any], schema: Mapping[str, Any]) -> Any:
    """What a schema shows: its example, or that of its members; None when it shows nothing."""
    if "example" in schema:
        return schema["example"]
    if "$ref" in schema:
        return example_of(document, document["components"]["schemas"][schema["$ref"].rpartition("/")[2]])
    for part in (*schema.get("allOf", ()), *schema.get("anyOf", ()), *schema.get("oneOf", ())):
        shown = example_of(document, part)
        if shown is not None:
            return shown
    if "properties" in schema:
        members = {name: example_of(document, member) for name, member in schema["properties"].items()}
        required = set(schema.get("required", ()))
        return {name: shown for name, shown in members.items() if shown is not None or name in required} or None
    if "items" in schema:
        shown = example_of(document, schema["items"])
        return None if shown is None else [shown]
    if schema.get("enum"):
        return schema["enum"][0]
    return None
