"""What a service says no with.

Refusal                     a request cannot be granted; becomes a problem document
├── NotFound        404     there is no such thing, or it is outside the reader's rights
├── Forbidden       403     the token's rights do not reach
├── Conflict        409     the thing is in another state or version than the request supposes
└── Unprocessable   422     fields or rows break a rule; names every one of them
Impossible                  an event that no retry can apply; becomes a dead letter
"""

from collections.abc import Sequence

import msgspec


class Text(msgspec.Struct, frozen=True):
    """One sentence in both languages."""

    vi: str
    en: str


class Fault(msgspec.Struct, frozen=True):
    """One field or row that breaks a rule.

    `field` is a path into the request (`members[17].birth_date`), `rule` a stable name, `source` the rule's issuer and
    citation where the field's own rules speak.
    """

    field: str
    rule: str
    message: Text
    source: str | None = None


class Refusal(Exception):
    """A request that cannot be granted: `rule` is a stable name, `message` says what happened and what to do.

    `retry_after`: seconds after which the same request may be granted.
    """

    status = 400
    retry_after: int | None = None

    def __init__(self, rule: str, message: Text, faults: Sequence[Fault] = (), *, source: str | None = None) -> None:
        super().__init__(f"{rule}: {message.en}")
        self.rule = rule
        self.message = message
        self.faults = tuple(faults)
        self.source = source


class NotFound(Refusal):
    status = 404


class Forbidden(Refusal):
    status = 403


class Conflict(Refusal):
    status = 409


class Unprocessable(Refusal):
    status = 422

    @classmethod
    def of(cls, faults: Sequence[Fault]) -> "Unprocessable":
        """A refusal that says nothing was saved and names every fault."""
        return cls(
            "invalid",
            Text(
                f"Dữ liệu có {len(faults)} chỗ chưa đúng; chưa có gì được lưu. Sửa các chỗ được nêu rồi gửi lại.",
                f"The data has {len(faults)} fault(s); nothing was saved. Correct those named and send again.",
            ),
            faults,
        )


class Impossible(Exception):
    """An event that no retry can apply. `reason` is a short stable name; the sentence carries no person's data."""

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(detail)
        self.reason = reason
        self.detail = detail

    def __reduce__(self) -> tuple[type["Impossible"], tuple[str, str]]:
        """An exception is copied with its `args` alone, here one of two (Python manual, object.__reduce__)."""
        return type(self), (self.reason, self.detail)
