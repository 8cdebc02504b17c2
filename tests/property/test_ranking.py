"""Whatever the figures are, a rank says how many of the group are better."""

from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from services.evaluation.domain import ranking as domain
from services.evaluation.domain.committees import Place
from services.evaluation.domain.ranking import BY, Bands, By, Candidate, Least, SizeBands

BANDS = SizeBands(Bands("members_active", (10, 30)), Bands("branches", (10,)))
LEAST = Least("owed", 5)
PARENTS = [UUID(int=number) for number in range(2)]
CANDIDATES = st.lists(
    st.tuples(
        st.one_of(st.none(), st.integers(0, 4).map(lambda value: value / 4)),
        st.integers(0, 10),
        st.one_of(st.none(), st.integers(0, 40)),
        st.sampled_from(["commune", "ward", None]),
        st.sampled_from(PARENTS),
    ),
    max_size=30,
)


@given(CANDIDATES, st.sets(st.sampled_from(BY)), st.booleans())
def test_a_rank_is_one_more_than_those_who_are_better(
    rows: list[tuple[float | None, int, int | None, str | None, UUID]], by: set[By], descending: bool
) -> None:
    candidates = [
        Candidate(Place(UUID(int=100 + number), f"{number:02}", "", "branch", kind, parent), size, value, behind)
        for number, (value, behind, size, kind, parent) in enumerate(rows)
    ]
    made = domain.ranking(candidates, by, BANDS, LEAST, descending=descending)
    assert sorted(one.candidate.place.code for one in made) == [one.place.code for one in candidates]
    for one in made:
        value = one.candidate.value
        group = [other for other in made if other.group == one.group and other.rank is not None]
        if one.rank is None:
            assert value is None or one.candidate.behind < 5 or ("size" in by and one.candidate.size is None)
            continue
        assert value is not None
        assert one.of == len(group)
        better = [
            other
            for other in group
            if other.candidate.value is not None
            and (other.candidate.value > value if descending else other.candidate.value < value)
        ]
        assert one.rank == 1 + len(better)
