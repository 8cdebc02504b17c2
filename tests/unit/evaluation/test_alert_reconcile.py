"""What is known of alerts against what the months say now."""

from datetime import date

import polars as pl

from services.evaluation.domain.alerts import readings
from services.evaluation.domain.alerts import series as months_of
from services.evaluation.domain.alerts.episodes import Episode, episodes
from services.evaluation.domain.alerts.reconcile import Alert, alert_id, reconcile
from services.evaluation.domain.alerts.series import series
from tests.unit.evaluation.alert_months import UNIT, held, judged, version


def reconciled(found: list[Episode], known: list[Alert], first: str = "2025-01") -> list[Alert]:
    return reconcile("no_meeting", UNIT, found, known, first=first)


def test_what_is_known_already_changes_nothing() -> None:
    found = judged("no_meeting", version("no_meeting", begin_after=2), figures=held(1, 0, 0, 0, 1, 0, 0))
    new = reconciled(found, [])
    assert [(alert.since, alert.state, alert.version) for alert in new] == [
        ("2025-03", "ceased", 0),
        ("2025-07", "begun", 0),
    ]
    assert new[0].alert_id == alert_id("no_meeting", UNIT, "2025-03")
    assert reconciled(found, new) == []


def test_late_minutes_withdraw_what_would_not_have_begun() -> None:
    rule = version("no_meeting", begin_after=2)
    known = reconciled(judged("no_meeting", rule, figures=held(1, 0, 0), closed="2025-03"), [])
    (gone,) = reconciled(judged("no_meeting", rule, figures=held(1, 0, 1), closed="2025-03"), known)
    assert (gone.alert_id, gone.state, gone.cause) == (known[0].alert_id, "withdrawn", "figures-changed")
    assert reconciled(judged("no_meeting", rule, figures=held(1, 0, 1), closed="2025-03"), [gone]) == []
    (again,) = reconciled(judged("no_meeting", rule, figures=held(1, 0, 0), closed="2025-03"), [gone])
    assert (again.alert_id, again.state, again.cause) == (known[0].alert_id, "begun", None)


def test_a_beginning_that_moves_keeps_its_alert() -> None:
    rule = version("no_meeting", begin_after=2)
    known = reconciled(judged("no_meeting", rule, figures=held(1, 1, 1, 0, 0, 0), closed="2025-06"), [])
    (moved,) = reconciled(judged("no_meeting", rule, figures=held(1, 1, 0, 0, 0, 0), closed="2025-06"), known)
    assert (moved.alert_id, moved.state, moved.since) == (known[0].alert_id, "begun", "2025-04")


def test_what_began_before_the_months_looked_at_goes_on_and_ceases_in_them() -> None:
    rule = version("no_meeting", begin_after=2)
    (known,) = reconciled(judged("no_meeting", rule, figures=held(1, 0, 0), closed="2025-03"), [])
    later = months_of.ordinal("2025-06")
    frames = {
        "spans": pl.DataFrame(
            [(str(UNIT), date(2020, 1, 1), None, "branch", "branch")], schema=months_of.SPANS, orient="row"
        ),
        "branches": pl.DataFrame([(str(UNIT), "2020-01", 1)], schema=months_of.BRANCHES, orient="row"),
        "figures": pl.DataFrame(
            [{"unit_id": str(UNIT), "month": "2025-08", "regular_held": 1}], schema=months_of.FIGURES
        ),
    }
    read = readings.read(
        "no_meeting",
        (rule,),
        series(frames, "2025-05", date(2025, 8, 5), closed_through="2025-07"),
        pl.DataFrame(schema=months_of.PLANS),
    )
    found = episodes(read, pl.DataFrame({"unit_id": [str(UNIT)]}), first=later)
    (ceased,) = reconciled(found, [known], first="2025-06")
    assert (ceased.alert_id, ceased.since, ceased.state, ceased.until) == (
        known.alert_id,
        "2025-03",
        "ceased",
        "2025-08",
    )
    assert ceased.began == known.began
    assert reconciled(found, [ceased], first="2025-06") == []
