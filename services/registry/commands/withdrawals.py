"""A decision taken back, while nothing stands on it."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from uuid import UUID

import msgspec

from services.registry.commands import changes, publish
from services.registry.commands.decided import keep, to_change
from services.registry.commands.decision_rights import refuse_outside
from services.registry.commands.work import Work
from services.registry.domain.decisions import Decision, require_state
from services.registry.domain.reach import Reach
from services.registry.domain.units import BRANCH_KINDS, Unit
from services.registry.domain.withdrawal import Images, Obstacle, refusal_text, withdrawn
from services.registry.store import decisions as rows
from services.registry.store import lineage as lineage_rows
from services.registry.store import locks
from services.registry.store import places as place_rows
from services.registry.store import rules as rule_rows
from services.registry.store import units as unit_rows
from services.registry.store import villages as village_rows
from shared.clock import local_day
from shared.errors import Conflict, Fault, Text

_WORDS = {"unit": ("Đơn vị", "Unit"), "member": ("Đảng viên", "Member"), "village": ("Thôn", "Village")}


def withdraw(work: Work, decision_id: UUID, expected_version: int | None, reason: str, reach: Reach) -> Decision:
    """Take a decision in force back: everything is as it found it, and what it made never was.

    Raises NotFound, Forbidden, Conflict naming all that has changed since or stands on it, and by which decision.
    """
    conn = work.conn
    locks.hold_tree(conn)
    before = to_change(work, decision_id, reach)
    require_state(before, "in_force", expected_version)
    known = unit_rows.load_tree(conn)
    day = before.heading.effective_on
    refuse_outside(reach, known, before.operations, day)
    images = rows.images(conn, decision_id)
    made = images.made
    found = {unit_id: unit for unit_id, unit in known.items() if unit_id not in made} | dict(images.before.units)
    refuse_outside(reach, found, before.operations, day)  # where units go back to, too
    kept = place_rows.load(conn, known, _taken(images), images.after.units.keys(), members=images.after.members.keys())
    kept = msgspec.structs.replace(
        kept, villages={**kept.villages, **village_rows.load(conn, images.after.villages.keys())}
    )
    outcome = withdrawn(kept, images, day, rule_rows.load(conn))
    obstacles = [*_said(work, decision_id, outcome.obstacles), *outcome.conflicts]
    obstacles += _standing_on(work, decision_id, known, images)
    if obstacles:
        raise Conflict("decision-built-upon", refusal_text(len(obstacles)), obstacles)
    ordered = msgspec.structs.replace(work, author=msgspec.structs.replace(work.author, decision_id=decision_id))
    edges = lineage_rows.of_decision(conn, decision_id)
    lineage_rows.remove(conn, decision_id)
    rows.drop_images(conn, decision_id)
    changes.write(ordered, kept, outcome.changes)
    after = msgspec.structs.replace(
        before,
        state="withdrawn",
        version=before.version + 1,
        changed_by=work.author.actor,
        withdrawn_by=work.author.actor,
        reason=reason,
    )
    publish.decision(conn, after, known, edges)
    return keep(ordered, "decision.withdrawn", before, after)


def _taken(images: Images) -> list[UUID]:
    """The units that are branches on other days without the decision than with it: their members are looked at."""
    return [
        unit_id
        for unit_id, unit in images.after.units.items()
        if _branch_days(unit) != _branch_days(images.before.units.get(unit_id))
    ]


def _branch_days(unit: Unit | None) -> list[tuple[date, date | None]]:
    days: list[tuple[date, date | None]] = []
    for span in () if unit is None else unit.spans:
        if span.kind in BRANCH_KINDS:
            begins = days.pop()[0] if days and days[-1][1] == span.valid_from else span.valid_from
            days.append((begins, span.valid_to))
    return days


def _said(work: Work, decision_id: UUID, obstacles: Sequence[Obstacle]) -> list[Fault]:
    """Each obstacle as a fault that says what last changed it."""
    last = rows.last_changes(work.conn, [obstacle.subject_id for obstacle in obstacles])
    by = {by for _, _, by in last.values() if by is not None}
    numbers = rows.numbers(work.conn, by)
    return [
        Fault(
            f"{obstacle.subject}s.{obstacle.subject_id}",
            f"{obstacle.subject}-changed-since",
            _changed(obstacle, last.get(obstacle.subject_id), numbers, decision_id),
        )
        for obstacle in obstacles
    ]


def _changed(
    obstacle: Obstacle,
    last: tuple[str, datetime, UUID | None] | None,
    numbers: Mapping[UUID, str],
    decision_id: UUID,
) -> Text:
    what_vi, what_en = _WORDS[obstacle.subject]
    said = Text(f"{what_vi} {obstacle.code}", f"{what_en} {obstacle.code}")
    if last is None:
        return Text(f"{said.vi} không còn như quyết định để lại.", f"{said.en} is not as the decision left it.")
    action, at, by = last
    day = local_day(at)
    if by is not None and by != decision_id:
        number = numbers.get(by, str(by))
        return Text(
            f"{said.vi}: quyết định {number} đã thay đổi ngày {day:%d/%m/%Y} ({action}). Hãy thu hồi quyết định đó "
            "trước.",
            f"{said.en}: decision {number} changed it on {day} ({action}). Withdraw that decision first.",
        )
    return Text(
        f"{said.vi}: thay đổi sau cùng ngày {day:%d/%m/%Y} ({action}). Hãy sửa lại như cũ trước.",
        f"{said.en}: last changed on {day} ({action}). Undo that change first.",
    )


def _standing_on(work: Work, decision_id: UUID, known: Mapping[UUID, Unit], images: Images) -> list[Fault]:
    """What else names the units that the decision made."""
    made = sorted(images.made)
    later = set(lineage_rows.later_into(work.conn, decision_id, made))
    noted = place_rows.noted(work.conn, made)
    faults = []
    for unit_id in made:
        uses = [*noted.get(unit_id, ()), *(["unit_lineage"] if unit_id in later else [])]
        if uses and unit_id in known:
            code, listed = known[unit_id].code, ", ".join(uses)
            message = Text(
                f"Đơn vị {code} do quyết định này lập đang được nêu ở nơi khác ({listed}). Hãy gỡ trước.",
                f"Unit {code}, which this decision made, is named elsewhere ({listed}). Remove that first.",
            )
            faults.append(Fault(f"units.{unit_id}", "unit-in-use", message))
    return faults
