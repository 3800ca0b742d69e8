"""The frame of a page: header, navigation and footer, drawn once for each language and kind of reader; what is personal is put in afterwards.

Drawn anew for every page it cost as much as all the rest.
"""

from collections.abc import Callable, Hashable, Mapping, Sequence
from functools import cached_property, lru_cache
from types import SimpleNamespace
from typing import cast
from urllib.parse import quote, urlencode

from flask import current_app, g, get_flashed_messages, render_template, request, session
from flask_login import current_user
from flask_wtf.csrf import generate_csrf
from markupsafe import Markup, escape

from lms.platform.i18n import HTML, LANGUAGES, current_lang, gettext
from lms.platform.site import site
from lms.web.assets import address
from lms.web.drawn import drawn, fill, keep, slot
from lms.web.nav import NavEntry, NavLink

SHARED = "crew"
"""The key in the session of somebody at a shared device: when the last request came, in milliseconds."""


class Entries:
    """The entries of the navigation. reader: what decides which of them the present person is shown, as a hashable value."""

    def __init__(self, entries: Sequence[NavEntry], reader: Callable[[], Hashable]) -> None:
        self.entries = tuple(entries)
        self.reader = reader
        self._shown: dict[Hashable, tuple[NavEntry, ...]] = {}

    def shown(self) -> tuple[NavEntry, ...]:
        """The entries that the present person is shown."""
        key = self.reader()
        found = self._shown.get(key)
        if found is None:
            found = tuple(entry for entry in self.entries if entry.shown())
            keep(self._shown, key, found)
        return found


class Frame:
    """The frame of the present page, as `frame` in every template: `head`, `top`, `notices`, `foot`, `languages`."""

    def __init__(self, entries: Entries) -> None:
        self._entries = entries
        self._filled: dict[str, str] = {}

    @property
    def head(self) -> Markup:
        """Styles, icons and the script of every page."""
        return self._part("head", None, dict)

    @property
    def body(self) -> str:
        """The class of the body: room for the tabs where there is a navigation."""
        return "has-tabs" if self._entries.shown() else ""

    @property
    def top(self) -> Markup:
        """The beginning of the body: header and navigation, with the account of who is signed in."""
        shown = self._entries.shown()
        here = _places(shown, request.endpoint or "")
        signed_in = bool(current_user.is_authenticated)
        demo = signed_in and bool(current_user.demo)
        shared = signed_in and SHARED in session
        unread = signed_in and bool(current_user.unread)
        words = {"shared": shared, "unread": unread, "reader": _stand_in(demo=demo) if signed_in else None}
        return self._part("top", (shown, here, signed_in, demo, shared, unread), lambda: words | {"nav": _links(shown, here)})

    @property
    def notices(self) -> Markup | str:
        """What the request before left to be said."""
        messages = get_flashed_messages(with_categories=True) if session.get("_flashes") else []
        return Markup(render_template("ui_notices.html", messages=messages)) if messages else ""  # noqa: S704  (our template)

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
        return fill(drawn().find(f"frame/{part}.html", (lang, root, key), lambda: _common(lang, root) | more()), self.value)

    @cached_property
    def _address(self) -> str:
        return _address_but_language()

    def value(self, name: str) -> str:
        """What stands in a slot on the present page."""
        if name not in self._filled:
            self._filled[name] = str(_VALUES[name](self) if name in _VALUES else escape(self._address + name))
        return self._filled[name]


_VALUES: dict[str, Callable[[Frame], object]] = {
    "csrf": lambda _frame: generate_csrf(),
    "name": lambda _frame: escape(current_user.name),
    "body": lambda frame: frame.body,
    "top": lambda frame: frame.top,
    "notices": lambda frame: frame.notices,
    "foot": lambda frame: frame.foot,
}


def draw_page(template: str, *, key: Hashable, context: Callable[[], Mapping[str, object]], own: Mapping[str, str]) -> Markup:
    """A whole page whose words are the same for all readers of a language: drawn once a process, without Jinja from then on.

    key: what those words depend on besides language and template. own: the reader's own values by slot, as safe HTML; `csrf` is known.
    """
    frame = present()
    lang, root = current_lang(), request.script_root
    outline = SimpleNamespace(head=frame.head, body=slot("body"), top=Markup(slot("top")), notices=Markup(slot("notices")), foot=Markup(slot("foot")))  # noqa: S704
    known = {"frame": outline, "lang": lang, "html_lang": HTML[lang], "site_name": site().settings.site_name}
    text = drawn().find(template, (lang, root, key), lambda: known | dict(context()))
    return fill(text, lambda name: own[name] if name in own else frame.value(name))


def present() -> Frame:
    """The frame of the present page."""
    if "frame" not in g:
        g.frame = Frame(current_app.extensions["entries"])
    return cast("Frame", g.frame)


def _common(lang: str, root: str) -> dict[str, object]:
    return {"lang": lang, "languages": list(LANGUAGES.items()), "html_langs": HTML, "root": root, "site_name": site().settings.site_name}


def _stand_in(*, demo: bool) -> SimpleNamespace:
    return SimpleNamespace(name=slot("name"), demo=demo)


@lru_cache(maxsize=2048)
def _places(shown: tuple[NavEntry, ...], here: str) -> tuple[bool, ...]:
    """Which entries lead to the present page, or, where none does, to another page of its room."""
    exact = any(entry.endpoint == here for entry in shown)
    room = here.partition(".")[0]
    return tuple(entry.endpoint == here if exact else room in (entry.endpoint.partition(".")[0], *entry.rooms) for entry in shown)


def _links(shown: tuple[NavEntry, ...], here: tuple[bool, ...]) -> list[NavLink]:
    return [NavLink(gettext(entry.label), address(entry.endpoint), entry.icon, at) for entry, at in zip(shown, here, strict=True)]


def _address_but_language() -> str:
    """The address of this page up to the code of a language."""
    kept = [(key, value) for key, value in request.args.items(multi=True) if key != "lang"] if request.query_string else []
    return f"{quote(request.path)}?{urlencode([*kept, ('lang', '')])}"
