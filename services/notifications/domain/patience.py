"""How long an e-mail is tried."""

import msgspec


class Patience(msgspec.Struct, frozen=True):
    """At most `attempts`; the first wait lasts `first_seconds`, each further one twice as long, up to the limit."""

    attempts: int
    first_seconds: float
    limit_seconds: float

    def wait_after(self, attempts: int) -> float | None:
        """Seconds to wait after `attempts` failed ones; None: give up."""
        if attempts >= self.attempts:
            return None
        # Beyond 2**40 the limit has long won; without this bound a large count would overflow a float.
        return min(self.first_seconds * 2.0 ** min(attempts - 1, 40), self.limit_seconds)
