"""The read API's application."""

from uuid import UUID

import flask

from services.evaluation.api.page import page
from services.evaluation.api.resources import doors
from services.evaluation.rights import RIGHTS
from services.evaluation.settings import EvaluationSettings
from shared import db
from shared.clock import Clock
from shared.db import Connection
from shared.http.app import create_app
from shared.units import replica


def build(settings: EvaluationSettings) -> flask.Flask:
    """The application, with its connections open."""
    clock = Clock(settings.clock_file)

    def covers(conn: Connection, above: frozenset[UUID], unit_id: UUID) -> bool:
        return replica.covers(conn, above, unit_id, clock.today())

    return create_app(
        "evaluation",
        "Nền nếp – evaluation",
        settings,
        db.open_pool(settings.database_url, size=settings.database_pool, name="evaluation-api"),
        blueprints=[doors],
        table=RIGHTS,
        covers=covers,
        pages=[page],
    )
