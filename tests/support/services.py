"""The four services as an HTTP client meets them."""

import base64
import importlib
from typing import Any

import flask

from deploy.local.tokens import TokenIssuer
from shared.settings import load

NAMES = ("registry", "meetings", "evaluation", "notifications")
_NOWHERE = "postgresql://nobody@127.0.0.1:1/nowhere"


def build(name: str, issuer: TokenIssuer, *, database_url: str = _NOWHERE, clock_file: str = "") -> flask.Flask:
    """The application of service `name`; without a database it can be looked at, not used."""
    settings_module = importlib.import_module(f"services.{name}.settings")
    app_module = importlib.import_module(f"services.{name}.api.app")
    settings = load(
        getattr(settings_module, f"{name.capitalize()}Settings"),
        {
            "NENEP_SERVICE_NAME": name,
            "NENEP_DATABASE_URL": database_url,
            "NENEP_KAFKA_BOOTSTRAP": "127.0.0.1:1",
            "NENEP_JWKS_FILE": str(issuer.jwks_file),
            "NENEP_TOKEN_ISSUER": "nenep-local",
            "NENEP_CLOCK_FILE": clock_file,
            "NENEP_REGISTRY_KEYS": f"test:{base64.b64encode(bytes(32)).decode()}",
        },
    )
    app: flask.Flask = app_module.build(settings)
    return app


def close(app: flask.Flask) -> None:
    """Close the application's connections."""
    app.extensions["nenep"].pool.close()


def routes(app: flask.Flask) -> set[str]:
    """Every route as the authorisation table names it."""
    return {
        f"{method} {rule.rule}"
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }


def operations(document: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    """Every operation of an OpenAPI document, by `METHOD /path`."""
    return [
        (f"{method.upper()} {path}", operation)
        for path, item in document["paths"].items()
        for method, operation in item.items()
        if method in {"get", "put", "post", "patch", "delete"}
    ]
