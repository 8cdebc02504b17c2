"""The published description of each API."""

from collections.abc import Iterator
from typing import Any, cast

import flask
import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from tests.support import services


@pytest.fixture
def document(app: flask.Flask) -> dict[str, Any]:
    return cast("dict[str, Any]", app.test_client().get("/openapi.json").get_json())


def test_it_is_valid_openapi(document: dict[str, Any]) -> None:
    assert document["openapi"] == "3.1.0"
    OpenAPIV31SpecValidator(document).validate()


def test_every_operation_says_what_it_does(document: dict[str, Any]) -> None:
    operations = services.operations(document)
    assert operations
    assert [name for name, operation in operations if not operation.get("summary")] == []


def test_every_guarded_route_is_described(app: flask.Flask, document: dict[str, Any]) -> None:
    described = {name for name, _ in services.operations(document)}
    served = {
        route.replace("<uuid:", "{").replace("<", "{").replace(">", "}")
        for route in services.routes(app)
        if " /v1/" in route
    }
    assert served == described


def test_every_member_of_a_request_is_described(document: dict[str, Any]) -> None:
    undescribed = [
        f"{name}.{member}"
        for name, schema in document.get("components", {}).get("schemas", {}).items()
        for member, form in schema.get("properties", {}).items()
        if not (form.get("description") or "$ref" in form or "allOf" in form or "items" in form)
    ]
    assert undescribed == []


def test_every_member_of_a_request_has_an_example(document: dict[str, Any]) -> None:
    bodies = [
        body["schema"]
        for _, operation in services.operations(document)
        for body in operation.get("requestBody", {}).get("content", {}).values()
    ]
    wanting = {name for body in bodies for name, form in _members(document, body) if not _shown(form)}
    assert wanting == set()


def _members(document: dict[str, Any], schema: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every member of a body that is no nested body itself, by `Schema.member`."""
    named = [part for part in _parts(schema) if "$ref" in part]
    for part in named:
        name = part["$ref"].rpartition("/")[2]
        for member, form in document["components"]["schemas"][name].get("properties", {}).items():
            if any("$ref" in inner for inner in _parts(form)):
                yield from _members(document, form)
            else:
                yield f"{name}.{member}", form


def _parts(form: dict[str, Any]) -> list[dict[str, Any]]:
    return [form, *form.get("allOf", []), *form.get("anyOf", []), form.get("items", {})]


def _shown(form: dict[str, Any]) -> bool:
    return "example" in form or "enum" in form or form.get("type") == "boolean"


def test_the_page_is_served_without_anything_from_elsewhere(app: flask.Flask) -> None:
    page = app.test_client().get("/docs/")
    assert page.status_code == 200
    assert "http://" not in page.text.replace("http://localhost", "")
    assert "https://" not in page.text
