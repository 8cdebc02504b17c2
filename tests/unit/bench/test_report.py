"""What a bench prints and writes."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from bench.command import bench
from bench.machine import this_machine
from bench.report import aligned, percentile, write


@pytest.mark.parametrize(
    ("share", "value"), [(0.5, 50.0), (0.9, 90.0), (0.99, 99.0), (0.995, 100.0), (1.0, 100.0), (0.001, 1.0)]
)
def test_percentiles_are_by_nearest_rank(share: float, value: float) -> None:
    assert percentile([float(number) for number in range(100, 0, -1)], share) == value


def test_the_percentile_of_few_values_is_one_of_them() -> None:
    assert percentile([3.0], 0.99) == 3.0
    assert percentile([1.0, 2.0], 0.99) == 2.0


def test_nothing_has_no_percentile() -> None:
    with pytest.raises(ValueError, match="no values"):
        percentile([], 0.5)


def test_figures_stand_to_the_right_under_their_heads() -> None:
    assert aligned([("", "s"), ("worker", "12.5"), ("raw", "3")]) == ["           s", "worker  12.5", "raw        3"]


def test_the_file_says_what_was_measured_on_what(tmp_path: Path) -> None:
    target = tmp_path / "figures.json"
    machine = this_machine()
    write(target, machine, {"memory": {"ready_seconds": 9.5}})
    written = json.loads(target.read_text(encoding="utf-8"))
    assert written["memory"] == {"ready_seconds": 9.5}
    assert written["machine"]["cores"] == machine.cores >= 1
    assert written["machine"]["kafka"][0].isdigit()
    assert "faust-streaming" in written["machine"]["packages"]


def test_every_bench_writes_json() -> None:
    for name in ("rebuild", "freshness", "memory", "all"):
        shown = CliRunner().invoke(bench, [name, "--help"])
        assert shown.exit_code == 0
        assert "--json" in shown.output
