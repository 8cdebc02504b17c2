"""The door of imports."""

from typing import Any, cast

import flask
from flask.views import MethodView

from services.registry.api.asked import work
from services.registry.api.schemas.imports import ImportDone, ImportGiven
from services.registry.commands.imports import Imported, import_rows
from services.registry.domain.reach import Reach
from services.registry.settings import RegistrySettings
from services.registry.store import reach as reach_rows
from shared.errors import Refusal, Text
from shared.http import context
from shared.http.blueprint import Blueprint
from shared.http.context import conn, transaction

doors = Blueprint("imports", __name__, url_prefix="/v1", description="A whole province in one request.")


class TooLarge(Refusal):
    """The request carries more than it may."""

    status = 413


@doors.route("/imports")
class Imports(MethodView):
    """Imports of units, members and villages."""

    @transaction
    @doors.arguments(ImportGiven)
    @doors.response(200, ImportDone)
    def post(self, given: dict[str, Any]) -> Imported:
        """Keep what the rows state, all or nothing; the same rows again change nothing and publish nothing.

        Rows may come in any order. The rows of one code are its whole history and replace what is kept of it; codes
        that are not named stay as they are. Every row that breaks a rule is named, the first 1,000 of them.
        """
        _limit(len(given["units"]) + len(given["members"]) + len(given["villages"]))
        reach = _reach()
        context.decided("rows")  # each row is held against `reach` by the command
        return import_rows(work(), given["units"], given["members"], reach, given["villages"])


def _limit(rows: int) -> None:
    most = cast(RegistrySettings, flask.current_app.extensions["registry"]).import_rows
    if rows > most:
        raise TooLarge(
            "too-many-rows",
            Text(
                f"Có {rows} dòng; mỗi lần nhập nhận nhiều nhất {most} dòng. Hãy chia thành nhiều lần, đơn vị trước.",
                f"{rows} rows were sent; one import takes {most} at most. Send it in parts, units first.",
            ),
        )


def _reach() -> Reach:
    units, everything = context.actor().units_of(flask.g.right.roles)
    if everything:
        return Reach(everything=True)
    return Reach(everything=False, units=reach_rows.covered(conn(), units, context.service().clock.today()))
