"""Whole numbers in proportion: how many of a total fall to each part, adding up exactly."""

from collections.abc import Sequence


def apportion(
    total: int, weights: Sequence[float], *, least: Sequence[int] | None = None, most: Sequence[int] | None = None
) -> list[int]:
    """`total` split in proportion to `weights`, each share within `least` and `most` (default: 0 and no limit).

    Largest remainders take what rounding leaves, earlier parts first on ties. Raises ValueError when the limits admit
    no such split.
    """
    count = len(weights)
    low = list(least) if least is not None else [0] * count
    high = list(most) if most is not None else [total] * count
    if not sum(low) <= total <= sum(high):
        raise ValueError(f"{total} cannot be split between {sum(low)} and {sum(high)}")
    shares = low
    left = total - sum(low)
    while left:
        open_parts = [i for i in range(count) if shares[i] < high[i]]
        weight = sum(weights[i] for i in open_parts)
        exact = {i: left * (weights[i] / weight if weight else 1 / len(open_parts)) for i in open_parts}
        for i in open_parts:
            shares[i] += min(int(exact[i]), high[i] - shares[i])
        left = total - sum(shares)
        for i in sorted(open_parts, key=lambda i: -(exact[i] % 1)):
            if left and shares[i] < high[i]:
                shares[i] += 1
                left -= 1
    return shares
