"""The API of notifications."""

import flask

from services.notifications.api.resources import doors_for
from services.notifications.rights import RIGHTS
from services.notifications.settings import NotificationsSettings
from shared import db
from shared.http.app import create_app


def build(settings: NotificationsSettings) -> flask.Flask:
    """The application, with a pool of connections of its own."""
    return create_app(
        "notifications",
        "Nền nếp: thông báo / notifications",
        settings,
        db.open_pool(settings.database_url, size=settings.database_pool, name="notifications-api"),
        blueprints=[doors_for(settings.domains())],
        table=RIGHTS,
    )
