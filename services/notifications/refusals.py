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
            "Không có thông báo này trong hộp thư của các đơn vị thuộc quyền của bạn.",
            "There is no such notice in the inboxes your rights reach.",
        ),
    )
