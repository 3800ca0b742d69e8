"""Messages to browsers: encrypted for the browser alone (RFC 8291, aes128gcm of RFC 8188), signed for its push service (VAPID, RFC 8292)."""

import base64
import json
import os
import struct
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF, HKDFExpand
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from py_vapid import Vapid02

from lms.errors import Invalid
from lms.people.notices.channels import web
from lms.people.notices.channels.outcome import Outcome
from lms.settings import LOOPBACK, Settings

CURVE = ec.SECP256R1()
POINT = 65
SECRET = 16
RECORD = 4096
TEXT_MOST = 600
"""Signs of a text: with all else they stay below one record, in any writing."""
TTL_S = 3 * 24 * 3600
TOKEN_LASTS = timedelta(hours=12)


@dataclass(frozen=True, slots=True)
class Browser:
    """Where a browser gets messages: the address at its push service, its public key and its secret, as bytes."""

    endpoint: str
    key: bytes = field(repr=False)
    secret: bytes = field(repr=False)


def browser_of(endpoint: str, key: str, secret: str, *, hosts: Collection[str]) -> Browser:
    """What a browser has sent, checked: an https address at a push service that the site knows, a point of the curve, sixteen bytes. Raises Invalid."""
    parts = urlsplit(endpoint)
    host = (parts.hostname or "").lower()
    known = any(host == one or host.endswith(f".{one}") for one in hosts)
    if not known or (parts.scheme != "https" and host not in LOOPBACK) or parts.username or len(endpoint) > 1000:  # noqa: PLR2004
        raise Invalid("The site does not know the push service of this browser.")
    try:
        point, shared = plain(key), plain(secret)
        ec.EllipticCurvePublicKey.from_encoded_point(CURVE, point)
    except (ValueError, UnsupportedAlgorithm) as unfit:
        raise Invalid("This browser has sent keys that cannot be used.") from unfit
    if len(point) != POINT or len(shared) != SECRET:
        raise Invalid("This browser has sent keys that cannot be used.")
    return Browser(endpoint, point, shared)


def plain(text: str) -> bytes:
    """Bytes of base64 as addresses write it."""
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def written(data: bytes) -> str:
    """Base64 as addresses write it."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def encrypt(text: bytes, browser: Browser, own: ec.EllipticCurvePrivateKey, salt: bytes) -> bytes:
    """A message that only the browser can read. own: a key used for this message alone; salt: sixteen random bytes."""
    public = own.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    shared = own.exchange(ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(CURVE, browser.key))
    secret = HKDF(SHA256(), 32, browser.secret, b"WebPush: info\x00" + browser.key + public).derive(shared)
    key = HKDF(SHA256(), 16, salt, b"Content-Encoding: aes128gcm\x00").derive(secret)
    nonce = HKDF(SHA256(), 12, salt, b"Content-Encoding: nonce\x00").derive(secret)
    header = salt + struct.pack("!IB", RECORD, len(public)) + public
    return header + AESGCM(key).encrypt(nonce, text + b"\x02", None)


@dataclass(frozen=True, slots=True)
class PushSender:
    """The site's key towards push services, and whom they may ask: `contact` is the site's address."""

    key: ec.EllipticCurvePrivateKey = field(repr=False)
    contact: str

    @property
    def public(self) -> str:
        """The key that a browser is asked to accept messages from."""
        return written(self.key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint))

    def send(self, browser: Browser, *, title: str, text: str, url: str, tag: str, now: datetime) -> tuple[bool, Outcome]:
        """Send one message; whether the browser is gone for good, and what became of the message."""
        body = json.dumps({"title": title[:80], "body": text[:TEXT_MOST], "url": url, "tag": tag}, ensure_ascii=False).encode()
        sealed = encrypt(body, browser, ec.generate_private_key(CURVE), os.urandom(16))
        parts = urlsplit(browser.endpoint)
        claims = {"aud": f"{parts.scheme}://{parts.netloc}", "sub": self.contact, "exp": int((now + TOKEN_LASTS).timestamp())}
        headers = {
            **Vapid02(self.key).sign(claims),
            "Content-Encoding": "aes128gcm",
            "Content-Type": "application/octet-stream",
            "TTL": str(TTL_S),
            "Urgency": "normal",
        }
        status, outcome = web.send(browser.endpoint, sealed, headers)
        return status in web.GONE, outcome


def push_sender(settings: Settings) -> PushSender | None:
    """The site's key for messages to browsers, drawn from its secret key, so that there is no further file to keep.

    None where browsers take none: they ask for https, or for this machine.
    """
    parts = urlsplit(settings.public_url)
    if parts.scheme != "https" and parts.hostname not in LOOPBACK:
        return None
    drawn = HKDFExpand(SHA256(), 48, b"vean: web push").derive(settings.secret_key.encode().ljust(32, b"\0"))
    number = int.from_bytes(drawn, "big") % (ORDER - 1) + 1
    contact = f"mailto:{settings.mail_from}" if settings.mail_from else settings.public_url if parts.scheme == "https" else "mailto:push@localhost"
    return PushSender(ec.derive_private_key(number, CURVE), contact)


ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
"""Of P-256; 384 bits taken modulo it give a key without a bias (FIPS 186-5, A.2.1)."""
