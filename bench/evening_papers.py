"""What the branches of an evening have to tell: a province of real sizes, its meetings, their bodies at the doors."""

import random
import uuid
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta
from typing import Any, Final, Literal

import msgspec

from deploy.local.demo import sheets
from deploy.local.demo.client import Client
from deploy.local.demo.members import enrol
from deploy.local.demo.province import Province, build
from deploy.local.demo.rows import Meeting
from deploy.local.demo.slots import Course, Slot, at
from shared.months import first_day

THIRTY: Final = 30
OFFLINE_SHARE: Final = 0.15
AGAIN_SHARE: Final = 0.06
CUT_SHARE: Final = 0.04
CHARACTERS: Final = 3_700
"""Characters of a branch's minutes, as those that the search for copies was measured with (docs/meetings.md)."""
_HANDS: Final = 8
_SPACE: Final = uuid.UUID("6e656e65-7000-4000-8000-62656e636802")
_WHO: Final = ("Chi uỷ", "Tổ đảng số {n}", "Ban công tác mặt trận", "Chi đoàn", "Hội phụ nữ", "Tổ an ninh", "Chi bộ")
_WHAT: Final = (
    "đã vận động {n} hộ góp ngày công sửa đường liên thôn",
    "đề nghị rà soát {n} hộ cận nghèo trước khi bình xét",
    "theo dõi việc chăm sóc {n} ha cà phê già cỗi",
    "lập danh sách {n} cháu cần hỗ trợ sách vở đầu năm",
    "kiểm tra trạm bơm, tuyến mương dài {n}00 mét",
    "hướng dẫn {n} gia đình làm thủ tục trực tuyến tại xã",
    "đối thoại với {n} hộ có đơn về ranh giới đất",
    "tổ chức {n} buổi tuyên truyền phòng cháy rừng",
)
_HOW: Final = (
    "kết quả đạt {n} phần trăm so với nghị quyết",
    "còn vướng kinh phí khoảng {n} triệu đồng",
    "phân công người phụ trách và hẹn báo cáo sau {n} ngày",
    "bà con đồng tình, có {n} ý kiến đề nghị làm sớm",
    "rút kinh nghiệm vì chậm {n} ngày so với kế hoạch",
    "đề nghị cấp trên xem xét trước ngày {n} tháng sau",
)
Again = Literal["answered", "cut"]


class Letter(msgspec.Struct, frozen=True):
    """One request of a report: through which door, with what, under which key."""

    door: str
    method: str
    path: str
    body: bytes
    key: str


class Papers(msgspec.Struct, frozen=True):
    """A branch's report. `again` says which request is sent twice: after its answer, or cut off before it came."""

    branch: int
    unit_id: str
    token: str
    members: int
    row: Meeting
    offline: bool
    again: tuple[str, Again] | None

    def letters(self, version: int) -> list[Letter]:
        """The requests that follow the bundle, which said that the meeting is at `version`."""
        row = self.row
        if self.offline:
            path = f"/v1/units/{self.unit_id}/tonight"
            return [self._letter("offline", "POST", path, {"parts": self._parts(version)})]
        base = f"/v1/meetings/{row.meeting_id}"
        letters = [
            self._letter("attendance", "PUT", f"{base}/attendance", row.attendance),
            self._letter("minutes", "PUT", f"{base}/minutes", row.minutes),
        ]
        if row.score is not None:
            letters.append(self._letter("score", "PUT", f"{base}/score", row.score))
        return [*letters, self._letter("adoption", "POST", f"{base}/adoption", {})]

    def _letter(self, door: str, method: str, path: str, body: object) -> Letter:
        return Letter(door, method, path, msgspec.json.encode(body), f"{self.row.meeting_id}:{door}")

    def _parts(self, version: int) -> list[dict[str, Any]]:
        row = self.row
        bodies: dict[str, object] = {"attendance": row.attendance, "minutes": row.minutes}
        bodies |= {"score": row.score} if row.score is not None else {}
        return [
            {
                "part_id": str(uuid.uuid5(_SPACE, f"{row.meeting_id} {kind}")),
                "kind": kind,
                "meeting_id": row.meeting_id,
                "based_on": version,
                "body": body,
            }
            for kind, body in (bodies | {"adoption": {}}).items()
        ]


def province_with_thirties(name: str, branches: int, thirties: int, first_month: date) -> tuple[Province, list[int]]:
    """A province of real sizes in which `thirties` branches, spread evenly, have thirty members each; their numbers."""
    province = build(name, branches=branches, first_month=first_month)
    below = province.branches()
    chosen = [number * len(below) // thirties for number in range(thirties)]
    counts = {unit.code: len(province.members[unit.code]) for unit in below}
    counts |= {below[number].code: THIRTY for number in chosen}
    members = enrol(counts, province.root.code, first_month, random.Random("evening"))
    return Province(province.name, province.units, members), chosen


def meeting_of(branch: sheets.Branch, number: int, month: str, reported_at: datetime) -> Meeting:
    """The regular meeting of the 3rd of `month`, with minutes of about 3,700 characters of the branch's own."""
    rng = random.Random(f"{number} {month}")
    start = at(first_day(month) + timedelta(days=2), branch.habits.hour, branch.habits.minute)
    end = start + timedelta(minutes=rng.choice((75, 85, 90, 95, 110, 120)))
    course = Course("held", start, end, reported_at, reported_at, None, None)
    row = sheets.meeting(branch, Slot(number, month, "regular", "steps"), course, rng)
    written = [name for name, text in row.minutes.sections.items() if text.strip()]
    sections = row.minutes.sections | {
        name: f"{row.minutes.sections[name]} {_words(CHARACTERS // len(written), rng)}" for name in written
    }
    minutes = msgspec.structs.replace(row.minutes, sections=sections)
    # What has doors of its own, and is not sent on the evening, is not counted either.
    return msgspec.structs.replace(row, minutes=minutes, voted=None, official=None, visited=None)


def _words(characters: int, rng: random.Random) -> str:
    text = ""
    while len(text) < characters:
        sentence = ", ".join((f"{rng.choice(_WHO)} {rng.choice(_WHAT)}", rng.choice(_HOW)))
        text += sentence.replace("{n}", str(rng.randint(2, 90)), 1).replace("{n}", str(rng.randint(2, 90))) + ". "
    return text


def fate(rng: random.Random, *, scored: bool) -> tuple[bool, tuple[str, Again] | None]:
    """Whether a report is sent from an offline notebook, and which of its requests is sent twice."""
    offline = rng.random() < OFFLINE_SHARE
    doors = ["offline"] if offline else ["attendance", "minutes", *(["score"] if scored else []), "adoption"]
    drawn, door = rng.random(), rng.choice(doors)
    if drawn < AGAIN_SHARE:
        return offline, (door, "answered")
    return offline, ((door, "cut") if drawn < AGAIN_SHARE + CUT_SHARE else None)


def prepare(client: Client, papers: Sequence[Papers], say: Callable[[str], None], doors: Sequence[str] = ()) -> None:
    """Plan every meeting, as its secretary did in the days before, and send what goes through `doors`.

    Raises LocalError when a door refuses.
    """

    def one(paper: Papers) -> None:
        row = paper.row
        given = {"unit_id": row.unit_id, "kind": row.kind, "starts_at": row.starts_at, "place": row.place}
        path = f"/v1/meetings/{row.meeting_id}"
        client.send("PUT", "meetings", path, paper.token, body=msgspec.json.encode(given))
        for letter in paper.letters(0) if doors else ():
            if letter.door in doors:
                client.send(letter.method, "meetings", letter.path, paper.token, body=letter.body)

    with ThreadPoolExecutor(_HANDS) as pool:
        for count, _ in enumerate(pool.map(one, papers), start=1):
            if count % 1000 == 0:
                say(f"{count:,} of {len(papers):,} meetings are prepared")
