"""The read API's application."""

import flask

from services.evaluation.api import registry_facts, rubrics, sheets
from services.evaluation.api.alert_rules import doors as alert_rule_doors
from services.evaluation.api.alerts import doors as alert_doors
from services.evaluation.api.changes import doors as change_doors
from services.evaluation.api.committee_doors import COMMITTEE_DOORS
from services.evaluation.api.comparison import doors as comparison_doors
from services.evaluation.api.evidence import doors as evidence_doors
from services.evaluation.api.figures import doors
from services.evaluation.api.following import Follower
from services.evaluation.api.page import page
from services.evaluation.rights import RIGHTS
from services.evaluation.settings import EvaluationSettings
from shared import db
from shared.http import throttle
from shared.http.app import create_app


def build(settings: EvaluationSettings) -> flask.Flask:
    """The application, with its connections open."""
    pool = db.open_pool(settings.database_url, size=settings.database_pool, name="evaluation-api")
    app = create_app(
        "evaluation",
        "Nền nếp – evaluation",
        settings,
        pool,
        blueprints=[
            doors,
            registry_facts.doors,
            evidence_doors,
            comparison_doors,
            change_doors,
            alert_doors,
            alert_rule_doors,
            rubrics.doors,
            sheets.doors,
            *COMMITTEE_DOORS,
        ],
        table=RIGHTS,
        pages=[page],
    )
    app.extensions["changes"] = Follower(pool, most=settings.streams, most_each=settings.streams_per_token)
    throttle.install(app, settings.rate_per_second, settings.rate_burst)
    return app
