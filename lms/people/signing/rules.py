"""Rules of signing in: what a browser is called, which step a code is of, what recovery codes look like."""

import hashlib
import hmac
import re
from collections.abc import Callable

STEP_S = 30
WINDOW = 1
"""A code is good in its own half minute, the one before and the one after: clocks of phones differ (RFC 6238, 5.2)."""
CODES = 10
CODE_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
GROUP = 4
BROWSERS = (("edg", "edge"), ("opr/", "opera"), ("coc_coc", "coccoc"), ("zalo", "zalo"), ("micromessenger", "wechat"), ("samsungbrowser", "samsung"))
LATER = (("firefox", "firefox"), ("fxios", "firefox"), ("crios", "chrome"), ("chrome", "chrome"), ("safari", "safari"))
SYSTEMS = (("android", "android"), ("iphone", "iphone"), ("ipad", "ipad"), ("windows", "windows"), ("mac os", "mac"), ("cros", "chromeos"), ("linux", "linux"))
OTHER = "other"


def agent_of(user_agent: str) -> str:
    """Browser and system of a User-Agent as a short code like 'chrome-android': all that is kept of it."""
    text = user_agent.lower()
    browser = next((code for sign, code in (*BROWSERS, *LATER) if sign in text), OTHER)
    system = next((code for sign, code in SYSTEMS if sign in text), OTHER)
    return f"{browser}-{system}"


def step_of(seconds: float) -> int:
    """The step of an instant, in seconds since 1970."""
    return int(seconds) // STEP_S


def find_step(code: str, now_step: int, last_step: int, code_at: Callable[[int], str]) -> int | None:
    """The step whose code was typed, none where it fits no step of the window or was used already. code_at: the code of a step."""
    typed = re.sub(r"[\s-]", "", code)
    steps = range(now_step - WINDOW, now_step + WINDOW + 1)
    return next((step for step in steps if step > last_step and hmac.compare_digest(code_at(step).encode(), typed.encode())), None)


def plain_code(code: str) -> str:
    """A recovery code as it is compared: small letters, nothing between them."""
    return re.sub(r"[\s-]", "", code).lower()


def recovery_digest(code: str, person_id: int, key: str) -> str:
    """What is kept of a recovery code."""
    return hmac.new(key.encode(), f"recovery:{person_id}:{plain_code(code)}".encode(), hashlib.sha256).hexdigest()
