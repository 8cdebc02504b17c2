"""What is said of a file that cannot be read at all."""

from shared.errors import Refusal, Text


class FileRefused(Refusal):
    """The file as a whole cannot be read."""

    status = 422


class FileTooLarge(FileRefused):
    """The file, or what it unpacks to, is larger than the settings allow."""

    status = 413


class FileOfAnotherKind(FileRefused):
    """The file is neither a workbook nor a CSV file."""

    status = 415


def another_kind(vi: str, en: str) -> FileOfAnotherKind:
    """The file is `vi` (`en`) and not what is read here."""
    return FileOfAnotherKind(
        "file-kind",
        Text(
            f"Tệp này là {vi}. Hãy lưu thành Excel Workbook (.xlsx) hoặc CSV UTF-8 rồi gửi lại.",
            f"This file is {en}. Save it as an Excel workbook (.xlsx) or CSV UTF-8 and send it again.",
        ),
    )


def damaged(what: str) -> FileRefused:
    """The workbook cannot be opened; `what` says in English where it broke, without its content."""
    return FileRefused(
        "file-damaged",
        Text(
            f"Không mở được tệp: tệp hỏng hoặc không đúng định dạng ({what}). Hãy mở bằng Excel hay LibreOffice, lưu "
            "lại rồi gửi.",
            f"The file cannot be opened: it is damaged or malformed ({what}). Open it in a spreadsheet program, save "
            "it again and send that.",
        ),
    )


def too_large(what_vi: str, what_en: str, most: int) -> FileTooLarge:
    """The file has more of something than the settings allow."""
    return FileTooLarge(
        "file-too-large",
        Text(
            f"Tệp quá lớn: {what_vi}, nhiều nhất là {most:,}. Hãy chia thành nhiều tệp.".replace(",", "."),
            f"The file is too large: {what_en}, {most:,} at most. Send it in parts.",
        ),
    )
