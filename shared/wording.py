"""Figures as people read them: in Vietnamese (a comma) and in English (a point). Pure."""


def percent(part: int, whole: int) -> tuple[str, str]:
    """The share of `part` in `whole` to a tenth of a per cent; of nothing it is zero."""
    # Cut, not rounded: 79.96 % must not read as the 80.0 % it fell short of.
    tenths = part * 1000 // whole if whole else 0
    return f"{tenths // 10},{tenths % 10} %", f"{tenths // 10}.{tenths % 10} %"


def points(hundredths: int, count: int) -> tuple[str, str]:
    """The mean of `count` scores whose sum is `hundredths` of a point, to a tenth of a point; of none it is zero."""
    tenths = hundredths // (10 * count) if count else 0
    return f"{tenths // 10},{tenths % 10}", f"{tenths // 10}.{tenths % 10}"
