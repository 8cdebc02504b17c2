"""SIGKILL of service processes while a year goes through: the oracle still agrees on every figure.

The processes take turns, so that each is killed at least once at another moment of the run.
"""

import itertools
import signal

from deploy.local.demo.run import Demo, Options, run_demo

VICTIMS = (
    "evaluation-worker",
    "meetings-relay",
    "evaluation-relay",
    "meetings-worker",
    "meetings-api",
    "registry-relay",
    "evaluation-worker",
    "notifications-worker",
    "meetings-relay",
)


def test_every_process_may_die_at_any_time_and_the_oracle_agrees() -> None:
    victims = iter(VICTIMS)
    moments = itertools.count()
    killed: list[str] = []

    def kill(phase: str, demo: Demo) -> None:
        if (phase == "progress" and next(moments) % 3 == 1) or phase.startswith("waiting"):
            victim = next(victims, None)
            if victim is not None:
                demo.suite.kill(victim, signal.SIGKILL)
                killed.append(victim)

    result = run_demo(Options(branches=90, months=3, seed=11), kill)

    assert set(VICTIMS) - set(killed) == set(), "the run was too short to kill each"
    assert sum(result.restarts.values()) >= len(set(killed))
    assert result.comparison.compared == result.comparison.due >= result.units * 3 * result.comparison.figures
    assert result.comparison.differing == 0, result.comparison.first
    assert result.equal
