"""The API of meetings."""

import flask

from services.meetings.api import (
    attachments,
    calendar,
    items,
    meetings,
    notices,
    offline,
    papers,
    plans,
    signals,
    stale,
    steps,
    tasks,
    templates,
)
from services.meetings.commands.attachments import cabinet_of
from services.meetings.papers.library import Library
from services.meetings.rights import RIGHTS
from services.meetings.settings import MeetingsSettings
from shared import db
from shared.http.app import create_app


def build(settings: MeetingsSettings) -> flask.Flask:
    """The application, with a pool of connections of its own."""
    app = create_app(
        "meetings",
        "Nền nếp: sinh hoạt chi bộ / meetings",
        settings,
        db.open_pool(settings.database_url, size=settings.database_pool, name="meetings-api"),
        blueprints=[
            meetings.doors,
            tasks.doors,
            papers.doors,
            attachments.doors,
            templates.doors,
            signals.doors,
            calendar.doors,
            steps.doors,
            items.doors,
            notices.doors,
            plans.doors,
            offline.doors,
        ],
        table=RIGHTS,
    )
    app.extensions["settings"] = settings
    stale.install(app)
    app.extensions["papers"] = papers.Desk(Library(settings.papers_folder), settings.papers_check_url)
    app.extensions["attachments"] = cabinet_of(settings)
    return app
