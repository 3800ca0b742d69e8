"""The frame of a page: header, navigation and footer, drawn once for each language and kind of reader; what is personal is put in afterwards.

Drawn anew for every page it cost as much as all the rest. What differs from reader to reader or from page to page stands in the
drawn text as a mark (`slot("name")`) made of a private-use character, and is filled in for every page.
"""

import re
from collections.abc import Callable, Hashable, Sequence
from functools import lru_cache
from types import SimpleNamespace
from typing import TypeVar
from urllib.parse import quote, urlencode

from flask import current_app, request
from flask_login import current_user
from flask_wtf.csrf import generate_csrf
from markupsafe import Markup, escape

from lms.platform.i18n import HTML, LANGUAGES, current_lang, gettext
from lms.platform.site import site
from lms.web.assets import address
from lms.web.nav import NavEntry, NavLink

EDGE = "\ue000"
KEPT = 512
V = TypeVar("V")
Text = tuple[str, ...]
"""A drawn text split at its marks: plain text and names of slots by turns."""


def slot(name: str) -> str:
    """The mark of a place that is filled for every page."""
    return f"{EDGE}{name}{EDGE}"


class Frames:
    """The drawn frames of an application. reader: what decides which entries the present person is shown, as a hashable value."""

    def __init__(self, entries: Sequence[NavEntry], reader: Callable[[], Hashable]) -> None:
        self.entries = tuple(entries)
        self.reader = reader
        self.kept: dict[Hashable, Text] = {}
        self.shown_to: dict[Hashable, tuple[NavEntry, ...]] = {}

    def shown(self) -> tuple[NavEntry, ...]:
        """The entries that the present person is shown."""
        key = self.reader()
        found = self.shown_to.get(key)
        if found is None:
            found = tuple(entry for entry in self.entries if entry.shown())
            _keep(self.shown_to, key, found)
        return found

    def draw(self, part: str, key: Hashable, context: Callable[[], dict[str, object]]) -> Text:
        """A part of the frame (`frame/<part>.html`), drawn if it has not been."""
        found = self.kept.get((part, key))
        if found is None:
            made = current_app.jinja_env.get_template(f"frame/{part}.html").render(context())
            found = tuple(re.split(f"{EDGE}([a-z]+){EDGE}", made))
            _keep(self.kept, (part, key), found)
        return found


def _keep(kept: dict[Hashable, V], key: Hashable, value: V) -> None:
    """Remember it; what is too much is dropped as a whole, for it is soon drawn again."""
    if len(kept) >= KEPT:
        kept.clear()
    kept[key] = value


class Frame:
    """The frame of the present page, as `frame` in every template: `head`, `top`, `foot`, `languages`."""

    def __init__(self, frames: Frames) -> None:
        self._frames = frames
        self._filled: dict[str, str] = {}

    @property
    def head(self) -> Markup:
        """Styles, icons and the script of every page."""
        lang = current_lang()
        return self._fill(self._frames.draw("head", (lang, request.script_root), lambda: {"lang": lang}))

    @property
    def top(self) -> Markup:
        """The beginning of the body: header and navigation, with the account of who is signed in."""
        shown = self._frames.shown()
        here = _places(shown, request.endpoint or "")
        signed_in = bool(current_user.is_authenticated)
        demo = signed_in and bool(current_user.demo)
        return self._part("top", (shown, here, signed_in, demo), lambda: {"nav": _links(shown, here), "reader": _stand_in(demo=demo) if signed_in else None})

    @property
    def foot(self) -> Markup:
        """The footer."""
        return self._part("foot", None, dict)

    @property
    def languages(self) -> Markup:
        """The links to this page in the other languages, for pages without header and footer."""
        return self._part("languages", None, dict)

    def _part(self, part: str, key: Hashable, more: Callable[[], dict[str, object]]) -> Markup:
        lang, root = current_lang(), request.script_root
        return self._fill(self._frames.draw(part, (lang, root, key), lambda: _common(lang, root) | more()))

    def _fill(self, text: Text) -> Markup:
        filled = [self._value(piece) if place % 2 else piece for place, piece in enumerate(text)]
        return Markup("".join(filled))  # noqa: S704  (drawn by our templates, and each value is escaped)

    def _value(self, name: str) -> str:
        if name not in self._filled:
            self._filled[name] = str(escape(_lang_address(name) if name in LANGUAGES else generate_csrf() if name == "csrf" else current_user.name))
        return self._filled[name]


def _common(lang: str, root: str) -> dict[str, object]:
    return {"lang": lang, "languages": list(LANGUAGES.items()), "html_langs": HTML, "slot": slot, "root": root, "site_name": site().settings.site_name}


def _stand_in(*, demo: bool) -> SimpleNamespace:
    return SimpleNamespace(name=slot("name"), demo=demo)


@lru_cache(maxsize=2048)
def _places(shown: tuple[NavEntry, ...], here: str) -> tuple[bool, ...]:
    """Which entries lead to the present page, or, where none does, to another page of its room."""
    exact = any(entry.endpoint == here for entry in shown)
    room = here.partition(".")[0]
    return tuple(entry.endpoint == here if exact else entry.endpoint.partition(".")[0] == room for entry in shown)


def _links(shown: tuple[NavEntry, ...], here: tuple[bool, ...]) -> list[NavLink]:
    return [NavLink(gettext(entry.label), address(entry.endpoint), entry.icon, at) for entry, at in zip(shown, here, strict=True)]


def _lang_address(code: str) -> str:
    """The address of this page in another language."""
    kept = [(key, value) for key, value in request.args.items(multi=True) if key != "lang"]
    return f"{quote(request.path)}?{urlencode([*kept, ('lang', code)])}"
