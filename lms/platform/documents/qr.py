"""QR codes as SVG."""

import io

import segno


def qr_svg(text: str) -> str:
    """A QR code of a text (error correction M, quiet zone of 2 modules), as a drawing that scales."""
    out = io.BytesIO()
    segno.make(text, error="m", micro=False).save(out, kind="svg", border=2, xmldecl=False, svgns=True)
    return out.getvalue().decode()
