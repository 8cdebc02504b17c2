"""Compare queued minutes with those of the past months: one transaction a batch, one query a step.

1. Take queued meetings and read their texts.
2. Where a province has grown or its list is old: find again what stands in the minutes of many of its branches.
3. Sign what each text says of its own; find prints that share a band; look at the texts of the nearest.
4. Keep who repeats whom (the later repeats the earlier) and publish the meetings whose answer changed, and regular
   ones that are judged together with a thematic one of the batch (store/around.py).
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Final
from uuid import UUID

from services.meetings.commands import saving
from services.meetings.domain import copies
from services.meetings.domain.copies import Part, Prepared
from services.meetings.domain.rules import CopyRule
from services.meetings.store import around, rules, subtree, templates, texts
from services.meetings.store import copies as store
from services.meetings.store.copies import Common, Copy, Print
from services.meetings.store.texts import Text
from shared.clock import local_day
from shared.db import Connection

BATCH: Final = 100
_NEAREST: Final = 20
_SAMPLE: Final = 400
_GROWN: Final = 1.5
_OLD_DAYS: Final = 30
_NOBODYS: Final[frozenset[int]] = frozenset()


def turn(conn: Connection, now: datetime) -> int:
    """Compare the next batch; returns how many meetings it was, 0 when there is nothing to do here now."""
    taken = store.take(conn, BATCH)
    if taken is None or not taken[0]:
        return 0
    meeting_ids, queue_ids = taken
    changed = around.judged_with(conn, meeting_ids)
    rule = rules.load(conn).on(local_day(now)).copies
    if rule is not None:
        known = texts.load(conn, meeting_ids)
        # Those adopted before the table of texts was there.
        texts.keep(conn, [known[meeting_id] for meeting_id in sorted(texts.not_kept(conn, known.keys()))])
        changed |= store.replace_copies(conn, meeting_ids, _compare(conn, meeting_ids, known, rule, now))
    saving.publish_again(conn, changed, at=now)
    store.done(conn, queue_ids)
    return len(meeting_ids)


def everybodys(conn: Connection, province_ids: Collection[UUID]) -> dict[UUID, frozenset[int]]:
    """What accuses nobody, by province: what the templates say, and what many branches write."""
    said = tuple(sorted(templates.words_of(conn)))
    of_templates = _said_by_templates(said)
    known = store.common(conn, province_ids)
    return {
        province_id: of_templates | (copies.unpacked(known[province_id].shingles) if province_id in known else _NOBODYS)
        for province_id in province_ids
    }


@lru_cache(maxsize=4)
def _said_by_templates(said: tuple[str, ...]) -> frozenset[int]:
    return copies.template_shingles(said)


def _compare(
    conn: Connection, meeting_ids: Collection[UUID], known: Mapping[UUID, Text], rule: CopyRule, now: datetime
) -> list[Copy]:
    tops = subtree.tops(conn, {text.unit_id for text in known.values()}, local_day(now))
    provinces = set(tops.values())
    _renew(conn, provinces, rule, now)
    nobodys_own = everybodys(conn, provinces)
    prepared: dict[tuple[UUID, Part], Prepared] = {}
    prints = []
    for text in known.values():
        province_id = tops[text.unit_id]
        for part in copies.PARTS:
            own = copies.prepare(copies.texts_of(text.minutes, part), nobodys_own[province_id])
            if own.words >= rule.least_words[part]:
                prepared[text.meeting_id, part] = own
                signed = copies.signature(own.shingles)
                prints.append(
                    Print(
                        text.meeting_id,
                        part,
                        province_id,
                        text.unit_id,
                        text.adopted_at,
                        signed,
                        copies.bands(part, signed),
                    )
                )
    store.put_prints(conn, meeting_ids, prints)
    near = [
        (meeting_id, part, other)
        for meeting_id, part, mine, other, theirs in store.candidates(conn, meeting_ids, _back(rule).days, _NEAREST)
        if copies.estimate(mine, theirs) >= copies.NEAR
    ]
    others = texts.load(conn, {other for _, _, other in near} - known.keys()) | dict(known)
    return _verified(near, others, tops, prepared, nobodys_own, rule)


def _verified(
    near: Sequence[tuple[UUID, Part, UUID]],
    known: Mapping[UUID, Text],
    tops: Mapping[UUID, UUID],
    prepared: dict[tuple[UUID, Part], Prepared],
    nobodys_own: Mapping[UUID, frozenset[int]],
    rule: CopyRule,
) -> list[Copy]:
    found: dict[tuple[UUID, Part, UUID], Copy] = {}
    for meeting_id, part, other in near:
        if other not in known:
            continue
        # Both are read with the eyes of the one's province: what is everybody's there is not its own elsewhere.
        eyes = nobodys_own[tops[known[meeting_id].unit_id]]
        if (other, part) not in prepared:
            prepared[other, part] = copies.prepare(copies.texts_of(known[other].minutes, part), eyes)
        if min(prepared[meeting_id, part].words, prepared[other, part].words) < rule.least_words[part]:
            continue
        alike = copies.likeness(prepared[meeting_id, part], prepared[other, part])
        if alike >= rule.likeness:
            first, second = sorted((known[meeting_id], known[other]), key=lambda text: text.age)
            found[second.meeting_id, part, first.meeting_id] = Copy(
                second.meeting_id, part, first.meeting_id, round(min(alike, 1.0), 3)
            )
    return list(found.values())


def _renew(conn: Connection, province_ids: Collection[UUID], rule: CopyRule, now: datetime) -> None:
    known = store.common(conn, province_ids)
    since, today = now - _back(rule), local_day(now)
    changed: dict[UUID, Common] = {}
    for province_id in province_ids:  # one province in all but a few installations
        last = known.get(province_id)
        if last is not None and now - last.made_at < timedelta(days=_OLD_DAYS):
            telling = store.branches_told_of(conn, province_id, today, since)
            if telling < _GROWN * max(last.branches, 1):
                continue
        written = store.sample(conn, province_id, today, since, _SAMPLE)
        sets = [copies.all_shingles(copies.texts_of(minutes, "minutes")) for minutes in written]
        shared = copies.packed(copies.common(sets, rule.common_share, rule.common_branches))
        found = Common(province_id, store.branches_told_of(conn, province_id, today, since), now, shared)
        store.put_common(conn, found)
        if last is None or last.shingles != shared:
            changed[province_id] = found
    if changed:
        store.enqueue_accused(conn, changed, since)


def _back(rule: CopyRule) -> timedelta:
    return timedelta(days=round(rule.months * 30.5))
