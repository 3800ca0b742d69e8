"""Figures and flags as people read them."""

from flask_babel import lazy_gettext as _l

from lms.assessment.quality.rules.looking import Flag
from lms.assessment.rules.points import show_decimal
from lms.platform.i18n import current_lang

FLAGS = {
    Flag.WRONG_KEY: (_l("possibly wrong key"), "key", "expired"),
    Flag.NO_DISCRIMINATION: (_l("does not discriminate"), "pause", "expiring"),
    Flag.TOO_HARD: (_l("too hard"), "warning", "expiring"),
    Flag.UNUSED: (_l("a wrong choice that nobody takes"), "circle", "none"),
    Flag.TOO_EASY: (_l("too easy"), "check", "none"),
}
"""Word, icon and kind of chip of each flag."""


def percent(share: int | None) -> str:
    """Ten-thousandths as whole percent, rounded half up."""
    return "–" if share is None else f"{(share + 50) // 100}\u00a0%"


def hundredths(share: int | None) -> str:
    """Hundredths of a percent with one decimal."""
    return "–" if share is None else f"{_decimal(share / 100, 1)}\u00a0%"


def coefficient(thousandths: int | None) -> str:
    """Thousandths with two decimals."""
    return "–" if thousandths is None else _decimal(thousandths / 1000, 2)


def of_hundred(hundred: int) -> str:
    """Hundredths of a whole with one decimal where it has any."""
    return _decimal(hundred / 100, 1).removesuffix(".0").removesuffix(",0")


def _decimal(value: float, places: int) -> str:
    return show_decimal(f"{value:.{places}f}".replace("-", "−"), current_lang())
