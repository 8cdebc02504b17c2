"""The published description of each API."""

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


def test_the_page_is_served_without_anything_from_elsewhere(app: flask.Flask) -> None:
    page = app.test_client().get("/docs/")
    assert page.status_code == 200
    assert "http://" not in page.text.replace("http://localhost", "")
    assert "https://" not in page.text
