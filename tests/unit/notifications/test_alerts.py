"""Who is told of an alert, in which words, and what of one comes from the topic."""

from datetime import date
from typing import Any
from uuid import UUID

import pytest

from services.notifications import stream
from services.notifications.domain.alerts import Alert, ended, newest, of_alert
from services.notifications.domain.findings import Facts
from services.notifications.domain.recipients import addressees
from services.notifications.domain.rules import ALERT_RULES, AlertRule, Audience, Rulebook, Version
from services.notifications.domain.wording import Matter, words
from shared.contracts.catalogue import examples
from shared.envelope import Event, Received, attributes, to_record
from shared.errors import Impossible

UNIT, ABOVE = UUID(int=1), UUID(int=2)
SOURCE = "Nền nếp, mức mặc định"
FAR: Facts = {"scored": 6, "gap_hundredths": 9840, "above_hundredths": 9000, "months": 3, "begin_points": 15}
FACTS: dict[AlertRule, Facts] = {
    "attendance_falling": {
        "owed": 1000,
        "present": 799,
        "owed_before": 3000,
        "present_before": 2800,
        "begin_percent": 80,
        "months_before": 3,
    },
    "no_meeting": {"held": 0, "in_a_row": 2},
    "no_theme": {"held": 0, "quarter": 2},
    "inspection_not_begun": {"target": 4.0, "reached": 0.0, "year": 2026, "by_month": 6},
    "self_far_from_evidence": FAR,
    "self_far_from_official": FAR,
    "figures_impossible": {
        "present_over_owed": True,
        "held_over_due": True,
        "speakers_over_present": False,
        "present": 11,
        "owed": 10,
        "held": 2,
        "branches": 1,
        "speakers": 3,
    },
    "good_despite_attendance": {"scored": 3, "good": 3, "owed": 30, "present": 19, "months": 3, "begin_percent": 70},
    "identical_scores": {"points_hundredths": 9500, "scored": 1, "in_a_row": 6},
}
SAID: dict[AlertRule, tuple[str, str]] = {
    "attendance_falling": ("799/1000 lượt phải dự có mặt (79,9 %), dưới mức 80 %", "79.9 %), under the bar of 80 %"),
    "no_meeting": ("2 tháng liền đến 06/2026", "2 month(s) in a row up to 06/2026"),
    "no_theme": ("quý 2/2026 đã hết", "quarter 2/2026 is over"),
    "inspection_not_begun": ("hết tháng 06/2026, chỉ tiêu kiểm tra, giám sát của năm (4) mới đạt 0", "0 of the year's"),
    "self_far_from_evidence": ("lệch minh chứng bình quân 16,4 điểm", "by 16.4 points on average in 6 meetings"),
    "self_far_from_official": ("lệch điểm cấp trên chấm bình quân 16,4", "official one by 16.4 points"),
    "figures_impossible": (
        "có mặt 11 nhưng chỉ 10 lượt phải dự; 2 buổi thường kỳ nhưng chỉ 1 chi bộ",
        "11 present, though only 10 owed attendance; 2 regular meetings",
    ),
    "good_despite_attendance": ("3/3 buổi tự xếp loại tốt", "attendance was 63.3 %"),
    "identical_scores": ("6 kỳ liền đến 06/2026 tự chấm cùng một điểm: 95,0", "scored the same: 95.0"),
}


def alert(rule: str = "no_meeting", **changes: Any) -> Alert:
    given: dict[str, Any] = {
        "alert_id": UUID(int=9),
        "version": 1,
        "unit_id": UNIT,
        "rule": rule,
        "holds": True,
        "since": "2026-06",
        "facts": FACTS["no_meeting"],
        "source": SOURCE,
    }
    return Alert(**given | changes)


def book(*, unit: bool, superior: bool, valid_from: date = date(2000, 1, 1)) -> Rulebook:
    return Rulebook(no_meeting=(Version(valid_from, None, Audience(unit, superior), "Nền nếp", "mặc định"),))


@pytest.mark.parametrize("rule", ALERT_RULES)
def test_every_alert_has_words_that_say_what_happened_and_what_to_do(rule: AlertRule) -> None:
    matter = Matter(
        rule=rule,
        unit_name="Chi bộ thôn 1",
        period="2026-06",
        day=date(2026, 6, 30),
        facts=FACTS[rule],
        source=SOURCE,
    )
    said = words(matter)
    assert said.title.vi.endswith(": Chi bộ thôn 1")
    for given, expected, to_do in (
        (said.text.vi, SAID[rule][0], "Việc cần làm: "),
        (said.text.en, SAID[rule][1], "What to do: "),
    ):
        assert expected in given
        assert to_do in given
    assert said.text.vi.endswith(f"Căn cứ: {SOURCE}.")


@pytest.mark.parametrize(
    ("unit", "superior", "parent", "told"),
    [
        (True, True, ABOVE, (UNIT, ABOVE)),
        (False, True, ABOVE, (ABOVE,)),
        (True, False, ABOVE, (UNIT,)),
        (False, True, None, (UNIT,)),
        (False, False, ABOVE, ()),
        (False, False, None, ()),
    ],
)
def test_the_superior_is_told_and_by_rule_the_unit(
    unit: bool, superior: bool, parent: UUID | None, told: tuple[UUID, ...]
) -> None:
    finding = of_alert(alert(), book(unit=unit, superior=superior))
    assert finding is not None
    assert addressees(finding, parent) == told


def test_an_alert_tells_by_the_rule_of_the_last_day_of_its_month() -> None:
    finding = of_alert(alert(), book(unit=True, superior=True))
    assert finding is not None
    assert (finding.day, finding.period, finding.subject) == (date(2026, 6, 30), "2026-06", str(UUID(int=9)))
    assert of_alert(alert(), book(unit=True, superior=True, valid_from=date(2026, 7, 1))) is None


def test_what_has_ended_tells_nobody_and_ends_what_was_told() -> None:
    over = alert(holds=False)
    assert of_alert(over, book(unit=True, superior=True)) is None
    assert ended(over) == ("no_meeting", str(UUID(int=9)))
    assert ended(alert()) is None


def test_a_rule_that_is_not_known_yet_is_passed_over() -> None:
    later = alert("a_rule_of_tomorrow")
    assert of_alert(later, book(unit=True, superior=True)) is None
    assert ended(alert("a_rule_of_tomorrow", holds=False)) is None


def test_the_newest_version_of_each_is_kept() -> None:
    assert newest([alert(version=2, holds=False), alert(version=3), alert(version=1)]) == [alert(version=3)]


def record(data: dict[str, Any]) -> Received:
    event = Event(topic="evaluation.alerts.v1", type="evaluation.alert.v1", source="/test", key="k", data=data)
    sent = to_record(event)
    return Received(sent.topic, 0, 0, sent.key, sent.value, sent.headers)


def test_an_alert_is_decoded_with_the_facts_of_the_month_that_decided() -> None:
    given = record(examples("evaluation.alert.v1")["begun.json"])
    decoded = stream.decode(given, attributes(given))
    assert isinstance(decoded, Alert)
    assert (decoded.rule, decoded.holds, decoded.since, decoded.facts["present"]) == (
        "attendance_falling",
        True,
        "2026-06",
        13,
    )


@pytest.mark.parametrize("changes", [{"began": []}, {"since": "2026-13"}, {"state": "lost"}, {"version": 0}])
def test_what_no_notice_can_be_made_of_is_impossible(changes: dict[str, Any]) -> None:
    given = record({**examples("evaluation.alert.v1")["begun.json"], **changes})
    with pytest.raises(Impossible):
        stream.decode(given, attributes(given))
