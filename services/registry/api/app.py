"""The registry's HTTP application."""

from uuid import UUID

import flask

from services.registry.api import imports, members, units
from services.registry.rights import RIGHTS
from services.registry.settings import RegistrySettings
from services.registry.store import reach
from shared import db
from shared.clock import Clock
from shared.db import Connection
from shared.http.app import create_app


def build(settings: RegistrySettings) -> flask.Flask:
    """The application, with its own pool of connections."""
    clock = Clock(settings.clock_file)

    def covers(conn: Connection, above: frozenset[UUID], unit_id: UUID) -> bool:
        return reach.covers(conn, above, unit_id, clock.today())

    app = create_app(
        "registry",
        "Nền nếp: registry",
        settings,
        db.open_pool(settings.database_url, size=settings.database_pool, name="registry-api"),
        blueprints=[units.doors, members.doors, imports.doors],
        table=RIGHTS,
        covers=covers,
    )
    app.extensions["registry"] = settings
    return app
