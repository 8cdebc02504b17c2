"""The registry's HTTP application."""

import flask

from services.registry.api import (
    assignments,
    audit,
    decisions,
    discipline,
    exports,
    files,
    imports,
    inspections,
    members,
    rosters,
    rules,
    targets,
    trainings,
    transfers,
    unit_codes,
    units,
    villages,
)
from services.registry.rights import RIGHTS
from services.registry.settings import RegistrySettings
from services.registry.store.vault import Vault
from shared import db
from shared.http.app import create_app


def build(settings: RegistrySettings) -> flask.Flask:
    """The application, with its own pool of connections. Raises SettingsError without a key for personal data."""
    vault = Vault(settings.registry_keys)
    app = create_app(
        "registry",
        "Nền nếp: registry",
        settings,
        db.open_pool(settings.database_url, size=settings.database_pool, name="registry-api"),
        blueprints=[
            units.doors,
            unit_codes.doors,
            decisions.doors,
            rules.doors,
            members.doors,
            rosters.doors,
            transfers.doors,
            discipline.doors,
            imports.doors,
            files.doors,
            exports.doors,
            audit.doors,
            villages.doors,
            targets.doors,
            inspections.doors,
            trainings.doors,
            assignments.doors,
        ],
        table=RIGHTS,
    )
    app.extensions["registry"] = settings
    app.extensions["vault"] = vault
    return app
