"""What `nenep status` makes of metrics, and what it advises."""

import pytest

from deploy.local.status import Flow, advice, duration, quantile, read_flow

_RELAY = """\
# TYPE nenep_outbox_unsent gauge
nenep_outbox_unsent 12.0
# TYPE nenep_outbox_oldest_seconds gauge
nenep_outbox_oldest_seconds 45.5
"""
_WORKER = """\
# TYPE nenep_consumer_lag_records gauge
nenep_consumer_lag_records{topic="a",partition="0"} 7.0
nenep_consumer_lag_records{topic="a",partition="1"} 5.0
# TYPE nenep_event_age_seconds histogram
nenep_event_age_seconds_bucket{topic="a",le="0.1"} 50.0
nenep_event_age_seconds_bucket{topic="a",le="0.2"} 100.0
nenep_event_age_seconds_bucket{topic="a",le="+Inf"} 100.0
nenep_event_age_seconds_count{topic="a"} 100.0
nenep_event_age_seconds_sum{topic="a"} 10.0
"""


def test_a_services_pages_are_summed_up() -> None:
    flow = read_flow([_RELAY, _WORKER])
    assert (flow.unsent, flow.oldest, flow.lag) == (12.0, 45.5, 12.0)
    assert flow.age_p50 == pytest.approx(0.1)
    assert flow.age_p99 == pytest.approx(0.198)


def test_what_nobody_says_is_unknown_rather_than_nought() -> None:
    flow = read_flow([])
    assert (flow.unsent, flow.lag, flow.age_p50) == (None, None, None)


def test_quantiles_in_the_open_bucket_give_its_lower_bound() -> None:
    assert quantile({0.1: 1.0, float("inf"): 10.0}, 0.99) == 0.1
    assert quantile({0.1: 0.0, float("inf"): 0.0}, 0.5) is None


def test_advice_names_the_log_to_read() -> None:
    state = {
        "processes": {
            "meetings-relay": {"state": "running", "restarts": 0},
            "meetings-api": {"state": "waiting", "restarts": 3},
            "kafka": {"state": "running", "restarts": 2},
        }
    }
    lines = advice(state, {"meetings": Flow(oldest=45.5, lag=20_000.0)})
    assert [line.split("→ ")[1] for line in lines] == [
        "nenep logs meetings-api",
        "nenep logs kafka",
        "nenep logs meetings-relay",
        "nenep logs meetings-worker",
    ]
    assert advice({"processes": {"mail": {"state": "running", "restarts": 0}}}, {"meetings": Flow()}) == []


@pytest.mark.parametrize(("seconds", "shown"), [(41.9, "41 s"), (185, "3 m 05 s"), (7800, "2 h 10 m")])
def test_durations(seconds: float, shown: str) -> None:
    assert duration(seconds) == shown
