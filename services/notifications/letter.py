"""A notice as an e-mail: plain text, the office's language first and the other after it."""

from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from uuid import UUID

from services.notifications.domain.wording import Language, Words
from shared.clock import LOCAL

_FOOT_VI = (
    "Thư tự động của hệ thống Nền nếp; xin đừng trả lời. Thông báo tự khép lại khi việc đã được khắc phục. "
    "Thay đổi nơi nhận ở mục Đầu mối liên hệ của đơn vị."
)
_FOOT_EN = (
    "Sent by Nền nếp; please do not reply. The notice closes by itself when its cause is gone. "
    "Change where it goes under your unit's contact point."
)


def compose(
    notice_id: UUID, words: Words, *, sender: str, recipient: str, language: Language, at: datetime
) -> EmailMessage:
    """The letter; its Message-ID is the notice's id, so that a mailbox can drop a letter that came twice (RFC 5322)."""
    letter = EmailMessage(policy=SMTP)
    letter["Message-ID"] = f"<{notice_id}@{sender.rpartition('@')[2]}>"
    letter["Date"] = format_datetime(at.astimezone(LOCAL))
    letter["From"] = f"Nền nếp <{sender}>"
    letter["To"] = recipient
    letter["Auto-Submitted"] = "auto-generated"  # RFC 3834: no out-of-office answers, please
    vietnamese = f"{words.text.vi}\n\n{_FOOT_VI}"
    english = f"{words.text.en}\n\n{_FOOT_EN}"
    if language == "vi":
        letter["Subject"] = words.title.vi
        letter["Content-Language"] = "vi, en"
        letter.set_content(f"{vietnamese}\n\n---\n{words.title.en}\n\n{english}\n")
    else:
        letter["Subject"] = words.title.en
        letter["Content-Language"] = "en, vi"
        letter.set_content(f"{english}\n\n---\n{words.title.vi}\n\n{vietnamese}\n")
    return letter
