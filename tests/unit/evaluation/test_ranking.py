"""Groups, ties, and who is not ranked."""

from uuid import UUID, uuid4

import pytest

from services.evaluation.domain import ranking as domain
from services.evaluation.domain.committees import Place
from services.evaluation.domain.ranking import Bands, By, Candidate, Least, SizeBands

BANDS = SizeBands(Bands("members_active", (10, 30)), Bands("branches", (10,)))
LEAST = Least("owed", 20)
DISTRICT = uuid4()


def one(
    code: str,
    value: float | None,
    *,
    behind: int = 100,
    size: int | None = 15,
    branch_type: str = "commune",
    parent: UUID = DISTRICT,
) -> Candidate:
    return Candidate(Place(uuid4(), code, code, "branch", branch_type, parent), size, value, behind)


def ranks(
    *candidates: Candidate, by: tuple[By, ...] = domain.BY, descending: bool = True
) -> dict[str, int | str | None]:
    made = domain.ranking(candidates, by, BANDS, LEAST, descending=descending)
    return {ranked.candidate.place.code: ranked.rank or ranked.unranked for ranked in made}


def test_ties_share_a_rank_and_the_next_one_is_skipped() -> None:
    assert ranks(one("a", 0.9), one("b", 0.8), one("c", 0.9), one("d", 0.7)) == {"a": 1, "c": 1, "b": 3, "d": 4}


def test_least_first_when_less_is_better() -> None:
    assert ranks(one("a", 0.9), one("b", 0.8), descending=False) == {"b": 1, "a": 2}


def test_only_units_alike_are_compared() -> None:
    elsewhere = uuid4()
    candidates = (
        one("a", 0.9),
        one("other type", 0.8, branch_type="ward"),
        one("other size", 0.7, size=31),
        one("other parent", 0.6, parent=elsewhere),
        one("b", 0.5),
    )
    alone = {"a": 1, "b": 2, "other type": 1, "other size": 1, "other parent": 1}
    assert ranks(*candidates) == alone
    assert ranks(*candidates, by=("type", "size")) == alone | {"other parent": 2, "b": 3}
    assert list(ranks(*candidates, by=()).values()) == [1, 2, 3, 4, 5]


def test_a_unit_with_too_little_behind_its_figure_is_listed_without_a_rank() -> None:
    found = ranks(one("few", 1.0, behind=19), one("a", 0.5, behind=20), one("none", None), one("size", 0.9, size=None))
    assert found == {"few": "below-minimum", "a": 1, "none": "no-figure", "size": "no-size"}


def test_the_unranked_do_not_count_among_those_ranked() -> None:
    made = domain.ranking([one("few", 1.0, behind=1), one("a", 0.5)], (), BANDS, LEAST, descending=True)
    assert {ranked.of for ranked in made} == {1}


@pytest.mark.parametrize(("size", "band"), [(0, "0-9"), (9, "0-9"), (10, "10-29"), (29, "10-29"), (30, "30+")])
def test_the_edges_of_bands(size: int, band: str) -> None:
    assert domain.band_of(size, (10, 30)) == band
