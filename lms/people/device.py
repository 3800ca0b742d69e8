"""The device: a random, signed name in a cookie, set at the first visit of the sign-in page. It holds nothing about a person."""

import secrets
from typing import TypeVar

from flask import current_app, g, request
from itsdangerous import BadSignature, Signer, URLSafeSerializer
from werkzeug.wrappers import Response

from lms.platform.site import site

COOKIE = "device"
YEAR_S = 31_536_000
R = TypeVar("R", bound=Response)


def find_device() -> str | None:
    """The name of the browser that asks, if it shows one that this site gave."""
    try:
        return _signer().unsign(request.cookies.get(COOKIE, "")).decode()
    except BadSignature:
        return None


def present_device() -> str:
    """The name of the browser that asks; a new one where it has none, sent by `give_device`."""
    if "device" not in g:
        g.device = find_device() or secrets.token_urlsafe(24)
    return str(g.device)


def give_device(response: R) -> R:
    """Put the name of the device into its cookie, for a year from its last sign-in page."""
    response.set_cookie(
        COOKIE,
        _signer().sign(present_device()).decode(),
        max_age=YEAR_S,
        httponly=True,
        samesite="Lax",
        secure=bool(current_app.config["SESSION_COOKIE_SECURE"]),
    )
    return response


def slip_token(person_id: int, epoch: int) -> str:
    """What the QR code of a slip carries: it proves nothing but that the slip is there, so nobody else can lock its holder out."""
    return _slips().dumps([person_id, epoch])


def find_slip(token: str) -> tuple[int, int] | None:
    """The person and epoch of a slip, if it is one of ours."""
    try:
        person_id, epoch = _slips().loads(token)
    except (BadSignature, ValueError, TypeError):
        return None
    return int(person_id), int(epoch)


def _signer() -> Signer:
    return Signer(site().settings.secret_key, salt="device")


def _slips() -> URLSafeSerializer:
    return URLSafeSerializer(site().settings.secret_key, salt="slip")
