"""The page on rubrics shows the ward's frame as it ships, and every measure and condition."""

import re
from pathlib import Path

import msgspec

from services.evaluation.domain.measures import CONDITIONS, MEASURES
from services.evaluation.store.migrations import rubric_seeds

PAGE = Path(__file__).parents[3] / "docs" / "rubrics.md"


def test_the_body_shown_is_the_template() -> None:
    shown = re.findall(r"```json\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    assert [msgspec.json.decode(body)["content"] for body in shown] == [rubric_seeds.WARD]


def test_every_measure_and_condition_is_named() -> None:
    named = set(re.findall(r"^\| `(\w+)` \|", PAGE.read_text(encoding="utf-8"), re.MULTILINE))
    assert named == set(MEASURES) | set(CONDITIONS)
