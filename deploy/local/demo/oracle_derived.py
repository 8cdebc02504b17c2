"""The derived figures of docs/figures.md, written a second time: shares and means of the oracle's own sums."""

from collections.abc import Mapping
from typing import Final

from deploy.local.demo.oracle_parts import STANDING, SUMMED

Figures = dict[str, float | None]
"""Name → figure of a unit and period; None: it says nothing, as a share of nobody."""
_RATES: Final = {
    "held_rate": ("regular_held", "due_begun"),
    "attendance_rate": ("present", "owed"),
    **{
        f"attendance_rate_{group}": (f"present_{group}", f"owed_{group}")
        for group in (
            "age_18_30",
            "age_31_40",
            "age_41_50",
            "age_51_60",
            "age_61_up",
            "secretary",
            "deputy",
            "committee",
            "without_post",
        )
    },
    "late_arrival_rate": ("late_arrivals", "present"),
    "on_time_rate": ("regular_on_time", "regular_held"),
    "complete_rate": ("minutes_complete", "regular_held"),
    "conclusion_rate": ("with_conclusion", "regular_held"),
    "task_rate": ("with_tasks", "regular_held"),
    "speaking_rate": ("speakers", "present"),
    "tasks_done_rate": ("tasks_done", "tasks_due"),
    "last_resolution_rate": ("last_tasks_done", "last_tasks"),
    "superior_attendance_rate": ("superior_attended", "superior_assigned"),
    "duration_rate": ("duration_kept", "duration_known"),
    "set_day_rate": ("on_set_day", "on_set_day_known"),
    "pre_meeting_rate": ("pre_meeting_held", "preparation_known"),
    "notice_rate": ("notice_given", "preparation_known"),
    "documents_rate": ("documents_in_time", "preparation_known"),
    "signal_rate": ("signalled", "examined"),
    "copied_rate": ("copied", "examined"),
    "thematic_coverage": ("quarters_with_theme", "quarters_due"),
}
_MEANS: Final = {
    "average_self_points": ("self_points_hundredths", "self_scored"),
    "average_voted_points": ("voted_points_hundredths", "voted_scored"),
    "average_official_points": ("official_points_hundredths", "official_scored"),
    "self_above_official": ("self_above_official_hundredths", "both_scored"),
    "self_from_official": ("self_from_official_hundredths", "both_scored"),
    "average_evidence_points": ("evidence_points_hundredths", "evidence_scored"),
    "evidence_gap": ("evidence_gap_hundredths", "evidence_compared"),
}
_COUNTED: Final = ("due", "due_begun", "missing", "awaited", "quarters_due", "quarters_with_theme")
DERIVED: Final = (*_COUNTED, "task_share_of_members", *_RATES, *_MEANS)


def of_period(
    months: Mapping[str, Mapping[str, int]],
    begun: frozenset[str],
    closed: frozenset[str],
    themes: Mapping[str, int] | None = None,
) -> Figures:
    """Every figure of a unit and period: `months` are the unit's parts by month, in the order of months.

    `begun` and `closed` are the months that have begun, and those whose last reporting day has passed. `themes` tells,
    by the last month of each quarter of a period of whole quarters, of how many branches a thematic meeting is known.
    """
    last = list(months.values())[-1]
    found: Figures = {name: last[name] for name in STANDING}
    found |= {name: sum(parts[name] for parts in months.values()) for name in SUMMED}
    left = {
        month: max(0, parts["branches"] - parts["regular_held"] - parts["not_held"]) for month, parts in months.items()
    }
    found["due"] = sum(parts["branches"] for parts in months.values())
    found["due_begun"] = sum(parts["branches"] for month, parts in months.items() if month in begun)
    found["missing"] = sum(count for month, count in left.items() if month in closed)
    found["awaited"] = sum(count for month, count in left.items() if month not in closed)
    found["quarters_due"] = None if themes is None else sum(months[month]["branches"] for month in themes)
    found["quarters_with_theme"] = None if themes is None else sum(themes.values())
    members = sum(parts["members_active"] for month, parts in months.items() if month in begun)
    given = found["members_with_task"]
    found["task_share_of_members"] = round(given / members, 4) if members and given is not None else None
    if not found["task_members_known"]:
        found["task_share_of_members"] = None
    for name, (part, whole) in _RATES.items():
        found[name] = _divided(found[part], found[whole], 4)
    for name, (hundredths, count) in _MEANS.items():
        found[name] = _divided(found[hundredths], found[count], 2, 100)
    return found


def _divided(part: float | None, whole: float | None, places: int, by: int = 1) -> float | None:
    return round(part / whole / by, places) if part is not None and whole else None
