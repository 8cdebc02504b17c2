"""Discussions in words of a branch's own, and those that a neighbour copied."""

import random
from typing import Final

from deploy.local.demo.slots import Slot

COPIED: Final = 0.05
OWN: Final = 0.05
_SENTENCES: Final = 7
_LENGTH: Final = 9
_WORDS: Final = (
    "suối đá cầu treo rẫy cà phê hồ tiêu cao su điều chanh dây sầu riêng bắp mì lúa nương nếp cẩm bò heo dê trâu gà "
    "giếng bồn máng ống mương đập kênh bờ dốc đèo khe trảng đồi nà buôn làng nóc nhà rông cồng chiêng ché ghè gùi "
    "trạm lưới trụ dây đèn loa bảng cổng tường rào sân mái ngói tôn gạch xi măng cát sỏi sắt thép gỗ tre nứa lá vịt "
    "thửa mốc sổ đỏ giấy khai sinh hộ khẩu thẻ vay lãi gốc quỹ góp mua bán cân giá chợ quán xe máy cày kéo phun tưới"
)
"""No run of three of these words stands in texts.py."""


def discussed(seed: int, slot: Slot) -> str | None:
    """What the minutes of `slot` say of the discussion in words of their own; None: the words that everybody uses.

    Branches are neighbours two by two. Of some pairs each writes for itself, of some both have the same words: the
    minutes that were adopted later repeat the others.
    """
    rng = random.Random(f"{seed}:own words:{slot.branch // 2}:{slot.month}:{slot.kind}")  # noqa: S311 - no secret
    drawn = rng.random()
    if drawn < COPIED:
        return _text(rng)
    return _text(random.Random(f"{rng.random()}:{slot.branch}")) if drawn < COPIED + OWN else None  # noqa: S311


def _text(rng: random.Random) -> str:
    words = _WORDS.split()
    sentences = (" ".join(rng.choices(words, k=_LENGTH)) for _ in range(_SENTENCES))
    return " ".join(f"{sentence.capitalize()}." for sentence in sentences)
