"""One branch through three months, from the year's plan to the official grade, as its phone and its superior see it.

April is held with the network, May by two devices without it, June with tasks that come back. In order: each test
continues the story of the ones before it, over HTTP, through the running processes; the district's figures follow.
"""

from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import httpx
import pytest

from deploy.local.suite import Suite
from tests.e2e.conftest import Clock
from tests.e2e.test_journey import Asker
from tests.support.waiting import until

CODES = ("E3M-B1", "E3M-B2")
SHEET = {
    "time": 5,
    "attendance": 4,
    "preparation": 9,
    "conduct": 32.5,
    "principles": 5,
    "last_resolution": 24,
    "closing": 5,
}
SECTIONS = ("opening", "last_month_results", "next_month_direction", "discussion", "self_criticism", "conclusion")


class Story:
    """What the tests tell one another."""

    units: dict[str, str]
    members: list[str]
    meetings: dict[str, str]
    tasks: list[str]


story = Story()
story.meetings, story.tasks = {}, [str(uuid4()) for _ in range(3)]


@pytest.fixture
def root(suite: Suite, http: httpx.Client) -> Asker:
    return Asker(suite, http, "province_admin", None)


@pytest.fixture
def officer(suite: Suite, http: httpx.Client) -> Asker:
    return Asker(suite, http, "committee_officer", story.units["E3M-D"])


class Branch:
    """The branch's secretary; one token, as undoing asks for the same person."""

    def __init__(self, suite: Suite, http: httpx.Client) -> None:
        self.ask = Asker(suite, http, "branch_secretary", story.units["E3M-B1"])

    def __call__(self, method: str, path: str, body: Any = None, *, status: int = 200) -> Any:
        """One request to meetings; its answer, which must have `status`."""
        answer = self.ask(method, "meetings", f"/v1{path}", body)
        assert answer.status_code == status, answer.text
        return answer.json() if answer.content else None

    def at(self, clock: Clock, instant: datetime) -> None:
        """Move the suite's clock, and wait until meetings goes by it."""
        clock.set(instant)
        path = f"/units/{story.units['E3M-B1']}/tonight"
        until(lambda: datetime.fromisoformat(self("GET", path)["as_of"]) == instant, what=f"the clock to say {instant}")

    def send(self, *parts: dict[str, Any]) -> list[Any]:
        """Send parts back, as a device does in the morning."""
        found: list[Any] = self("POST", f"/units/{story.units['E3M-B1']}/tonight", {"parts": list(parts)})["parts"]
        return found


@pytest.fixture
def branch(suite: Suite, http: httpx.Client) -> Branch:
    return Branch(suite, http)


def part(kind: str, meeting_id: str | None, body: Any = None, **more: Any) -> dict[str, Any]:
    """One thing a device wrote."""
    return {"part_id": str(uuid4()), "kind": kind, "meeting_id": meeting_id, "body": body, **more}


def card(root: Asker, month: str, code: str = "E3M-D") -> dict[str, Any]:
    answer = root("GET", "evaluation", f"/v1/units/{story.units[code]}/scorecard?period={month}")
    found: dict[str, Any] = answer.json()["parts"] if answer.status_code == 200 else {}
    return found


def held(root: Asker, month: str) -> dict[str, Any]:
    """The district's figures, once the branch's regular meeting of the month counts."""
    until(lambda: card(root, month).get("regular_held") == 1, what=f"the regular meeting of {month}")
    return card(root, month)


def plan(month: str, *, kind: str = "regular", at: str = "19:30", **more: Any) -> dict[str, Any]:
    return {
        "unit_id": story.units["E3M-B1"],
        "kind": kind,
        "starts_at": f"2025-{month}-03T{at}:00+07:00",
        "place": "Nhà văn hoá",
        **more,
    }


def minutes(month: str, *, start: str = "19:30", end: str = "21:00", **more: Any) -> dict[str, Any]:
    first, second, third, *_ = story.members
    return {
        "started_at": f"2025-{month}-03T{start}:00+07:00",
        "ended_at": f"2025-{month}-03T{end}:00+07:00",
        "chair_id": first,
        "secretary_id": second,
        "sections": dict.fromkeys(SECTIONS, f"Nội dung tháng {month}."),
        "opinions": [{"member_id": second, "text": "Đồng ý."}, {"member_id": third, "text": "Đề nghị làm sớm."}],
        "resolution": {"text": f"Nghị quyết tháng {month}.", "votes": {"for": 5, "against": 0, "abstaining": 0}},
        **more,
    }


def task(number: int, due_on: str) -> dict[str, Any]:
    return {
        "task_id": story.tasks[number],
        "member_id": story.members[number],
        "content": f"Việc {number}",
        "due_on": due_on,
    }


def test_the_branch_is_registered(clock: Clock, root: Asker) -> None:
    clock.set(datetime(2025, 3, 28, 2, 0, tzinfo=UTC))

    def row(code: str, parent: str | None, kind: str, level: str) -> dict[str, Any]:
        return {
            "code": code,
            "parent_code": parent,
            "kind": kind,
            "level": level,
            "name": f"Đơn vị {code}",
            "branch_type": "commune" if kind == "grassroots_branch" else None,
            "valid_from": "2020-01-01",
        }

    units = [
        row("E3M", None, "province_committee", "province"),
        row("E3M-D", "E3M", "direct_committee", "district"),
        *(row(code, "E3M-D", "grassroots_branch", "grassroots") for code in CODES),
    ]
    members = [
        {
            "code": f"E3M-{number}",
            "unit_code": "E3M-B1",
            "full_name": f"Đảng viên {number}",
            "birth_date": f"198{number}-04-17",
            "kind": "official" if number < 6 else "probationary",
            "status": "active",
            "valid_from": "2021-05-19",
            "post": "secretary" if number == 0 else None,
        }
        for number in range(7)
    ]
    answer = root("POST", "registry", "/v1/imports", {"units": units, "members": members})
    assert answer.status_code == 200, answer.text
    province = until(lambda: _unit(root, "Đơn vị E3M"), what="the province to reach evaluation")
    listed = root("GET", "registry", f"/v1/units?under={province}").json()["items"]
    story.units = {unit["code"]: unit["unit_id"] for unit in listed}
    roster = root("GET", "registry", f"/v1/rosters?under={province}&on=2025-04-03").json()["items"]
    by_kind = sorted(roster, key=lambda one: (one["kind"] == "probationary", one["member_id"]))
    story.members = [one["member_id"] for one in by_kind]
    assert len(story.members) == 7


def _unit(root: Asker, name: str) -> str | None:
    found = root("GET", "evaluation", "/v1/me").json()["units"]
    return next((unit["unit_id"] for unit in found if unit["name"] == name), None)


def test_the_year_is_planned_and_approved(branch: Branch, officer: Asker) -> None:
    path, topic_id = f"/units/{story.units['E3M-B1']}/year-plan", str(uuid4())
    year = {
        "regular": [{"month": f"2025-{month:02d}", "day": 3} for month in range(4, 13)],
        "topics": [{"topic_id": topic_id, "quarter": 2, "title": "Nêu gương"}],
    }
    branch("PUT", f"{path}?year=2025", year)
    branch("POST", f"{path}/sending?year=2025", {})
    decided = officer("POST", "meetings", f"/v1{path}/decision?year=2025", {"approved": True})
    assert decided.json()["status"] == "approved", decided.text
    story.meetings["topic"] = topic_id


def test_april_from_the_notice_to_the_grade(clock: Clock, branch: Branch, officer: Asker, root: Asker) -> None:
    meeting_id = story.meetings["04"] = str(uuid4())
    until(
        lambda: branch.ask("PUT", "meetings", f"/v1/meetings/{meeting_id}", plan("04")).status_code in (200, 201),
        what="the branch to reach meetings",
    )
    document = {"kind": "draft_resolution", "title": "Dự thảo", "classification": "open"}
    branch("PUT", f"/meetings/{meeting_id}/documents/{uuid4()}", document)
    branch("PUT", f"/meetings/{meeting_id}/documents/{uuid4()}", document | {"classification": "mật"}, status=422)
    branch("PUT", f"/meetings/{meeting_id}/notice", {"content": "Sinh hoạt tháng 4"})
    branch("PUT", f"/meetings/{meeting_id}/minutes", minutes("04"), status=409)
    branch.at(clock, datetime(2025, 4, 3, 12, 30, tzinfo=UTC))
    assert branch("POST", f"/meetings/{meeting_id}/opening", {})["stage"] == "opened"
    absent = [{"member_id": story.members[5], "reason": "Ốm"}]
    branch("PUT", f"/meetings/{meeting_id}/attendance", {"absent": absent, "late": [], "guests": 1})
    by_novice = {"title": "Kết nạp", "by_name": [{"member_id": story.members[6], "choice": "for"}]}
    branch("PUT", f"/meetings/{meeting_id}/votes/{uuid4()}", by_novice, status=422)
    vote = {"title": "Kết nạp", "hands": {"for": 3, "against": 1, "abstaining": 1}}
    put = branch("PUT", f"/meetings/{meeting_id}/votes/{uuid4()}", vote)["vote"]
    assert (put["of"], put["present"], put["carried"]) == (6, 5, False)
    tasks = [task(0, "2025-04-25"), task(1, "2025-04-28"), task(2, "2025-04-30")]
    branch("PUT", f"/meetings/{meeting_id}/minutes", minutes("04", tasks=tasks))
    branch("PUT", f"/meetings/{meeting_id}/score", {"points": SHEET})
    branch.at(clock, datetime(2025, 4, 3, 14, 5, tzinfo=UTC))
    branch("POST", f"/meetings/{meeting_id}/adoption", {"read_by": story.members[1]})
    until(lambda: card(root, "2025-04").get("regular_held") == 1, what="April at the district")

    assert branch("POST", f"/meetings/{meeting_id}/undo", {})["stage"] == "opened"
    until(lambda: not card(root, "2025-04").get("regular_held"), what="the wrong click to leave the district")
    branch("POST", f"/meetings/{meeting_id}/adoption", {"read_by": story.members[1]})
    figures = held(root, "2025-04")
    assert (figures["owed"], figures["present"], figures["absent_with_reason"]) == (7, 6, 1)
    assert (figures["self_points_hundredths"], figures["regular_on_time"], figures["corrected"]) == (8450, 1, 0)
    until(lambda: card(root, "2025-04").get("tasks_due") == 3, what="April's tasks")
    official = {"points": SHEET | {"conduct": 30}, "remarks": "Giao việc rõ hơn."}
    graded = officer("PUT", "meetings", f"/v1/meetings/{meeting_id}/official-score", official)
    assert graded.json()["stage"] == "graded", graded.text
    refused = branch("PUT", f"/meetings/{meeting_id}/official-score", official, status=403)
    assert refused["rule"] == "role"


def test_may_is_held_by_two_devices_without_a_network(clock: Clock, branch: Branch, root: Asker) -> None:
    branch.at(clock, datetime(2025, 5, 2, 8, 0, tzinfo=UTC))
    branch("POST", f"/tasks/{story.tasks[0]}/completion", {"done_on": "2025-04-24"})
    branch("POST", f"/tasks/{story.tasks[1]}/completion", {"done_on": "2025-05-02"})
    meeting_id = story.meetings["05"] = str(uuid4())
    branch("PUT", f"/meetings/{meeting_id}", plan("05"), status=201)
    tonight = branch("GET", f"/units/{story.units['E3M-B1']}/tonight?on=2025-05-03")
    had = tonight["meetings"][0]["version"]
    states = {one["task_id"]: one["state"] for one in tonight["last_resolution"]["tasks"]}
    assert states == dict(zip(story.tasks, ("done", "done_late", "late"), strict=True))
    branch.at(clock, datetime(2025, 5, 4, 1, 0, tzinfo=UTC))

    carried = [{"task_id": story.tasks[2], "due_on": "2025-05-31"}]
    phone = [
        part("attendance", meeting_id, {"absent": [], "late": [story.members[4]], "guests": 0}, based_on=had),
        part("minutes", meeting_id, minutes("05", opinions=[], tasks=[], carried_over=carried), based_on=had),
        part("opinion", meeting_id, {"member_id": story.members[2], "text": "Một."}, item_id=str(uuid4())),
    ]
    assert [one["status"] for one in branch.send(*phone)] == [200, 200, 200]
    assert [one["version"] for one in branch.send(*phone)] == [2, 3, 4]
    absent = [{"member_id": story.members[6], "reason": None}]
    tablet = [
        part("attendance", meeting_id, {"absent": absent, "late": [], "guests": 0}, based_on=had),
        part("opinion", meeting_id, {"member_id": story.members[3], "text": "Hai."}, item_id=str(uuid4())),
        part("score", meeting_id, {"points": SHEET}, based_on=had),
        part("adoption", meeting_id, {}, based_on=had),
    ]
    stale, opinion, score, adoption = branch.send(*tablet)
    assert (stale["status"], stale["rule"]) == (409, "stale")
    assert (stale["current"]["late"], stale["yours"]["absent"]) == ([story.members[4]], absent)
    assert (opinion["status"], score["status"]) == (200, 200)
    assert (adoption["status"], adoption["rule"]) == (409, "part-refused-before")
    kept = branch("GET", f"/meetings/{meeting_id}")
    assert (kept["attendance"]["late"], kept["stage"]) == ([story.members[4]], "planned")

    both = {"absent": absent, "late": [story.members[4]], "guests": 0}
    settled = [
        part("attendance", meeting_id, both, based_on=kept["version"]),
        part("adoption", meeting_id, {}, based_on=kept["version"]),
    ]
    assert [one["status"] for one in branch.send(*settled)] == [200, 200]
    adopted = branch("GET", f"/meetings/{meeting_id}")
    assert (adopted["stage"], len(adopted["minutes"]["opinions"])) == ("reported", 2)
    results = adopted["steps"]["results"]
    assert {name: results[name] for name in ("tasks", "done", "done_late", "carried_over")} == {
        "tasks": 3,
        "done": 2,
        "done_late": 1,
        "carried_over": 1,
    }
    figures = held(root, "2025-05")
    assert (figures["owed"], figures["present"], figures["absent_without_reason"]) == (7, 6, 1)
    assert (figures["speakers"], figures["regular_on_time"]) == (2, 1)
    until(lambda: card(root, "2025-04").get("tasks_done") == 2, what="April's tasks done")
    assert card(root, "2025-04")["tasks_done_late"] == 1


def test_june_has_a_thematic_meeting_after_the_regular_one(clock: Clock, branch: Branch, root: Asker) -> None:
    branch.at(clock, datetime(2025, 6, 3, 15, 30, tzinfo=UTC))
    branch("POST", f"/tasks/{story.tasks[2]}/completion", {"done_on": "2025-05-30"})
    regular, thematic = str(uuid4()), str(uuid4())
    branch("PUT", f"/meetings/{regular}", plan("06"), status=201)
    themed = plan("06", kind="thematic", theme="Nêu gương", topic_id=story.meetings["topic"])
    branch("PUT", f"/meetings/{thematic}", themed, status=422)
    branch("PUT", f"/meetings/{thematic}", themed | {"starts_at": "2025-06-03T20:50:00+07:00"}, status=201)
    branch("PUT", f"/meetings/{uuid4()}", plan("06", at="20:00"), status=409)
    for meeting_id, text in (
        (regular, minutes("06", end="20:45")),
        (thematic, minutes("06", start="20:50", end="22:00", resolution=None)),
    ):
        branch("PUT", f"/meetings/{meeting_id}/attendance", {"absent": [], "late": [], "guests": 0})
        branch("PUT", f"/meetings/{meeting_id}/minutes", text)
        branch("POST", f"/meetings/{meeting_id}/adoption", {})
    until(lambda: card(root, "2025-06").get("thematic_held") == 1, what="June's theme at the district")
    figures = held(root, "2025-06")
    assert (figures["owed"], figures["present"], figures["branches"]) == (14, 14, 2)
    until(lambda: card(root, "2025-04").get("tasks_done") == 3, what="the task that came back")
    yardstick = branch("GET", f"/units/{story.units['E3M-B1']}/last-resolution?before=2025-06-03")
    assert (yardstick["period"], yardstick["total"], yardstick["done_late"]) == ("2025-05", 1, 1)
    correction = {"reason": "Ghi thiếu", "attendance": {"absent": [], "late": [], "guests": 3}}
    corrected = branch("POST", f"/meetings/{regular}/corrections", correction)
    assert (corrected["revision"], corrected["attendance"]["guests"]) == (2, 3)
    until(lambda: card(root, "2025-06").get("corrected") == 1, what="the correction")
    every = branch("GET", f"/meetings/{story.meetings['04']}/revisions")["items"]
    assert [one["withdrawn"] for one in every] == [False, True]
