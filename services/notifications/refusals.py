"""What the service says when a thing is not there."""

from shared.errors import NotFound, Text


def no_contact_point() -> NotFound:
    """The refusal for a unit that set no contact point."""
    return NotFound(
        "no-contact-point",
        Text(
            "Đơn vị chưa có đầu mối liên hệ; thông báo chỉ vào hộp thư đến. Đặt bằng PUT cùng địa chỉ này.",
            "The unit has no contact point; notices go to its inbox only. Set one with PUT at this address.",
        ),
    )


def no_notice() -> NotFound:
    """The refusal for a notice that is not there, or not for this reader: the two are told alike."""
    return NotFound(
        "no-notice",
        Text(
            "Không có thông báo này trong hộp thư của các đơn vị thuộc quyền của bạn. Hãy kiểm tra mã.",
            "There is no such notice in the inboxes your rights reach. Check the id.",
        ),
    )


def no_unit() -> NotFound:
    """The refusal for a unit that has not come from the registry; only who has rights over everything is told it."""
    return NotFound(
        "no-unit",
        Text(
            "Không có đơn vị này, hoặc đơn vị chưa về tới đây. Hãy kiểm tra mã, hoặc gửi lại sau ít giây.",
            "There is no such unit, or it has not arrived here yet. Check the id, or send again in a few seconds.",
        ),
    )
