"""A branch of eight for the tests of meetings: its units, roster and papers, and the service as its clients see it."""

from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import flask
import jwt
import msgspec

from deploy.local.tokens import TokenIssuer
from services.meetings import __main__ as commands
from services.meetings import worker
from shared import db
from shared.clock import Clock
from shared.contracts import catalogue
from shared.outbox import table as outbox
from tests.support import events

MIGRATIONS = Path(commands.__file__).parent / "store" / "migrations"
PROVINCE = UUID("0197b6c0-0000-7000-8000-000000000001")
COMMUNE = UUID("0197b6c0-0000-7000-8000-000000000003")
BRANCH = UUID("0197b6c0-0000-7000-8000-000000000004")
OTHER_BRANCH = UUID("0197b6c0-0000-7000-8000-000000000005")

SECRETARY, DEPUTY, THIRD, FOURTH, FIFTH, NOVICE, VETERAN, AWAY = (
    UUID(f"0197b6c0-0000-7000-8000-0000000001{number:02d}") for number in range(1, 9)
)
"""Five official members, a probationary one, an exempt one, and one who is temporarily elsewhere."""


def units() -> list[dict[str, Any]]:
    """A province committee, a commune's committee and its two branches."""
    return [
        events.unit(PROVINCE, None, kind="province_committee", level="province"),
        events.unit(COMMUNE, PROVINCE, kind="grassroots_committee", level="grassroots"),
        events.unit(BRANCH, COMMUNE),
        events.unit(OTHER_BRANCH, COMMUNE),
    ]


def entry(member_id: UUID, kind: str = "official", status: str = "active", **changes: Any) -> dict[str, Any]:
    """One member of a roster, since 2020."""
    return {
        "member_id": str(member_id),
        "valid_from": "2020-01-01",
        "valid_to": None,
        "kind": kind,
        "status": status,
        "age_band": "41-50",
        "post": None,
        **changes,
    }


def roster(unit_id: UUID = BRANCH, *, version: int = 1, members: list[dict[str, Any]] | None = None) -> dict[str, Any]:
    """The roster of the branch."""
    everyone = [
        entry(SECRETARY, post="secretary"),
        entry(DEPUTY, post="deputy_secretary"),
        entry(THIRD),
        entry(FOURTH),
        entry(FIFTH),
        entry(NOVICE, kind="probationary"),
        entry(VETERAN, status="exempt"),
        entry(AWAY, status="temporary_elsewhere"),
    ]
    return {"unit_id": str(unit_id), "version": version, "members": everyone if members is None else members}


def plan(day: date = date(2026, 6, 3), **changes: Any) -> dict[str, Any]:
    """A regular meeting in the evening of `day`."""
    return {
        "unit_id": str(BRANCH),
        "kind": "regular",
        "starts_at": f"{day}T19:30:00+07:00",
        "place": "Nhà văn hoá thôn 1",
        **changes,
    }


def attendance(**changes: Any) -> dict[str, Any]:
    """A roll call: one absent with a reason, one without, one late."""
    return {
        "absent": [{"member_id": str(FOURTH), "reason": "Ốm"}, {"member_id": str(NOVICE), "reason": None}],
        "late": [str(FIFTH)],
        "guests": 1,
        **changes,
    }


def minutes(day: date = date(2026, 6, 3), **changes: Any) -> dict[str, Any]:
    """Complete minutes with two opinions, a resolution and a task."""
    return {
        "started_at": f"{day}T19:35:00+07:00",
        "ended_at": f"{day}T21:00:00+07:00",
        "chair_id": str(SECRETARY),
        "secretary_id": str(DEPUTY),
        "sections": {
            "opening": "Nêu lý do.",
            "last_month_results": "Hoàn thành 4/5 việc.",
            "next_month_direction": "Làm đường thôn.",
            "discussion": "Thống nhất mức góp.",
            "self_criticism": "Hai đồng chí tự phê bình.",
            "conclusion": "Chủ trì kết luận.",
        },
        "opinions": [
            {"member_id": str(SECRETARY), "text": "Cần xong trước mùa mưa."},
            {"member_id": str(THIRD), "text": "Đồng ý."},
        ],
        "resolution": {"text": "Làm đường thôn.", "votes": {"for": 4, "against": 0, "abstaining": 0}},
        "tasks": [task(day)],
        **changes,
    }


def task(day: date = date(2026, 6, 3), **changes: Any) -> dict[str, Any]:
    """A task for one member, due at the month's end."""
    return {
        "task_id": str(uuid4()),
        "member_id": str(THIRD),
        "content": "Vận động các hộ hiến đất",
        "due_on": str(day.replace(day=28)),
        **changes,
    }


def score(**points: float) -> dict[str, Any]:
    """A self score of 91.5 points."""
    full = {"time": 5, "attendance": 4, "preparation": 9, "conduct": 36.5, "principles": 5, "last_resolution": 27}
    return {"points": {**full, "closing": 5, **points}}


def row(day: date = date(2026, 6, 3), **changes: Any) -> dict[str, Any]:
    """A held meeting as the bulk door takes it."""
    return {
        "meeting_id": str(uuid4()),
        **plan(day),
        "attendance": attendance(),
        "minutes": minutes(day),
        "score": score(),
        "adopted_at": f"{day}T20:55:00+07:00",
        "reported_at": f"{day}T22:00:00+07:00",
        **changes,
    }


class Answer(msgspec.Struct, frozen=True):
    """A status, a decoded body, and the headers."""

    status: int
    body: Any
    headers: Any

    @property
    def rules(self) -> dict[str, str]:
        """The rule broken, by field, of a refusal."""
        return {error["field"]: error["rule"] for error in self.body["errors"]}


class Meetings:
    """The service as its clients, its topics and its relay see it, on 15 June 2026."""

    def __init__(self, app: flask.Flask, url: str, issuer: TokenIssuer, clock_file: Path) -> None:
        self.app = app
        self.url = url
        self._clock_file = clock_file
        self.root = issuer.mint("province_admin")
        self.officer = issuer.mint("committee_officer", COMMUNE)
        self.secretary = issuer.mint("branch_secretary", BRANCH)
        self.stranger = issuer.mint("branch_secretary", OTHER_BRANCH)
        self.member = issuer.mint("member", BRANCH)
        self.portal = issuer.mint("portal", PROVINCE)
        self._issuer = issuer

    def token_of(self, member_id: UUID, role: str = "member", unit_id: UUID = BRANCH) -> str:
        """The own token of a member: its subject is the member's id."""
        return self._issuer.mint(role, unit_id, subject=member_id)

    def token_with(self, subject: UUID, *grants: tuple[str, UUID]) -> str:
        """A token that grants several roles, each on a unit of its own."""
        claims = jwt.decode(self._issuer.mint("member", BRANCH, subject), options={"verify_signature": False})
        header = jwt.get_unverified_header(self.member)
        claims["nenep_roles"] = [{"role": role, "unit_id": str(unit_id)} for role, unit_id in grants]
        key = (self._issuer.folder / "signing-key.pem").read_bytes()
        return jwt.encode(claims, key, algorithm="EdDSA", headers={"kid": header["kid"]})

    def set_clock(self, instant: str) -> None:
        """Move the service's clock."""
        self._clock_file.write_text(instant)
        self.app.extensions["nenep"] = msgspec.structs.replace(
            self.app.extensions["nenep"], clock=Clock(str(self._clock_file))
        )

    def call(
        self, method: str, path: str, body: object = None, *, token: str | None = None, if_match: str | None = None
    ) -> Answer:
        """One request, as the branch's secretary unless `token` says otherwise."""
        headers = {"Authorization": f"Bearer {self.secretary if token is None else token}"}
        if if_match is not None:
            headers["If-Match"] = if_match
        answer = self.app.test_client().open(f"/v1{path}", method=method, json=body, headers=headers)
        return Answer(answer.status_code, msgspec.json.decode(answer.data or b"null"), answer.headers)

    def bring_in(self, token: str | None = None, /, **rows: list[dict[str, Any]]) -> Answer:
        """A bulk import, as the commune's officer unless `token` says otherwise."""
        return self.call("POST", "/imports", rows, token=self.officer if token is None else token)

    def feed(self, type_: str, *states: dict[str, Any]) -> int:
        """Apply `states` as the replica's worker does; returns how many were newer than the copies."""
        with db.connect(self.url, name="test") as conn:
            return worker.apply(conn, [events.decoded(type_, state, worker.decode) for state in states])

    def outbox(self) -> list[outbox.Unsent]:
        """Every row of the outbox."""
        with db.connect(self.url, name="test") as conn:
            return outbox.unsent(conn, 100_000)

    def events(self, topic: str = "meetings.meetings.v1") -> list[dict[str, Any]]:
        """The data of every event in the outbox for `topic`, each checked against its contract and its key."""
        key = catalogue.catalogue().topics[topic].key
        found = []
        for sent in self.outbox():
            if sent.record.topic == topic:
                data = msgspec.json.decode(sent.record.value or b"null")
                catalogue.validate(dict(sent.record.headers)["ce_type"].decode(), data)
                assert sent.record.key == data[key].encode()
                found.append(data)
        return found

    def run(self, statement: str) -> None:
        """Change the database by hand, such as a rule."""
        with db.connect(self.url, name="test") as conn:
            conn.execute(statement.encode())

    def tables(self) -> dict[str, list[tuple[Any, ...]]]:
        """Everything the service keeps about meetings, to see that a refusal left no trace."""
        names = ("meeting", "revision", "attendance", "task", "outbox")
        with db.connect(self.url, name="test") as conn:
            return {
                name: conn.execute(f"select t.*::text from {name} t order by 1".encode()).fetchall() for name in names
            }

    def planned(self, **changes: Any) -> str:
        """The id of a new meeting that is planned."""
        meeting_id = str(uuid4())
        assert self.call("PUT", f"/meetings/{meeting_id}", plan(**changes)).status == 201
        return meeting_id

    def recorded(self, points: dict[str, float] | None = None, day: date = date(2026, 6, 3)) -> str:
        """The id of a meeting that is ready to be adopted, with these points."""
        meeting_id = self.planned(day=day)
        given = score() if points is None else {"points": points}
        for part, body in (("attendance", attendance()), ("minutes", minutes(day)), ("score", given)):
            assert self.call("PUT", f"/meetings/{meeting_id}/{part}", body).status == 200
        return meeting_id

    def adopted(self) -> str:
        """The id of a meeting whose minutes are adopted."""
        meeting_id = self.recorded()
        assert self.call("POST", f"/meetings/{meeting_id}/adoption", {}).status == 200
        return meeting_id
