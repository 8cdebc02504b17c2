"""The Python client against the running API: typed answers, pages, kept answers, patience, streams."""

import threading
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import flask
import pytest
from werkzeug.serving import make_server

from client.evaluation import Evaluation
from client.session import Problem, Session
from services.evaluation.publish import publish_scorecards
from shared import db
from shared.errors import Text
from shared.http import throttle
from tests.integration.evaluation.api import BRANCHES, EAST, MEETINGS, MONTH, PROVINCE, WEST, Api, api
from tests.integration.evaluation.figures import merge_meetings
from tests.support import events

__all__ = ["api"]


class Served:
    """The API on a port, what it answered, and a client's session with it."""

    def __init__(self, api: Api, port: int) -> None:
        self.api, self.answered, self.slept = api, list[int](), list[float]()
        api.app.after_request(self._note)
        token = api.issuer.mint("portal", PROVINCE, subject=uuid4())
        self.session = Session(f"http://127.0.0.1:{port}", token, language="en", sleep=self.slept.append)
        self.client = Evaluation(self.session)

    def _note(self, answer: flask.Response) -> flask.Response:
        self.answered.append(answer.status_code)
        return answer


@pytest.fixture
def served(api: Api) -> Iterator[Served]:
    server = make_server("127.0.0.1", 0, api.app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    served = Served(api, server.server_port)
    yield served
    served.session.close()
    server.shutdown()
    thread.join()
    server.server_close()


def test_answers_are_typed(served: Served) -> None:
    card = served.client.get_units_scorecard(PROVINCE, period=MONTH, fields="regular_held,attendance_rate")
    assert (card.unit_id, card.parts, card.derived) == (PROVINCE, {"regular_held": 3}, {"attendance_rate": 0.8})
    trend = served.client.get_units_trend(PROVINCE, from_="2025-05", to=MONTH)
    assert [one.period for one in trend] == ["2025-05", MONTH]


def test_an_answer_that_is_the_same_is_not_sent_again(served: Served) -> None:
    first, again = (served.client.get_units_scorecard(PROVINCE, period=MONTH) for _ in range(2))
    assert (first, served.answered) == (again, [200, 304])
    with db.connect(served.api.database, name="test") as conn:
        merge_meetings(conn, events.meeting(BRANCHES[3], MONTH))
    assert served.client.get_units_scorecard(PROVINCE, period=MONTH).parts["regular_held"] == 4


def test_pages_follow_one_another(served: Served) -> None:
    cards = list(served.client.each_units_figures(PROVINCE, period=MONTH, limit=3))
    assert [card.unit_id for card in cards] == [PROVINCE, EAST, WEST, *BRANCHES]
    rows = list(served.client.each_units_figures_evidence(PROVINCE, "regular_held", period=MONTH, limit=1))
    assert [row.id for row in rows] == MEETINGS[:3]


def test_a_refusal_says_what_is_wrong(served: Served) -> None:
    with pytest.raises(Problem) as refused:
        served.client.get_units_scorecard(PROVINCE, period="2025-08..2025-03")
    assert (refused.value.status, [fault.rule for fault in refused.value.faults]) == (
        422,
        ["period-ends-before-it-begins"],
    )


def test_it_waits_as_long_as_it_is_told(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    refused = iter([True, True])

    @served.api.app.before_request
    def busy() -> None:
        if next(refused, False):
            raise throttle.TooMany("too-many-requests", Text("", ""), 7)

    assert served.client.get_me().units[0].unit_id == PROVINCE
    assert (served.slept, served.answered) == ([7.0, 7.0], [429, 429, 200])


def test_changes_are_told_as_they_come(served: Served) -> None:
    stream = served.client.get_units_changes(PROVINCE, depth="unit")
    assert next(stream).name == "ready"
    with db.connect(served.api.database, name="test") as conn:
        merge_meetings(conn, events.meeting(BRANCHES[3], "2025-05"))
        while publish_scorecards(conn):
            conn.commit()
    told: dict[str, Any] = {}
    for event in stream:
        told[event.data["period"]] = event.data["unit_id"]
        if event.id is not None:
            break
    assert told["2025-05"] == str(PROVINCE)
