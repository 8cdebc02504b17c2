"""The words of a notice: what happened, by which rule, what to do. Vietnamese and English; no person's name."""

from datetime import date
from typing import Final, Literal

import msgspec

from services.notifications.domain.alert_wording import alert_words
from services.notifications.domain.findings import Facts
from services.notifications.domain.rules import ALERT_RULES, RuleName
from shared.errors import Text

Language = Literal["vi", "en"]


class Matter(msgspec.Struct, frozen=True, kw_only=True):
    """What a notice is about; `unit_name` is the branch's name on `day`."""

    rule: RuleName
    unit_name: str
    period: str
    day: date
    facts: Facts
    source: str


class Words(msgspec.Struct, frozen=True):
    """A notice's title, one line, and its text, one paragraph."""

    title: Text
    text: Text


def words(matter: Matter) -> Words:
    """The words for `matter`, with the rule's source at the end."""
    if matter.rule == "minutes_missing":
        said = _missing(matter)
    elif matter.rule == "minutes_incomplete":
        said = _incomplete(matter)
    elif matter.rule == "attendance_low":
        said = _attendance(matter)
    elif matter.rule == "meeting_notified":
        said = _called(matter)
    elif matter.rule in ALERT_RULES:
        said = Words(*alert_words(matter.rule, matter.unit_name, matter.period, matter.facts))
    else:
        said = _decided(matter)
    text = Text(f"{said.text.vi} Căn cứ: {matter.source}.", f"{said.text.en} Source: {matter.source}.")
    return Words(said.title, text)


_KINDS: Final = {
    "regular": ("sinh hoạt thường kỳ", "a regular meeting"),
    "thematic": ("sinh hoạt chuyên đề", "a thematic meeting"),
    "committee": ("họp chi uỷ", "a meeting of its committee"),
    "extraordinary": ("họp bất thường", "an extraordinary meeting"),
}


def _called(matter: Matter) -> Words:
    day, hour = _day(matter.day), matter.facts["hour"]
    kind = str(matter.facts["kind"])
    vi, en = _KINDS.get(kind, (kind, kind))
    return Words(
        Text(f"Thông báo {vi} ngày {day}: {matter.unit_name}", f"Notice of {en} on {day}: {matter.unit_name}"),
        Text(
            f"{matter.unit_name} thông báo {vi} lúc {hour} ngày {day}. Việc cần làm: xem nội dung, địa điểm và tài "
            "liệu trong thông báo của chi bộ; cấp trên phân công người dự.",
            f"{matter.unit_name} gives notice of {en} at {hour} on {day}. What to do: read what it is about, where "
            "it is and its documents in the branch's notice; the superior says who attends.",
        ),
    )


def _missing(matter: Matter) -> Words:
    month = f"{matter.period[5:]}/{matter.period[:4]}"
    due_on = _day(date.fromisoformat(str(matter.facts["due_on"])))
    return Words(
        Text(
            f"Chưa có biên bản sinh hoạt thường kỳ tháng {month}: {matter.unit_name}",
            f"No minutes of the regular meeting of {month}: {matter.unit_name}",
        ),
        Text(
            f"Đã hết hạn báo cáo (ngày {due_on}) nhưng chưa nhận được biên bản sinh hoạt thường kỳ tháng {month} của "
            f"{matter.unit_name}. Việc cần làm: gửi biên bản đã thông qua; nếu tháng này không họp thì ghi nhận "
            "cuộc họp không tổ chức, kèm lý do.",
            f"The last reporting day ({due_on}) is over, and no minutes of the regular meeting of {month} of "
            f"{matter.unit_name} have come. What to do: send the adopted minutes; if no meeting was held, record that "
            "with its reason.",
        ),
    )


def _incomplete(matter: Matter) -> Words:
    day = _day(matter.day)
    lacking_vi, lacking_en = [], []
    if matter.facts["lacks_conclusion"]:
        lacking_vi.append("chưa có kết luận của chủ trì")
        lacking_en.append("the chair's conclusion is missing")
    if matter.facts["lacks_tasks"]:
        assigned = matter.facts["tasks"]
        lacking_vi.append(f"mới giao {assigned} nhiệm vụ" if assigned else "chưa giao nhiệm vụ cho đảng viên nào")
        lacking_en.append(f"only {assigned} task(s) were given" if assigned else "no member was given a task")
    return Words(
        Text(
            f"Biên bản ngày {day} chưa đầy đủ: {matter.unit_name}",
            f"Minutes of {day} incomplete: {matter.unit_name}",
        ),
        Text(
            f"Biên bản sinh hoạt thường kỳ ngày {day} của {matter.unit_name}: {'; '.join(lacking_vi)}. Việc cần làm: "
            "gửi bản đính chính kèm lý do (bản đã thông qua vẫn được giữ nguyên), và chuẩn bị kỹ hơn cho kỳ sau.",
            f"Minutes of the regular meeting of {day} of {matter.unit_name}: {'; '.join(lacking_en)}. What to do: send "
            "a correction with its reason (the adopted version is kept), and prepare the next meeting better.",
        ),
    )


def _attendance(matter: Matter) -> Words:
    day, facts = _day(matter.day), matter.facts
    present, owed, bar = int(facts["present"]), int(facts["owed"]), facts["percent"]
    # Cut, not rounded: 89.96 % must not read as the 90.0 % it fell short of.
    tenths = present * 1000 // owed
    over = facts["comparison"] == "over"
    return Words(
        Text(
            f"Tỷ lệ dự họp ngày {day} thấp: {matter.unit_name}",
            f"Low attendance on {day}: {matter.unit_name}",
        ),
        Text(
            f"Buổi sinh hoạt thường kỳ ngày {day} của {matter.unit_name} có {present}/{owed} đảng viên phải dự có mặt "
            f"({tenths // 10},{tenths % 10} %); mức yêu cầu là {f'trên {bar} %' if over else f'từ {bar} % trở lên'}. "
            "Việc cần làm: xem lại lý do vắng và nhắc nhở trong kỳ sau; nếu điểm danh sai, gửi bản đính chính.",
            f"At the regular meeting of {day} of {matter.unit_name}, {present} of {owed} members who owed attendance "
            f"were present ({tenths // 10}.{tenths % 10} %); {f'more than {bar} %' if over else f'at least {bar} %'} "
            "is required. What to do: look into the absences and raise them at the next meeting; if attendance was "
            "recorded wrongly, send a correction.",
        ),
    )


def _decided(matter: Matter) -> Words:
    day, facts = _day(matter.day), matter.facts
    number, issuer, count = facts["number"], facts["issuer"], facts["operations"]
    issued_on = _day(date.fromisoformat(str(facts["issued_on"])))
    return Words(
        Text(
            f"Quyết định {number} có hiệu lực từ ngày {day}: {matter.unit_name}",
            f"Decision {number} holds from {day}: {matter.unit_name}",
        ),
        Text(
            f"Quyết định số {number} ngày {issued_on} của {issuer}, “{facts['title']}”, có hiệu lực từ ngày {day}, có "
            f"{count} nội dung về {matter.unit_name}. Việc cần làm: xem quyết định trong sổ đăng ký, bàn "
            "giao hồ sơ và thông báo cho đảng viên nơi sinh hoạt mới nếu có thay đổi.",
            f"Decision {number} of {issued_on} by {issuer}, “{facts['title']}”, holds from {day}; {count} of "
            f"its operations concern {matter.unit_name}. What to do: look at the decision in the registry, hand "
            "over the files, and tell the members where they meet if that changes.",
        ),
    )


def _day(day: date) -> str:
    return f"{day.day:02d}/{day.month:02d}/{day.year:04d}"
