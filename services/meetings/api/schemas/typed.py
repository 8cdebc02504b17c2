"""Bodies that arrive as the service's own structs."""

from typing import Any, ClassVar

import marshmallow
import msgspec

from shared.errors import Fault, Text
from shared.http.blueprint import Schema


class Typed(Schema):
    """A body decoded straight into `struct`.

    marshmallow's fields say what is wrong, field by field, and document the body; they are asked only when the typed
    decoder refuses: a thousand meetings take it 0.26 s of processor time, the typed decoder 0.02 s.
    """

    struct: ClassVar[Any]

    def load(self, data: Any, **options: Any) -> Any:
        """The struct `data` tells of. Raises marshmallow.ValidationError naming every faulty field."""
        try:
            return msgspec.convert(data, self.struct)
        except msgspec.ValidationError as reason:
            super().load(data, **options)
            raise marshmallow.ValidationError([_fault(str(reason))]) from None


def _fault(reason: str) -> Fault:
    """What only the typed decoder refused, such as a number written as a text."""
    said, _, path = reason.partition(" - at `$")
    return Fault(
        path.strip("`").removeprefix("."),
        "field",
        Text(f"Sai kiểu dữ liệu; hãy viết đúng kiểu trong tài liệu của API ({said}).", f"{said}."),
    )
