"""The gateway: notices as JSON, signed as the Standard Webhooks specification says, for whoever passes them on to Zalo, WeCom or DingTalk.

Headers: `webhook-id` (the same at each try), `webhook-timestamp` (seconds since 1970), `webhook-signature` (`v1,` and the base64 of the HMAC-SHA256
of id, time and body joined by dots). https://www.standardwebhooks.com
"""

import base64
import hashlib
import hmac
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from lms.people.notices.channels import web
from lms.people.notices.channels.outcome import Outcome
from lms.settings import Settings

SECRET = "VEAN_NOTICE_SECRET"  # noqa: S105  (the name of a variable)
PREFIX = "whsec_"


@dataclass(frozen=True, slots=True)
class Message:
    """What a gateway gets of a notice: whom to reach, in which language, the text, and where it leads."""

    id: int
    topic: str
    lang: str
    staff_code: str | None
    phone: str | None
    text: str
    url: str
    made_at: datetime


@dataclass(frozen=True, slots=True)
class Gateway:
    """Where messages go, and the key that signs them."""

    url: str
    key: bytes = field(repr=False)

    def send(self, message: Message, *, site: str, now: datetime) -> Outcome:
        """Hand one message over."""
        to = {"staff_code": message.staff_code, "phone": message.phone, "lang": message.lang}
        data = {"id": message.id, "topic": message.topic, "to": to, "text": message.text, "url": message.url}
        body = {"type": "notice", "timestamp": message.made_at.isoformat(), "site": site, "data": data}
        text = json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
        key = f"notice-{message.id}"
        at = str(int(now.timestamp()))
        headers = {
            "Content-Type": "application/json",
            "User-Agent": "vean",
            "webhook-id": key,
            "webhook-timestamp": at,
            "webhook-signature": signature(self.key, key, at, text),
        }
        return web.send(self.url, text, headers)[1]


def signature(key: bytes, message_id: str, at: str, body: bytes) -> str:
    """The signature of a message."""
    signed = hmac.new(key, f"{message_id}.{at}.".encode() + body, hashlib.sha256).digest()
    return f"v1,{base64.b64encode(signed).decode()}"


def gateway_of(settings: Settings, environ: Mapping[str, str] = os.environ) -> Gateway | None:
    """The site's gateway; None without an address, or without a secret. The secret may be written as text or as whsec_ and base64."""
    secret = environ.get(SECRET, "").strip()
    if not settings.notice_hook_url or not secret:
        return None
    key = base64.b64decode(secret.removeprefix(PREFIX)) if secret.startswith(PREFIX) else secret.encode()
    return Gateway(settings.notice_hook_url, key)
