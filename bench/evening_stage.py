"""A suite with a province in it, whose branches report evening after evening."""

import random
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from datetime import datetime, timedelta
from statistics import median
from typing import Final

import msgspec
import psycopg

from bench.evening_figures import Adoptions, Evening, File, evening, traffic
from bench.evening_load import Phone, Secretary, arrivals, offer_at, reckon
from bench.evening_papers import Papers, fate, meeting_of, prepare
from bench.evening_watch import copies_compared, settle, spent
from bench.freshness import Spread
from bench.load import Caller, Watcher, attribute, offer
from deploy.local.demo import compare, register, watch
from deploy.local.demo.client import Client
from deploy.local.demo.oracle import Oracle
from deploy.local.demo.province import Province
from deploy.local.demo.rehearsal_clock import RehearsalClock
from deploy.local.demo.rows import Submission
from deploy.local.demo.slots import at
from deploy.local.demo.steps import subject_of
from deploy.local.demo.year import Year
from deploy.local.errors import LocalError
from deploy.local.suite import Suite
from shared.clock import local_day
from shared.months import first_day, month_of

READ_EVERY: Final = 0.25
FILES: Final = 20
_PATIENCE: Final = 300.0
_PREPARED: Final = ("attendance", "minutes", "score")
Say = Callable[[str], None]


def late_on_the_third(month: str) -> datetime:
    """22:30 of the 3rd: every meeting of that evening is over."""
    return at(first_day(month) + timedelta(days=2), 22, 30)


class Stage:
    """Reports through the doors, and what must have become of them."""

    def __init__(self, suite: Suite, client: Client, province: Province, clock: RehearsalClock, say: Say) -> None:
        self._suite, self._client, self._clock, self._say = suite, client, clock, say
        self._province = province
        self._sizes = [len(province.members[unit.code]) for unit in province.branches()]
        self._oracle = Oracle(province)
        self._token = suite.mint_token("province_admin", None, subject_of("evening"))
        say(f"bringing in {len(province.units):,} units and {sum(self._sizes):,} members")
        began = time.monotonic()
        self._root_id, *_ = register.register(client, self._token, province)
        self.brought_in_seconds = time.monotonic() - began
        ids = register.read_ids(client, self._token, [self._root_id])
        self._oracle.enrol(ids.members, local_day(clock.now))
        self._names = {ids.members[m.code]: m.full_name for here in province.members.values() for m in here}
        self._branches = Year(province, ids, months=1).branches
        self._tokens = [
            suite.mint_token("branch_secretary", branch.unit_id, subject_of(branch.unit_id))
            for branch in self._branches
        ]
        self._arrived(month_of(clock.now))

    def evening(self, month: str, seconds: float) -> Evening:
        """All branches report on the 3rd of `month`, within `seconds`."""
        self._clock.advance(late_on_the_third(month))
        rng = random.Random(month)
        papers = [self._papers(number, month, rng) for number in range(len(self._branches))]
        rng.shuffle(papers)
        self._say(f"{month}: planning {len(papers):,} meetings")
        prepare(self._client, papers, self._say)
        settle(self._suite)
        moments = arrivals(len(papers), seconds, rng)
        secretary = Secretary(self._suite.url("meetings"))
        self._say(f"{month}: {len(papers):,} reports within {seconds / 60:g} minutes")
        used = spent(self._suite)
        with self._reading(month) as watcher:
            began, reports = offer_at(lambda number, due: secretary.report(papers[number], due), moments, self._say)
            adopted = [report for report in reports if report.adopted]
            watcher.wait_for(len(adopted), _PATIENCE)
        took = {name: now - used[name] for name, now in spent(self._suite).items()}
        compared_after = copies_compared(self._suite) - max(report.ended for report in reports)
        told = traffic(reports, moments, began, seconds)
        for report in adopted:
            self._note(report.papers)
        fresh: list[float] = []
        with suppress(ValueError):
            fresh = attribute([report.ended for report in adopted], watcher.seen, 0)
        return evening(
            month,
            seconds,
            told,
            reckoning=reckon([report.papers.row.meeting_id for report in adopted], self._kept([month])),
            counted=watcher.seen[-1][1],
            compared=self._compared([month]),
            processor_seconds=took,
            fresh=fresh,
            copies_compared_after=compared_after,
        )

    def adoptions(self, slots: Sequence[tuple[int, str]], rate: float) -> Adoptions:
        """Adopt the meetings of (branch, month) at `rate` a second, everything before it done beforehand."""
        rng = random.Random("adoptions")
        papers = [self._papers(number, month, rng, steps=True) for number, month in slots]
        self._say(f"preparing {len(papers):,} meetings of thirty")
        prepare(self._client, papers, self._say, _PREPARED)
        copies_compared(self._suite)
        settle(self._suite)
        phones: list[Phone] = []
        own = threading.local()

        def adopt(number: int) -> int:
            if not hasattr(own, "phone"):
                own.phone = Phone(self._suite.url("meetings"))
                phones.append(own.phone)
            letter = papers[number].letters(0)[-1]
            phone: Phone = own.phone
            return phone.ask(papers[number].token, letter.method, letter.path, letter.body, letter.key)[0]

        self._say(f"adopting {len(papers):,} at {rate:g}/s")
        used = spent(self._suite)
        shots = offer(adopt, len(papers), rate)
        for phone in phones:
            phone.close()
        copies_compared(self._suite)
        settle(self._suite)
        took = {name: now - used[name] for name, now in spent(self._suite).items()}
        good = [shot for shot in shots if shot.status == 200]
        if not good:
            raise LocalError("Không biên bản nào được thông qua.", "No minutes were adopted.")
        adopted = [paper for paper, shot in zip(papers, shots, strict=True) if shot.status == 200]
        for paper in adopted:
            self._note(paper)
        within = sorted({month for _, month in slots})
        return Adoptions(
            offered=rate,
            count=len(shots),
            achieved=len(good) / (max(shot.answered for shot in good) - shots[0].intended),
            not_200=len(shots) - len(good),
            adoption=Spread.of([shot.latency for shot in good]),
            figures_differing=self._compared(within).differing,
            processor_ms={name: seconds * 1000 / len(good) for name, seconds in took.items()},
            reckoning=reckon([paper.row.meeting_id for paper in adopted], self._kept(within)),
        )

    def files(self, number: int, month: str) -> dict[str, File]:
        """The minutes of branch `number` in `month` as DOCX and as PDF, with the names of its members."""
        papers = self._papers(number, month, random.Random("files"), steps=True)
        base = f"/v1/meetings/{papers.row.meeting_id}/papers"
        term = {"name": "Nhiệm kỳ", "first_day": f"{int(month[:4]) - 1}-01-01"}
        for method, path, body in (
            ("PUT", f"/v1/units/{papers.unit_id}/terms", {"terms": [term]}),
            ("POST", base, {"kind": "minutes"}),
        ):
            self._client.send(method, "meetings", path, papers.token, body=msgspec.json.encode(body))
        names = {member_id: self._names[member_id] for member_id in self._branches[number].owing}
        return {kind: self._file(papers, f"{base}/file", kind, names) for kind in ("docx", "pdf")}

    def _file(self, papers: Papers, path: str, kind: str, names: dict[str, str]) -> File:
        order = msgspec.json.encode({"kind": "minutes", "format": kind, "names": names, "blank": True})
        times, content = [], b""
        with closing(Phone(self._suite.url("meetings"))) as phone:
            for _ in range(FILES):
                left = time.perf_counter()
                status, content = phone.ask(papers.token, "POST", path, order)
                times.append(time.perf_counter() - left)
                if status != 200:
                    raise LocalError(f"{kind}: mã {status}: {content[:300]!r}", f"{kind} was answered {status}.")
        return File(len(content), times[0], median(times), max(times))

    def _papers(self, number: int, month: str, rng: random.Random, *, steps: bool = False) -> Papers:
        row = meeting_of(self._branches[number], number, month, self._clock.now)
        offline, again = (False, None) if steps else fate(rng, scored=row.score is not None)
        return Papers(number, row.unit_id, self._tokens[number], self._sizes[number], row, offline, again)

    def _note(self, papers: Papers) -> None:
        row = papers.row
        self._oracle.take(Submission(self._clock.now, "steps", papers.branch, row.meeting_id, row))

    @contextmanager
    def _reading(self, month: str) -> Iterator[Watcher]:
        """Someone who looks at the province's `regular_held` of `month` all the time."""
        caller = Caller(self._suite.url("evaluation"), self._suite.mint_token("portal", self._root_id))

        def held() -> int:
            status, body = caller.call("GET", f"/v1/units/{self._root_id}/scorecard?period={month}")
            # A reading that failed has seen nothing; the next one will.
            return int(msgspec.json.decode(body)["parts"]["regular_held"]) if status == 200 else 0

        watcher = Watcher(held, READ_EVERY)
        watcher.start()
        try:
            yield watcher
        finally:
            watcher.stop()

    def _kept(self, within: Sequence[str]) -> dict[str, int]:
        """How many revisions each adopted meeting of some months has in meetings' database."""
        with psycopg.connect(self._suite.database_url("meetings")) as conn:
            rows = conn.execute(
                "select m.meeting_id::text, count(r) from meeting m left join revision r using (meeting_id)"
                " where m.period = any(%s) and m.status = 'adopted' group by 1",
                (list(within),),
            )
            return msgspec.convert(dict(rows.fetchall()), dict[str, int])

    def _compared(self, within: Sequence[str]) -> compare.Comparison:
        expected = self._oracle.figures(within)
        for month in within:
            root = expected[month][self._province.root.code]
            if not watch.figures_arrived(self._client, self._token, self._root_id, month, root, _PATIENCE):
                break  # the comparison says what is missing
        names = {unit.code: unit.name for unit in self._province.units}
        return compare.compare(self._client, self._token, lambda _: [self._root_id], names, self._oracle, within)

    def _arrived(self, month: str) -> None:
        everyone = {"branches": len(self._branches)}
        if not watch.figures_arrived(self._client, self._token, self._root_id, month, everyone, _PATIENCE):
            raise LocalError("Tổ chức chưa vào số liệu.", "The province did not arrive in evaluation.")
        settle(self._suite)
