"""The registry's HTTP application."""

import flask

from services.registry.api import imports, members, units
from services.registry.rights import RIGHTS
from services.registry.settings import RegistrySettings
from shared import db
from shared.http.app import create_app


def build(settings: RegistrySettings) -> flask.Flask:
    """The application, with its own pool of connections."""
    app = create_app(
        "registry",
        "Nền nếp: registry",
        settings,
        db.open_pool(settings.database_url, size=settings.database_pool, name="registry-api"),
        blueprints=[units.doors, members.doors, imports.doors],
        table=RIGHTS,
    )
    app.extensions["registry"] = settings
    return app
