"""Doors of decisions."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import msgspec
from flask.views import MethodView

from services.registry.api.asked import reach, work
from services.registry.api.schemas import decisions as schemas
from services.registry.commands import decided, withdrawals
from services.registry.commands import decisions as commands
from services.registry.domain.decisions import Decision, Heading
from services.registry.domain.operations import KINDS, AnyOperation
from services.registry.store import decisions as rows
from services.registry.views import decisions as views
from shared.errors import Fault, Text, Unprocessable
from shared.http import paging
from shared.http.blueprint import Blueprint
from shared.http.context import conn, transaction
from shared.http.problems import english

doors = Blueprint("decisions", __name__, url_prefix="/v1", description="Decisions on the organisation, whole or not.")
_HEADING = ("number", "issuer", "issuer_unit_id", "title", "issued_on", "effective_on")
_MOST_CONFLICTS = 1000


@doors.route("/decisions")
class Decisions(MethodView):
    """All decisions."""

    @transaction
    @doors.arguments(schemas.DecisionsQuery, location="query")
    @doors.response(200, schemas.DecisionPage)
    def get(self, query: dict[str, Any]) -> paging.Page:
        """Decisions within rights: in force or withdrawn with any unit covered, drafts with every one."""
        found = views.listed(
            conn(), reach(), query["state"], paging.after(query["cursor"], tuple[str, UUID]), query["limit"] + 1
        )
        return paging.page(found, query["limit"], lambda one: (one.effective_on.isoformat(), one.decision_id))

    @transaction
    @doors.arguments(schemas.DecisionNew, example=schemas.A_DRAFT)
    @doors.response(201, schemas.DecisionShown)
    def post(self, given: dict[str, Any]) -> dict[str, Any]:
        """A new draft. Every unit named, its place and its new place must be within rights; roots need all rights."""
        operations = _operations(given.pop("operations"))
        return _shown(commands.draft(work(), given.pop("decision_id"), _heading(given), operations, reach()))


@doors.route("/decisions/<uuid:decision_id>")
class OneDecision(MethodView):
    """One decision."""

    @transaction
    @doors.response(200, schemas.DecisionShown)
    def get(self, decision_id: UUID) -> dict[str, Any]:
        """The decision with its operations."""
        return _shown(decided.within(rows.load(conn(), decision_id), reach()))

    @transaction
    @doors.arguments(schemas.DecisionAgain, example=schemas.AN_ORDER_AGAIN)
    @doors.response(200, schemas.DecisionShown)
    def put(self, given: dict[str, Any], decision_id: UUID) -> dict[str, Any]:
        """Write a draft anew. 409 when it is no draft any more, or was changed since `expected_version`."""
        operations = _operations(given.pop("operations"))
        expected = given.pop("expected_version")
        return _shown(commands.replace(work(), decision_id, expected, _heading(given), operations, reach()))


@doors.route("/decisions/<uuid:decision_id>/preview")
class Preview(MethodView):
    """What a decision would do."""

    @transaction
    @doors.response(200, schemas.PreviewShown)
    def get(self, decision_id: UUID) -> dict[str, Any]:
        """What the draft would do to the books as they are now, and every conflict. Changes nothing."""
        done = commands.preview(work(), decided.within(rows.load(conn(), decision_id), reach()))
        return msgspec.structs.asdict(done) | {
            "conflicts": [
                {
                    "field": fault.field,
                    "rule": fault.rule,
                    "message": fault.message.en if english() else fault.message.vi,
                }
                | ({"source": fault.source} if fault.source else {})
                for fault in done.conflicts[:_MOST_CONFLICTS]
            ]
        }


@doors.route("/decisions/<uuid:decision_id>/force")
class Force(MethodView):
    """A draft put in force."""

    @transaction
    @doors.arguments(schemas.ForceGiven)
    @doors.response(200, schemas.DecisionShown)
    def post(self, given: dict[str, Any], decision_id: UUID) -> dict[str, Any]:
        """Put the draft in force, all of it or nothing. A day to come is written at once and holds from then on."""
        return _shown(commands.force(work(), decision_id, given["expected_version"], reach()))


@doors.route("/decisions/<uuid:decision_id>/withdrawal")
class Withdrawal(MethodView):
    """A decision taken back."""

    @transaction
    @doors.arguments(schemas.WithdrawalGiven)
    @doors.response(200, schemas.DecisionShown)
    def post(self, given: dict[str, Any], decision_id: UUID) -> dict[str, Any]:
        """Take the decision back while nothing stands on it; 409 names all that does, and what changed it."""
        return _shown(withdrawals.withdraw(work(), decision_id, given["expected_version"], given["reason"], reach()))


@doors.route("/decisions/<uuid:decision_id>/discard")
class Discard(MethodView):
    """A draft put away."""

    @transaction
    @doors.response(200, schemas.DecisionShown)
    def post(self, decision_id: UUID) -> dict[str, Any]:
        """Put the draft away. It stays readable; its number is free again."""
        return _shown(commands.discard(work(), decision_id, reach()))


def _heading(given: Mapping[str, Any]) -> Heading:
    return Heading(**{name: given[name] for name in _HEADING})


def _operations(given: Sequence[Mapping[str, Any]]) -> list[AnyOperation]:
    """The operations, each of its own kind. Raises Unprocessable naming what one lacks or does not take."""
    faults: list[Fault] = []
    operations: list[AnyOperation] = []
    for number, one in enumerate(given):
        place = f"operations[{number}]"
        kind = KINDS.get(one["op"])
        if kind is None:
            faults.append(Fault(f"{place}.op", "one-of", _one_of()))
            continue
        fields = {field.name: field for field in msgspec.structs.fields(kind)}
        faults += [
            Fault(f"{place}.{name}", "not-taken", _not_taken(one["op"])) for name in one if name not in _with_op(fields)
        ]
        missing = [name for name, field in fields.items() if field.required and name not in one]
        faults += [Fault(f"{place}.{name}", "missing", _missing(one["op"])) for name in missing]
        if one["op"] == "change_kind" and not one.keys() & {"kind", "level", "branch_type"}:
            faults.append(Fault(place, "missing", _missing(one["op"])))
        if not faults:
            try:
                operations.append(msgspec.convert(one, AnyOperation))
            except msgspec.ValidationError:
                faults.append(Fault(place, "missing", _missing(one["op"])))
    if faults:
        raise Unprocessable.of(faults)
    return operations


def _with_op(fields: Mapping[str, object]) -> set[str]:
    return {"op", *fields}


def _one_of() -> Text:
    listed = ", ".join(KINDS)
    return Text(f"Phải là một trong: {listed}.", f"Must be one of: {listed}.")


def _not_taken(op: str) -> Text:
    return Text(f"Thao tác {op} không có mục này. Hãy bỏ đi.", f"A {op} does not take this. Leave it out.")


def _missing(op: str) -> Text:
    return Text(
        f"Thao tác {op} còn thiếu mục này, hoặc mục trống. Hãy bổ sung.",
        f"A {op} needs this, and it is left out or empty. Give it.",
    )


def _shown(decision: Decision) -> dict[str, Any]:
    facts = msgspec.structs.asdict(decision) | msgspec.structs.asdict(decision.heading)
    return facts | {"operations": msgspec.to_builtins(decision.operations)}
