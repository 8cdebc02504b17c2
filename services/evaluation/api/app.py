"""The read API's application."""

import flask

from services.evaluation.api.figures import doors
from services.evaluation.api.page import page
from services.evaluation.rights import RIGHTS
from services.evaluation.settings import EvaluationSettings
from shared import db
from shared.http.app import create_app


def build(settings: EvaluationSettings) -> flask.Flask:
    """The application, with its connections open."""
    return create_app(
        "evaluation",
        "Nền nếp – evaluation",
        settings,
        db.open_pool(settings.database_url, size=settings.database_pool, name="evaluation-api"),
        blueprints=[doors],
        table=RIGHTS,
        pages=[page],
    )
