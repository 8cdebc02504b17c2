"""flask-smorest blueprints whose bodies and queries refuse unknown members (marshmallow-code/flask-smorest#211)."""

from typing import Any

import flask_smorest
import marshmallow
from webargs.flaskparser import FlaskParser


class Parser(FlaskParser):
    """Unknown members are refused everywhere; headers and cookies keep their own."""

    DEFAULT_UNKNOWN_BY_LOCATION = {  # noqa: RUF012 - webargs declares it so
        "json": marshmallow.RAISE,
        "query": marshmallow.RAISE,
        "path": marshmallow.RAISE,
        "headers": None,
    }


class Blueprint(flask_smorest.Blueprint):  # type: ignore[misc]  # flask-smorest publishes no types
    """The blueprint of a group of doors."""

    ARGUMENTS_PARSER: Any = Parser()


class Schema(marshmallow.Schema):
    """The base of every request's and answer's schema."""

    class Meta:
        unknown = marshmallow.RAISE
