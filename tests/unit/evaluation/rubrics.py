"""Rubrics and facts as tests of rubrics make them."""

import copy
from typing import Any

import msgspec
import polars as pl

from services.evaluation.domain import grading, rubric_checks, scoring
from services.evaluation.domain.measures import EVIDENCE
from services.evaluation.domain.rubrics import Content
from services.evaluation.store.migrations import rubric_seeds
from shared.errors import Fault

Doc = dict[str, Any]
FACTS: dict[str, type[pl.DataType]] = {**EVIDENCE, **grading.PEOPLE}


def content(document: Doc) -> Content:
    return msgspec.convert(document, Content)


def facts(**given: Any) -> pl.DataFrame:
    """One meeting of ten with all of which `given` says nothing unknown."""
    row = {name: given.get(name) for name in FACTS} | {"owed": given.get("owed", 10)}
    return pl.DataFrame([row], schema=FACTS)


def ward() -> Doc:
    return copy.deepcopy(rubric_seeds.WARD)


def item(document: Doc, group: str, code: str) -> Doc:
    found: Doc = next(
        one for part in document["groups"] if part["code"] == group for one in part["items"] if one["code"] == code
    )
    return found


def faults(document: Doc) -> list[Fault]:
    return rubric_checks.faults(content(document))


def points(document: Doc, key: str, **given: Any) -> float | None:
    found: float | None = scoring.items(content(document), facts(**given))[f"points:{key}"].item()
    return found


def groups_of(document: Doc, share: float) -> str:
    return msgspec.json.encode({group["code"]: group["max"] * share for group in document["groups"]}).decode()
