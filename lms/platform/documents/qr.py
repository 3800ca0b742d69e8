"""QR codes as SVG."""

import io

import segno
from markupsafe import Markup


def qr_svg(text: str) -> str:
    """A QR code of a text (error correction M, quiet zone of 2 modules), as a drawing that scales."""
    out = io.BytesIO()
    segno.make(text, error="m", micro=False).save(out, kind="svg", border=2, xmldecl=False, svgns=True)
    return out.getvalue().decode()


def qr_inline(text: str, css_class: str) -> Markup:
    """A QR code of a text as a part of a page, black on white whatever the page's colours are, for a phone to scan from a screen."""
    drawn = segno.make(text, error="m", micro=False)
    return Markup(drawn.svg_inline(scale=4, border=4, light="#fff", dark="#000", svgclass=css_class, lineclass=None, omitsize=True))  # noqa: S704  (made here)
