"""W3C Trace Context: one trace through every hop, a span of its own at each."""

import contextvars

import pytest

from shared import tracing

GIVEN = "00-" + "ab" * 16 + "-" + "cd" * 8 + "-00"


def test_a_given_trace_is_continued_as_a_new_span() -> None:
    mine = tracing.begin(GIVEN)
    assert mine != GIVEN
    assert (mine[:36], mine[-3:]) == (GIVEN[:36], GIVEN[-3:])
    assert (tracing.current(), tracing.trace_id()) == (mine, "ab" * 16)


@pytest.mark.parametrize(
    "given",
    [
        None,
        "",
        "nonsense",
        GIVEN.upper(),
        "01" + GIVEN[2:],
        "00-" + "0" * 32 + "-" + "cd" * 8 + "-00",
        "00-" + "ab" * 16 + "-" + "0" * 16 + "-00",
        GIVEN + "-more",
        GIVEN + "\n",
    ],
)
def test_without_a_valid_trace_one_is_begun(given: str | None) -> None:
    first, second = tracing.begin(given), tracing.begin(given)
    assert first[3:35] != second[3:35]
    assert "ab" * 16 not in first
    assert tracing.begin(first)[3:35] == first[3:35]


def test_outside_any_trace_there_is_none() -> None:
    assert contextvars.Context().run(tracing.current) == ""
    assert contextvars.Context().run(tracing.trace_id) == ""
