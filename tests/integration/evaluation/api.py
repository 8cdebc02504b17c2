"""Evaluation's API over a small province, as its tests ask it."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

import flask
import pytest
from werkzeug.test import TestResponse

from deploy.local.tokens import TokenIssuer
from shared import db
from tests.integration.evaluation.figures import merge_meetings, merge_tasks, merge_units
from tests.support import events, services

PROVINCE, EAST, WEST = UUID(int=1), UUID(int=2), UUID(int=3)
BRANCHES = [UUID(int=10 + number) for number in range(4)]
MEETINGS = [UUID(int=100 + number) for number in range(4)]
MONTH = "2025-06"
NOW = "2025-07-20T09:00:00+07:00"


class Api:
    """The API, asked by somebody with rights over the province."""

    def __init__(self, app: flask.Flask, issuer: TokenIssuer, database: str, clock_file: Path) -> None:
        self.app, self.issuer, self.database, self.clock_file = app, issuer, database, clock_file

    def get(self, path: str, *, unit: UUID = PROVINCE, language: str = "en", **headers: str) -> TestResponse:
        """What `/v1/…` answers; `headers` with underscores for hyphens."""
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        token = self.issuer.mint("portal", unit)
        asked = {"Authorization": f"Bearer {token}", "Accept-Language": language, **given}
        return self.app.test_client().get(f"/v1/{path}", headers=asked)

    def json(self, path: str, **options: Any) -> Any:
        """The same, which must be granted."""
        answer = self.get(path, **options)
        assert answer.status_code == 200, answer.text
        return answer.get_json()


@pytest.fixture
def api(database: str, tmp_path: Path) -> Iterator[Api]:
    """A province of two districts with two branches each; in June all but the last met, the third reported late."""
    with db.connect(database, name="test") as conn:
        merge_units(
            conn,
            events.unit(PROVINCE, None, kind="province_committee", level="province", name="Tỉnh uỷ"),
            events.unit(EAST, PROVINCE, kind="direct_committee", level="district", name="=Huyện uỷ Đông"),
            events.unit(WEST, PROVINCE, kind="direct_committee", level="district", name="Huyện uỷ Tây"),
            *(events.unit(one, EAST, name=f"Chi bộ {number}") for number, one in enumerate(BRANCHES[:2], 1)),
            *(events.unit(one, WEST, name=f"Chi bộ {number}") for number, one in enumerate(BRANCHES[2:], 3)),
        )
        late = {"report_due_at": "2025-06-05T16:59:59+00:00", "reported_at": "2025-06-07T03:00:00+00:00"}
        merge_meetings(
            conn,
            events.meeting(BRANCHES[0], MONTH, meeting_id=MEETINGS[0]),
            events.meeting(BRANCHES[1], MONTH, meeting_id=MEETINGS[1]),
            events.meeting(BRANCHES[2], MONTH, meeting_id=MEETINGS[2], **late),
        )
        merge_tasks(conn, events.task(BRANCHES[0], date(2025, 6, 20)))
    clock_file = tmp_path / "clock"
    clock_file.write_text(NOW)
    issuer = TokenIssuer(tmp_path / "issuer")
    app = services.build("evaluation", issuer, database_url=database, clock_file=str(clock_file))
    yield Api(app, issuer, database, clock_file)
    services.close(app)
