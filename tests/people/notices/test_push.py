"""Messages to browsers: read as a browser reads them, against the example of the standard, and with keys that a stranger has made up."""

import base64
import json
import struct
import time
from datetime import UTC, datetime

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from py_vapid import Vapid02

from lms.errors import Invalid
from lms.people.notices.channels.outcome import Result
from lms.people.notices.channels.push import Browser, PushSender, browser_of, encrypt, plain, push_sender, written
from lms.settings import load_settings
from tests.conftest import KEYS
from tests.people.notices.servers import web_server

CURVE = ec.SECP256R1()
HOSTS = ("fcm.googleapis.com", "push.services.mozilla.com")


class Phone:
    """A browser's own side."""

    def __init__(self) -> None:
        self.own = ec.generate_private_key(CURVE)
        self.secret = b"0123456789abcdef"
        self.key = self.own.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)

    def read(self, sealed: bytes) -> bytes:
        """RFC 8291, section 3.4, from the side of the browser."""
        salt, (size, length) = sealed[:16], struct.unpack("!IB", sealed[16:21])
        sender, text = sealed[21 : 21 + length], sealed[21 + length :]
        assert len(text) <= size
        shared = self.own.exchange(ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(CURVE, sender))
        ikm = HKDF(SHA256(), 32, self.secret, b"WebPush: info\x00" + self.key + sender).derive(shared)
        key = HKDF(SHA256(), 16, salt, b"Content-Encoding: aes128gcm\x00").derive(ikm)
        nonce = HKDF(SHA256(), 12, salt, b"Content-Encoding: nonce\x00").derive(ikm)
        found = AESGCM(key).decrypt(nonce, text, None)
        assert found.endswith(b"\x02")
        return found[:-1]


def test_the_example_of_the_standard_comes_out_byte_for_byte() -> None:
    """RFC 8291, section 5."""
    own = ec.derive_private_key(int.from_bytes(plain("yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"), "big"), CURVE)
    key = plain("BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4")
    browser = Browser("https://push.example.net/push/JzLQ3raZJfFBR0aqvOMsLrt54w4rJUsV", key, plain("BTBZMqHH6r4Tts7J_aSIgg"))
    sealed = encrypt(b"When I grow up, I want to be a watermelon", browser, own, plain("DGv6ra1nlYgDCS1FRnbzlw"))
    assert written(sealed) == (
        "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27ml"
        "mlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPT"
        "pK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
    )


def test_a_message_is_read_by_its_browser_and_signed_for_its_push_service() -> None:
    phone, now = Phone(), datetime.now(UTC)
    with web_server() as service:
        sender = PushSender(ec.generate_private_key(CURVE), "mailto:a@b.example")
        browser = Browser(f"{service.url}/send/abc", phone.key, phone.secret)
        gone, outcome = sender.send(browser, title="Chứng chỉ", text="Thẻ an toàn 证 " * 200, url="https://vean.example/x", tag="n1", now=now)
    assert (gone, outcome.result) == (False, Result.SENT)
    path, headers, body = service.got[0]
    said = json.loads(phone.read(body))
    assert (path, said["title"], said["url"], said["tag"]) == ("/send/abc", "Chứng chỉ", "https://vean.example/x", "n1")
    assert said["body"].startswith("Thẻ an toàn 证")
    assert len(body) < 4096
    assert (headers["content-encoding"], headers["ttl"]) == ("aes128gcm", str(3 * 24 * 3600))
    assert Vapid02.verify(headers["authorization"])
    claims = json.loads(plain(headers["authorization"].split("t=")[1].split(",")[0].split(".")[1]))
    assert (claims["aud"], claims["sub"]) == (service.url, "mailto:a@b.example")
    assert time.time() < claims["exp"] < time.time() + 24 * 3600
    assert headers["authorization"].endswith(f"k={sender.public}")


@pytest.mark.parametrize(
    ("status", "gone", "result"),
    [
        (201, False, Result.SENT),
        (404, True, Result.NEVER),
        (410, True, Result.NEVER),
        (429, False, Result.LATER),
        (503, False, Result.LATER),
        (413, False, Result.NEVER),
        (302, False, Result.NEVER),
    ],
)
def test_what_a_push_service_answers(status: int, gone: bool, result: Result) -> None:
    phone = Phone()
    with web_server() as service:
        service.statuses = [status]
        sent = PushSender(ec.generate_private_key(CURVE), "mailto:a@b.example").send(
            Browser(service.url, phone.key, phone.secret), title="t", text="x", url="/", tag="t", now=datetime.now(UTC)
        )
    assert (sent[0], sent[1].result) == (gone, result)


@pytest.mark.parametrize(
    "endpoint",
    [
        pytest.param("https://169.254.169.254/latest", id="an address of the inner network"),
        pytest.param("https://evil.example/fcm.googleapis.com", id="a stranger's host"),
        pytest.param("https://fcm.googleapis.com.evil.example/x", id="a name that only begins so"),
        pytest.param("https://notfcm.googleapis.com.evil/x", id="another"),
        pytest.param("http://fcm.googleapis.com/x", id="in the open"),
        pytest.param("https://user@fcm.googleapis.com/x", id="with a name in it"),
        pytest.param("https://fcm.googleapis.com/" + "x" * 1000, id="too long"),
        pytest.param("", id="nothing"),
    ],
)
def test_only_known_push_services_are_written_to(endpoint: str) -> None:
    phone = Phone()
    with pytest.raises(Invalid):
        browser_of(endpoint, written(phone.key), written(phone.secret), hosts=HOSTS)


@pytest.mark.parametrize(
    ("key", "secret"),
    [
        pytest.param("", "MDEyMzQ1Njc4OWFiY2RlZg", id="no key"),
        pytest.param(base64.urlsafe_b64encode(b"\x04" + b"\x01" * 64).decode(), "MDEyMzQ1Njc4OWFiY2RlZg", id="no point of the curve"),
        pytest.param(written(Phone().key), "MDEy", id="a short secret"),
        pytest.param("@@@@", "MDEyMzQ1Njc4OWFiY2RlZg", id="no base64"),
    ],
)
def test_keys_that_cannot_be_used_are_refused(key: str, secret: str) -> None:
    with pytest.raises(Invalid):
        browser_of("https://fcm.googleapis.com/fcm/send/x", key, secret, hosts=HOSTS)


def test_the_site_s_key_stays_the_same_and_is_there_with_https_only(tmp_path) -> None:  # type: ignore[no-untyped-def]
    def sender(url: str, **given: object) -> PushSender | None:
        return push_sender(load_settings(tmp_path, {}, public_url=url, **(KEYS | given)))

    first, again, other = sender("https://vean.example"), sender("https://vean.example"), sender("https://vean.example", secret_key="another")
    assert first is not None
    assert again is not None
    assert other is not None
    assert first.public == again.public != other.public
    assert len(plain(first.public)) == 65
    assert sender("http://vean.example") is None
    assert sender("http://127.0.0.1:8000") is not None
