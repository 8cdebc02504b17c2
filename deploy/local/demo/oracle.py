"""What every figure must be, counted plainly from what was sent: dicts and loops, no code of the services.

The definitions are those of docs/figures.md, written here a second time on purpose.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import NamedTuple

from deploy.local.demo.frame import Bars
from deploy.local.demo.oracle_derived import Figures, of_period
from deploy.local.demo.oracle_evidence import Seen, evidence_of
from deploy.local.demo.oracle_meetings import Enrolled, enrol, parts_of, seen_of
from deploy.local.demo.oracle_parts import PARTS, SETTLES_LATER, TELLING_FROM
from deploy.local.demo.oracle_registry import standing
from deploy.local.demo.oracle_signals import copied, own_words
from deploy.local.demo.oracle_steps import Steps, Tasks
from deploy.local.demo.oracle_tree import add, is_closed, local_day, month_of
from deploy.local.demo.province import Province
from deploy.local.demo.rows import Call, Completion, Meeting, NotHeld, Submission


class _Counted(NamedTuple):
    """A meeting as it is counted: its branch, local day, parts, and what is only known later.

    `visited`: whether the superior came. `seen`: what evidence is counted from, of a regular meeting. `own_words`: the
    discussion, where it is the branch's own.
    """

    code: str
    day: date
    parts: dict[str, int]
    kind: str
    visited: bool = False
    seen: Seen | None = None
    own_words: str | None = None
    adopted_at: datetime | None = None


class Oracle:
    """Keeps what was sent, in few words, and counts it when asked.

    `copies`: whether discussions in words of their own (own_words.py) are all that tells texts from each other, so that
    it can be said who copied. `left_out` are the figures that cannot be said beforehand, each with the reason.
    `after_reshape` counts what was sent after the tree changed of months before: meetings, corrections, not held.
    """

    def __init__(self, province: Province, *, copies: bool = False) -> None:
        self.left_out = _left_out(province, copies=copies)
        self.after_reshape: Counter[str] = Counter()
        self._trees: list[tuple[str, Mapping[str, str | None]]] = [
            ("0000-00", {unit.code: unit.parent_code for unit in province.units})
        ]
        self._branches = [unit.code for unit in province.units if unit.kind in ("branch", "grassroots_branch")]
        self._joined: dict[str, list[date]] = {}
        for code, members in province.members.items():
            self._joined[code] = [member.valid_from for member in members if member.status == "active"]
        self._members = province.members
        self._standing: dict[tuple[str, str], dict[str, int]] = {}
        self._enrolled: dict[str, list[Enrolled]] = {}
        self._meetings: dict[str, _Counted] = {}
        self._revisions: dict[str, int] = {}
        self._tasks = Tasks()
        self._steps = Steps()
        self._frames: list[tuple[date, Bars]] = []

    def enrol(self, member_ids: Mapping[str, str], on: date) -> None:
        """Note the registry's ids of the members (by their codes), enrolled on the day `on`.

        The roster that meetings count groups of ages by tells each member's age on that day.
        """
        for code, members in self._members.items():
            self._enrolled[code] = [
                enrol(member, member_ids[member.code], on) for member in members if member.status == "active"
            ]

    def reshape(self, from_month: str, parents: Mapping[str, str | None]) -> None:
        """From `from_month` on the tree is `parents`: the code above each code that is in force then."""
        self._trees.append((from_month, parents))

    def score_by(self, day: date, bars: Bars) -> None:
        """From `day` on regular meetings are scored by the province's own frame with these bars."""
        self._frames.append((day, bars))

    def take(self, submission: Submission, now: datetime | None = None) -> None:
        """Note one submission that was accepted; `now` is what the clock said then, its own instant by default."""
        code, row, at = self._branches[submission.branch], submission.row, now or submission.at
        if isinstance(row, Completion):
            self._tasks.done[row.task_id] = row.done_on
        elif isinstance(row, Call):
            self._steps.call(code, row, local_day(at), local_day(row.starts_at))
        elif isinstance(row, NotHeld):
            self._meetings[row.meeting_id] = _Counted(code, local_day(row.starts_at), {"not_held": 1}, "regular")
            self._note_order("not_held", row.starts_at)
        elif not submission.repeated:
            self._revisions[row.meeting_id] = self._revisions.get(row.meeting_id, 0) + 1
            is_first = self._revisions[row.meeting_id] == 1
            self._note_order("meetings" if is_first else "corrections", row.starts_at)
            if is_first:
                last = (
                    self._tasks.of_last(code, row) if submission.door == "steps" and row.kind == "regular" else (0, 0)
                )
                self._steps.adopt(row, at if submission.door == "steps" else row.adopted_at, last)
            self._tasks.give(code, row)
            self._meetings[row.meeting_id] = self._counted(code, row)

    def _counted(self, code: str, row: Meeting) -> _Counted:
        adopted = self._steps.adopted[row.meeting_id]
        revisions = self._revisions[row.meeting_id]
        parts = parts_of(row, revisions, self._joined[code], self._enrolled.get(code, ()), adopted)
        return _Counted(
            code,
            local_day(row.starts_at),
            parts,
            row.kind,
            visited=row.visited is True,
            seen=seen_of(row, parts, adopted) if row.kind == "regular" else None,
            own_words=own_words(row),
            adopted_at=adopted.at,
        )

    def _note_order(self, what: str, starts_at: datetime) -> None:
        from_month, _ = self._trees[-1]
        if len(self._trees) > 1 and month_of(local_day(starts_at)) < from_month:
            self.after_reshape[what] += 1

    def figures(self, months: Iterable[str]) -> dict[str, dict[str, dict[str, int]]]:
        """Month → code of every unit → every part that is not left out.

        A branch stays one; what stands above it may change once.
        """
        return {
            month: {
                code: {name: value for name, value in parts.items() if name not in self.left_out}
                for code, parts in units.items()
            }
            for month, units in self._count(months).items()
        }

    def _count(self, months: Iterable[str]) -> dict[str, dict[str, dict[str, int]]]:
        trees = {month: self._tree_of(month) for month in months}
        counted = {month: {code: dict.fromkeys(PARTS, 0) for code in tree} for month, tree in trees.items()}
        for month, tree in trees.items():
            for code in self._branches:
                add(counted[month], tree, code, {"branches": 1})
                if (code, month) not in self._standing:
                    self._standing[code, month] = standing(self._members.get(code, ()), month)
                add(counted[month], tree, code, self._standing[code, month])
            for code, due in self._tasks.due_in(month):
                add(counted[month], tree, code, due)
        repeated = self._copied()
        for meeting_id, one in self._meetings.items():
            month = month_of(one.day)
            if month in counted:
                add(counted[month], trees[month], one.code, one.parts)
                add(counted[month], trees[month], one.code, self._later(one, meeting_id in repeated))
        return counted

    def _later(self, one: _Counted, is_copied: bool) -> dict[str, int]:
        """What became known of a meeting after its minutes."""
        parts = {"copied": int(is_copied)}
        if one.seen is None:
            return parts
        if self._steps.is_followed(one.code, one.day):
            parts |= {"superior_assigned": 1, "superior_attended": int(one.visited)}
        bars = next((bars for day, bars in reversed(self._frames) if day <= one.day), None)
        return parts if bars is None else parts | evidence_of(one.seen, bars)

    def _copied(self) -> set[str]:
        told = [
            (one.own_words, one.adopted_at, meeting_id)
            for meeting_id, one in self._meetings.items()
            if one.own_words is not None and one.adopted_at is not None
        ]
        return copied(told)

    def of_period(self, months: Sequence[str], now: datetime, *, by_quarters: bool = False) -> dict[str, Figures]:
        """Code of every unit → every figure, parts and derived ones, of a period within which the tree stays.

        `by_quarters`: the period is made of whole quarters.
        """
        counted = self._count(months)
        begun = frozenset(month for month in months if month <= month_of(local_day(now)))
        closed = frozenset(month for month in months if is_closed(month, local_day(now)))
        themes = {months[at]: self._with_theme(months[at - 2 : at + 1]) for at in range(2, len(months), 3)}
        return {
            code: of_period(
                {month: counted[month][code] for month in months},
                begun,
                closed,
                {month: found[code] for month, found in themes.items()} if by_quarters else None,
            )
            for code in counted[months[-1]]
        }

    def _with_theme(self, months: Sequence[str]) -> dict[str, int]:
        """Code of every unit → of how many branches a thematic meeting of these months is known."""
        tree = self._tree_of(months[-1])
        found = {code: {"with_theme": 0} for code in tree}
        reached = {
            one.code for one in self._meetings.values() if one.kind == "thematic" and month_of(one.day) in months
        }
        for code in reached:
            add(found, tree, code, {"with_theme": 1})
        return {code: counts["with_theme"] for code, counts in found.items()}

    def silent(self, month: str) -> list[str]:
        """The codes of the branches of which neither a regular meeting of `month` nor its falling out is known."""
        told = {one.code for one in self._meetings.values() if month_of(one.day) == month and one.kind == "regular"}
        return [code for code in self._branches if code not in told]

    def _tree_of(self, month: str) -> Mapping[str, str | None]:
        return next(tree for from_month, tree in reversed(self._trees) if from_month <= month)


def _left_out(province: Province, *, copies: bool) -> dict[str, str]:
    """Meetings learns from many branches what everybody writes; with fewer it depends on the order of arrival whom it
    finds to repeat whom."""
    parents = {unit.code: unit.parent_code for unit in province.units}
    found = {code: {"branches": 0} for code in parents}
    for unit in province.branches():
        add(found, parents, unit.code, {"branches": 1})
    fewest = min(found[root.code]["branches"] for root in province.roots)
    if copies and fewest >= TELLING_FROM:
        return {}
    few = f"tỉnh có {fewest} chi bộ, cần {TELLING_FROM} / it takes {TELLING_FROM} branches of a province, here {fewest}"
    other = "không biết trước văn bản nào giống nhau / which texts are alike is not known beforehand"
    return dict.fromkeys(sorted(SETTLES_LATER), few if copies else other)
