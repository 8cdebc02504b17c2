"""The organisation as a tree on every day: no cycle, a parent in force all the while, of a kind allowed then."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from datetime import date
from uuid import UUID

import msgspec

from services.registry.domain import spans, units
from services.registry.domain.rules import Rules
from services.registry.domain.spans import vi
from services.registry.domain.units import Breach, Unit, UnitSpan
from shared.errors import Text

Tree = Mapping[UUID, Unit]


class _Days(msgspec.Struct, frozen=True):
    """Some days, as a span."""

    valid_from: date
    valid_to: date | None


def breaches(tree: Tree, changed: Collection[UUID], rules: Rules) -> Iterator[Breach]:
    """Every rule that `changed` units of `tree` (already with their change) break, alone or with their neighbours.

    What an unchanged unit below suffers is told of the changed parent: there the remedy is.
    """
    for unit_id in changed:
        unit = tree[unit_id]
        yield from units.breaches(unit, rules)
        for span in unit.spans:
            yield from _above(tree, unit, span, rules)
    if not changed:
        return
    changed_ids = frozenset(changed)
    for parent_id, below in _children(tree, changed_ids).items():
        for child in below:
            if child.unit_id not in changed_ids:
                yield from _left_behind(tree, tree[parent_id], child, rules)


def below(tree: Tree, tops: Collection[UUID], day: date) -> set[UUID]:
    """Those of `tops` that are units of `tree`, and all units below them on `day`."""
    children: dict[UUID, list[UUID]] = defaultdict(list)
    for unit in tree.values():
        held = spans.at(unit.spans, day)
        if held is not None and held.parent_id is not None:
            children[held.parent_id].append(unit.unit_id)
    found: set[UUID] = set()
    waiting = [unit_id for unit_id in tops if unit_id in tree]
    while waiting:
        unit_id = waiting.pop()
        if unit_id not in found:
            found.add(unit_id)
            waiting += children[unit_id]
    return found


def ever_below(tree: Tree, tops: Collection[UUID]) -> set[UUID]:
    """`tops` and all units that stand below them on any day."""
    children: dict[UUID, list[UUID]] = {}
    for unit in tree.values():
        for parent_id in {span.parent_id for span in unit.spans}:
            if parent_id is not None:
                children.setdefault(parent_id, []).append(unit.unit_id)
    found: set[UUID] = set()
    waiting = list(tops)
    while waiting:
        unit_id = waiting.pop()
        if unit_id not in found:
            found.add(unit_id)
            waiting += children.get(unit_id, ())
    return found


def _children(tree: Tree, parents: frozenset[UUID]) -> Mapping[UUID, list[Unit]]:
    found: dict[UUID, list[Unit]] = defaultdict(list)
    for unit in tree.values():
        for parent_id in {span.parent_id for span in unit.spans}:
            if parent_id is not None and parent_id in parents:
                found[parent_id].append(unit)
    return found


def _above(tree: Tree, unit: Unit, span: UnitSpan, rules: Rules) -> Iterator[Breach]:
    def breach(rule: str, message: Text, source: str | None = None) -> Breach:
        return Breach(unit.unit_id, span.valid_from, "parent_id", rule, message, source)

    if span.parent_id is None:
        first = max(span.valid_from, units.OPENING)
        allowed = rules.parents_on(first)
        if None not in allowed.value.get(span.kind, ()):
            kind = rules.kind_words(span.kind, first)
            yield breach(
                "parent-needed",
                Text(
                    f"Loại “{kind.vi}” phải có cấp trên trực tiếp. Hãy nêu cấp trên.",
                    f"A {kind.en} needs a unit directly above it. Name that unit.",
                ),
                allowed.source,
            )
        return
    parent = tree.get(span.parent_id)
    if parent is None:
        yield breach(
            "unknown-unit",
            Text(
                "Không có đơn vị cấp trên này. Hãy tạo cấp trên trước.",
                "There is no such unit above. Create it first.",
            ),
        )
        return
    if not spans.within(span, parent.spans):
        until = vi(span.valid_to) if span.valid_to else "nay"
        yield breach(
            "parent-not-in-force",
            Text(
                f"Cấp trên {parent.code} không có hiệu lực suốt thời gian từ {vi(span.valid_from)} đến {until}. "
                "Hãy sửa ngày, hoặc chuyển đơn vị sang cấp trên khác.",
                f"The unit above, {parent.code}, is not in force all the while from {span.valid_from} "
                f"to {span.valid_to or 'now'}. Correct the dates, or move the unit under another one.",
            ),
        )
    for above in parent.spans:
        if not spans.overlap(span, above):
            continue
        first = max(span.valid_from, above.valid_from, units.OPENING)
        allowed = rules.parents_on(first)
        if above.kind not in allowed.value.get(span.kind, ()):
            kind, other = rules.kind_words(span.kind, first), rules.kind_words(above.kind, first)
            yield breach(
                "parent-kind",
                Text(
                    f"Loại “{kind.vi}” không được trực thuộc loại “{other.vi}” ({parent.code}). "
                    "Hãy chọn cấp trên khác, hoặc sửa kind.",
                    f"A {kind.en} may not stand directly under a {other.en} ({parent.code}). "
                    "Choose another unit above, or correct the kind.",
                ),
                allowed.source,
            )
            break
    if _returns(tree, unit.unit_id, span.parent_id, _Days(span.valid_from, span.valid_to), frozenset()):
        yield breach(
            "cycle",
            Text(
                f"Đơn vị {unit.code} sẽ nằm dưới chính nó. Hãy chọn cấp trên không thuộc {unit.code}.",
                f"Unit {unit.code} would stand below itself. Choose a unit above that is not below {unit.code}.",
            ),
        )


def _returns(tree: Tree, start: UUID, here: UUID, days: _Days, passed: frozenset[UUID]) -> bool:
    """Whether the way up from `here`, on some day of `days`, comes to `start`."""
    if here == start:
        return True
    unit = tree.get(here)
    if unit is None or here in passed:
        return False
    return any(
        span.parent_id is not None
        and spans.overlap(span, days)
        and _returns(tree, start, span.parent_id, _shared(span, days), passed | {here})
        for span in unit.spans
    )


def _shared(one: UnitSpan, other: _Days) -> _Days:
    ends = [day for day in (one.valid_to, other.valid_to) if day is not None]
    return _Days(max(one.valid_from, other.valid_from), min(ends, default=None))


def _left_behind(tree: Tree, parent: Unit, child: Unit, rules: Rules) -> Iterator[Breach]:
    for span in child.spans:
        if span.parent_id != parent.unit_id:
            continue
        for breach in _above(tree, child, span, rules):
            if breach.rule == "cycle":
                continue  # the changed unit on that cycle says so itself
            yield Breach(
                parent.unit_id,
                parent.spans[-1].valid_from,
                "kind" if breach.rule == "parent-kind" else "valid_to",
                f"child-{breach.rule.removeprefix('parent-')}",
                Text(
                    f"Đơn vị {child.code} trực thuộc {parent.code} sẽ không còn hợp lệ: {breach.message.vi}",
                    f"Unit {child.code} below {parent.code} would no longer fit: {breach.message.en}",
                ),
                breach.source,
            )
