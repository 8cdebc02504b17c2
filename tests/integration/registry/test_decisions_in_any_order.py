"""Decisions and withdrawals in any order, through the doors and a real database."""

from datetime import date
from itertools import count
from typing import Any

import hypothesis.strategies as st
from hypothesis import HealthCheck, given, settings

from tests.integration.registry.conftest import Registry
from tests.integration.registry.decisions import books, branch, committee, drafted, force, withdraw
from tests.integration.registry.rows import province

Books = list[list[tuple[Any, ...]]]
_numbers = count(1)
DAYS = ["2026-01-01", "2026-03-01", "2026-06-15", "2026-09-01", "2027-01-01"]
BRANCHES = ["GL-A-X-1", "GL-A-X-2", "GL-B-X-1", "GL-B-X-2"]

a_branch = st.sampled_from(BRANCHES)
step = st.one_of(
    st.tuples(st.just("merge"), a_branch, a_branch),
    st.tuples(st.just("split"), a_branch, st.just("")),
    st.tuples(st.just("new commune"), st.sampled_from(["GL-A-X", "GL-B-X"]), st.just("")),
    st.tuples(st.just("rename"), a_branch, st.sampled_from(["Một", "Hai"])),
    st.tuples(st.just("move"), a_branch, st.sampled_from(["GL-A-X", "GL-B-X"])),
    st.tuples(st.just("withdraw"), st.just(""), st.just("")),
)


def operations(kind: str, one: str, other: str, number: int) -> list[dict[str, Any]]:
    """The operations of one step."""
    if kind == "merge":
        return [{"op": "merge", "units": [one], "into": other}]
    if kind == "split":
        parts = [{"unit": one}, {"unit": f"N-{number}", "members": [f"{one}-0"]}]
        return [branch(f"N-{number}", one[:6]), {"op": "split", "unit": one, "parts": parts, "rest": one}]
    if kind == "new commune":
        return [
            committee(f"N-{number}", one[:4]),
            {"op": "merge", "units": [one], "into": f"N-{number}"},
        ]
    if kind == "rename":
        return [{"op": "rename", "unit": one, "name": other}]
    return [{"op": "move", "unit": one, "parent": other}]


def whole(registry: Registry) -> None:
    """No gap, no overlap, a parent in force, no member without a branch; as many members as ever on every day."""
    assert (
        registry.sql(
            """
        select 1 from (
            select unit_id, valid_to, lead(valid_from) over (partition by unit_id order by valid_from) as next
            from unit_span) s where next is not null and valid_to is distinct from next
        """
        )
        == []
    )
    for day in map(date.fromisoformat, DAYS):
        held = f"valid_from <= '{day}' and (valid_to is null or '{day}' < valid_to)"
        assert (
            registry.sql(
                f"""
            select 1 from unit_span s where {held} and parent_id is not null and not exists (
                select 1 from unit_span p where p.unit_id = s.parent_id and {held.replace("valid", "p.valid")})
            """
            )
            == []
        )
        assert registry.sql(
            f"""
            select count(*), count(u.unit_id) from member_span m
            left join unit_span u on u.unit_id = m.unit_id and u.kind = 'branch' and {held.replace("valid", "u.valid")}
            where {held.replace("valid", "m.valid")}
            """
        ) == [(12, 12)]


@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(st.lists(st.tuples(step, st.sampled_from(DAYS)), min_size=2, max_size=6))
def test_the_books_stay_whole_and_come_back(registry: Registry, steps: list[tuple[tuple[str, str, str], str]]) -> None:
    if not registry.ids():
        registry.imported(province())
    start = books(registry)
    stack: list[tuple[dict[str, Any], Books]] = []
    for (kind, one, other), day in steps:
        before = books(registry)
        if kind == "withdraw":
            take_back(registry, stack)
        else:
            decision = drafted(registry, *operations(kind, one, other, next(_numbers)), effective_on=day)
            answer = force(registry, decision)
            assert answer.status in (200, 422), answer.body
            if answer.status == 200:
                stack.append((answer.body, before))
            else:
                assert books(registry) == before
        whole(registry)
    while stack:
        take_back(registry, stack)
    assert books(registry) == start


def take_back(registry: Registry, stack: list[tuple[dict[str, Any], Books]]) -> None:
    """Withdraw the last decision: the books are as it found them."""
    if not stack:
        return
    decision, found = stack.pop()
    answer = withdraw(registry, decision)
    assert answer.status == 200, answer.body
    assert books(registry) == found
