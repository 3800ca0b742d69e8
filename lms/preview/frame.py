"""The frame of a page in the preview: the site's header and footer, and below the header what the preview itself has to say."""

from typing import cast
from urllib.parse import quote, urlencode

from flask import g, render_template, request
from markupsafe import Markup, escape

from lms.platform.i18n import HTML, LANGUAGES, current_lang
from lms.preview.parts import parts, state


class PreviewFrame:
    """Has what `lms.web.frame.Frame` has, for the same layouts."""

    body = ""

    def __init__(self, site_name: str) -> None:
        self._site_name = site_name

    @property
    def head(self) -> Markup:
        """Styles, icons and scripts."""
        return self._draw("frame/head.html") + self._draw("preview/_head.html")

    @property
    def top(self) -> Markup:
        """The site's header without an account."""
        return self._draw("frame/top.html")

    @property
    def notices(self) -> Markup:
        """The bar of the preview, and that the files could not be read. Inside a frame only what the script needs."""
        framed = request.headers.get("Sec-Fetch-Dest") == "iframe"
        return self._draw("preview/_bar.html", state=state(), framed=framed, compares=parts().site is not None)

    @property
    def foot(self) -> Markup:
        """The footer."""
        return self._draw("frame/foot.html")

    @property
    def languages(self) -> Markup:
        """The links to this page in the other languages."""
        return self._draw("frame/languages.html")

    def _draw(self, template: str, **more: object) -> Markup:
        common = {
            "lang": current_lang(),
            "languages": list(LANGUAGES.items()),
            "html_langs": HTML,
            "root": "",
            "site_name": self._site_name,
            "slot": address_in,
            "nav": None,
            "reader": None,
        }
        return Markup(render_template(template, **common | more))  # noqa: S704  (our templates)


def address_in(lang: str) -> str:
    """The address of this page in another language."""
    if "address" not in g:
        kept = [(key, value) for key, value in request.args.items(multi=True) if key != "lang"]
        g.address = f"{quote(request.path)}?{urlencode([*kept, ('lang', '')])}"
    return str(escape(cast("str", g.address) + lang))
