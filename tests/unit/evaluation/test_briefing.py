"""What a pack is called."""

from services.evaluation.domain import briefing, periods


def test_what_a_pack_is_called() -> None:
    assert "giao ban" in briefing.title(periods.parse("2025-Q2")).vi
    assert "sáu tháng" in briefing.title(periods.parse("2025-H1")).vi
    assert "sáu tháng" not in briefing.title(periods.parse("2025-H2")).vi
