"""One request's work on what committees keep: its transaction, who does it, and when."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

import msgspec

from services.evaluation.domain.committees import Place, vi_day
from services.evaluation.store import committees as rows
from services.evaluation.store.committees import Change
from shared.db import Connection
from shared.errors import Conflict, Fault, NotFound, Text, Unprocessable


class Work(msgspec.Struct, frozen=True):
    """What every command needs. The transaction commits when the door returns."""

    conn: Connection
    actor: str
    request_id: str
    today: date
    now: datetime

    def record(self, *changes: Change) -> None:
        """Keep what was changed, with who changed it."""
        rows.record(self.conn, self.actor, self.request_id, changes)


def check_version(expected: int | None, actual: int) -> None:
    """Go on only when nobody has changed the thing since version `expected` (None: not asked). Raises Conflict."""
    if expected is not None and expected != actual:
        raise Conflict(
            "stale",
            Text(
                f"Bạn đang sửa bản {expected}, nhưng đã có bản {actual}. Hãy mở lại, xem thay đổi rồi gửi lại.",
                f"You changed version {expected}, but there is version {actual}. Open it again, look, and send again.",
            ),
        )


def not_known(what: Text) -> NotFound:
    """There is no such thing."""
    return NotFound("unknown", Text(f"Không có {what.vi} này. Hãy kiểm tra mã.", f"No such {what.en}. Check the id."))


def wrong_state(state: str, allowed: Text) -> Conflict:
    """The thing is in another state than the step needs."""
    return Conflict(
        "state",
        Text(
            f"Việc này chỉ làm được khi {allowed.vi}; hiện đang ở trạng thái {state}.",
            f"This can only be done while {allowed.en}; the state is {state}.",
        ),
    )


def places_on(work: Work, unit_ids: Sequence[UUID], day: date, field: str = "unit_id") -> dict[UUID, Place]:
    """What each of the units is on `day`; `{}` in `field` stands for its number.

    Raises Unprocessable naming every one that is not in force then.
    """
    places = rows.places(work.conn, unit_ids, day)
    message = Text(f"Đơn vị không hoạt động vào ngày {vi_day(day)}.", f"The unit is not in force on {day}.")
    absent = [
        Fault(field.format(number), "unit-not-in-force", message)
        for number, unit_id in enumerate(unit_ids)
        if unit_id not in places
    ]
    if absent:
        raise Unprocessable.of(absent)
    return places


def locked(work: Work, *keys: str) -> None:
    """Be alone with what each of `keys` names until the transaction ends, always in the same order."""
    work.conn.execute(
        """
        with sorted as materialized (select key from unnest(%s::text[]) as given (key) order by key)
        select pg_advisory_xact_lock(hashtextextended(key, 0)) from sorted
        """,
        (list(keys),),
    )
