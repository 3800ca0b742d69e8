"""How many answers a minute an account may send: counted in the process, since an answer costs hardly more than counting elsewhere would."""

from collections import Counter
from datetime import datetime

from lms.clock import to_ms

MINUTE_MS = 60_000


class Pace:
    """At most so many a minute for each account, in fixed minutes. Each process counts its own; a count missed between threads does no harm."""

    def __init__(self, most: int) -> None:
        self._most = most
        self.forget()

    def forget(self) -> None:
        """Begin to count anew."""
        self._minute = 0
        self._counts: Counter[int] = Counter()

    def allows(self, person_id: int, now: datetime) -> bool:
        """Count one more of this account; whether it may still be served."""
        minute = to_ms(now) // MINUTE_MS
        if minute != self._minute:
            self._minute, self._counts = minute, Counter()
        self._counts[person_id] += 1
        return self._counts[person_id] <= self._most
