"""The API of meetings."""

import flask

from services.meetings.api import meetings, tasks
from services.meetings.rights import RIGHTS
from services.meetings.settings import MeetingsSettings
from shared import db
from shared.http.app import create_app


def build(settings: MeetingsSettings) -> flask.Flask:
    """The application, with a pool of connections of its own."""
    return create_app(
        "meetings",
        "Nền nếp: sinh hoạt chi bộ / meetings",
        settings,
        db.open_pool(settings.database_url, size=settings.database_pool, name="meetings-api"),
        blueprints=[meetings.doors, tasks.doors],
        table=RIGHTS,
    )
