"""Rules of crew mode: how long a device is shared, when somebody has gone away."""

import hashlib
import hmac

DAYS_MOST = 366
IDLE_S = 600
"""After so many seconds without a touch the device is free for the next person."""
SHOWN_MOST = 60
"""So many names at most stand on the page; of a larger crew everybody types a name, a code, or shows the badge."""
LABEL_MOST = 80


def device_digest(key: str, device: str) -> str:
    """What is kept of a browser's name: enough to know it again, useless to whoever reads the table."""
    return hmac.new(key.encode(), f"crew:{device}".encode(), hashlib.sha256).hexdigest()


def has_gone(seen_ms: int, now_ms: int) -> bool:
    """Whether the person at the device has gone away; a clock that went back counts as gone."""
    return not 0 <= now_ms - seen_ms <= IDLE_S * 1000
