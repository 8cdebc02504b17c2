"""The domain's clock. Times are aware and kept in UTC; days and months are those of Việt Nam."""

import time
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

LOCAL = ZoneInfo("Asia/Ho_Chi_Minh")


class Clock:
    """Now, as the rules of the field see it.

    With a rehearsal's clock file (setting `clock_file`) now is the instant the file holds, read again at most every
    50 ms: a year can be rehearsed in minutes, with the same rules on deadlines. Durations that are measured
    (metrics, timeouts) never use this clock.
    """

    def __init__(self, clock_file: str = "") -> None:
        self._file = Path(clock_file) if clock_file else None
        self._read_at = 0.0
        self._instant: datetime | None = None

    def now(self) -> datetime:
        """The present instant, in UTC."""
        if self._file is None:
            return datetime.now(UTC)
        if self._instant is None or time.monotonic() - self._read_at > 0.05:
            text = self._file.read_text().strip()
            self._instant = datetime.fromisoformat(text).astimezone(UTC)
            self._read_at = time.monotonic()
        return self._instant

    def today(self) -> date:
        """The present day in Việt Nam."""
        return local_day(self.now())


def local_day(instant: datetime) -> date:
    """The day in Việt Nam on which `instant` falls."""
    return instant.astimezone(LOCAL).date()


def end_of_local_day(day: date) -> datetime:
    """The last microsecond of `day` in Việt Nam, in UTC: a thing due on a day is on time until then."""
    return datetime(day.year, day.month, day.day, 23, 59, 59, 999_999, tzinfo=LOCAL).astimezone(UTC)
