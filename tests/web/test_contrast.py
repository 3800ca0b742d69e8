"""Colours of the design tokens: every pair that meets on a page has enough contrast, in light and in dark."""

import re
from pathlib import Path

import pytest

TOKENS = (Path(__file__).parents[2] / "lms/web/static/css/tokens.css").read_text(encoding="utf-8")
LIGHT_TEXT, _, DARK_TEXT = TOKENS.partition("@media (prefers-color-scheme: dark)")

TEXT_PAIRS = [
    *[(ink, paper) for ink in ("text", "muted", "link") for paper in ("bg", "surface", "surface-2")],
    *[(ink, paper) for ink in ("head-text", "head-muted") for paper in ("head", "head-2")],
    *[(ink, f"{kind}-bg") for kind in ("ok", "warn", "bad", "info", "off") for ink in (f"{kind}-fg", "text")],
    *[(f"{kind}-fg", paper) for kind in ("ok", "warn", "bad", "info", "off") for paper in ("surface", "bg")],
    *[("muted", f"{kind}-bg") for kind in ("info",)],
    ("link", "info-bg"),
    ("on-brand", "brand"),
    ("on-brand", "brand-hover"),
    ("on-danger", "danger"),
    ("on-danger", "danger-hover"),
    ("sign-black", "sign-yellow"),
]
SHAPE_PAIRS = [
    *[(mark, paper) for mark in ("line-strong", "focus", "brand", "ok-line", "bad-line", "info-line", "off-line") for paper in ("bg", "surface")],
    ("sign-yellow", "head"),
    ("sign-yellow", "head-2"),
]


def tokens(scheme: str) -> dict[str, str]:
    """Names and colours of a scheme; dark keeps what it does not change."""
    found = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", LIGHT_TEXT))
    if scheme == "dark":
        found |= dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", DARK_TEXT))
    return found


def luminance(colour: str) -> float:
    """Relative luminance (WCAG 2.2) of #rrggbb."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Contrast ratio (WCAG 2.2) of two colours, from 1 to 21."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def test_contrast_of_black_and_white() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("ink", "paper"), TEXT_PAIRS)
def test_text_can_be_read(ink: str, paper: str, scheme: str) -> None:
    colours = tokens(scheme)
    assert contrast(colours[ink], colours[paper]) >= 4.5


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("mark", "paper"), SHAPE_PAIRS)
def test_shapes_can_be_seen(mark: str, paper: str, scheme: str) -> None:
    colours = tokens(scheme)
    assert contrast(colours[mark], colours[paper]) >= 3


def test_dark_redefines_only_known_names() -> None:
    assert set(re.findall(r"--([\w-]+):", DARK_TEXT)) <= set(re.findall(r"--([\w-]+):", LIGHT_TEXT))
