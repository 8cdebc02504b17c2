"""What each signal says to people, in both languages. No text of the minutes is quoted."""

from collections.abc import Callable, Mapping
from typing import Final

from services.meetings.domain.signals import Code, Signal
from shared.errors import Text

_Titles = Mapping[str, Text]


def words(signal: Signal, titles: _Titles) -> Text:
    """The sentence of a signal; `titles` are the headings of sections by name."""
    name = (signal.field or "").removeprefix("sections.")
    title = titles.get(name, Text(name, name))
    return _WORDS[signal.code](signal, title)


_WORDS: Final[Mapping[Code, Callable[[Signal, Text], Text]]] = {
    "section-empty": lambda _, title: Text(
        f"Mục “{title.vi}” là bắt buộc theo mẫu nhưng để trống.",
        f"The section “{title.en}” is required by the template and empty.",
    ),
    "section-short": lambda signal, title: Text(
        f"Mục “{title.vi}” chỉ có {signal.count} ký tự (ngưỡng {signal.limit}).",
        f"The section “{title.en}” has only {signal.count} characters (the bar is {signal.limit}).",
    ),
    "no-conclusion": lambda _signal, _title: Text(
        "Biên bản không có kết luận của chủ trì.", "The minutes have no conclusion by the chair."
    ),
    "no-speaker-named": lambda _signal, _title: Text(
        "Có nội dung thảo luận nhưng không ghi ai phát biểu.", "There was a discussion, but no speaker is named."
    ),
    "speakers-not-named": lambda signal, _title: Text(
        f"Biên bản đếm nhiều ý kiến hơn số người được ghi tên: thiếu {signal.count}.",
        f"The minutes count more opinions than speakers named: {signal.count} missing.",
    ),
    "no-task": lambda _signal, _title: Text(
        "Không giao nhiệm vụ nào cho một đảng viên cụ thể.", "No task was given to a named member."
    ),
    "not-adopted": lambda _signal, _title: Text(
        "Buổi họp đã kết thúc nhưng biên bản chưa được thông qua.",
        "The meeting has ended and its minutes are not adopted.",
    ),
    "adopted-after-the-end": lambda signal, _title: Text(
        f"Biên bản được thông qua {signal.count} phút sau khi kết thúc (cho phép {signal.limit}); phải thông qua trước "
        "khi kết thúc.",
        f"The minutes were adopted {signal.count} minutes after the end (allowed: {signal.limit}); they are to be "
        "adopted before it.",
    ),
    "adopted-before-the-start": lambda signal, _title: Text(
        f"Thời điểm thông qua biên bản sớm hơn giờ bắt đầu {signal.count} phút.",
        f"The minutes were adopted {signal.count} minutes before the meeting began.",
    ),
    "adopted-long-before-the-end": lambda signal, _title: Text(
        f"Biên bản được thông qua {signal.count} phút trước khi kết thúc (ngưỡng {signal.limit}).",
        f"The minutes were adopted {signal.count} minutes before the end (the bar is {signal.limit}).",
    ),
    "ended-before-the-start": lambda _signal, _title: Text(
        "Giờ kết thúc không sau giờ bắt đầu.", "The meeting does not end after it starts."
    ),
    "too-long": lambda signal, _title: Text(
        f"Buổi họp kéo dài {signal.count} phút (ngưỡng {signal.limit}); kiểm tra giờ.",
        f"The meeting lasted {signal.count} minutes (the bar is {signal.limit}); check its times.",
    ),
    "outside-its-day": lambda _signal, _title: Text(
        "Giờ trong biên bản nằm ngoài ngày họp.", "The times in the minutes lie outside the meeting's day."
    ),
    "two-at-once": lambda signal, _title: Text(
        f"Cùng lúc đó chi bộ có {signal.count} buổi họp khác.",
        f"The branch held {signal.count} other meeting(s) at the same time.",
    ),
}
