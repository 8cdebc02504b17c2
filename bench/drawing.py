"""Minutes as meetings tells of them today, drawn at random, and what each counts for, by plain additions."""

import random
import uuid
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from bench.tree import Unit
from deploy.local.demo.oracle_signals import REQUIRED_SECTIONS
from deploy.local.demo.sheets import GROUPS
from shared import months

GRADED: Final = 0.5
EXAMINED: Final = 0.9
SIGNALLED: Final = 0.04
_BANDS: Final = {
    "18-30": "age_18_30",
    "31-40": "age_31_40",
    "41-50": "age_41_50",
    "51-60": "age_51_60",
    "61+": "age_61_up",
}
_POSTS: Final = {"secretary": "secretary", "deputy_secretary": "deputy", "none": "without_post"}
_GRADES: Final = ((90, "good"), (70, "fair"), (50, "average"), (0, "weak"))
_IN_ATTENDANCE: Final = ("owed", "present", "absent_with_reason", "absent_without_reason")
_PREPARED: Final = {
    "pre_meeting_held": "pre_meeting_held",
    "notice_given": "notice_given",
    "documents_day_before": "documents_in_time",
}


def minutes(rng: random.Random, branch: Unit, month: str, kind: str) -> dict[str, Any]:
    """Adopted minutes of `branch`: the data of a meetings.meeting.v1 in its first reported state."""
    held = datetime.combine(months.first_day(month), datetime.min.time(), UTC)
    held += timedelta(days=rng.randint(1, 5), hours=rng.randint(1, 13))
    reported = held + timedelta(hours=rng.choice((3, 20, 30, 75)))
    due = (held + timedelta(days=2)).replace(hour=16, minute=59, second=59)
    owed, speakers, assigned = rng.randint(5, 24), rng.randint(1, 5), rng.randint(0, 3)
    absent = [str(an_id(rng)) for _ in range(rng.randint(0, 3))]
    complete, tasks = rng.random() < 0.9, rng.randint(0, 4)
    quality = rng.uniform(0.42, 1)
    scored = rng.random() < 0.9
    data = {
        "meeting_id": str(an_id(rng)),
        "version": rng.randint(3, 5),
        "unit_id": branch.unit_id,
        "kind": kind,
        "period": month,
        "status": "adopted",
        "stage": "reported",
        "revision": 1,
        "starts_at": held.isoformat(),
        "ended_at": (held + timedelta(minutes=95)).isoformat(),
        "adopted_at": (held + timedelta(minutes=90)).isoformat(),
        "reported_at": reported.isoformat(),
        "report_due_at": due.isoformat(),
        "theme": "học tập và làm theo tư tưởng, đạo đức, phong cách" if kind == "thematic" else None,
        "topic": {"topic_id": None, "tag": "learning"} if kind == "thematic" else None,
        "attendance": attendance(owed, absent, rng.randint(0, len(absent)), _split(rng, owed)),
        "minutes": {
            "sections_required": 6,
            "sections_filled": 6 if complete else 5,
            "complete": complete,
            "speakers": speakers,
            "speakers_named": speakers,
            "has_conclusion": rng.random() < 0.93,
            "has_resolution": True,
            "self_criticisms": rng.randint(0, 3),
            "questions": 1,
            "questions_carried": 1,
            "sections": [
                {"code": code, "required": True, "state": "filled" if complete or code != "self_criticism" else "empty"}
                for code in REQUIRED_SECTIONS["regular"]
            ],
        },
        "votes": {"for": owed - len(absent), "against": 0, "abstaining": 0, "of": owed},
        "tasks_assigned": assigned,
        "members_with_task": min(assigned, owed - len(absent)),
        "scores": {
            "self": _score(rng, quality) if scored else None,
            "voted": _score(rng, quality) if scored else None,
            "official": _score(rng, quality * 0.95) | {"graded_at": reported.isoformat()}
            if scored and rng.random() < GRADED
            else None,
        },
        "preparation": {
            "pre_meeting_held": rng.random() < 0.8,
            "notice_given": True,
            "notified_at": (held - timedelta(days=3)).isoformat(),
            "documents": 2,
            "documents_day_before": rng.random() < 0.7,
        },
        "superior_assigned": rng.random() < 0.5,
        "superior_attended": rng.random() < 0.6,
        "tasks_carried_over": 0,
        "last_resolution": {"tasks": tasks, "done": rng.randint(0, tasks), "done_late": 0, "carried_over": 0},
        "duration_minutes": 95,
        "duration_kept": True,
        "on_set_day": rng.random() < 0.7,
    }
    if rng.random() < EXAMINED:
        signalled = rng.random() < SIGNALLED
        data["signals"] = {"codes": ["copied"] if signalled else []}
        data["copies"] = {"count": 1, "likeness": 0.95} if signalled else None
    return data


def corrected(rng: random.Random, data: dict[str, Any]) -> dict[str, Any]:
    """The same minutes in their next version: one more was absent, and there is a conclusion."""
    came = data["attendance"]
    absent = [*came["absent_member_ids"], str(an_id(rng))]
    split = {(one["by"], one["group"]): one["owed"] for one in came["groups"]}
    return {
        **data,
        "version": data["version"] + 1,
        "revision": 2,
        "attendance": attendance(came["owed"], absent, came["absent_with_reason"], split),
        "minutes": {**data["minutes"], "has_conclusion": True},
    }


def attendance(owed: int, absent: list[str], with_reason: int, split: dict[tuple[str, str], int]) -> dict[str, Any]:
    """`split`: how many of each group owed attendance; who was absent is of the largest groups."""
    present = dict(split)
    for by in ("age_band", "post"):
        for _ in absent:
            largest = max((group for group in present if group[0] == by), key=lambda group: present[group])
            present[largest] -= 1
    return {
        "owed": owed,
        "present": owed - len(absent),
        "absent_with_reason": with_reason,
        "absent_without_reason": len(absent) - with_reason,
        "late": 0,
        "absent_member_ids": absent,
        "groups": [
            {"by": by, "group": group, "owed": owes, "present": present[by, group]}
            for (by, group), owes in sorted(split.items())
        ],
    }


def counts(data: dict[str, Any]) -> dict[str, int]:
    """What adopted minutes add to the figures of their month, part by part."""
    came = data["attendance"]
    parts = {name: came[name] for name in _IN_ATTENDANCE}
    for group in came["groups"]:
        ending = _BANDS[group["group"]] if group["by"] == "age_band" else _POSTS[group["group"]]
        parts[f"owed_{ending}"], parts[f"present_{ending}"] = group["owed"], group["present"]
    parts["speakers"] = data["minutes"]["speakers"]
    parts["tasks_assigned"] = data["tasks_assigned"]
    parts["corrected"] = int(data["revision"] > 1)
    if "signals" in data:
        parts["examined"] = 1
        parts["signalled"] = int(bool(data["signals"]["codes"]))
        parts["copied"] = int(data["copies"] is not None)
    if data["kind"] == "thematic":
        return parts | {"thematic_held": 1}
    in_time = datetime.fromisoformat(data["reported_at"]) <= datetime.fromisoformat(data["report_due_at"])
    prepared, last = data["preparation"], data["last_resolution"]
    parts |= {
        "regular_held": 1,
        "regular_on_time": int(in_time),
        "regular_late": int(not in_time),
        "minutes_complete": int(data["minutes"]["complete"]),
        "with_conclusion": int(data["minutes"]["has_conclusion"]),
        "with_tasks": int(data["tasks_assigned"] > 0),
        "task_members_known": 1,
        "members_with_task": data["members_with_task"],
        "last_tasks": last["tasks"],
        "last_tasks_done": last["done"],
        "superior_assigned": int(data["superior_assigned"]),
        "superior_attended": int(data["superior_assigned"] and data["superior_attended"]),
        "duration_known": 1,
        "duration_kept": int(data["duration_kept"]),
        "on_set_day_known": 1,
        "on_set_day": int(data["on_set_day"]),
        "preparation_known": 1,
        **{part: int(prepared[member]) for member, part in _PREPARED.items()},
    }
    return parts | _scored(data["scores"])


def _scored(scores: dict[str, Any]) -> dict[str, int]:
    points = {who: round(score["points"] * 100) for who, score in scores.items() if score is not None}
    parts = {f"{who}_scored": 1 for who in points} | {f"{who}_points_hundredths": n for who, n in points.items()}
    for who, name in (("self", "grade"), ("official", "official")):
        if who in points:
            parts[f"{name}_{next(grade for least, grade in _GRADES if points[who] >= least * 100)}"] = 1
    if "self" in points and "official" in points:
        above = points["self"] - points["official"]
        parts |= {
            "both_scored": 1,
            "self_above_official_hundredths": above,
            "self_from_official_hundredths": abs(above),
        }
    return parts


def an_id(rng: random.Random) -> uuid.UUID:
    """An id out of `rng`."""
    return uuid.UUID(int=rng.getrandbits(128), version=4)


def _score(rng: random.Random, quality: float) -> dict[str, Any]:
    groups = {name: min(most, round(most * quality * rng.uniform(0.9, 1.05) * 4) / 4) for name, most in GROUPS.items()}
    return {"points": sum(groups.values()), "frame": "hd-42-2025", "groups": groups, "max": dict(GROUPS)}


def _split(rng: random.Random, owed: int) -> dict[tuple[str, str], int]:
    bands: dict[tuple[str, str], int] = {}
    for _ in range(owed):
        band = ("age_band", rng.choice(list(_BANDS)))
        bands[band] = bands.get(band, 0) + 1
    return bands | {("post", "secretary"): 1, ("post", "deputy_secretary"): 1, ("post", "none"): owed - 2}
