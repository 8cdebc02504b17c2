"""flask-smorest blueprints whose bodies and queries refuse unknown members (marshmallow-code/flask-smorest#211)."""

import json
from collections.abc import Callable
from typing import Any, TypeVar, cast

import flask
import flask_smorest
import marshmallow
import msgspec
from flask.views import MethodView
from webargs.flaskparser import FlaskParser
from werkzeug.datastructures import CombinedMultiDict

V = TypeVar("V", bound=MethodView)
Door = Callable[..., Any]


class Parser(FlaskParser):
    """Unknown members are refused everywhere; headers and cookies keep their own. Bodies are JSON and nothing more."""

    DEFAULT_UNKNOWN_BY_LOCATION = {  # noqa: RUF012 - webargs declares it so
        "json": marshmallow.RAISE,
        "query": marshmallow.RAISE,
        "path": marshmallow.RAISE,
        "headers": None,
    }

    def _raw_load_json(self, req: flask.Request) -> Any:
        # Python's own decoder lets NaN and lone surrogates through, which neither PostgreSQL nor JSON can hold.
        body = req.get_data(cache=True)
        if not req.is_json or not body:
            return marshmallow.missing
        try:
            return msgspec.json.decode(body)
        except (msgspec.DecodeError, RecursionError) as error:
            raise json.JSONDecodeError(str(error), "(body)", 0) from None

    def load_files(self, req: flask.Request, schema: marshmallow.Schema) -> Any:
        """The parts of a multipart body, files and fields: OpenAPI describes them as one body, so one schema does."""
        return self._makeproxy(CombinedMultiDict([req.files, req.form]), schema)


class Blueprint(flask_smorest.Blueprint):  # type: ignore[misc]  # flask-smorest publishes no types
    """The blueprint of a group of doors; its decorators are flask-smorest's, with types."""

    ARGUMENTS_PARSER: Any = Parser()

    def route(self, rule: str, **options: Any) -> Callable[[type[V]], type[V]]:
        """Register a class of doors at `rule`."""
        return cast(Callable[[type[V]], type[V]], super().route(rule, **options))

    def arguments(self, schema: Any, **options: Any) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
        """Decode `location` (default: the JSON body) with `schema` and pass it as the door's first argument."""
        return cast(Callable[[Callable[..., Any]], Callable[..., Any]], super().arguments(schema, **options))

    def response(self, status: int, schema: Any = None, **options: Any) -> Callable[[Callable[..., Any]], Door]:
        """Encode what the door returns with `schema`."""
        return cast(Callable[[Callable[..., Any]], Door], super().response(status, schema, **options))

    def doc(self, **described: Any) -> Callable[[Callable[..., Any]], Door]:
        """Add to what the OpenAPI page says of a door."""
        return cast(Callable[[Callable[..., Any]], Door], super().doc(**described))


class Schema(marshmallow.Schema):
    """The base of every request's and answer's schema."""

    class Meta:
        unknown = marshmallow.RAISE
