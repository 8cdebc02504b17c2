"""An evening in an open loop: when secretaries begin to report, and what each of them does at the doors."""

import http.client
import random
import time
from bisect import bisect_left
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from typing import Final, TypeVar
from urllib.parse import urlsplit

import msgspec

from bench.evening_papers import Letter, Papers

LAW: Final = (
    "one report in ten begins anywhere in the evening, the others normally around 55 % of it with a deviation of 18 %, "
    "none in its last 3 %; of two hours from 19:30, 93 in 100 begin after 20:00"
)
_ANYWHERE, _MIDDLE, _DEVIATION, _LAST_BEGINS = 0.1, 0.55, 0.18, 0.97
_THREADS: Final = 256
_ATTEMPTS: Final = 6
_BUSY: Final = frozenset({0, 429, 502, 503, 504})
T = TypeVar("T")


def arrivals(count: int, seconds: float, rng: random.Random) -> list[float]:
    """The moments, in seconds from the evening's start, at which `count` reports begin by `LAW`, ascending."""

    def one() -> float:
        if rng.random() < _ANYWHERE:
            return rng.uniform(0.0, _LAST_BEGINS)
        while not 0.0 <= (share := rng.gauss(_MIDDLE, _DEVIATION)) <= _LAST_BEGINS:
            pass
        return share

    return sorted(one() * seconds for _ in range(count))


def busiest(moments: Sequence[float], span: float) -> int:
    """The most of `moments` that lie within any `span` seconds, its end excluded."""
    ordered = sorted(moments)
    return max((bisect_left(ordered, begin + span) - place for place, begin in enumerate(ordered)), default=0)


class Heard(msgspec.Struct, frozen=True):
    """A request and its answer: `left` when it was to leave, `answered` when the answer was whole (`perf_counter`).

    `status` 0: no answer. `repeat`: it had been sent before, under the same key. `sent` and `got` are bytes of bodies.
    """

    door: str
    left: float
    answered: float
    status: int
    sent: int
    got: int
    repeat: bool = False

    @property
    def latency(self) -> float:
        """Seconds until the answer was whole."""
        return self.answered - self.left


class Report(msgspec.Struct, frozen=True):
    """What became of one branch's report; `unlike` are repeats that were answered otherwise than the first time."""

    papers: Papers
    intended: float
    ended: float
    adopted: bool
    heard: list[Heard]
    refused: list[str]
    unlike: int
    cut: int


class _Meeting(msgspec.Struct):
    meeting_id: str
    version: int


class _Bundle(msgspec.Struct):
    meetings: list[_Meeting]


class _Part(msgspec.Struct):
    kind: str
    status: int
    rule: str = ""


class _Answers(msgspec.Struct):
    parts: list[_Part]


class Phone:
    """One connection to the service, opened with the first request."""

    def __init__(self, url: str) -> None:
        self._connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=120)

    def ask(self, token: str, method: str, path: str, body: bytes | None, key: str = "") -> tuple[int, bytes]:
        """Status and body of the answer; (0, b"") where the connection failed."""
        try:
            self._send(token, method, path, body, key)
            answer = self._connection.getresponse()
            return answer.status, answer.read()
        except (OSError, http.client.HTTPException):
            self._connection.close()
            return 0, b""

    def cut(self, token: str, letter: Letter) -> None:
        """Send a letter and hang up before it is answered."""
        with suppress(OSError, http.client.HTTPException):
            self._send(token, letter.method, letter.path, letter.body, letter.key)
        self._connection.close()

    def _send(self, token: str, method: str, path: str, body: bytes | None, key: str) -> None:
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        self._connection.request(method, path, body, headers | ({"Idempotency-Key": key} if key else {}))

    def close(self) -> None:
        """Hang up."""
        self._connection.close()


class Secretary:
    """Sends one branch's report, each request after the answer to the one before; with what became of it."""

    def __init__(self, url: str) -> None:
        self._url = url

    def report(self, papers: Papers, intended: float) -> Report:
        """Fetch tonight's bundle, then send everything; a refusal ends the report, a failed connection does not."""
        heard: list[Heard] = []
        refused: list[str] = []
        unlike = cut = 0
        adopted = False
        with closing(Phone(self._url)) as phone:
            fetch = Letter("bundle", "GET", f"/v1/units/{papers.unit_id}/tonight", b"", "")
            answer = self._insist(phone, papers, fetch, intended, heard, refused)
            version = None if answer is None else _version_in(answer, papers.row.meeting_id)
            if answer is not None and version is None:
                refused.append("bundle without the meeting")
            for letter in papers.letters(version) if version is not None else ():
                left = time.perf_counter()
                how = papers.again[1] if papers.again and papers.again[0] == letter.door else None
                if how == "cut":
                    phone.cut(papers.token, letter)
                    cut += 1
                answer = self._insist(phone, papers, letter, left, heard, refused)
                if answer is None:
                    break
                if how == "answered":
                    again = time.perf_counter()
                    status, body = phone.ask(papers.token, letter.method, letter.path, letter.body, letter.key)
                    unlike += (status, body) != (heard[-1].status, answer)
                    heard.append(_heard(letter, again, status, body, repeat=True))
                if letter.door == "offline":
                    parts = msgspec.json.decode(answer, type=_Answers).parts
                    refused += [f"offline {p.kind} {p.status} {p.rule}" for p in parts if p.status != 200]
                    adopted = any(p.kind == "adoption" and p.status == 200 for p in parts)
                else:
                    adopted = letter.door == "adoption"
        return Report(papers, intended, time.perf_counter(), adopted, heard, refused, unlike, cut)

    def _insist(
        self, phone: Phone, papers: Papers, letter: Letter, left: float, heard: list[Heard], refused: list[str]
    ) -> bytes | None:
        """The body of the answer; None when the service refused, or was too busy for all attempts."""
        body, pause = letter.body or None, 0.5
        for _ in range(_ATTEMPTS):
            status, answer = phone.ask(papers.token, letter.method, letter.path, body, letter.key)
            heard.append(_heard(letter, left, status, answer))
            if status in (200, 201):
                return answer
            with suppress(msgspec.DecodeError):
                status_and_rule = f"{letter.door} {status} {msgspec.json.decode(answer, type=dict).get('rule', '')}"
                refused.append(status_and_rule)
            if not answer:
                refused.append(f"{letter.door} {status}")
            if status not in _BUSY:
                break
            time.sleep(pause)
            pause *= 2
        return None


def _heard(letter: Letter, left: float, status: int, answer: bytes, *, repeat: bool = False) -> Heard:
    return Heard(letter.door, left, time.perf_counter(), status, len(letter.body), len(answer), repeat)


def _version_in(bundle: bytes, meeting_id: str) -> int | None:
    found = msgspec.json.decode(bundle, type=_Bundle).meetings
    return next((meeting.version for meeting in found if meeting.meeting_id == meeting_id), None)


def offer_at(
    send: Callable[[int, float], T], moments: Sequence[float], say: Callable[[str], None] = lambda words: None
) -> tuple[float, list[T]]:
    """Call `send(number, when it was to be called)` at each of `moments`, in seconds from now on, whatever the calls
    take; the start (`perf_counter`) and all results."""
    began = time.perf_counter() + 0.1
    with ThreadPoolExecutor(_THREADS, thread_name_prefix="evening") as pool:
        futures = []
        for number, moment in enumerate(moments):
            time.sleep(max(0.0, began + moment - time.perf_counter()))
            futures.append(pool.submit(send, number, began + moment))
            if number % 500 == 499:
                say(f"{number + 1:,} of {len(moments):,} reports have begun")
        return began, [future.result() for future in futures]


class Reckoning(msgspec.Struct, frozen=True):
    """Adopted meetings as those who sent them know it, against what is kept of the month."""

    kept: int
    lost: int
    twice: int
    unheard: int


def reckon(adopted: Sequence[str], kept: Mapping[str, int]) -> Reckoning:
    """`kept`: how many revisions each adopted meeting in the database has. Unheard: kept, but never answered 200."""
    told = set(adopted)
    return Reckoning(
        kept=len(kept),
        lost=len(told - kept.keys()),
        twice=sum(revisions != 1 for revisions in kept.values()) + len(adopted) - len(told),
        unheard=len(kept.keys() - told),
    )
