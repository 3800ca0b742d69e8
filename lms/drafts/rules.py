"""What a draft link is: its token, how long it lasts, and when it opens."""

import hashlib
import hmac
import re
from base64 import urlsafe_b64encode
from datetime import datetime, timedelta
from enum import StrEnum

DAYS = (1, 7, 30)
"""How long a link may last."""
TOKEN_BYTES = 24
TOKEN = re.compile(r"[A-Za-z0-9_-]{32}")
NOTE_EVERY = timedelta(minutes=1)
"""An opening is noted at most that often, so that reading does not become writing."""
VISIT = timedelta(minutes=30)
"""After so long without a page, the next one is another visit."""


class LinkState(StrEnum):
    """Whether a link opens, and if not, why; a reviewer is not told which it is."""

    LIVE = "live"
    ENDED = "ended"
    EXPIRED = "expired"
    RESTING = "resting"


def token_of(secret_key: str, nonce: str) -> str:
    """The token of a link: 192 bits that nobody can guess or reckon without the site's secret key, which stands in no database and no backup.

    So the address can be shown again to whoever may see the link, and a copy of the database opens none.
    """
    return urlsafe_b64encode(hmac.new(secret_key.encode(), f"draft-link:{nonce}".encode(), hashlib.sha256).digest()[:TOKEN_BYTES]).decode()


def digest_of(token: str) -> str:
    """What is stored of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def is_token(text: str) -> bool:
    """Whether a text has the form of a token."""
    return TOKEN.fullmatch(text) is not None


def expiry_of(now: datetime, days: int) -> datetime:
    """The instant from which a link made now is closed. Days are those of 24 hours: a link of one day lasts until the same hour tomorrow."""
    return now + timedelta(days=days)


def state_of(*, expires_at: datetime, ended_at: datetime | None, maker_may: bool, now: datetime) -> LinkState:
    """The state of a link. It lends what its maker may see: while the maker may not see the content check, it rests.

    maker_may: whether the maker has the permission today; always so for a link that a command made.
    """
    if ended_at is not None:
        return LinkState.ENDED
    if now >= expires_at:
        return LinkState.EXPIRED
    return LinkState.LIVE if maker_may else LinkState.RESTING


def is_noted(opened_at: datetime | None, now: datetime) -> bool:
    """Whether an opening is to be noted."""
    return opened_at is None or now - opened_at >= NOTE_EVERY


def is_visit(opened_at: datetime | None, now: datetime) -> bool:
    """Whether an opening begins another visit."""
    return opened_at is None or now - opened_at >= VISIT
